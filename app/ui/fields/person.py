"""A person: chosen from the family card, or somebody else by NIK and name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any

import flet as ft

from app.contract.form import NikField, PersonField, TextField
from app.contract.phrase import N_
from app.contract.text import Text
from app.forms.kinds.person import candidates
from app.ui.boundary import component
from app.ui.fields.asked import Asked, framed
from app.ui.fields.option_cards import option_card
from app.ui.fields.parts import part_line, part_of, text_part
from app.ui.hooks import use_state

_NIK = NikField(id="nik", type="nik", label=Text({"id": "NIK"}))
_NAME = text_part("full_name")
_NIK_LABEL = N_("NIK (16 angka)")
_NAME_LABEL = N_("Nama lengkap")


def person_lines(asked: Asked, person: dict[str, Any]) -> list[str]:
    """A person in lines: name, then birth date and masked NIK."""
    language = asked.app.language
    lines = [str(person.get("full_name") or "")]
    parts: list[str] = []
    born = person.get("birth_date")
    if isinstance(born, str) and len(born) == 10:
        parts.append(language.text("lahir {date}", date=date.fromisoformat(born)))
    if person.get("nik"):
        parts.append(f"NIK •••• {str(person['nik'])[-4:]}")
    if parts:
        lines.append(" · ".join(parts))
    return lines


def _typed_part(asked: Asked, field: NikField | TextField, label: str) -> ft.Control:
    def merge(parts: Mapping[str, Any], text: Any) -> dict[str, Any]:
        kept = {k: v for k, v in parts.items() if k in ("nik", "full_name", "birth_place")}
        return {**kept, "from": "typed", field.id: text}

    return part_line(part_of(asked, field, merge), label)


@component
def Person(asked: Asked) -> ft.Control:
    """The people who may be chosen, and the way to name somebody else."""
    field = asked.of(PersonField)
    app = asked.app
    _ = app.language.text
    value = asked.parts
    people = candidates(field, asked.journey.view.situation)
    elsewhere, set_elsewhere = use_state(False)
    typed = elsewhere or value.get("from") == "typed"

    def choose(candidate: dict[str, Any]) -> None:
        set_elsewhere(False)
        asked.answer(candidate)

    def choose_other() -> None:
        if not typed:
            set_elsewhere(True)
            asked.answer(None)

    cards: list[ft.Control] = []
    for index, candidate in enumerate(people):
        lines = person_lines(asked, candidate)
        cards.append(
            option_card(
                f"{asked.identifier}.{index}",
                lines[0],
                partial(choose, candidate),
                chosen=not typed and bool(value) and value.get("nik") == candidate.get("nik"),
                detail=lines[1] if len(lines) > 1 else None,
                wrong=asked.problem is not None,
            )
        )
    if field.other:
        if people:
            cards.append(
                option_card(
                    f"{asked.identifier}.other",
                    _("Orang lain"),
                    choose_other,
                    chosen=typed,
                    detail=_("Tidak ada di kartu keluarga Anda"),
                )
            )
        if typed or not people:
            cards += [
                _typed_part(asked, _NIK, app.language.say(_NIK_LABEL)),
                _typed_part(asked, _NAME, app.language.say(_NAME_LABEL)),
            ]
    return framed(
        asked,
        ft.Semantics(
            identifier=asked.identifier,
            container=True,
            content=ft.Column(
                cards, spacing=8, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH
            ),
        ),
    )


def person(asked: Asked) -> ft.Control:
    """A person."""
    return Person(asked, key=asked.path)
