"""Declarations to tick, notes to read, and fields of a type that this version does not know."""

from __future__ import annotations

from datetime import date
from typing import Any

from app.contract.form import DeclarationField, NoteField, UnknownField
from app.contract.language import Language
from app.contract.phrase import N_, Phrase
from app.forms.kinds.kind import UNREADABLE, Kind, clean_line

_TICK = N_("Centang pernyataan ini jika Anda setuju.")
_AGREED = N_("Ya")


def _parse_declaration(_field: Any, raw: Any, _today: date) -> bool | Phrase | None:
    if raw is True or raw == str(_AGREED):
        return True
    return None if raw is False else UNREADABLE


def _show_declaration(_field: Any, value: Any, language: Language) -> str:
    return language.say(_AGREED) if value is True else ""


def _parse_note(_field: Any, _raw: Any, _today: date) -> Phrase:
    return UNREADABLE


def _parse_unknown(_field: Any, raw: Any, _today: date) -> str | Phrase | None:
    line = clean_line(raw)
    return UNREADABLE if line is None else line or None


def _show(_field: Any, value: Any, _language: Language) -> str:
    return str(value)


DECLARATION: Kind[DeclarationField] = Kind(_parse_declaration, _show_declaration, missing=_TICK)
NOTE: Kind[NoteField] = Kind(_parse_note, _show, takes_answer=False)
UNKNOWN: Kind[UnknownField] = Kind(_parse_unknown, _show)
