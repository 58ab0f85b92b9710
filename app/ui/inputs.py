"""What all text fields share: their edges, and a value that takes no letter away."""

from __future__ import annotations

from typing import Any

import flet as ft

from app.ui.tokens import EDGE, FIELD_CORNER, PRIMARY, WRONG

AS_IT_STANDS: Any = None
"""The value with which Flet takes over what stands in the field. Any other, sent back while somebody types,
would be older than their last letters and take them away."""


def edges(
    *, wrong: bool = False, rest: ft.ColorValue = EDGE, corner: int = FIELD_CORNER
) -> dict[ft.ControlState, ft.InputBorder]:
    """The border of a text field: `rest` where all is well, stronger with the focus, red where wrong."""

    def edge(color: ft.ColorValue, width: float) -> ft.InputBorder:
        return ft.OutlineInputBorder(border_radius=corner, side=ft.BorderSide(width, color))

    return {
        ft.ControlState.FOCUSED: edge(WRONG if wrong else PRIMARY, 2),
        ft.ControlState.DEFAULT: edge(WRONG if wrong else rest, 2 if wrong else 1),
    }
