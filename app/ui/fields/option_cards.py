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
        ft.Icon(icon, color=PRIMARY if chosen else EDGE),
        ft.Column(lines, spacing=0, tight=True, expand=True),
    ]
    if end is not None:
        content.append(ft.Icon(end, color=ON_CHOSEN if chosen else INK_2))
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


def pill(
    identifier: str,
    title: str,
    on_click: Tap,
    *,
    chosen: bool,
    wrong: bool = False,
    over: str | None = None,
    width: float | None = None,
) -> ft.Control:
    """One of several short options that stand beside each other; `over` is a word above its title.

    With a `width`, pills stand below each other too, like the days of a calendar.
    """
    ink = ON_CHOSEN if chosen else INK
    lines: list[ft.Control] = [words.body(title, color=ink)]
    if over is not None:
        lines.insert(0, words.secondary(over, color=ON_CHOSEN if chosen else INK_2))
    return named(
        identifier,
        ft.Container(
            content=ft.Column(lines, spacing=0, tight=True, horizontal_alignment=ft.CrossAxisAlignment.CENTER)
            if over
            else lines[0],
            width=width,
            alignment=ft.Alignment.CENTER if width is not None else None,
            on_click=on_click,
            ink=True,
            bgcolor=CHOSEN if chosen else CARD,
            border=_border(chosen, wrong),
            border_radius=FIELD_CORNER,
            padding=ft.Padding.symmetric(
                horizontal=(16 if width is None else 4) - chosen, vertical=12 - chosen
            ),
        ),
        button=True,
        checked=chosen,
    )


def _border(chosen: bool, wrong: bool) -> ft.Border:
    edge = PRIMARY if chosen else WRONG if wrong else LINE
    return ft.Border.all(2 if chosen else 1, edge)
