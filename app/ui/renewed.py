"""A card of rows that become others at every keystroke, a few rows a patch.

All at once would be one large message at each letter. Here the rows at the top are the new ones at once; the
ones below stay as they were for the thousandths of a second that the rest takes, so that nothing jumps.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import cast

import flet as ft

from app.ui.boundary import component
from app.ui.cards import hairline
from app.ui.hooks import use_reference, use_state_of
from app.ui.tokens import CARD, CARD_CORNER, LINE, MARGIN

_MORE = 2
"""Rows that one patch brings: some 1.3 KB each."""


@component
def Renewed(rows: Sequence[ft.Control], name: str, at_once: int = 1) -> ft.Control:
    """`rows`, each with a key, with hairlines between them; another `name` means other rows.

    `at_once`: how many new ones the first patch brings; none where it has enough to bring beside.
    """
    before = use_reference(cast("list[ft.Control]", []))
    turns, set_turns = use_state_of(name, 0)
    shown, whole = _between(before.current, rows, _MORE if turns else at_once)
    before.current = shown

    async def go_on() -> None:
        await asyncio.sleep(0)
        if not whole:
            set_turns(turns + 1)

    ft.use_effect(go_on, [name, turns, whole])
    controls: list[ft.Control] = []
    for row in shown:
        if controls:
            controls.append(
                ft.Container(
                    hairline(), key=f"above.{row.key}", padding=ft.Padding.symmetric(horizontal=MARGIN)
                )
            )
        controls.append(row)
    return ft.Container(
        content=ft.Column(
            controls, spacing=0, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH
        ),
        bgcolor=CARD,
        border=ft.Border.all(1, LINE),
        border_radius=CARD_CORNER,
        clip_behavior=ft.ClipBehavior.ANTI_ALIAS,
    )


def _between(
    before: Sequence[ft.Control], after: Sequence[ft.Control], may: int
) -> tuple[list[ft.Control], bool]:
    """What is shown on the way from one list to the other with at most `may` rows that were not there, and
    whether that is all of the other."""
    there = {row.key for row in before}
    shown: list[ft.Control] = []
    for row in after:
        if row.key not in there:
            if not may:
                break
            may -= 1
        shown.append(row)
    if len(shown) == len(after):
        return shown, True
    taken = {row.key for row in shown}
    return [*shown, *(row for row in before[len(shown) :] if row.key not in taken)], False
