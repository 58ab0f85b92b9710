"""A long column that comes in pieces, from the top, one small patch each.

A screen of many controls at once is one large message that the client must read before it shows anything.
Here the top is there first, and the rest follows before the eye gets to it, with other work in between.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import flet as ft

from app.ui.boundary import component
from app.ui.hooks import use_state

FIRST, STEP = 4, 3
"""How many controls come at once, and then at a time."""


@component
def Unfold(controls: Sequence[ft.Control], spacing: int) -> ft.Control:
    """`controls` in a column, unfolded from the top; what is there once stays there."""
    shown, set_shown = use_state(FIRST)

    async def more() -> None:
        # Let the piece before be sent, and others have their turn.
        await asyncio.sleep(0)
        if shown < len(controls):
            set_shown(shown + STEP)

    ft.use_effect(more, [shown, len(controls)])
    return ft.Column(list(controls[:shown]), spacing=spacing, tight=True)
