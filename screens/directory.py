"""The directory: every agency of the country, every service, and the services of one agency."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import flet as ft

from app.app import App
from app.catalogue.rows import CatalogueRow
from app.ui import buttons, words
from app.ui.boundary import component
from app.ui.context import use_app, use_frame, use_live
from app.ui.frame import task
from app.ui.hooks import use_state
from app.ui.icons import service_icon
from app.ui.regions import where
from app.ui.services import service_line, service_links
from app.ui.states import empty, no_catalogue, offline_chip, skeleton
from app.ui.windowed import Windowed, row_height, window_row

_MOST = 50
"""Rows that are drawn at once; a longer list is windowed."""


def _agencies(app: App, text_scale: float, first: int, last: int) -> Sequence[ft.Control]:
    return [
        window_row(
            f"directory.agency.{agency.id}",
            service_icon(agency.icon),
            app.language.say(agency.short_name),
            app.language.say(agency.name),
            partial(app.go, f"/agency/{agency.id}"),
            text_scale,
        )
        for agency in app.catalogue.agencies(first, last)
    ]


def _services(app: App, text_scale: float, prefix: str, rows: Sequence[CatalogueRow]) -> Sequence[ft.Control]:
    return [
        window_row(
            f"{prefix}.{row.id}",
            service_icon(row.icon),
            app.language.say(row.title),
            service_line(app, row),
            partial(app.go, f"/service/{row.id}"),
            text_scale,
        )
        for row in rows
    ]


def _listed(route: str, head: Sequence[ft.Control], prefix: str, rows: Sequence[CatalogueRow]) -> ft.View:
    """A page of services under its heading, drawn at once or windowed."""
    app = use_app()
    frame = use_frame()
    if len(rows) <= _MOST:
        return task(app, route, [*head, service_links(app, prefix, rows)], on_back=app.back, beside="home")

    def shown(first: int, last: int) -> Sequence[ft.Control]:
        return _services(app, frame.text_scale, prefix, rows[first:last])

    top = ft.Column(list(head), spacing=4, tight=True)
    whole = Windowed(
        len(rows),
        row_height(frame.text_scale),
        shown,
        prefix,
    )
    return task(app, route, [], on_back=app.back, header=top, whole=whole, beside="home")


def _nothing(app: App, route: str, search: str, title: str, advice: str) -> ft.View:
    """A page without services, and the way on: `search` is what the button is called."""
    find = buttons.secondary(
        search, app.language.text("Cari layanan"), partial(app.go, "/search"), expand=False
    )
    missing = empty(ft.Icons.INBOX_OUTLINED, title, advice, action=find)
    return task(app, route, [missing], on_back=app.back, beside="home")


@component
def Directory() -> ft.View:
    """All agencies, or all services: as many as there are, and only those near the eye drawn."""
    app = use_app()
    frame = use_frame()
    _ = app.language.text
    what, show = use_state("agencies")

    async def sizes() -> tuple[int, int]:
        return app.catalogue.agency_count, app.catalogue.size

    counted = use_live(sizes, *app.watches("catalogue"))
    route = "/directory"
    if counted is None:
        return task(app, route, [skeleton()], on_back=app.back, beside="home")
    if not counted[1]:
        return task(app, route, [no_catalogue(app)], on_back=app.back, beside="home")
    agencies = what == "agencies"
    number = app.language.number(counted[0] if agencies else counted[1])
    head = ft.Column(
        [
            words.heading(_("Semua instansi") if agencies else _("Semua layanan")),
            ft.Row(
                [
                    words.secondary(
                        _("{n} instansi", n=number) if agencies else _("{n} layanan", n=number), expand=True
                    ),
                    buttons.text_button(
                        "directory.services" if agencies else "directory.agencies",
                        _("Lihat layanan") if agencies else _("Lihat instansi"),
                        partial(show, "services" if agencies else "agencies"),
                    ),
                ],
                alignment=ft.MainAxisAlignment.SPACE_BETWEEN,
            ),
        ],
        spacing=4,
        tight=True,
    )

    def rows(first: int, last: int) -> Sequence[ft.Control]:
        if agencies:
            return _agencies(app, frame.text_scale, first, last)
        found = app.catalogue.services(first, last)
        return _services(app, frame.text_scale, "directory.service", found)

    whole = Windowed(
        counted[0] if agencies else counted[1], row_height(frame.text_scale), rows, f"directory.{what}"
    )
    return task(app, route, [], on_back=app.back, header=head, whole=whole, beside="home")


@component
def AgencyPage() -> ft.View:
    """One agency and what it offers."""
    app = use_app()
    _ = app.language.text
    agency_id = ft.use_route_params()["agency"]

    agency = app.catalogue.agency(agency_id)
    route = f"/agency/{agency_id}"
    if agency is None:
        return _nothing(
            app,
            route,
            "agency.search",
            _("Instansi ini tidak ada di daftar"),
            _("Daftarnya mungkin berubah. Cari layanannya, atau lihat semua instansi."),
        )
    head = [words.heading(app.language.say(agency.short_name)), words.lead(app.language.say(agency.name))]
    return _listed(route, head, "agency.service", app.catalogue.by_agency(agency_id))


@component
def EventServices() -> ft.View:
    """Every service of a life event where the citizen is."""
    app = use_app()
    _ = app.language.text
    event_id = ft.use_route_params()["event"]
    region = use_live(app.region, *app.watches("marks", "attributes", "catalogue"), on=[event_id])
    route = f"/event/{event_id}/services"
    if region is None:
        return task(app, route, [skeleton()], on_back=app.back, beside="home")
    if not app.catalogue.size:
        return task(app, route, [no_catalogue(app)], on_back=app.back, beside="home")
    rows = app.catalogue.by_life_event(event_id, region.code)
    event = next((e for e in app.catalogue.life_events() if e.id == event_id), None)
    if event is None or not rows:
        return _nothing(
            app,
            route,
            "event.search",
            _("Belum ada layanan untuk peristiwa ini"),
            _("Coba cari dengan kata Anda sendiri. Layanan baru muncul di sini tanpa memperbarui aplikasi."),
        )
    n = app.language.plural("{n} layanan tersedia", "{n} layanan tersedia", len(rows))
    line = f"{n} · {where(app, region)}" if region.code else n
    offline = offline_chip(app)
    head: list[ft.Control] = [words.heading(app.language.say(event.title)), words.secondary(line)]
    if offline is not None:
        head.append(ft.Row([offline], wrap=True))
    return _listed(route, head, "event.service", rows)
