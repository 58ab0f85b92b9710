"""The medal of a service: a chip that says which one, and what it means when it is tapped."""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from app.app import App
from app.contract.medal import EXPLANATIONS, LEVELS, NAMES, Level
from app.ui import buttons, words
from app.ui.named import named
from app.ui.tokens import CARD, CHOSEN, INK_2, ON_CHOSEN, SUNKEN, TARGET, TOLD, TOLD_BOX, WAITS, WAITS_BOX

_TONES: dict[Level, tuple[ft.ColorValue, ft.ColorValue]] = {
    "bronze": (WAITS, SUNKEN),
    "silver": (INK_2, SUNKEN),
    "gold": (WAITS, WAITS_BOX),
    "platinum": (TOLD, TOLD_BOX),
}
"""Ink and ground of each medal; its name always stands with it."""


def medal_chip(app: App, level: Level, explain: Callable[[], None]) -> ft.Control:
    """The medal on a pill that can be tapped; its target is as high as a finger needs."""
    ink, ground = _TONES[level]
    name = app.language.say(NAMES[level])
    pill = ft.Container(
        content=ft.Row(
            [
                ft.Icon(ft.Icons.WORKSPACE_PREMIUM_OUTLINED, size=18, color=ink),
                words.label(
                    name,
                    color=ink,
                    semantics_label=app.language.text("Medali {name}, apa artinya?", name=name),
                ),
            ],
            spacing=6,
            tight=True,
        ),
        bgcolor=ground,
        border_radius=999,
        padding=ft.Padding.symmetric(horizontal=12, vertical=6),
    )
    return named(
        "service.medal",
        ft.Container(
            content=ft.Row([pill], tight=True),
            on_click=explain,
            ink=True,
            border_radius=TARGET / 2,
            padding=ft.Padding.symmetric(vertical=8),
        ),
        button=True,
    )


def medal_dialog(app: App, level: Level, close: Callable[[], None]) -> ft.AlertDialog:
    """What the medal says to a citizen, and where it stands among the four."""
    _ = app.language.text
    say = app.language.say
    ink, ground = _TONES[level]
    return ft.AlertDialog(
        scrollable=True,
        on_dismiss=close,
        bgcolor=CARD,
        # In a row: an icon of a dialog is stretched.
        icon=ft.Row(
            [
                ft.Container(
                    ft.Icon(ft.Icons.WORKSPACE_PREMIUM_OUTLINED, size=36, color=ink),
                    width=72,
                    height=72,
                    bgcolor=ground,
                    border_radius=36,
                    alignment=ft.Alignment.CENTER,
                )
            ],
            alignment=ft.MainAxisAlignment.CENTER,
        ),
        title=words.heading(
            _("Medali {name}", name=say(NAMES[level]).lower()), level=2, text_align=ft.TextAlign.CENTER
        ),
        content=ft.Column(
            [
                words.body(say(EXPLANATIONS[level])),
                ft.Container(_ladder(app, level), padding=ft.Padding.symmetric(vertical=8)),
                words.secondary(
                    _("Medali menilai formulir dan janji layanannya. Permohonan Anda tidak terpengaruh.")
                ),
            ],
            spacing=12,
            tight=True,
            width=360,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        ),
        actions=[buttons.text_button("service.medal.close", _("Mengerti"), close)],
    )


def _ladder(app: App, level: Level) -> ft.Control:
    """The four medals from the least to the most, this one marked."""
    say = app.language.say
    steps: list[ft.Control] = [
        ft.Container(
            words.label(
                say(NAMES[each]),
                color=ON_CHOSEN if each == level else INK_2,
                semantics_label=app.language.text("{name}, medali layanan ini", name=say(NAMES[each]))
                if each == level
                else None,
            ),
            bgcolor=CHOSEN if each == level else None,
            border_radius=999,
            padding=ft.Padding.symmetric(horizontal=12, vertical=6),
        )
        for each in LEVELS
    ]
    return ft.Row(steps, spacing=0, run_spacing=4, wrap=True, alignment=ft.MainAxisAlignment.CENTER)
