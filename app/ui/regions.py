"""Regions in words, and the chip that says where services are looked for and leads to another region."""

from __future__ import annotations

from collections.abc import Sequence

import flet as ft

from app.app import App, Region
from app.contract.regions import regions
from app.ui.cards import action_chip


def region_name(code: str) -> str:
    """The name of a region; its code where this app's list has none."""
    return regions().get(code, code)


def region_names(app: App, codes: Sequence[str]) -> str:
    """Names of regions, two of them spelled out: “Kota Bandung, Kabupaten Bandung”."""
    names = [region_name(code) for code in codes]
    if len(names) <= 2:
        return ", ".join(names)
    return app.language.text("{name} dan {n} daerah lain", name=names[0], n=len(names) - 1)


def where(app: App, region: Region) -> str:
    """Where services are looked for, in words."""
    _ = app.language.text
    if region.code is not None:
        return region_name(region.code)
    return _("Seluruh Indonesia") if region.source == "everywhere" else _("Pilih daerah Anda")


def region_chip(app: App, region: Region, place: str) -> ft.Control:
    """Says the region, and leads to the choice of another one; called `<place>.region`."""
    return action_chip(
        f"{place}.region",
        where(app, region),
        lambda: app.go("/region"),
        icon=ft.Icons.LOCATION_ON_OUTLINED,
        end=ft.Icons.EXPAND_MORE,
        label=app.language.text("Ganti daerah"),
    )
