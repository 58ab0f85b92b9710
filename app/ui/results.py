"""What a search has found, drawn: results, life events, other regions, and what leads on from nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

import flet as ft

from app.app import App, Region
from app.catalogue.finding import Context, Found, Hit
from app.catalogue.plan import Have, Plan
from app.marks import Marked
from app.ui import buttons, words
from app.ui.cards import action_chip, link_card
from app.ui.explained import explained
from app.ui.highlight import highlighted
from app.ui.icons import service_icon
from app.ui.regions import region_chip, region_name, region_names, where
from app.ui.renewed import Renewed
from app.ui.services import event_line, service_terms
from app.ui.tokens import INK_2

_COMPLAINT = "pengaduan"
"""What the complaint service is found by, in the source language of the catalogue."""


@dataclass(frozen=True, slots=True)
class Searcher:
    """Who searches: what counts for ranking, and what their plans are made of."""

    context: Context
    region: Region
    marked: Marked
    have: Have


def result(
    app: App, hit: Hit, searcher: Searcher, *, chosen: bool = False, name: str = "result"
) -> ft.Control:
    """One result, with what the query met in it; called `search.<name>.<id>`."""
    _ = app.language.text
    row = hit.row
    title = highlighted(app.language.say(row.title), hit.spans)
    agency = app.language.say(app.catalogue.agency_name(row))
    detail = highlighted(f"{agency} · {service_terms(app, row)}", hit.agency_spans, secondary=True)
    below: list[ft.Control] = []
    if hit.elsewhere and searcher.region.code is not None:
        away = _("Hanya di {places}", places=region_names(app, row.regions))
        below.append(
            ft.Row(
                [
                    ft.Icon(ft.Icons.LOCATION_ON_OUTLINED, size=18, color=INK_2),
                    words.label(away, color=INK_2, expand=True),
                ],
                spacing=6,
            )
        )
    if searcher.marked.explains:
        below.append(explained(app, hit))
    return link_card(
        f"search.{name}.{row.id}",
        service_icon(row.icon),
        title,
        detail,
        partial(app.go, f"/service/{row.id}"),
        below=ft.Column(below, spacing=6, tight=True) if below else None,
        bare=True,
        chosen=chosen,
    )


def events(app: App, found: Found, plans: Callable[[str], Plan], text: str) -> list[ft.Control]:
    """The life events that fit, each with how far its plan goes."""
    if not found.life_events:
        return []
    cards = [
        link_card(
            f"search.life-event.{event.id}",
            service_icon(event.icon),
            app.language.say(event.title),
            event_line(app, plans(event.id)),
            partial(app.go, f"/event/{event.id}"),
            tone="waits",
            bare=True,
        )
        for event in found.life_events
    ]
    return [words.section(app.language.text("Peristiwa")), Renewed(cards, text, 0, key="events")]


def away(app: App, found: Found, region: Region, show: Callable[[], None]) -> list[ft.Control]:
    """The calm way to the same services in other regions."""
    if found.elsewhere <= sum(hit.elsewhere for hit in found.hits):
        return []
    _ = app.language.text
    n = app.language.number(found.elsewhere)
    if found.places:
        said = _("{n} layanan serupa di luar {places}", n=n, places=region_names(app, found.places))
    elif region.code is not None:
        said = _("{n} layanan serupa di luar {places}", n=n, places=region_name(region.code))
    else:
        said = _("{n} layanan serupa, menurut daerah", n=n)
    card = link_card("search.elsewhere", ft.Icons.LOCATION_ON_OUTLINED, said, None, show, tone="plain")
    return [words.section(_("Lihat juga di daerah lain")), card]


def nothing(
    app: App,
    found: Found,
    searcher: Searcher,
    plans: Callable[[str], Plan],
    write: Callable[[str], Awaitable[None]],
    text: str,
) -> list[ft.Control]:
    """Nothing has all that was asked for: what may be meant, what is near, and who listens otherwise."""
    _ = app.language.text
    close = bool(found.near or found.guess)
    controls: list[ft.Control] = [
        words.section(_("Belum ada yang persis seperti itu") if close else _("Belum ketemu")),
        words.lead(
            _("Mungkin salah satu di bawah ini.")
            if close
            else _("Coba kata lain, misalnya nama dokumennya, atau mulai dari peristiwa di Beranda.")
        ),
    ]
    if found.guess is not None:
        asked = _("Maksud Anda “{guess}”?", guess=found.guess)
        controls.append(
            ft.Row(
                [action_chip("search.guess", asked, partial(write, found.guess), tone="chosen")], wrap=True
            )
        )
    if found.near:
        controls += [
            words.section(_("Yang paling dekat")),
            Renewed([result(app, hit, searcher, name="near") for hit in found.near], text, 0, key="near"),
        ]
    controls += events(app, found, plans, text)
    if found.popular:
        area = where(app, searcher.region) if searcher.region.code else _("Indonesia")
        controls += [
            words.section(_("Sering diurus di {region}", region=area)),
            Renewed(
                [result(app, hit, searcher, name="popular") for hit in found.popular], text, 0, key="popular"
            ),
        ]
    complaint = app.catalogue.find(_COMPLAINT, "id", searcher.context, limit=1).hits
    if complaint:
        controls += [
            words.section(_("Tidak ada layanannya?")),
            link_card(
                "search.complaint",
                ft.Icons.CAMPAIGN_OUTLINED,
                _("Sampaikan ke negara"),
                _(
                    "{service} · Anda dikabari setiap ada perkembangan",
                    service=app.language.say(complaint[0].row.title),
                ),
                partial(app.go, f"/service/{complaint[0].row.id}"),
                tone="told",
            ),
        ]
    controls.append(
        ft.Row(
            [buttons.text_button("search.home", _("Ke Beranda"), app.go_home)],
            alignment=ft.MainAxisAlignment.CENTER,
        )
    )
    return controls


def count(app: App, found: Found) -> str:
    """“3 dari 27.014 layanan · di perangkat Anda, tanpa internet”."""
    _ = app.language.text
    of = app.language.number(app.catalogue.size)
    n = app.language.number(len(found.hits) + found.more)
    if not app.catalogue.complete:
        return _("{found} dari {all} layanan · selebihnya sedang dimuat", found=n, all=of)
    return _("{found} dari {all} layanan · di perangkat Anda, tanpa internet", found=n, all=of)


def where_it_looks(
    app: App, found: Found, searcher: Searcher, write: Callable[[str], Awaitable[None]]
) -> ft.Control:
    """The region that counts: the one that the query names, which can be taken out, else the citizen's."""
    if not found.places:
        chip = region_chip(app, searcher.region, "search")
    else:
        _ = app.language.text
        names = region_names(app, found.places)
        chip = action_chip(
            "search.place",
            names,
            partial(write, found.errand or ""),
            icon=ft.Icons.LOCATION_ON_OUTLINED,
            end=ft.Icons.CLOSE,
            label=_("Jangan cari di {places}", places=names),
            tone="chosen",
        )
    return ft.Row([chip], wrap=True)
