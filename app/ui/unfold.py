"""A long column that comes in pieces, from the top, one small patch each.

A screen of many controls at once is one large message that the client must read before it shows anything.
Here the top is there first, and the rest follows before the eye gets to it, with other work in between.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from typing import Any, cast

import flet as ft

from app.ui.boundary import component
from app.ui.hooks import use_state

PIECE = 22
"""How many controls one patch brings, about: at some 130 bytes each, less than 4 KB."""
_DRAWN_LATER = 8
"""What a component counts as: it has not been drawn yet when it is weighed."""


@component
def Unfold(controls: Sequence[ft.Control], spacing: int) -> ft.Control:
    """`controls` in a column, unfolded from the top; what is there once stays there.

    The first patch brings what stands around it, so that columns within columns do not add up.
    """
    shown, set_shown = use_state(0)
    ends = list(_ends(controls))

    async def more() -> None:
        # Let the piece before be sent, and others have their turn.
        await asyncio.sleep(0)
        if shown < len(ends):
            set_shown(shown + 1)

    ft.use_effect(more, [shown, len(ends)])
    until = ends[min(shown, len(ends)) - 1] if ends and shown else 0
    return ft.Column(
        list(controls[:until]),
        spacing=spacing,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


_UNFOLDS = getattr(Unfold, "__wrapped__", None)


def _ends(controls: Sequence[ft.Control]) -> Iterator[int]:
    """Where the pieces end: each holds what fits into `PIECE`, and one control at least."""
    held = 0
    for index, control in enumerate(controls):
        weight = _weight(control)
        if held and held + weight > PIECE:
            yield index
            held = 0
        held += weight
    if controls:
        yield len(controls)


def _weight(control: Any) -> int:
    """How many controls there are in `control`, itself included."""
    if (drawn := getattr(control, "fn", None)) is not None:
        return 1 if drawn is _UNFOLDS else _DRAWN_LATER
    inner: list[Any] = []
    content = getattr(control, "content", None)
    if isinstance(content, ft.BaseControl):
        inner.append(content)
    for name in ("controls", "spans"):
        several = getattr(control, name, None)
        if isinstance(several, list):
            inner += cast("list[Any]", several)
    return 1 + sum(_weight(one) for one in inner)
