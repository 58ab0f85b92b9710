"""One part of a structured answer, asked like a small field of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import flet as ft

from app.contract.form import AnyField, TextField
from app.contract.text import Text
from app.forms import kinds
from app.ui import words
from app.ui.fields.asked import Asked, remark
from app.ui.fields.lines import Line, Typing, typing_of


def text_part(name: str, **options: Any) -> TextField:
    """A line of text as a part called `name`; what it is called on the screen is said where it is drawn."""
    return TextField(id=name, type="text", label=Text({"id": name}), **options)


def part_of(
    asked: Asked, field: AnyField, merge: Callable[[Mapping[str, Any], Any], Any] | None = None
) -> Asked:
    """The question for the part called as `field` is; its answer is put beside the other parts.

    `merge` makes the whole answer of the parts so far and the new one.
    """

    def answer(value: Any) -> None:
        parts = asked.parts
        asked.answer(merge(parts, value) if merge else {**parts, field.id: value})

    return replace(asked.part(field.id), field=field, answer=answer)


def labelled(title: str, control: ft.Control, part: Asked, *, help_: str | None = None) -> ft.Control:
    """A part under its own title, with its own error; the target of scrolling to that error."""
    return ft.Column(
        [
            words.title(title),
            *([words.secondary(help_)] if help_ else []),
            control,
            *remark(part),
        ],
        spacing=8,
        tight=True,
        key=ft.ScrollKey(part.identifier),
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def part_line(
    part: Asked, title: str, *, typing: Typing | None = None, help_: str | None = None
) -> ft.Control:
    """A part that is typed on a line."""
    shown = kinds.display(part.field, part.value, part.app.language)
    line = Line(part, typing or typing_of(part.field), shown, label=title, key=part.path)
    return labelled(title, line, part, help_=help_)
