"""The directory: every agency of the country, every service, and the services of one agency."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import flet as ft

from app.app import App
from app.ui import buttons, words
from app.ui.boundary import component
from app.ui.cards import link_card, links, tile
from app.ui.context import use_app, use_frame, use_live
from app.ui.frame import task
from app.ui.hooks import use_state
from app.ui.icons import service_icon
from app.ui.named import Tap, named
from app.ui.states import empty, no_catalogue, skeleton
from app.ui.tokens import LINE, MARGIN, READING
from app.ui.windowed import Windowed
from screens.event import service_line

_ROW = 76
"""Logical pixels of a row at 100 % text."""


def _row(identifier: str, icon: str, title: str, detail: str, on_click: Tap, height: int) -> ft.Control:
    """A row of one height, whatever stands in it: its place follows from its number."""
    one_line = {"max_lines": 1, "overflow": ft.TextOverflow.ELLIPSIS}
    row = named(
        identifier,
        ft.Container(
            content=ft.Row(
                [
                    tile(service_icon(icon)),
                    ft.Column(
                        [words.title(title, **one_line), words.secondary(detail, **one_line)],
                        spacing=2,
                        tight=True,
                        expand=True,
                    ),
                ],
                spacing=14,
            ),
            on_click=on_click,
            ink=True,
            height=height,
            width=READING,
            border=ft.Border.only(bottom=ft.BorderSide(1, LINE)),
            padding=ft.Padding.symmetric(horizontal=MARGIN),
        ),
        button=True,
    )
    return ft.Container(row, key=identifier, alignment=ft.Alignment.TOP_CENTER)


def _agencies(app: App, height: int, first: int, last: int) -> Sequence[ft.Control]:
    return [
        _row(
            f"directory.agency.{agency.id}",
            agency.icon,
            app.language.say(agency.short_name),
            app.language.say(agency.name),
            partial(app.go, f"/agency/{agency.id}"),
            height,
        )
        for agency in app.catalogue.agencies(first, last)
    ]


def _services(app: App, height: int, first: int, last: int) -> Sequence[ft.Control]:
    return [
        _row(
            f"directory.service.{row.id}",
            row.icon,
            app.language.say(row.title),
            service_line(app, row),
            partial(app.go, f"/service/{row.id}"),
            height,
        )
        for row in app.catalogue.services(first, last)
    ]


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
    height = round(_ROW * frame.text_scale)
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
    rows = partial(_agencies if agencies else _services, app, height)
    whole = Windowed(counted[0] if agencies else counted[1], height, rows, f"directory.{what}")
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
        missing = empty(
            ft.Icons.INBOX_OUTLINED,
            _("Instansi ini tidak ada di daftar"),
            _("Daftarnya mungkin berubah. Cari layanannya, atau lihat semua instansi."),
            action=buttons.secondary(
                "agency.search", _("Cari layanan"), partial(app.go, "/search"), expand=False
            ),
        )
        return task(app, route, [missing], on_back=app.back, beside="home")
    offered = links(
        [
            link_card(
                f"agency.service.{row.id}",
                service_icon(row.icon),
                app.language.say(row.title),
                service_line(app, row),
                partial(app.go, f"/service/{row.id}"),
                bare=True,
            )
            for row in app.catalogue.by_agency(agency_id)
        ]
    )
    head = [words.heading(app.language.say(agency.short_name)), words.lead(app.language.say(agency.name))]
    return task(app, route, [*head, offered], on_back=app.back, beside="home")
