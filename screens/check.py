"""Check answers: everything that will be sent, where it came from, and a way to change each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flet as ft

from app.app import App
from app.applications.filing import Filing
from app.forms.review import Row, review
from app.ui import buttons, words
from app.ui.cards import notice, rows


def _row(app: App, row: Row, change: Callable[[str], None]) -> ft.Control:
    _ = app.language.text
    say = app.language.say
    name = say(row.label)
    entry = row.path.rpartition(".")[2]
    named = f"{name} {int(entry) + 1}" if entry.isdecimal() else name
    lines: list[ft.Control] = [words.secondary(name), words.title(row.text or _("Belum diisi"))]
    if row.detail:
        lines.append(words.secondary(row.detail))
    if row.source is not None:
        lines.append(
            words.secondary(
                _("dari {source}, per {date}", source=say(row.source.title), date=row.source.as_of)
            )
        )
    return ft.Row(
        [
            ft.Semantics(
                identifier=f"check.{row.path}",
                container=True,
                expand=True,
                content=ft.Column(lines, spacing=1, tight=True),
            ),
            buttons.text_button(
                f"check.{row.path}.change",
                _("Ubah"),
                lambda: change(row.page),
                label=_("Ubah {name}", name=named),
            ),
        ],
        spacing=8,
        vertical_alignment=ft.CrossAxisAlignment.START,
        key=row.path,
    )


def check_controls(app: App, filing: Filing, change: Callable[[str], None]) -> list[ft.Control]:
    """The answers by step."""
    _ = app.language.text
    language = app.language
    journey = filing.journey
    total, known = journey.total(), journey.known()
    controls: list[ft.Control] = [
        words.heading(_("Periksa sebelum dikirim")),
        words.lead(
            _("Hanya bagian ini yang dikirim. Isian lain tetap.")
            if filing.question is not None
            else _("{known} isian berasal dari data negara, {own} dari Anda.", known=known, own=total - known)
        ),
    ]
    if filing.draft.refusal is not None:
        controls.append(
            notice(
                "wrong",
                ft.Icons.ERROR_OUTLINE,
                _("Belum bisa diterima"),
                filing.draft.refusal,
                identifier="check.refused",
            )
        )
    for group in review(journey, language):
        answers = [_row(app, row, change) for row in group.rows]
        controls += [words.section(language.say(group.title)), rows(answers)]
    return controls


def check_foot(app: App, filing: Filing, send: Callable[[], Any], sending: bool) -> list[ft.Control]:
    """The button that sends."""
    _ = app.language.text
    return [
        buttons.primary(
            "check.send",
            _("Kirim jawaban") if filing.question is not None else _("Kirim"),
            send,
            icon=ft.Icons.SEND_OUTLINED,
            busy=sending,
        )
    ]
