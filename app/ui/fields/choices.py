"""Fields that are chosen: yes or no, one of several, several of several."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import flet as ft

from app.contract.form import ChoiceField, ChoicesField, Option, YesNoField
from app.forms.conditions import applies
from app.ui.boundary import component
from app.ui.fields.asked import Asked, framed
from app.ui.fields.option_cards import option_card
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


def yes_no(asked: Asked) -> ft.Control:
    """Yes or no."""
    field = asked.of(YesNoField)
    _ = asked.app.language.text
    say = asked.app.language.say

    def card(value: bool, name: str, text: str) -> ft.Control:
        return option_card(
            f"{asked.identifier}.{name}",
            text,
            lambda: asked.answer(value),
            chosen=asked.value is value,
            wrong=asked.problem is not None,
        )

    return framed(
        asked,
        _cards(
            asked,
            [
                card(True, "yes", say(field.yes) if field.yes else _("Ya")),
                card(False, "no", say(field.no) if field.no else _("Tidak")),
            ],
        ),
    )


def choice(asked: Asked) -> ft.Control:
    """One of several options."""
    field = asked.of(ChoiceField)
    say = asked.app.language.say
    options = _options(asked, field.options)
    if len(options) > MANY:
        items = [Item(o.value, say(o.label), say(o.help) if o.help else None) for o in options]
        many = Searchable(asked, items, asked.value, asked.answer, say(field.label), key=asked.path)
        return framed(asked, many)
    return framed(
        asked,
        _cards(
            asked,
            [
                option_card(
                    f"{asked.identifier}.{option.value}",
                    say(option.label),
                    partial(asked.answer, option.value),
                    chosen=asked.value == option.value,
                    detail=say(option.help) if option.help else None,
                    wrong=asked.problem is not None,
                )
                for option in options
            ],
        ),
    )


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
