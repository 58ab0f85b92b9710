"""A timeline: what happened, what happens now, what will come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import flet as ft

from app.ui import words
from app.ui.tokens import DONE, DONE_BOX, INK, INK_2, LINE, ON_PRIMARY, PRIMARY, SUNKEN, WRONG, WRONG_BOX

State = Literal["done", "now", "asked", "wrong", "next"]


@dataclass(frozen=True, slots=True)
class Step:
    """One step. `spoken` says its state to a screen reader (“selesai”, “sekarang”, “nanti”)."""

    key: str
    state: State
    title: str
    detail: str
    spoken: str
    note: str | None = None


def _bullet(step: Step, number: int) -> ft.Control:
    content: ft.Control
    if step.state == "done":
        ground, content = DONE_BOX, ft.Icon(ft.Icons.CHECK, size=18, color=DONE)
    elif step.state in ("now", "asked"):
        icon = ft.Icons.PRIORITY_HIGH if step.state == "asked" else ft.Icons.HOURGLASS_EMPTY
        ground, content = PRIMARY, ft.Icon(icon, size=16, color=ON_PRIMARY)
    elif step.state == "wrong":
        ground, content = WRONG_BOX, ft.Icon(ft.Icons.CLOSE, size=18, color=WRONG)
    else:
        ground, content = SUNKEN, words.label(str(number), color=INK_2)
    return ft.Container(
        content=content, width=28, height=28, border_radius=28, bgcolor=ground, alignment=ft.Alignment.CENTER
    )


def timeline(steps: Sequence[Step]) -> ft.Control:
    """The steps from first to last, joined by a line."""
    items: list[ft.Control] = []
    for index, step in enumerate(steps):
        last = index == len(steps) - 1
        lines: list[ft.Control] = [
            words.title(step.title, color=INK_2 if step.state == "next" else INK),
            words.secondary(step.detail),
        ]
        if step.note:
            lines.append(
                ft.Container(
                    words.secondary(f"“{step.note}”", color=INK),
                    bgcolor=SUNKEN,
                    border_radius=12,
                    padding=12,
                    margin=ft.Margin.only(top=6),
                )
            )
        items.append(
            ft.MergeSemantics(
                key=step.key,
                content=ft.Semantics(
                    label=step.spoken,
                    content=ft.Stack(
                        [
                            ft.Container(
                                width=2,
                                bgcolor=LINE,
                                left=13,
                                top=28,
                                bottom=0,
                                visible=not last,
                            ),
                            ft.Row(
                                [
                                    _bullet(step, index + 1),
                                    ft.Container(
                                        ft.Column(lines, spacing=2, tight=True),
                                        expand=True,
                                        padding=ft.Padding.only(top=3, bottom=8 if last else 22),
                                    ),
                                ],
                                spacing=14,
                                vertical_alignment=ft.CrossAxisAlignment.START,
                            ),
                        ]
                    ),
                ),
            )
        )
    return ft.Column(items, spacing=0, tight=True)
