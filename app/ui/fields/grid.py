"""A grid of short answers: on a phone a card for each row, its cells below each other."""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from app.contract.form import AnyField, GridField, GridRow
from app.contract.text import Text
from app.forms.received import mapping
from app.ui import words
from app.ui.cards import card
from app.ui.fields.asked import Asked, framed
from app.ui.fields.choices import choice_in_a_cell

Render = Callable[[Asked], ft.Control]


def grid(asked: Asked, render: Render) -> ft.Control:
    """The rows. With one column, each row is a field that is called as its row is."""
    field = asked.of(GridField)
    view = asked.journey.view
    cells: list[ft.Control] = []
    for row in view.rows(field):
        columns = view.entry_fields(field, mapping(asked.parts.get(row.id)) or {})
        inner = [
            asked.inner(_named(c, row, alone=len(field.columns) == 1), f"{field.id}.{row.id}.{c.id}")
            for c in columns
        ]
        if len(field.columns) == 1:
            cells += [render(one) for one in inner]
        else:
            cells.append(_card(asked, row, [_cell(one, render) for one in inner]))
    return framed(
        asked,
        ft.Semantics(
            identifier=asked.identifier,
            container=True,
            content=ft.Column(
                cells, spacing=16, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH
            ),
        ),
    )


def _cell(asked: Asked, render: Render) -> ft.Control:
    """One answer of a row: a choice takes one line, as a table of many rows needs."""
    return choice_in_a_cell(asked) if asked.field.type in ("choice", "yes_no") else render(asked)


def _named(column: AnyField, row: GridRow, *, alone: bool) -> AnyField:
    """The column's field for one row, called as the row where it is the only column."""
    if not alone:
        return column
    label: Text = row.label
    return column.model_copy(update={"label": label, "help": row.help or column.help})


def _card(asked: Asked, row: GridRow, inner: list[ft.Control]) -> ft.Control:
    say = asked.app.language.say
    head: list[ft.Control] = [ft.Semantics(header=True, heading_level=3, content=words.title(say(row.label)))]
    if row.help is not None:
        head.append(words.secondary(say(row.help)))
    # Beside each other where the window has room: a phone's never has, whatever the size of the words.
    beside = ft.ResponsiveRow(
        [ft.Container(cell, col={"xs": 12, "md": 6}) for cell in inner], spacing=16, run_spacing=16
    )
    return card(ft.Column(head, spacing=2, tight=True), beside, spacing=16, key=f"{asked.path}.{row.id}")
