"""What one widget test costs without Flutter: open a window, tap, see what changed, close."""

from __future__ import annotations

from statistics import median
from time import perf_counter

import flet as ft

from app.testing.citizen import Citizen
from benchmarks.table import Row, percentile

TIMES = 200
BUDGET = 20
"""Milliseconds, median."""


def _counter(page: ft.Page) -> None:
    shown = ft.Text("0")

    def more() -> None:
        shown.value = str(int(shown.value) + 1)
        page.update()

    page.add(shown, ft.Semantics(identifier="more", content=ft.Button("more", on_click=more)))


async def measure() -> list[Row]:
    """The median and the worst of `TIMES` such tests."""
    spent: list[float] = []
    for _ in range(TIMES):
        begin = perf_counter()
        citizen = Citizen(_counter)
        try:
            await citizen.open()
            await citizen.tap("more")
            citizen.should_see("1")
        finally:
            await citizen.leave()
        spent.append((perf_counter() - begin) * 1e3)
    return [
        Row(
            "open, tap, see, close",
            f"p50 {median(spent):.1f} ms · p99 {percentile(spent, 0.99):.1f} ms · {TIMES} times",
            f"median ≤ {BUDGET} ms",
            median(spent) <= BUDGET,
        )
    ]
