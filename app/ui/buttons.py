"""Buttons: one primary action a screen, quiet ones beside it."""

from __future__ import annotations

import flet as ft

from app.ui.named import Tap, named
from app.ui.tokens import BUTTON_CORNER, ON_PRIMARY, PRIMARY, WRONG

_SHAPE = ft.RoundedRectangleBorder(radius=BUTTON_CORNER)


def _face(text: str, icon: ft.IconData | None, color: ft.ColorValue, *, trailing: bool) -> ft.Control:
    words = ft.Text(
        text,
        theme_style=ft.TextThemeStyle.LABEL_LARGE,
        color=color,
        text_align=ft.TextAlign.CENTER,
    )
    if icon is None:
        return words
    # Wrapping text beside an icon needs a flexible child, or 200 % text runs out of the button.
    picture = ft.Icon(icon, color=color)
    words.expand = True
    words.expand_loose = True
    return ft.Row(
        [words, picture] if trailing else [picture, words],
        alignment=ft.MainAxisAlignment.CENTER,
        spacing=12,
        tight=True,
    )


def primary(
    identifier: str,
    text: str,
    on_click: Tap | None,
    *,
    icon: ft.IconData | None = None,
    busy: bool = False,
    expand: bool = True,
) -> ft.Control:
    """The one action of a screen. While `busy` it shows that it works and takes no second tap."""
    face: ft.Control
    if busy:
        face = ft.Row(
            [
                ft.ProgressRing(width=20, height=20, stroke_width=2.5, color=ON_PRIMARY),
                ft.Text(text, theme_style=ft.TextThemeStyle.LABEL_LARGE, color=ON_PRIMARY),
            ],
            alignment=ft.MainAxisAlignment.CENTER,
            spacing=12,
            tight=True,
        )
    else:
        face = _face(text, icon, ON_PRIMARY, trailing=True)
    return named(
        identifier,
        ft.FilledButton(
            content=face,
            on_click=None if busy else on_click,
            width=float("inf") if expand else None,
            style=ft.ButtonStyle(
                shape=_SHAPE,
                bgcolor=PRIMARY,
                padding=ft.Padding.symmetric(horizontal=20, vertical=16),
                elevation=0,
            ),
        ),
    )


def secondary(
    identifier: str,
    text: str,
    on_click: Tap,
    *,
    icon: ft.IconData | None = None,
    expand: bool = True,
    danger: bool = False,
) -> ft.Control:
    """A second way on, outlined."""
    color = WRONG if danger else PRIMARY
    return named(
        identifier,
        ft.OutlinedButton(
            content=_face(text, icon, color, trailing=False),
            on_click=on_click,
            width=float("inf") if expand else None,
            style=ft.ButtonStyle(
                shape=_SHAPE,
                side=ft.BorderSide(1.5, color),
                padding=ft.Padding.symmetric(horizontal=20, vertical=16),
            ),
        ),
    )


def text_button(identifier: str, text: str, on_click: Tap, *, label: str | None = None) -> ft.Control:
    """A quiet action inside text; `label` says to a screen reader what `text` alone does not."""
    return named(
        identifier,
        ft.TextButton(
            content=ft.Text(
                text,
                theme_style=ft.TextThemeStyle.LABEL_LARGE,
                color=PRIMARY,
                semantics_label=label,
            ),
            on_click=on_click,
            style=ft.ButtonStyle(shape=_SHAPE, padding=ft.Padding.symmetric(horizontal=8, vertical=12)),
        ),
    )
