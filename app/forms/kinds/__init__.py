"""One way to read, check and show the answers of each field type.

`KINDS` has an entry for every type of `app.contract.form`, and one for types that this version does not know.
Use the functions:

- `parse(field, raw, today)` gives the canonical JSON value of what was typed, picked or received, or a
  `Phrase` that says what is wrong. It never raises, whatever `raw` is, and `parse(parse(x)) == parse(x)`.
- `check(field, value, situation)` gives the findings about a canonical value (too short, too late, ...).
- `display(field, value, language)` writes a value out, as a citizen reads it.

`settled` adds what follows from other answers (a sum, an amount to pay), and `files_of` lists the files that
a value names.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from app.contract.form import AnyField, GridField, RepeatField, inner_fields
from app.contract.language import Language
from app.contract.phrase import Phrase
from app.forms.conditions import Situation
from app.forms.kinds import (
    choice,
    country,
    dates,
    files,
    grid,
    identity,
    location,
    money,
    months,
    number,
    periods,
    person,
    phone,
    places,
    registered,
    repeat,
    slots,
    statement,
    wallet,
    words,
    worked_out,
)
from app.forms.kinds.kind import Finding, Kind
from app.forms.received import items, mapping

__all__ = [
    "INDONESIAN",
    "KINDS",
    "Finding",
    "Kind",
    "check",
    "display",
    "files_of",
    "kind_of",
    "parse",
    "parts_of",
    "readable",
    "settled",
]

INDONESIAN = Language.load("id")

KINDS: dict[str, Kind[Any]] = {
    "text": words.TEXT,
    "long_text": words.LONG_TEXT,
    "email": words.EMAIL,
    "integer": number.INTEGER,
    "decimal": number.DECIMAL,
    "money": money.MONEY,
    "percentage": number.PERCENTAGE,
    "date": dates.DATE,
    "date_range": periods.DATE_RANGE,
    "month": months.MONTH,
    "time": dates.TIME,
    "yes_no": choice.YES_NO,
    "choice": choice.CHOICE,
    "choices": choice.CHOICES,
    "nik": identity.NIK,
    "kk": identity.FAMILY_CARD,
    "nisn": registered.NISN,
    "npwp": registered.NPWP,
    "bpjs": registered.BPJS,
    "plate": registered.PLATE,
    "phone": phone.PHONE,
    "person": person.PERSON,
    "country": country.COUNTRY,
    "region": places.REGION,
    "address": places.ADDRESS,
    "location": location.LOCATION,
    "document": wallet.DOCUMENT,
    "file": files.FILE,
    "photo": files.PHOTO,
    "signature": statement.SIGNATURE,
    "declaration": statement.DECLARATION,
    "payment": worked_out.PAYMENT,
    "slot": slots.SLOT,
    "computed": worked_out.COMPUTED,
    "note": statement.NOTE,
    "section": statement.SECTION,
    "summary": statement.SUMMARY,
    "repeat": repeat.REPEAT,
    "grid": grid.GRID,
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


def settled(field: AnyField, value: Any, situation: Situation) -> Any | None:
    """The readable `value` (or None), completed with what follows from other answers."""
    kind = kind_of(field)
    return value if kind.settle is None else kind.settle(field, value, situation)


def files_of(field: AnyField, value: Any) -> Mapping[str, Mapping[str, Any]]:
    """The files that the canonical `value` names, by their place below the answer (`0`, `2.photo.0`)."""
    kind = kind_of(field)
    if kind.files is not None:
        return kind.files(value)
    found: dict[str, Mapping[str, Any]] = {}
    for key, cells in parts_of(field, value):
        for inner in inner_fields(field):
            below = files_of(inner, cells.get(inner.id))
            found |= {f"{key}.{inner.id}.{place}": file for place, file in below.items()}
    return found


def parts_of(field: AnyField, value: Any) -> list[tuple[str, Mapping[str, Any]]]:
    """The entries of a repeating section by number, or the rows of a grid by id, as far as they are given."""
    if isinstance(field, GridField):
        rows = mapping(value) or {}
        return [(row.id, cells) for row in field.rows if (cells := mapping(rows.get(row.id))) is not None]
    if isinstance(field, RepeatField):
        return [
            (str(i), cells) for i, one in enumerate(items(value) or ()) if (cells := mapping(one)) is not None
        ]
    return []


def display(field: AnyField, value: Any, language: Language = INDONESIAN) -> str:
    """`value` as a citizen reads it; what could not be read is shown as it was typed, nothing as ``."""
    if value is None:
        return ""
    try:
        return kind_of(field).display(field, value, language)
    except (TypeError, ValueError, ArithmeticError, AttributeError, LookupError):
        return str(value)
