"""The mark of Loket: a rounded square, red above white."""

from __future__ import annotations

import flet as ft

from app.ui.theme import FAMILY, MARK
from app.ui.tokens import INK


def mark(size: int = 22) -> ft.Control:
    """The sign alone, `size` dp; it says nothing to a screen reader."""
    return ft.Container(
        width=size,
        height=size,
        bgcolor=ft.Colors.WHITE,
        border=ft.Border.all(max(1, size / 18), MARK),
        border_radius=size * 0.28,
        clip_behavior=ft.ClipBehavior.ANTI_ALIAS,
        content=ft.Column([ft.Container(bgcolor=MARK, expand=True), ft.Container(expand=True)], spacing=0),
    )


def wordmark(size: int = 22) -> ft.Control:
    """The sign and the name."""
    return ft.Semantics(
        label="Loket",
        exclude_semantics=True,
        content=ft.Row(
            [
                mark(size),
                ft.Text("Loket", size=size * 0.95, font_family=f"{FAMILY} 800", color=INK),
            ],
            spacing=size * 0.4,
            tight=True,
        ),
    )
