"""The icons that definitions name, as Flet draws them."""

from __future__ import annotations

import flet as ft

from app.contract.icons import ICONS


def service_icon(name: str, *, filled: bool = False) -> ft.IconData:
    """The Material symbol of an icon word; a document for a word that this version does not know."""
    outlined, solid = ICONS.get(name, ICONS["document"])
    return getattr(ft.Icons, solid if filled else outlined)
