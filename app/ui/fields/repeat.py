"""A repeating section: entries that can be added, changed and removed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import flet as ft

from app.contract.form import RepeatField
from app.ui import buttons, words
from app.ui.cards import card
from app.ui.fields.asked import Asked, framed

Render = Callable[[Asked], ft.Control]


def repeat(asked: Asked, render: Render) -> ft.Control:
    """The entries as cards; as many as are needed at least stand there from the start."""
    field = asked.of(RepeatField)
    app = asked.app
    _ = app.language.text
    item = app.language.say(field.item)
    entries = asked.journey.entries(field.id)
    shown = max(len(entries), field.minimum)
    cards: list[ft.Control] = []
    for index in range(shown):
        head: list[ft.Control] = [
            ft.Container(
                ft.Semantics(
                    header=True, heading_level=2, content=words.title(_("{item} {n}", item=item, n=index + 1))
                ),
                expand=True,
            )
        ]
        if shown > field.minimum:
            head.append(
                buttons.text_button(
                    f"{asked.identifier}.{index}.remove",
                    _("Hapus"),
                    partial(asked.remove_entry, index),
                    label=_("Hapus {item} {n}", item=item, n=index + 1),
                )
            )
        inner = [
            render(asked.inner(f, f"{field.id}.{index}.{f.id}"))
            for f in asked.journey.entry_fields(field, index)
        ]
        cards.append(card(ft.Row(head), *inner, spacing=16, key=f"{asked.path}.{index}"))
    controls: list[ft.Control] = [*cards]
    if shown < field.maximum:
        controls.append(
            buttons.secondary(
                f"{asked.identifier}.add",
                _("Tambah {item}", item=item.lower()),
                asked.add_entry,
                icon=ft.Icons.ADD,
            )
        )
    return framed(
        asked,
        ft.Semantics(
            identifier=asked.identifier,
            container=True,
            content=ft.Column(controls, spacing=12, tight=True),
        ),
    )
