"""A repeating section: entries that can be added, changed and removed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import flet as ft

from app.contract.form import RepeatField
from app.forms.review import entry_line
from app.forms.validation import blocking
from app.ui import buttons, words
from app.ui.boundary import component
from app.ui.cards import card
from app.ui.fields.asked import Asked, framed
from app.ui.hooks import use_reference, use_turn

Render = Callable[[Asked], ft.Control]


@component
def Entries(asked: Asked, render: Render) -> ft.Control:
    """The entries as cards; as many as are needed at least stand there from the start.

    An entry that was complete when the page was opened, or when another was added, is a line with the way to
    change it. What is being filled in stays open under the citizen's hands.
    """
    field = asked.of(RepeatField)
    app = asked.app
    _ = app.language.text
    again = use_turn()
    opened = use_reference(set[int]()).current
    item = app.language.say(field.item)
    entries = asked.journey.entries(field.id)
    shown = max(len(entries), field.minimum)
    opened |= {index for index in range(shown) if not _is_complete(asked, field, index)}

    def change(index: int) -> None:
        opened.add(index)
        again()

    def remove(index: int) -> None:
        opened.clear()
        asked.remove_entry(index)

    def add() -> None:
        opened.clear()
        asked.add_entry()

    def entry(index: int) -> ft.Control:
        name = _("{item} {n}", item=item, n=index + 1)
        lines: list[ft.Control] = [
            ft.Semantics(header=True, heading_level=2, content=words.title(name)),
        ]
        actions: list[ft.Control] = []
        is_open = index in opened
        if not is_open:
            lines.append(words.secondary(entry_line(asked.journey, field, entries[index], app.language)))
            actions.append(
                buttons.text_button(
                    f"{asked.identifier}.{index}.change",
                    _("Ubah"),
                    partial(change, index),
                    label=_("Ubah {name}", name=name),
                )
            )
        if shown > field.minimum:
            actions.append(
                buttons.text_button(
                    f"{asked.identifier}.{index}.remove",
                    _("Hapus"),
                    partial(remove, index),
                    label=_("Hapus {item} {n}", item=item, n=index + 1),
                )
            )
        head = ft.Row([ft.Column(lines, spacing=2, tight=True, expand=True), *actions], spacing=4)
        inner = [
            render(asked.inner(f, f"{field.id}.{index}.{f.id}"))
            for f in (asked.journey.entry_fields(field, index) if is_open else ())
        ]
        return card(head, *inner, spacing=16, key=f"{asked.path}.{index}")

    controls = [entry(index) for index in range(shown)]
    if shown < field.maximum:
        controls.append(
            buttons.secondary(
                f"{asked.identifier}.add",
                _("Tambah {item}", item=item.lower()),
                add,
                icon=ft.Icons.ADD,
            )
        )
    return ft.Semantics(
        identifier=asked.identifier,
        container=True,
        content=ft.Column(controls, spacing=12, tight=True),
    )


def _is_complete(asked: Asked, field: RepeatField, index: int) -> bool:
    """Whether an entry is given and nothing in it must be mended, by the form or by the backend."""
    entries = asked.journey.entries(field.id)
    if index >= len(entries) or not entries[index]:
        return False
    if any(asked.problems(f"{field.id}.{index}.{inner.id}")[0] for inner in field.fields):
        return False
    page = asked.journey.view.page_of(field.id)
    problems = blocking(asked.journey.problems(page.page.id)) if page else []
    return not any(problem.field.startswith(f"{field.id}.{index}.") for problem in problems)


def repeat(asked: Asked, render: Render) -> ft.Control:
    """A repeating section."""
    return framed(asked, Entries(asked, render, key=asked.path))
