"""Choosing from many: a line to search in, the best fits as cards, and the choice that was made.

Everything is a named button in reading order, so that a screen reader, a keyboard and a thumb find the same;
no menu that floats over the page.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import flet as ft

from app.app import App
from app.ui import buttons, words
from app.ui.boundary import component
from app.ui.fields.asked import Asked
from app.ui.fields.option_cards import option_card
from app.ui.hooks import use_state
from app.ui.inputs import edges
from app.ui.tokens import CARD, INK

SHOWN = 6
"""How many fits stand there at a time."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that can be chosen."""

    value: str
    title: str
    detail: str | None = None


def fits(items: Sequence[Item], typed: str) -> list[Item]:
    """The items that have every word of `typed`, those that begin with it first."""
    wanted = typed.casefold().split()
    if not wanted:
        return list(items)
    found = [i for i in items if all(w in f"{i.title} {i.detail or ''}".casefold() for w in wanted)]
    start = " ".join(wanted)

    def rank(item: Item) -> int:
        title = item.title.casefold()
        return 0 if title.startswith(start) else 1 if f" {start}" in title else 2

    return sorted(found, key=rank)


def search_line(app: App, identifier: str, label: str, on_change: Callable[[str], None]) -> ft.Control:
    """The line to search in."""
    return ft.MergeSemantics(
        content=ft.Semantics(
            identifier=identifier,
            label=label,
            content=ft.TextField(
                on_change=lambda e: on_change(e.control.value),
                hint_text=app.language.text("Ketik untuk mencari"),
                prefix_icon=ft.Icons.SEARCH,
                autocorrect=False,
                enable_suggestions=False,
                color=INK,
                filled=True,
                fill_color=CARD,
                hover_color=CARD,
                focused_bgcolor=CARD,
                border=edges(),
                content_padding=ft.Padding.symmetric(horizontal=16, vertical=18),
            ),
        )
    )


def more_words(app: App, found: int) -> list[ft.Control]:
    """How many fits are not shown, or that there is none."""
    language = app.language
    if found > SHOWN:
        more = language.plural(
            "Masih ada {n} lagi. Ketik untuk mencari.",
            "Masih ada {n} lagi. Ketik untuk mencari.",
            found - SHOWN,
        )
        return [words.secondary(more)]
    if found == 0:
        return [words.secondary(language.text("Tidak ada yang cocok. Coba kata lain."))]
    return []


@component
def Searchable(
    asked: Asked, items: Sequence[Item], chosen: str | None, choose: Callable[[str | None], None], label: str
) -> ft.Control:
    """One of many `items`. Once chosen, it stands alone, with a way to choose again."""
    app = asked.app
    _ = app.language.text
    typed, set_typed = use_state("")
    again, set_again = use_state(False)
    there = next((i for i in items if i.value == chosen), None)
    wrong = asked.problem is not None

    def take(value: str) -> None:
        set_typed("")
        set_again(False)
        choose(value)

    def change() -> None:
        set_typed("")
        set_again(True)

    controls: list[ft.Control]
    if there is not None and not again:
        controls = [
            option_card(
                f"{asked.identifier}.{there.value}", there.title, change, chosen=True, detail=there.detail
            ),
            ft.Row(
                [
                    buttons.text_button(
                        f"{asked.identifier}.change",
                        _("Pilih yang lain"),
                        change,
                        label=_("Ubah {name}", name=label),
                    )
                ]
            ),
        ]
    else:
        found = fits(items, typed)
        controls = [
            search_line(app, f"{asked.identifier}.search", _("Cari {name}", name=label), set_typed),
            *(
                option_card(
                    f"{asked.identifier}.{item.value}",
                    item.title,
                    partial(take, item.value),
                    chosen=item.value == chosen,
                    detail=item.detail,
                    wrong=wrong,
                )
                for item in found[:SHOWN]
            ),
            *more_words(app, len(found)),
        ]
    return ft.Semantics(
        identifier=asked.identifier,
        container=True,
        content=ft.Column(
            controls, spacing=8, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH
        ),
    )
