"""A life event: the services that belong to it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Literal

import flet as ft

from app.app import App
from app.catalogue.rows import CatalogueRow
from app.ui import buttons, words
from app.ui.boundary import component
from app.ui.cards import link_card
from app.ui.context import use_app, use_live
from app.ui.frame import task
from app.ui.icons import service_icon
from app.ui.states import empty, no_catalogue, offline_chip, skeleton, trouble


@dataclass(frozen=True, slots=True)
class _Row:
    id: str
    title: str
    detail: str
    icon: str


@dataclass(frozen=True, slots=True)
class _Event:
    title: str
    services: tuple[_Row, ...]


_Missing = Literal["unknown", "no catalogue"]


async def _read(app: App, event_id: str) -> _Event | _Missing:
    events = app.catalogue.life_events()
    event = next((e for e in events or () if e.id == event_id), None)
    if event is None:
        return "unknown" if events else "no catalogue"
    return _Event(
        app.language.say(event.title),
        tuple(
            _Row(s.id, app.language.say(s.title), service_line(app, s), s.icon)
            for s in app.catalogue.by_life_event(event_id, await app.region())
        ),
    )


def service_line(app: App, entry: CatalogueRow) -> str:
    """“Dukcapil Kota Bandung · 1 hari kerja · gratis”."""
    _ = app.language.text
    cost = _("gratis") if entry.lowest_cost == 0 else app.language.money(entry.lowest_cost)
    time = app.language.duration(entry.time_amount, entry.time_unit)
    return f"{app.language.say(app.catalogue.agency_name(entry))} · {time} · {cost}"


@component
def LifeEvent() -> ft.View:
    """What can be done when this happens."""
    app = use_app()
    _ = app.language.text
    event_id = ft.use_route_params()["event"]
    event = use_live(lambda: _read(app, event_id), *app.watches("catalogue"), on=[event_id, app.language.tag])
    offline = offline_chip(app)
    controls: list[ft.Control] = [*([ft.Row([offline])] if offline else [])]
    if event is None:
        controls.append(skeleton())
    elif event == "no catalogue":
        controls.append(no_catalogue(app))
    elif event == "unknown":
        controls.append(
            trouble(
                _("Peristiwa ini tidak ada di daftar"),
                _("Daftarnya mungkin berubah. Data Anda aman. Pilih dari Beranda, atau cari layanannya."),
                action=buttons.secondary(
                    "event.search", _("Cari layanan"), lambda: app.go("/search"), expand=False
                ),
            )
        )
    else:
        controls.append(words.heading(event.title))
        if event.services:
            controls.append(words.lead(_("Pilih yang ingin Anda urus.")))
            controls += [
                link_card(
                    f"event.service.{row.id}",
                    service_icon(row.icon),
                    row.title,
                    row.detail,
                    partial(app.go, f"/service/{row.id}"),
                )
                for row in event.services
            ]
        else:
            controls.append(
                empty(
                    ft.Icons.INBOX_OUTLINED,
                    _("Belum ada layanan untuk peristiwa ini"),
                    _(
                        "Coba cari dengan kata Anda sendiri. Layanan baru muncul di sini "
                        "tanpa memperbarui aplikasi."
                    ),
                    action=buttons.secondary(
                        "event.search", _("Cari layanan"), lambda: app.go("/search"), expand=False
                    ),
                )
            )
    return task(app, f"/event/{event_id}", controls, on_back=app.back, beside="home")
