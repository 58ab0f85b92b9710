"""Services and life events in a line, and as a list of links."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import flet as ft

from app.app import App
from app.catalogue.plan import Plan
from app.catalogue.rows import CatalogueRow
from app.ui.cards import link_card, links
from app.ui.icons import service_icon


def service_terms(app: App, entry: CatalogueRow) -> str:
    """“1 hari kerja · gratis”."""
    _ = app.language.text
    cost = _("gratis") if entry.lowest_cost == 0 else app.language.money(entry.lowest_cost)
    return f"{app.language.duration(entry.time_amount, entry.time_unit)} · {cost}"


def service_line(app: App, entry: CatalogueRow) -> str:
    """“Dukcapil Kota Bandung · 1 hari kerja · gratis”."""
    return f"{app.language.say(app.catalogue.agency_name(entry))} · {service_terms(app, entry)}"


def event_line(app: App, plan: Plan) -> str:
    """“4 langkah · paling cepat 26 November 2026”; of one without a plan, how many services it has."""
    _ = app.language.text
    if not plan.steps:
        return app.language.plural("{n} layanan tersedia", "{n} layanan tersedia", len(plan.others))
    steps = app.language.plural("{n} langkah", "{n} langkah", len(plan.steps))
    if plan.done == len(plan.steps):
        return _("{steps} · semua selesai", steps=steps)
    return _("{steps} · paling cepat {day}", steps=steps, day=app.language.date(plan.finish))


def service_links(app: App, name: str, rows: Sequence[CatalogueRow]) -> ft.Control:
    """Services that lead to their pages; each is called `<name>.<id>`."""
    return links(
        [
            link_card(
                f"{name}.{row.id}",
                service_icon(row.icon),
                app.language.say(row.title),
                service_line(app, row),
                partial(app.go, f"/service/{row.id}"),
                bare=True,
            )
            for row in rows
        ]
    )
