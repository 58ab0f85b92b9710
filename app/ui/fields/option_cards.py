"""One option, as a card or a pill that can be tapped anywhere."""

from __future__ import annotations

import flet as ft

from app.ui import words
from app.ui.named import Tap, named
from app.ui.tokens import (
    CARD,
    CHOSEN,
    EDGE,
    FIELD_CORNER,
    INK,
    INK_2,
    LINE,
    ON_CHOSEN,
    PRIMARY,
    WRONG,
)


def option_card(
    identifier: str,
    title: str,
    on_click: Tap,
    *,
    chosen: bool,
    several: bool = False,
    detail: str | None = None,
    wrong: bool = False,
    end: ft.IconData | None = None,
) -> ft.Control:
    """One option with its mark, and perhaps a second line and a picture at the end."""
    if several:
        icon = ft.Icons.CHECK_BOX if chosen else ft.Icons.CHECK_BOX_OUTLINE_BLANK
    else:
        icon = ft.Icons.RADIO_BUTTON_CHECKED if chosen else ft.Icons.RADIO_BUTTON_UNCHECKED
    lines: list[ft.Control] = [words.body(title, color=ON_CHOSEN if chosen else INK)]
    if detail:
        lines.append(words.secondary(detail, **({"color": ON_CHOSEN} if chosen else {})))
    content: list[ft.Control] = [
        ft.Icon(icon, size=24, color=PRIMARY if chosen else EDGE),
        ft.Column(lines, spacing=0, tight=True, expand=True),
    ]
    if end is not None:
        content.append(ft.Icon(end, size=24, color=ON_CHOSEN if chosen else INK_2))
    return named(
        identifier,
        ft.Container(
            content=ft.Row(content, spacing=14),
            on_click=on_click,
            ink=True,
            bgcolor=CHOSEN if chosen else CARD,
            border=_border(chosen, wrong),
            border_radius=FIELD_CORNER,
            padding=ft.Padding.symmetric(horizontal=15 if chosen else 16, vertical=15 if chosen else 16),
        ),
        button=True,
        checked=chosen,
    )


def pill(identifier: str, title: str, on_click: Tap, *, chosen: bool, wrong: bool = False) -> ft.Control:
    """One of several short options that stand beside each other."""
    return named(
        identifier,
        ft.Container(
            content=words.body(title, color=ON_CHOSEN if chosen else INK),
            on_click=on_click,
            ink=True,
            bgcolor=CHOSEN if chosen else CARD,
            border=_border(chosen, wrong),
            border_radius=FIELD_CORNER,
            padding=ft.Padding.symmetric(horizontal=15 if chosen else 16, vertical=11 if chosen else 12),
        ),
        button=True,
        checked=chosen,
    )


def _border(chosen: bool, wrong: bool) -> ft.Border:
    edge = PRIMARY if chosen else WRONG if wrong else LINE
    return ft.Border.all(2 if chosen else 1, edge)
