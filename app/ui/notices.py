"""What everybody has to know now, as it stands on home."""

from __future__ import annotations

from functools import partial

import flet as ft

from app.app import App
from app.catalogue.notices import NoticeRow
from app.contract.phrase import N_
from app.ui import buttons, words
from app.ui.cards import TONES
from app.ui.named import icon_button
from app.ui.tokens import CARD_CORNER, MARGIN

_LEVELS = {
    "emergency": ("wrong", ft.Icons.EMERGENCY_OUTLINED, N_("Darurat")),
    "warning": ("waits", ft.Icons.WARNING_AMBER_ROUNDED, N_("Peringatan")),
    "info": ("told", ft.Icons.INFO_OUTLINE, N_("Pengumuman")),
}


def notice_card(app: App, row: NoticeRow) -> ft.Control:
    """One notice: how urgent in a word, what, until when, the service that helps, and the way to put it away,
    where it may be. Called `home.notice.<id>`."""
    _ = app.language.text
    tone, icon, level = _LEVELS[row.level]
    ink, ground = TONES[tone]
    until = _("Berlaku sampai {moment}", moment=row.valid_until)
    lines: list[ft.Control] = [
        words.label(app.language.say(level), color=ink),
        words.title(app.language.say(row.title), color=ink),
        words.secondary(app.language.say(row.text), color=ink),
        ft.Container(words.label(until, color=ink), padding=ft.Padding.only(top=6)),
    ]
    if row.service is not None and app.catalogue.service(row.service) is not None:
        lines.append(
            buttons.text_button(
                f"home.notice.service.{row.id}",
                _("Buka layanannya"),
                partial(app.go, f"/service/{row.service}"),
            )
        )
    across: list[ft.Control] = [
        ft.Icon(icon, size=24, color=ink),
        ft.Column(lines, spacing=2, tight=True, expand=True),
    ]
    if row.dismissible:
        across.append(
            icon_button(
                f"home.notice.away.{row.id}", ft.Icons.CLOSE, _("Tutup pengumuman"),
                partial(app.marks.put_away, row.id), color=ink,
            )
        )  # fmt: skip
    return ft.Semantics(
        key=f"home.notice.{row.id}",
        identifier=f"home.notice.{row.id}",
        container=True,
        content=ft.Container(
            ft.Row(across, spacing=14, vertical_alignment=ft.CrossAxisAlignment.START),
            bgcolor=ground,
            border_radius=CARD_CORNER,
            border=ft.Border.all(2, ink) if row.level == "emergency" else None,
            padding=ft.Padding.only(
                left=MARGIN, top=MARGIN, bottom=MARGIN, right=4 if row.dismissible else MARGIN
            ),
        ),
    )
