"""The registry: which renderer draws which field type."""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from app.forms import kinds
from app.ui.fields.asked import Asked, from_register
from app.ui.fields.choices import choice, declaration, several, yes_no
from app.ui.fields.files import file
from app.ui.fields.lines import line
from app.ui.fields.moments import moment
from app.ui.fields.notes import note, unknown
from app.ui.fields.person import person, person_lines
from app.ui.fields.repeat import repeat


def render(asked: Asked) -> ft.Control:
    """Any field. What the state knows is shown with its source until the citizen wants to change it."""
    if asked.source is not None and asked.value is not None:
        if asked.field.type == "person" and isinstance(asked.value, dict):
            lines = person_lines(asked, asked.value)
        else:
            language = asked.app.language
            lines = [kinds.display(asked.field, asked.value, language)]
        return from_register(asked, asked.source, lines)
    return RENDERERS.get(asked.field.type, unknown)(asked)


RENDERERS: dict[str, Callable[[Asked], ft.Control]] = {
    "text": line,
    "long_text": line,
    "integer": line,
    "decimal": line,
    "nik": line,
    "kk": line,
    "phone": line,
    "email": line,
    "date": moment,
    "time": moment,
    "yes_no": yes_no,
    "choice": choice,
    "choices": several,
    "person": person,
    "file": file,
    "declaration": declaration,
    "note": note,
    "repeat": lambda asked: repeat(asked, render),
}
