"""Controls with a name and an identifier: what a screen reader says and what a test finds.

Flutter gives an icon button with a tooltip no name on the web, and a tappable container none at all;
everything that can be used goes through this module, and `checks` forbid the bare controls elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flet as ft

from app.ui.tokens import INK, LINE, TARGET

Tap = Callable[..., Any]
"""What happens on a tap: a function or a coroutine function, with or without the event."""


def named(
    identifier: str,
    content: ft.Control,
    *,
    label: str | None = None,
    button: bool | None = None,
    key: str | None = None,
    keyed: bool = True,
    **semantics: Any,
) -> ft.Control:
    """`content` as one semantics node called `identifier`, which is its `key` too unless another is given.

    `label` is added to the words inside; `semantics` are further flags of `ft.Semantics`
    (`selected`, `checked`, `expanded` …).
    """
    return ft.MergeSemantics(
        key=(key or identifier) if keyed else None,
        content=ft.Semantics(identifier=identifier, label=label, button=button, content=content, **semantics),
    )


def icon_button(
    identifier: str,
    icon: ft.IconData,
    label: str,
    on_click: Tap,
    *,
    color: ft.ColorValue = INK,
    disabled: bool = False,
) -> ft.Control:
    """An icon that can be tapped, 48 dp, called `label`; faint while `disabled`."""
    return named(
        identifier,
        ft.IconButton(
            icon=icon,
            icon_color=LINE if disabled else color,
            disabled=disabled,
            width=TARGET,
            height=TARGET,
            tooltip=label,
            on_click=on_click,
        ),
    )
