"""Fields that are chosen: yes or no, one of several, several of several, and what is declared."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import flet as ft

from app.contract.form import ChoiceField, ChoicesField, DeclarationField, Option, YesNoField
from app.forms.conditions import applies
from app.ui import words
from app.ui.fields.asked import Asked, framed
from app.ui.named import Tap, named
from app.ui.tokens import CARD, CHOSEN, EDGE, FIELD_CORNER, INK, LINE, ON_CHOSEN, PRIMARY, WRONG

MANY = 7
"""Up to this many options stand as radios; more are a list to search in."""


def option_card(
    identifier: str,
    title: str,
    on_click: Tap,
    *,
    chosen: bool,
    several: bool = False,
    detail: str | None = None,
    wrong: bool = False,
) -> ft.Control:
    """One option, as a card that can be tapped anywhere."""
    if several:
        icon = ft.Icons.CHECK_BOX if chosen else ft.Icons.CHECK_BOX_OUTLINE_BLANK
    else:
        icon = ft.Icons.RADIO_BUTTON_CHECKED if chosen else ft.Icons.RADIO_BUTTON_UNCHECKED
    lines: list[ft.Control] = [words.body(title, color=ON_CHOSEN if chosen else INK)]
    if detail:
        lines.append(words.secondary(detail, **({"color": ON_CHOSEN} if chosen else {})))
    edge = PRIMARY if chosen else WRONG if wrong else LINE
    return named(
        identifier,
        ft.Container(
            content=ft.Row(
                [
                    ft.Icon(icon, size=24, color=PRIMARY if chosen else EDGE),
                    ft.Column(lines, spacing=0, tight=True, expand=True),
                ],
                spacing=14,
            ),
            on_click=on_click,
            ink=True,
            bgcolor=CHOSEN if chosen else CARD,
            border=ft.Border.all(2 if chosen else 1, edge),
            border_radius=FIELD_CORNER,
            padding=ft.Padding.symmetric(horizontal=15 if chosen else 16, vertical=15 if chosen else 16),
        ),
        button=True,
        checked=chosen,
    )


def _cards(asked: Asked, cards: Sequence[ft.Control]) -> ft.Control:
    return ft.Semantics(
        identifier=asked.identifier,
        container=True,
        content=ft.Column(list(cards), spacing=8, tight=True),
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
        return framed(asked, _searchable(asked, options))
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


def _searchable(asked: Asked, options: Sequence[Option]) -> ft.Control:
    say = asked.app.language.say
    return ft.Semantics(
        identifier=asked.identifier,
        label=say(asked.field.label),
        content=ft.Dropdown(
            value=asked.value,
            options=[ft.DropdownOption(key=o.value, text=say(o.label)) for o in options],
            editable=True,
            enable_filter=True,
            enable_search=True,
            on_select=lambda e: asked.answer(e.control.value),
            on_blur=lambda: asked.left(),
            border_radius=FIELD_CORNER,
            border_color=WRONG if asked.problem else EDGE,
            filled=True,
            fill_color=CARD,
            expand=True,
            menu_height=320,
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


def declaration(asked: Asked) -> ft.Control:
    """A statement to tick."""
    field = asked.of(DeclarationField)
    ticked = asked.value is True
    return framed(
        asked,
        option_card(
            asked.identifier,
            asked.app.language.say(field.statement),
            lambda: asked.answer(not ticked),
            chosen=ticked,
            several=True,
            wrong=asked.problem is not None,
        ),
        label=False,
    )
