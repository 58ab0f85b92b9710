"""Fields that are typed: text, numbers, identity numbers, addresses of all kinds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import flet as ft

from app.contract.form import AnyField, TextField
from app.forms import kinds
from app.ui import words
from app.ui.boundary import component
from app.ui.fields.asked import Asked, framed, label_words
from app.ui.hooks import use_control, use_reference
from app.ui.inputs import AS_IT_STANDS, edges
from app.ui.named import icon_button
from app.ui.tokens import CARD, INK, INK_2


@dataclass(frozen=True, slots=True)
class Typing:
    """How a line is typed: which keyboard, which capitals, how many lines, what the keyboard may fill in."""

    keyboard: ft.KeyboardType = ft.KeyboardType.TEXT
    capitals: ft.TextCapitalization = ft.TextCapitalization.NONE
    lines: int = 1
    autofill: ft.AutofillHint | None = None
    correct: bool = False


TYPING: dict[str, Typing] = {
    "text": Typing(capitals=ft.TextCapitalization.SENTENCES),
    "long_text": Typing(
        keyboard=ft.KeyboardType.MULTILINE, capitals=ft.TextCapitalization.SENTENCES, lines=4, correct=True
    ),
    "integer": Typing(keyboard=ft.KeyboardType.NUMBER),
    "decimal": Typing(keyboard=ft.KeyboardType.NUMBER),
    "money": Typing(keyboard=ft.KeyboardType.NUMBER),
    "percentage": Typing(keyboard=ft.KeyboardType.NUMBER),
    "nik": Typing(keyboard=ft.KeyboardType.NUMBER),
    "kk": Typing(keyboard=ft.KeyboardType.NUMBER),
    "nisn": Typing(keyboard=ft.KeyboardType.NUMBER),
    "npwp": Typing(keyboard=ft.KeyboardType.NUMBER),
    "bpjs": Typing(keyboard=ft.KeyboardType.NUMBER),
    "plate": Typing(capitals=ft.TextCapitalization.CHARACTERS),
    "location": Typing(),
    "phone": Typing(keyboard=ft.KeyboardType.PHONE, autofill=ft.AutofillHint.TELEPHONE_NUMBER),
    "email": Typing(keyboard=ft.KeyboardType.EMAIL, autofill=ft.AutofillHint.EMAIL),
    "date": Typing(keyboard=ft.KeyboardType.DATETIME),
    "month": Typing(capitals=ft.TextCapitalization.WORDS),
    "time": Typing(keyboard=ft.KeyboardType.DATETIME),
}


_NAME = Typing(capitals=ft.TextCapitalization.WORDS)
_CODE = Typing()


def typing_of(field: AnyField) -> Typing:
    """How a field is typed. Flet writes the capitals, so only what is a name gets one at each word."""
    if not isinstance(field, TextField):
        return TYPING[field.type]
    if field.pattern is not None:
        return _CODE
    named = (field.id, field.concept or "", field.prefill or "")
    return _NAME if any(one.endswith(("name", "place")) for one in named) else TYPING["text"]


def written(asked: Asked) -> str:
    """The answer as it is shown in its field: canonical ones written out, others as they were typed.

    What stands before or after the field (Rp, %) is not repeated in it.
    """
    text = kinds.display(asked.field, asked.value, asked.app.language)
    unit = getattr(asked.field, "unit", None)
    own = (
        asked.app.language.say(unit) if unit is not None else "%" if asked.field.type == "percentage" else ""
    )
    return text.removeprefix("Rp" if asked.field.type == "money" else "").removesuffix(own).rstrip()


def spoken_label(asked: Asked) -> str:
    """The label with what a screen reader would miss: the currency, the unit."""
    _ = asked.app.language.text
    label = label_words(asked)
    match asked.field.type:
        case "money":
            return _("{label}, dalam rupiah", label=label)
        case "percentage":
            return _("{label}, dalam persen", label=label)
        case _:
            unit = getattr(asked.field, "unit", None)
            return f"{label}, {asked.app.language.say(unit)}" if unit is not None else label


@component
def Line(
    asked: Asked,
    typing: Typing,
    shown: str,
    icon: ft.IconData | None = None,
    pick: Callable[[], None] | None = None,
    pick_icon: ft.IconData = ft.Icons.CALENDAR_MONTH_OUTLINED,
    pick_label: str = "",
    label: str | None = None,
) -> ft.Control:
    """A text field that never takes a letter away from who is typing.

    What is typed stays as typed while the field has the focus; on leaving, an answer that could be read is
    written out in full. An answer that changes from outside replaces what stands there.
    """
    focused = use_reference(False)
    box = use_control(ft.TextField)
    asked.lines[asked.identifier] = box

    def changed(event: ft.Event[ft.TextField]) -> None:
        focused.current = True
        asked.answer(event.control.value)

    def focus() -> None:
        focused.current = True

    def blur() -> None:
        focused.current = False
        asked.left()

    unit = getattr(asked.field, "unit", None)
    after = (
        asked.app.language.say(unit) if unit is not None else "%" if asked.field.type == "percentage" else ""
    )
    field = ft.TextField(
        ref=box,
        value=AS_IT_STANDS if focused.current else shown,
        on_change=changed,
        on_focus=focus,
        on_blur=blur,
        keyboard_type=typing.keyboard,
        capitalization=typing.capitals,
        autocorrect=typing.correct,
        enable_suggestions=typing.correct,
        autofill_hints=typing.autofill,
        multiline=typing.lines > 1,
        min_lines=typing.lines if typing.lines > 1 else None,
        max_lines=typing.lines * 2 if typing.lines > 1 else 1,
        color=INK,
        filled=True,
        fill_color=CARD,
        hover_color=CARD,
        focused_bgcolor=CARD,
        border=edges(wrong=asked.problem is not None),
        content_padding=ft.Padding.symmetric(horizontal=16, vertical=18),
        prefix_icon=icon,
        prefix=words.body("Rp ", color=INK_2) if asked.field.type == "money" else None,
        suffix=words.body(after, color=INK_2) if after else None,
        suffix_icon=icon_button(f"{asked.identifier}.pick", pick_icon, pick_label, pick)
        if pick is not None
        else None,
    )
    return ft.MergeSemantics(
        content=ft.Semantics(identifier=asked.identifier, label=label or spoken_label(asked), content=field)
    )


def line(asked: Asked) -> ft.Control:
    """A field that is typed on one line or several."""
    return framed(asked, Line(asked, typing_of(asked.field), written(asked), key=asked.path))
