"""Designed states: waiting, empty, wrong, offline. Each says what is, what is safe, and the way on."""

from __future__ import annotations

import flet as ft

from app.app import App
from app.ui import words
from app.ui.cards import TONES, chip
from app.ui.tokens import CARD, CARD_CORNER, LINE, MARGIN, SUNKEN


def skeleton(rows: int = 3) -> ft.Control:
    """Cards of what will come, in their size, so that nothing jumps. Said once to a screen reader."""

    def bar(width: int, height: int) -> ft.Control:
        return ft.Container(width=width, height=height, bgcolor=SUNKEN, border_radius=8)

    def row() -> ft.Control:
        return ft.Container(
            content=ft.Row(
                [bar(44, 44), ft.Column([bar(180, 14), bar(120, 12)], spacing=8, tight=True)],
                spacing=14,
            ),
            bgcolor=CARD,
            border=ft.Border.all(1, LINE),
            border_radius=CARD_CORNER,
            padding=MARGIN,
        )

    return ft.Semantics(
        exclude_semantics=True, content=ft.Column([row() for _ in range(rows)], spacing=12, tight=True)
    )


def empty(icon: ft.IconData, title: str, text: str, *, action: ft.Control | None = None) -> ft.Control:
    """Nothing here yet, and how something gets here."""
    return _stand(icon, "plain", title, text, action)


def trouble(title: str, text: str, *, action: ft.Control | None = None) -> ft.Control:
    """Something did not work: what happened, what is safe, what to do."""
    return _stand(ft.Icons.ERROR_OUTLINE, "waits", title, text, action)


def _stand(icon: ft.IconData, tone: str, title: str, text: str, action: ft.Control | None) -> ft.Control:
    ink, ground = TONES[tone]
    controls: list[ft.Control] = [
        ft.Container(
            content=ft.Icon(icon, size=32, color=ink),
            width=72,
            height=72,
            border_radius=72,
            bgcolor=ground,
            alignment=ft.Alignment.CENTER,
        ),
        words.group(title, text_align=ft.TextAlign.CENTER),
        words.lead(text, text_align=ft.TextAlign.CENTER),
    ]
    if action is not None:
        controls.append(ft.Container(action, padding=ft.Padding.only(top=8)))
    return ft.Container(
        content=ft.Column(
            controls, spacing=10, tight=True, horizontal_alignment=ft.CrossAxisAlignment.CENTER
        ),
        alignment=ft.Alignment.CENTER,
        padding=ft.Padding.symmetric(vertical=40, horizontal=8),
    )


def no_catalogue(app: App) -> ft.Control:
    """No service is known on this device yet: it is on its way, or comes with the network."""
    if app.online:
        return skeleton(2)
    _ = app.language.text
    return trouble(
        _("Daftar layanan belum terunduh"),
        _("Loket mengambilnya sendiri begitu ada jaringan. Data Anda aman di perangkat ini."),
    )


def offline_chip(app: App) -> ft.Control | None:
    """“Offline”, with since when, or None while the network is there."""
    if app.online:
        return None
    _ = app.language.text
    since = app.synced_at
    text = _("Offline · per pukul {time}", time=app.language.time(since)) if since else _("Offline")
    return ft.Semantics(
        identifier="offline",
        container=True,
        content=chip(text, icon=ft.Icons.CLOUD_OFF_OUTLINED),
    )
