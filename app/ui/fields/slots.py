"""An appointment: the place, then an open day, then a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time
from functools import partial
from typing import Any

import flet as ft

from app.contract.form import SlotField
from app.forms.conditions import applies
from app.forms.kinds.slots import open_days
from app.ui import buttons, words
from app.ui.boundary import component
from app.ui.fields.asked import Asked, framed
from app.ui.fields.option_cards import option_card, pill
from app.ui.fields.parts import labelled
from app.ui.fields.searchable import SHOWN, Item, Searchable
from app.ui.hooks import use_state

_DAY = 120
"""Width in dp of a day: three stand beside each other on a phone, two where words are large."""
DAYS = 9
"""How many days stand there at first, and how many more come at a time."""


@component
def Slot(asked: Asked) -> ft.Control:
    """The parts that can be chosen now: a day once there is a place, a time once there is a day."""
    field = asked.of(SlotField)
    app = asked.app
    _ = app.language.text
    say = app.language.say
    many, set_many = use_state(DAYS)
    situation = asked.journey.view.situation
    places = [o for o in field.places if applies(o.when, situation)]
    parts: dict[str, Any] = dict(asked.parts)
    if len(places) == 1:
        parts["place"] = places[0].value
    days = open_days(field, situation)

    def choose(name: str, value: str | None) -> None:
        # Another day or place keeps the rest: most people want the same time elsewhere.
        asked.answer({**parts, name: value})

    stack: list[ft.Control] = []
    if len(places) > 1:
        items = [Item(o.value, say(o.label), say(o.help) if o.help else None) for o in places]
        place = asked.part("place")
        if len(items) > SHOWN:
            cards: ft.Control = Searchable(
                place, items, parts.get("place"), partial(choose, "place"), _("Tempat"), key=place.path
            )
        else:
            cards = ft.Column(
                [
                    option_card(
                        f"{place.identifier}.{item.value}",
                        item.title,
                        partial(choose, "place", item.value),
                        chosen=parts.get("place") == item.value,
                        detail=item.detail,
                        wrong=place.problem is not None,
                    )
                    for item in items
                ],
                spacing=8,
                tight=True,
            )
        stack.append(labelled(_("Tempat"), cards, place))
    else:
        stack.append(words.body(say(places[0].label)) if places else words.body(_("Belum ada tempat.")))
    if parts.get("place"):
        stack.append(_days(asked, days[:many], len(days) > many, lambda: set_many(many + DAYS), choose))
    if parts.get("place") and parts.get("date"):
        stack.append(_times(asked, field.times, choose))
    return ft.Semantics(
        identifier=asked.identifier,
        container=True,
        content=ft.Column(stack, spacing=16, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH),
    )


def _days(asked: Asked, days: Sequence[date], more: bool, show_more: Any, choose: Any) -> ft.Control:
    language = asked.app.language
    _ = language.text
    part = asked.part("date")
    if not days:
        return labelled(_("Hari"), words.body(_("Belum ada jadwal yang terbuka. Coba lagi besok.")), part)
    shown = [one.isoformat() for one in days]
    chosen = str(part.value or "")
    cards = [_day(part, day, partial(choose, "date", day)) for day in shown]
    if chosen and chosen not in shown:
        cards.insert(len(cards) if chosen > shown[-1] else 0, _day(part, chosen, part.left))
    controls: list[ft.Control] = [ft.Row(cards, wrap=True, spacing=8, run_spacing=8)]
    if more:
        controls.append(
            ft.Row([buttons.text_button(f"{part.identifier}.more", _("Tampilkan hari lain"), show_more)])
        )
    return labelled(_("Hari"), ft.Column(controls, spacing=4, tight=True), part)


def _day(part: Asked, day: str, choose: Any) -> ft.Control:
    """A day as a leaf of a calendar; `day` is as it is in the answer."""
    language = part.app.language
    try:
        date_ = date.fromisoformat(day)
        over, title = language.weekday(date_), language.day_month(date_)
    except ValueError:
        over, title = None, day
    return pill(
        f"{part.identifier}.{day}",
        title,
        choose,
        chosen=part.value == day,
        wrong=part.problem is not None,
        over=over,
        width=_DAY * (1 + (part.app.text_scale - 1) / 2),
    )


def _times(asked: Asked, times: Sequence[str], choose: Any) -> ft.Control:
    language = asked.app.language
    part = asked.part("time")
    return labelled(
        language.text("Jam"),
        ft.Row(
            [
                pill(
                    f"{part.identifier}.{one}",
                    language.time(time.fromisoformat(one)),
                    partial(choose, "time", one),
                    chosen=part.value == one,
                    wrong=part.problem is not None,
                )
                for one in times
            ],
            wrap=True,
            spacing=8,
            run_spacing=8,
        ),
        part,
    )


def slot(asked: Asked) -> ft.Control:
    """An appointment."""
    return framed(asked, Slot(asked, key=asked.path))
