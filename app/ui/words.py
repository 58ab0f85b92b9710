"""Words on the screen: one function a role of the type scale."""

from __future__ import annotations

from typing import Any

import flet as ft

from app.ui.tokens import INK, INK_2, SECTION

_Style = ft.TextThemeStyle


def heading(text: str, *, level: int = 1, **options: Any) -> ft.Control:
    """The heading of a screen; screen readers jump by `level`."""
    return ft.Semantics(
        heading_level=level,
        header=True,
        content=ft.Text(text, theme_style=_Style.HEADLINE_MEDIUM, color=INK, **options),
    )


def section(text: str) -> ft.Control:
    """The heading of a section, with the space that sets it apart from what stands before."""
    return ft.Container(
        ft.Semantics(
            heading_level=2,
            header=True,
            content=ft.Text(text, theme_style=_Style.TITLE_MEDIUM, color=INK),
        ),
        padding=ft.Padding.only(top=SECTION - 12),
    )


def group(text: str, **options: Any) -> ft.Text:
    """The name of several things that stand below it, each with a title of its own."""
    return ft.Text(text, theme_style=_Style.TITLE_MEDIUM, color=options.pop("color", INK), **options)


def title(text: str, **options: Any) -> ft.Text:
    """The first line of a card or a row."""
    return ft.Text(text, theme_style=_Style.TITLE_SMALL, color=options.pop("color", INK), **options)


def body(text: str, **options: Any) -> ft.Text:
    """Running text."""
    return ft.Text(text, theme_style=_Style.BODY_LARGE, color=options.pop("color", INK), **options)


def lead(text: str, **options: Any) -> ft.Text:
    """The sentence under a heading."""
    return body(text, color=INK_2, **options)


def secondary(text: str, **options: Any) -> ft.Text:
    """Text of the second rank: sources, hints, second lines."""
    return ft.Text(text, theme_style=_Style.BODY_MEDIUM, color=options.pop("color", INK_2), **options)


def label(text: str, **options: Any) -> ft.Text:
    """A short strong word: a chip, a value at the end of a row."""
    return ft.Text(text, theme_style=_Style.LABEL_MEDIUM, color=options.pop("color", INK), **options)


def sum_(text: str) -> ft.Text:
    """What is to be paid."""
    return ft.Text(text, theme_style=_Style.HEADLINE_MEDIUM, color=INK)


def figure(text: str, **options: Any) -> ft.Text:
    """A number to be read aloud."""
    return ft.Text(text, theme_style=_Style.DISPLAY_SMALL, color=options.pop("color", INK), **options)
