"""The registry: which renderer draws which field type."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from itertools import groupby

import flet as ft

from app.forms import kinds
from app.ui.fields.agreed import declaration, payment, signature
from app.ui.fields.asked import Asked, Known, from_register
from app.ui.fields.choices import choice, several, yes_no
from app.ui.fields.files import file, photo
from app.ui.fields.grid import grid
from app.ui.fields.lines import line
from app.ui.fields.moments import moment, month
from app.ui.fields.notes import note, unknown
from app.ui.fields.periods import period
from app.ui.fields.person import person, person_lines
from app.ui.fields.places import address, country, point, region
from app.ui.fields.read import computed, section, summary
from app.ui.fields.repeat import repeat
from app.ui.fields.slots import slot
from app.ui.fields.wallet import document


def render(asked: Asked) -> ft.Control:
    """Any field, to be answered."""
    return RENDERERS.get(asked.field.type, unknown)(asked)


def render_page(fields: Sequence[Asked]) -> list[ft.Control]:
    """The fields of a page. What the state knows stands together under its source until it is changed."""
    controls: list[ft.Control] = []
    for known, group in groupby(fields, key=_register):
        members = list(group)
        source = members[0].source
        if known is None or source is None:
            controls += [ft.Container(render(a), key=a.path) for a in members]
        else:
            card = from_register(members[0].app, source, [Known(a, _lines(a)) for a in members])
            controls.append(ft.Container(card, key=f"known.{members[0].path}"))
    return controls


def _register(asked: Asked) -> tuple[str, date] | None:
    if asked.source is None or asked.value is None:
        return None
    return str(asked.source.title), asked.source.as_of


def _lines(asked: Asked) -> list[str]:
    if asked.field.type == "person" and asked.parts:
        return person_lines(asked, asked.parts)
    return [kinds.display(asked.field, asked.value, asked.app.language)]


RENDERERS: dict[str, Callable[[Asked], ft.Control]] = {
    "text": line,
    "long_text": line,
    "integer": line,
    "decimal": line,
    "money": line,
    "percentage": line,
    "nik": line,
    "kk": line,
    "nisn": line,
    "npwp": line,
    "bpjs": line,
    "plate": line,
    "phone": line,
    "email": line,
    "date": moment,
    "date_range": period,
    "month": month,
    "time": moment,
    "yes_no": yes_no,
    "choice": choice,
    "choices": several,
    "person": person,
    "country": country,
    "region": region,
    "address": address,
    "location": point,
    "document": document,
    "file": file,
    "photo": photo,
    "signature": signature,
    "declaration": declaration,
    "payment": payment,
    "slot": slot,
    "computed": computed,
    "note": note,
    "section": section,
    "summary": summary,
    "repeat": lambda asked: repeat(asked, render),
    "grid": lambda asked: grid(asked, render),
}
