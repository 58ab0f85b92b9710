"""What is agreed to, what is only read, and fields of a type that this version does not know."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from app.contract.form import (
    DeclarationField,
    NoteField,
    SectionField,
    SignatureField,
    SummaryField,
    UnknownField,
)
from app.contract.language import Language
from app.contract.phrase import N_, Phrase
from app.forms.conditions import Situation
from app.forms.kinds.kind import UNREADABLE, Finding, Kind, clean_line
from app.forms.received import mapping

_TICK = N_("Centang pernyataan ini jika Anda setuju.")
_AGREED = N_("Ya")


def _parse_declaration(_field: Any, raw: Any, _today: date) -> bool | Phrase | None:
    if raw is True or raw == str(_AGREED):
        return True
    return None if raw is False else UNREADABLE


def _show_declaration(_field: Any, value: Any, language: Language) -> str:
    return language.say(_AGREED) if value is True else ""


def _parse_signature(_field: Any, raw: Any, _today: date) -> dict[str, Any] | Phrase | None:
    if (given := mapping(raw)) is None:
        return UNREADABLE
    kept: dict[str, Any] = {}
    if name := clean_line(given.get("name")):
        kept["name"] = name
    if given.get("agreed") is True:
        kept["agreed"] = True
    return kept or None


def _check_signature(_field: Any, value: dict[str, Any], situation: Situation) -> Iterator[Finding]:
    name = value.get("name", "")
    if not name:
        yield Finding(N_("Tulis nama lengkap Anda sebagai tanda tangan."), "name")
    elif len(name) > 200:
        yield Finding(N_("Nama terlalu panjang. Paling banyak 200 huruf."), "name")
    else:
        known = situation.attribute("person.full_name")
        if isinstance(known, str) and known.casefold() != name.casefold():
            yield Finding(N_("Nama ini berbeda dari nama Anda di data negara. Periksa lagi."), "name", True)
    if value.get("agreed") is not True:
        yield Finding(_TICK, "agreed")


def _show_signature(_field: Any, value: Any, _language: Language) -> str:
    return str(value.get("name", ""))


def _parse_note(_field: Any, _raw: Any, _today: date) -> Phrase:
    return UNREADABLE


def _parse_unknown(_field: Any, raw: Any, _today: date) -> str | Phrase | None:
    line = clean_line(raw)
    return UNREADABLE if line is None else line or None


def _show(_field: Any, value: Any, _language: Language) -> str:
    return str(value)


DECLARATION: Kind[DeclarationField] = Kind(_parse_declaration, _show_declaration, missing=_TICK)
SIGNATURE: Kind[SignatureField] = Kind(
    _parse_signature, _show_signature, _check_signature, missing=N_("Tanda tangannya belum ada.")
)
NOTE: Kind[NoteField] = Kind(_parse_note, _show, takes_answer=False)
SECTION: Kind[SectionField] = Kind(_parse_note, _show, takes_answer=False)
SUMMARY: Kind[SummaryField] = Kind(_parse_note, _show, takes_answer=False)
UNKNOWN: Kind[UnknownField] = Kind(_parse_unknown, _show)
