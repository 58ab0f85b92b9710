"""Fields that are chosen: yes or no, one of several, several of several."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import flet as ft

from app.contract.form import ChoiceField, ChoicesField, Option, YesNoField
from app.forms.conditions import applies
from app.ui.boundary import component
from app.ui.fields.asked import Asked, framed
from app.ui.fields.option_cards import option_card, pill
from app.ui.fields.searchable import SHOWN, Item, Searchable, fits, more_words, search_line
from app.ui.hooks import use_state
from app.ui.unfold import Unfold

MANY = 7
"""Up to this many options stand as radios; more are a list to search in."""


def _cards(asked: Asked, cards: Sequence[ft.Control]) -> ft.Control:
    return ft.Semantics(
        identifier=asked.identifier,
        container=True,
        content=Unfold(list(cards), 8),
    )


def _options(asked: Asked, options: Sequence[Option]) -> list[Option]:
    situation = asked.journey.view.situation
    return [o for o in options if applies(o.when, situation)]


@dataclass(frozen=True, slots=True)
class _One:
    """One thing that can be chosen: its place in the identifier, its value, and its words."""

    name: str
    value: Any
    title: str
    detail: str | None = None


def _ones(asked: Asked) -> list[_One]:
    """What a choice, or a yes or no, can be answered with now."""
    say = asked.app.language.say
    _ = asked.app.language.text
    if isinstance(asked.field, YesNoField):
        yes, no = asked.field.yes, asked.field.no
        return [
            _One("yes", True, say(yes) if yes else _("Ya")),
            _One("no", False, say(no) if no else _("Tidak")),
        ]
    options = _options(asked, asked.of(ChoiceField).options)
    return [_One(o.value, o.value, say(o.label), say(o.help) if o.help else None) for o in options]


def _choose(asked: Asked, one: _One) -> Callable[[], None]:
    """Choose it; tapped again, an answer that need not be given is taken back."""
    taken_back = asked.value == one.value and not asked.field.required
    return partial(asked.answer, None if taken_back else one.value)


def yes_no(asked: Asked) -> ft.Control:
    """Yes or no."""
    return _of_few(asked, _ones(asked))


def choice(asked: Asked) -> ft.Control:
    """One of several options."""
    ones = _ones(asked)
    if len(ones) > MANY:
        items = [Item(one.name, one.title, one.detail) for one in ones]
        label = asked.app.language.say(asked.field.label)
        return framed(asked, Searchable(asked, items, asked.value, asked.answer, label, key=asked.path))
    return _of_few(asked, ones)


def _of_few(asked: Asked, ones: Sequence[_One]) -> ft.Control:
    return framed(
        asked,
        _cards(
            asked,
            [
                option_card(
                    f"{asked.identifier}.{one.name}",
                    one.title,
                    _choose(asked, one),
                    chosen=asked.value == one.value,
                    detail=one.detail,
                    wrong=asked.problem is not None,
                )
                for one in ones
            ],
        ),
    )


def choice_in_a_cell(asked: Asked) -> ft.Control:
    """A choice, or a yes or no, in a cell of a table: its few options stand beside each other."""
    ones = _ones(asked)
    if len(ones) > MANY:
        return choice(asked)
    pills: list[ft.Control] = [
        pill(
            f"{asked.identifier}.{one.name}",
            one.title,
            _choose(asked, one),
            chosen=asked.value == one.value,
            wrong=asked.problem is not None,
        )
        for one in ones
    ]
    row = ft.Row(pills, wrap=True, spacing=8, run_spacing=8)
    return framed(asked, ft.Semantics(identifier=asked.identifier, container=True, content=row))


def several(asked: Asked) -> ft.Control:
    """Several of several options."""
    field = asked.of(ChoicesField)
    say = asked.app.language.say
    options = _options(asked, field.options)
    chosen = asked.values

    def toggle(value: str) -> None:
        wanted = set(chosen) ^ {value}
        asked.answer([o.value for o in options if o.value in wanted])

    if len(options) > MANY:
        return framed(asked, SearchableSeveral(asked, options, toggle, key=asked.path))
    return framed(
        asked,
        _cards(
            asked,
            [
                option_card(
                    f"{asked.identifier}.{option.value}",
                    say(option.label),
                    partial(toggle, option.value),
                    chosen=option.value in chosen,
                    several=True,
                    detail=say(option.help) if option.help else None,
                    wrong=asked.problem is not None,
                )
                for option in options
            ],
        ),
    )


@component
def SearchableSeveral(asked: Asked, options: Sequence[Option], toggle: Callable[[str], None]) -> ft.Control:
    """Several of many: what is chosen stays on top, the best fits of what is typed below."""
    app = asked.app
    say = app.language.say
    typed, set_typed = use_state("")
    chosen = asked.values
    items = [Item(o.value, say(o.label), say(o.help) if o.help else None) for o in options]
    found = [item for item in fits(items, typed) if item.value not in chosen]
    stack = [
        *(item for item in items if item.value in chosen),
        *found[:SHOWN],
    ]
    search = search_line(
        app,
        f"{asked.identifier}.search",
        app.language.text("Cari {name}", name=say(asked.field.label)),
        set_typed,
    )
    return _cards(
        asked,
        [
            search,
            *(
                option_card(
                    f"{asked.identifier}.{item.value}",
                    item.title,
                    partial(toggle, item.value),
                    chosen=item.value in chosen,
                    several=True,
                    detail=item.detail,
                    wrong=asked.problem is not None,
                )
                for item in stack
            ),
            *more_words(app, len(found)),
        ],
    )
