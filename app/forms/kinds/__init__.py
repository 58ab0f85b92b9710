"""One way to read, check and show the answers of each field type.

`KINDS` has an entry for every type of `app.contract.form`, and one for types that this version does not know.
Use the three functions:

- `parse(field, raw, today)` gives the canonical JSON value of what was typed, picked or received, or a
  `Phrase` that says what is wrong. It never raises, whatever `raw` is, and `parse(parse(x)) == parse(x)`.
- `check(field, value, situation)` gives the findings about a canonical value (too short, too late, ...).
- `display(field, value, language)` writes a value out, as a citizen reads it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from app.contract.form import AnyField
from app.contract.language import Language
from app.contract.phrase import Phrase
from app.forms.conditions import Situation
from app.forms.kinds import choice, dates, files, identity, number, person, phone, repeat, statement, words
from app.forms.kinds.kind import Finding, Kind

__all__ = ["INDONESIAN", "KINDS", "Finding", "Kind", "check", "display", "kind_of", "parse", "readable"]

INDONESIAN = Language.load("id")

KINDS: dict[str, Kind[Any]] = {
    "text": words.TEXT,
    "long_text": words.LONG_TEXT,
    "email": words.EMAIL,
    "integer": number.INTEGER,
    "decimal": number.DECIMAL,
    "date": dates.DATE,
    "time": dates.TIME,
    "yes_no": choice.YES_NO,
    "choice": choice.CHOICE,
    "choices": choice.CHOICES,
    "nik": identity.NIK,
    "kk": identity.FAMILY_CARD,
    "phone": phone.PHONE,
    "person": person.PERSON,
    "file": files.FILE,
    "declaration": statement.DECLARATION,
    "note": statement.NOTE,
    "repeat": repeat.REPEAT,
}


def kind_of(field: AnyField) -> Kind[Any]:
    """The kind of `field`; for a type that this version does not know, its declared fallback."""
    return KINDS.get(field.type, statement.UNKNOWN)


def parse(field: AnyField, raw: Any, today: date) -> Any | Phrase:
    """The canonical value of `raw`, None where it says nothing, or a `Phrase` where it cannot be read."""
    if raw is None or raw == "" or raw == [] or raw == {}:
        return None
    return kind_of(field).parse(field, raw, today)


def readable(field: AnyField, value: Any, today: date) -> Any | None:
    """`value` in canonical form where it can be read, else None: what conditions may rely on."""
    read = parse(field, value, today)
    return None if isinstance(read, Phrase) else read


def check(field: AnyField, value: Any, situation: Situation) -> Iterable[Finding]:
    """What is to be said about the canonical `value` (not None) of `field`."""
    return kind_of(field).check(field, value, situation)


def display(field: AnyField, value: Any, language: Language = INDONESIAN) -> str:
    """`value` as a citizen reads it; what could not be read is shown as it was typed, nothing as ``."""
    if value is None:
        return ""
    try:
        return kind_of(field).display(field, value, language)
    except (TypeError, ValueError, ArithmeticError, AttributeError, LookupError):
        return str(value)
