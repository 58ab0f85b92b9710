"""A list as long as a country: what is near the eye is there, between two spacers as tall as the rest."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from math import ceil
from typing import Any

import flet as ft

from app.ui import words
from app.ui.boundary import component
from app.ui.cards import tile
from app.ui.hooks import use_reference, use_state_of
from app.ui.named import Tap, named
from app.ui.tokens import LINE, MARGIN, PRIMARY, READING

_AROUND = 14
"""Rows kept ready above and below what is seen; while the list moves, those ahead of it grow at the cost of
those behind."""

_LONGEST_VIEW = 1400
"""Logical pixels of the tallest window at first; the real one is told with the first scroll."""

_PIECE = 2
"""Rows that the first patches bring, one after the other: a row has about a kilobyte."""

_STEP = 8
"""Rows by which the window moves: less often a patch, and each row's own place kept by its key."""

ROW = 76
"""Logical pixels of a row at 100 % text."""

INTERVAL = 30
"""Milliseconds between two reports of where the list stands."""


def row_lines(text_scale: float) -> int:
    """Lines for the title of a row, and for its detail: large words get a second one before they are cut."""
    return 2 if text_scale >= 1.6 else 1


def row_height(text_scale: float) -> int:
    """How tall every row of a windowed list is."""
    return round(ROW * text_scale * (1.25 if row_lines(text_scale) > 1 else 1))


def window_row(
    identifier: str,
    icon: ft.IconData,
    title: str | ft.Control,
    detail: str | ft.Control,
    on_click: Tap,
    text_scale: float,
    *,
    chosen: bool = False,
) -> ft.Control:
    """A row of one height, whatever stands in it: its place follows from its number."""
    cut: dict[str, Any] = {"max_lines": row_lines(text_scale), "overflow": ft.TextOverflow.ELLIPSIS}
    row = named(
        identifier,
        ft.Container(
            content=ft.Row(
                [
                    tile(icon),
                    ft.Column(
                        [
                            words.title(title, **cut) if isinstance(title, str) else title,
                            words.secondary(detail, **cut) if isinstance(detail, str) else detail,
                        ],
                        spacing=2,
                        tight=True,
                        expand=True,
                    ),
                    *([ft.Icon(ft.Icons.CHECK, size=24, color=PRIMARY)] if chosen else []),
                ],
                spacing=14,
            ),
            on_click=on_click,
            ink=True,
            height=row_height(text_scale),
            width=READING,
            border=ft.Border.only(bottom=ft.BorderSide(1, LINE)),
            padding=ft.Padding.symmetric(horizontal=MARGIN),
        ),
        button=True,
        selected=chosen or None,
    )
    return ft.Container(row, key=identifier, alignment=ft.Alignment.TOP_CENTER)


@component
def Windowed(
    count: int, height: int, rows: Callable[[int, int], Sequence[ft.Control]], name: str
) -> ft.Control:
    """`count` rows, each `height` pixels tall. `rows(first, last)` gives those that are wanted, with keys.

    Another `name` is another list, and begins at its top.
    """
    first, set_first = use_state_of(name, 0)
    there, set_there = use_state_of(name, _PIECE)
    tallest = use_reference(_LONGEST_VIEW)
    before = use_reference(0)
    shown = ceil(tallest.current / height) + 2 * _AROUND
    begin = max(0, min(first, count - shown))
    end = min(count, begin + min(shown, there))

    async def grow() -> None:
        # Let the piece before be sent, and others have their turn.
        await asyncio.sleep(0)
        if there < shown:
            set_there(there + _PIECE)

    ft.use_effect(grow, [name, there])

    def scrolled(event: ft.OnScrollEvent) -> None:
        tallest.current = max(tallest.current, round(event.viewport_dimension))
        top = int(event.pixels // height)
        moved, before.current = top - before.current, top
        wanted = max(0, top - _AROUND + max(-_AROUND, min(_AROUND, 2 * moved)))
        wanted -= wanted % _STEP
        if wanted != first:
            set_first(wanted)

    return ft.Column(
        [
            ft.Container(key=f"{name}.above", height=begin * height),
            *rows(begin, end),
            ft.Container(key=f"{name}.below", height=(count - end) * height),
        ],
        key=name,
        spacing=0,
        scroll=ft.ScrollMode.AUTO,
        on_scroll=scrolled,
        scroll_interval=INTERVAL,
        expand=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
