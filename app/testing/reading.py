"""Whether words can be read: their colour against what they stand on, and their room at large text.

Colours and sizes are those of the app's own theme, so what a screen leaves out of its tokens shows as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Any, cast

import flet as ft

from app.testing.screen import Screen
from app.testing.tree import Node
from app.ui.theme import DARK, LIGHT, scheme, text_theme

CONTRAST = 4.5
"""Least contrast of words (WCAG 2.2, 1.4.3)."""

# Flet sends a role of the scheme as one word.
_ROLES = {
    name: {role.replace("_", ""): value for role, value in vars(scheme(palette)).items() if value}
    for name, palette in {"light": LIGHT, "dark": DARK}.items()
}


def pale(screen: Screen, theme: str) -> Iterator[str]:
    """Words under 4.5 : 1 against what they stand on in `theme`, and words without a colour of the theme."""
    for element in screen.elements():
        node = element.node
        if node.type != "Text" or not element.words:
            continue
        if node.get("color") is None and not node.get("spans"):
            yield f"“{element.words[0]}” has no colour of its own, and is black on dark"
            continue
        ink = _colour(node.get("color"), theme)
        grounds = [n for n in node.above() if n.get("bgcolor") is not None or n.get("gradient") is not None]
        if ink is None or not grounds or grounds[0].get("gradient") is not None:
            continue
        ground = _colour(grounds[0].get("bgcolor"), theme)
        if ground is not None and (ratio := _contrast(ink, ground)) < CONTRAST:
            yield f"“{element.words[0]}” has a contrast of {ratio:.1f} : 1"


def _colour(value: Any, theme: str) -> tuple[float, float, float] | None:
    if not isinstance(value, str):
        return None
    if not value.startswith("#"):
        value = "#FFFFFF" if value == "white" else _ROLES[theme].get(value, "")
    if len(value) != 7:
        return None
    red, green, blue = (int(value[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return red, green, blue


def _contrast(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: tuple[float, ...]) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


# Room

_LETTER = 0.52
"""Mean width of a letter of Plus Jakarta Sans, in parts of its size."""


def cut(screen: Screen, width: float, text_scale: float) -> Iterator[str]:
    """Rows whose words cannot give way and need more than `width` dp: Flutter cuts them off.

    Widths are estimated: what this finds is too wide by far, what it does not find must be looked at.
    """
    theme = text_theme(text_scale)
    styles = {f.name: getattr(theme, f.name) for f in fields(theme)}
    sizes = {
        name.replace("_", ""): float(style.size or 14)
        for name, style in styles.items()
        if isinstance(style, ft.TextStyle)
    }
    for element in screen.elements():
        node = element.node
        if node.type != "Text" or not element.words or node.get("expand"):
            continue
        row = next((n for n in node.above() if n.type in ("Row", "Column")), None)
        if row is None or row.type != "Row" or row.get("wrap") or row.get("scroll"):
            continue
        needed = _width(row, sizes)
        if needed > width:
            yield f"“{element.words[0]}” needs some {needed:.0f} dp of {width:.0f}, and cannot go on below"


def _width(node: Node, sizes: dict[str, float]) -> float:
    """Least width of a control in dp, as far as its words and its own numbers tell."""
    if node.get("expand"):
        return 0
    own = node.get("width")
    if isinstance(own, int | float):
        return float(own)
    if node.type == "Text":
        style = str(node.get("theme_style", "bodymedium")).replace("_", "").lower()
        return len(str(node.get("value", ""))) * _LETTER * (node.get("size") or sizes.get(style, 14))
    if node.type == "Icon":
        return float(node.get("size", 24))
    inner = [_width(each, sizes) for name in ("content", "controls") for each in node.nodes(name)]
    if node.type == "Row" and not node.get("wrap"):
        return sum(inner) + float(node.get("spacing", 10)) * max(0, len(inner) - 1)
    return max(inner, default=0) + _sides(node.get("padding"))


def _sides(padding: Any) -> float:
    if isinstance(padding, int | float):
        return 2.0 * padding
    if isinstance(padding, dict):
        sides = cast("dict[str, Any]", padding)
        return float(sides.get("left", 0)) + float(sides.get("right", 0))
    return 0.0
