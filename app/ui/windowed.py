"""A list as long as a country: what is near the eye is there, between two spacers as tall as the rest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import ceil

import flet as ft

from app.ui.boundary import component
from app.ui.hooks import use_reference, use_state

_AROUND = 14
"""Rows kept ready above and below what is seen; while the list moves, those ahead of it grow at the cost of
those behind."""

_LONGEST_VIEW = 1400
"""Logical pixels of the tallest window at first; the real one is told with the first scroll."""

_STEP = 8
"""Rows by which the window moves: less often a patch, and each row's own place kept by its key."""

INTERVAL = 30
"""Milliseconds between two reports of where the list stands."""


@component
def Windowed(
    count: int, height: int, rows: Callable[[int, int], Sequence[ft.Control]], name: str
) -> ft.Control:
    """`count` rows, each `height` pixels tall. `rows(first, last)` gives those that are wanted, with keys.

    Another `name` is another list, and begins at its top.
    """
    first, set_first = use_state(0)
    tallest = use_reference(_LONGEST_VIEW)
    before = use_reference(0)
    shown = ceil(tallest.current / height) + 2 * _AROUND
    begin = max(0, min(first, count - shown))
    end = min(count, begin + shown)

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
