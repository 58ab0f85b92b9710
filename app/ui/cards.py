"""Cards, rows and chips: a hairline instead of a shadow."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import flet as ft

from app.ui import words
from app.ui.named import Tap, named
from app.ui.tokens import (
    CARD,
    CARD_CORNER,
    CHOSEN,
    DONE,
    DONE_BOX,
    INK,
    INK_2,
    LINE,
    MARGIN,
    ON_CHOSEN,
    PRIMARY,
    SUNKEN,
    TOLD,
    TOLD_BOX,
    WAITS,
    WAITS_BOX,
    WRONG,
    WRONG_BOX,
)
from app.ui.unfold import Unfold

TONES: dict[str, tuple[ft.ColorValue, ft.ColorValue]] = {
    "plain": (INK_2, SUNKEN),
    "chosen": (ON_CHOSEN, CHOSEN),
    "waits": (WAITS, WAITS_BOX),
    "done": (DONE, DONE_BOX),
    "wrong": (WRONG, WRONG_BOX),
    "told": (TOLD, TOLD_BOX),
}
"""Ink and ground of each meaning."""


def hairline() -> ft.Control:
    """A line between rows."""
    return ft.Container(height=1, bgcolor=LINE)


def card(*controls: ft.Control, padding: int = MARGIN, spacing: int = 0, **options: Any) -> ft.Container:
    """A plain card; `controls` stand in a column."""
    return ft.Container(
        content=ft.Column(
            list(controls),
            spacing=spacing,
            tight=True,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        ),
        bgcolor=CARD,
        border=ft.Border.all(1, LINE),
        border_radius=CARD_CORNER,
        padding=padding,
        **options,
    )


def rows(items: Sequence[ft.Control], *, padding: int = MARGIN) -> ft.Container:
    """A card of rows with hairlines between them."""
    controls: list[ft.Control] = []
    for item in items:
        if controls:
            controls.append(hairline())
        controls.append(ft.Container(content=item, padding=ft.Padding.symmetric(vertical=14)))
    return ft.Container(
        content=Unfold(controls, 0),
        bgcolor=CARD,
        border=ft.Border.all(1, LINE),
        border_radius=CARD_CORNER,
        padding=ft.Padding.symmetric(horizontal=padding, vertical=2),
    )


def tile(icon: ft.IconData, tone: str = "chosen", *, size: int = 44) -> ft.Container:
    """An icon on a small square of its tone."""
    ink, ground = TONES[tone]
    return ft.Container(
        content=ft.Icon(icon, size=round(size * 0.5), color=ink),
        width=size,
        height=size,
        bgcolor=ground,
        border_radius=12,
        alignment=ft.Alignment.CENTER,
    )


def chip(text: str, *, icon: ft.IconData | None = None, tone: str = "plain") -> ft.Container:
    """A word on a pill; never tappable. Where there is an end to the room, a long one goes on below."""
    ink, ground = TONES[tone]
    content: list[ft.Control] = [words.label(text, color=ink, expand=True, expand_loose=True)]
    if icon is not None:
        content.insert(0, ft.Icon(icon, size=18, color=ink))
    return ft.Container(
        content=ft.Row(content, spacing=8, tight=True),
        bgcolor=ground,
        border_radius=999,
        padding=ft.Padding.symmetric(horizontal=12, vertical=6),
    )


def action_chip(
    identifier: str,
    text: str,
    on_click: Tap,
    *,
    icon: ft.IconData | None = None,
    end: ft.IconData | None = None,
    label: str | None = None,
    tone: str = "card",
) -> ft.Control:
    """A word on a pill that does something, 48 dp tall; `end` is the icon that says what. `label` is added
    for a screen reader."""
    ink, ground = TONES.get(tone, (INK, CARD))
    content: list[ft.Control] = [words.label(text, color=ink, expand=True, expand_loose=True)]
    if icon is not None:
        content.insert(0, ft.Icon(icon, size=18, color=ink))
    if end is not None:
        content.append(ft.Icon(end, size=18, color=ink))
    return named(
        identifier,
        ft.Container(
            content=ft.Row(content, spacing=8, tight=True),
            on_click=on_click,
            ink=True,
            bgcolor=ground,
            border=ft.Border.all(1, LINE) if tone == "card" else None,
            border_radius=999,
            padding=ft.Padding.symmetric(horizontal=14, vertical=14),
        ),
        button=True,
        label=label,
    )


def notice(
    tone: str,
    icon: ft.IconData,
    title: str,
    text: str | None = None,
    *,
    action: ft.Control | None = None,
    identifier: str | None = None,
) -> ft.Control:
    """A box that tells something, with its icon; `action` stands below the text."""
    ink, ground = TONES[tone]
    lines: list[ft.Control] = [words.title(title, color=ink)]
    if text:
        lines.append(words.secondary(text, color=ink))
    if action is not None:
        lines.append(ft.Container(content=action, padding=ft.Padding.only(top=10)))
    box = ft.Container(
        content=ft.Row(
            [
                ft.Icon(icon, color=ink),
                ft.Column(lines, spacing=2, tight=True, expand=True),
            ],
            spacing=14,
            vertical_alignment=ft.CrossAxisAlignment.START,
        ),
        bgcolor=ground,
        border_radius=CARD_CORNER,
        padding=MARGIN,
    )
    return ft.Semantics(identifier=identifier, container=True, content=box) if identifier else box


def link_card(
    identifier: str,
    icon: ft.IconData,
    title: str | ft.Control,
    detail: str | ft.Control | None,
    on_click: Tap,
    *,
    tone: str = "chosen",
    below: ft.Control | None = None,
    end: ft.Control | None = None,
    bare: bool = False,
    chosen: bool = False,
) -> ft.Control:
    """A card (or, `bare`, a row of a card) that leads somewhere; `chosen`: what is shown beside the list, or
    what the arrow keys stand on."""
    lines: list[ft.Control] = [words.title(title) if isinstance(title, str) else title]
    if detail:
        lines.append(words.secondary(detail) if isinstance(detail, str) else detail)
    if below is not None:
        lines.append(ft.Container(content=below, padding=ft.Padding.only(top=10)))
    row = ft.Row(
        [
            tile(icon, tone),
            ft.Column(lines, spacing=2, tight=True, expand=True),
            end or ft.Icon(ft.Icons.CHEVRON_RIGHT, color=INK),
        ],
        spacing=14,
        vertical_alignment=ft.CrossAxisAlignment.START if below else ft.CrossAxisAlignment.CENTER,
    )
    return named(
        identifier,
        ft.Container(
            content=row,
            on_click=on_click,
            ink=True,
            bgcolor=SUNKEN if chosen and bare else CARD,
            border=None if bare else ft.Border.all(2, PRIMARY) if chosen else ft.Border.all(1, LINE),
            border_radius=CARD_CORNER,
            padding=MARGIN if not bare else ft.Padding.symmetric(horizontal=MARGIN, vertical=14),
        ),
        button=True,
        selected=chosen or None,
    )


def links(items: Sequence[ft.Control], *, key: str | None = None) -> ft.Container:
    """A card of `bare` link cards with hairlines between them; another `key` is another list."""
    controls: list[ft.Control] = []
    for item in items:
        if controls:
            controls.append(ft.Container(content=hairline(), padding=ft.Padding.symmetric(horizontal=MARGIN)))
        controls.append(item)
    return ft.Container(
        content=Unfold(controls, 0, key=key),
        bgcolor=CARD,
        border=ft.Border.all(1, LINE),
        border_radius=CARD_CORNER,
        clip_behavior=ft.ClipBehavior.ANTI_ALIAS,
    )


def fact(icon: ft.IconData, name: str, value: str) -> ft.Control:
    """A row: icon, what it is, and the value in strong words at the end, or below where both are long."""
    return ft.MergeSemantics(
        content=ft.Row(
            [
                ft.Icon(icon, color=INK),
                ft.Row(
                    [words.body(name), words.title(value)],
                    wrap=True,
                    spacing=12,
                    run_spacing=2,
                    alignment=ft.MainAxisAlignment.SPACE_BETWEEN,
                    expand=True,
                ),
            ],
            spacing=14,
        )
    )
