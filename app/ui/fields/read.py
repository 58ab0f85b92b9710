"""What is only read: a value worked out, a heading over fields, answers given so far."""

from __future__ import annotations

import flet as ft

from app.contract.form import ComputedField, SectionField, SummaryField
from app.forms import kinds
from app.forms.review import Row, rows_before
from app.ui import words
from app.ui.cards import card, hairline
from app.ui.fields.asked import Asked, framed, remark
from app.ui.tokens import CARD_CORNER, MARGIN, SUNKEN


def computed(asked: Asked) -> ft.Control:
    """A value that follows from other answers."""
    field = asked.of(ComputedField)
    app = asked.app
    _ = app.language.text
    said = kinds.display(field, asked.value, app.language) or _("Menunggu isian di atas")
    lines: list[ft.Control] = [words.secondary(app.language.say(field.label)), words.title(said)]
    if field.help is not None:
        lines.append(words.secondary(app.language.say(field.help)))
    return ft.Column(
        [
            ft.Semantics(
                identifier=asked.identifier,
                container=True,
                content=ft.Container(
                    ft.Column(lines, spacing=2, tight=True),
                    bgcolor=SUNKEN,
                    border_radius=CARD_CORNER,
                    padding=MARGIN,
                ),
            ),
            *remark(asked),
        ],
        spacing=8,
        tight=True,
        key=ft.ScrollKey(asked.identifier),
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def section(asked: Asked) -> ft.Control:
    """The heading over the fields that follow."""
    field = asked.of(SectionField)
    say = asked.app.language.say
    lines: list[ft.Control] = [words.section(say(field.label))]
    if field.help is not None:
        lines.append(words.secondary(say(field.help)))
    return ft.Semantics(
        identifier=asked.identifier,
        container=True,
        content=ft.Column(lines, spacing=4, tight=True),
    )


def summary(asked: Asked) -> ft.Control:
    """Answers given so far."""
    field = asked.of(SummaryField)
    language = asked.app.language
    rows: list[ft.Control] = []
    for row in rows_before(asked.journey, field, language):
        if rows:
            rows.append(ft.Container(hairline(), padding=ft.Padding.symmetric(vertical=12)))
        rows.append(_row(asked, row))
    body = rows or [words.secondary(language.text("Belum ada jawaban."))]
    return framed(asked, ft.Semantics(identifier=asked.identifier, container=True, content=card(*body)))


def _row(asked: Asked, row: Row) -> ft.Control:
    lines: list[ft.Control] = [
        words.secondary(asked.app.language.say(row.label)),
        words.title(row.text or asked.app.language.text("Belum diisi")),
    ]
    if row.detail:
        lines.append(words.secondary(row.detail))
    return ft.Semantics(
        identifier=f"{asked.identifier}.{row.path}",
        container=True,
        content=ft.Column(lines, spacing=1, tight=True),
    )
