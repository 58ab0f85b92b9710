"""A time from one day to another, both counted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from app.contract.form import DateRangeField
from app.contract.language import Language
from app.contract.phrase import N_, Phrase
from app.forms.conditions import Situation, day
from app.forms.kinds.dates import outside, read_date
from app.forms.kinds.kind import UNREADABLE, Finding, Kind, clean_line, plain
from app.forms.received import mapping

ENDS = ("start", "end")
_MISSING = {"start": N_("Tanggal mulainya belum diisi."), "end": N_("Tanggal selesainya belum diisi.")}


def _parse(_field: Any, raw: Any, today: date) -> dict[str, str] | Phrase | None:
    if (given := mapping(raw)) is None:
        return UNREADABLE
    kept: dict[str, str] = {}
    for end in ENDS:
        typed = given.get(end)
        text = plain(typed)
        if not text:
            continue
        found = read_date(text, today)
        kept[end] = (clean_line(typed) or "") if isinstance(found, Phrase) else found.isoformat()
    return kept or None


def _check(field: DateRangeField, value: dict[str, str], situation: Situation) -> Iterator[Finding]:
    days: dict[str, date] = {}
    earliest, latest = day(field.earliest, situation), day(field.latest, situation)
    for end in ENDS:
        if end not in value:
            if end == "start" or not field.open_end:
                yield Finding(_MISSING[end], end)
            continue
        found = read_date(plain(value[end]) or "", situation.today)
        if isinstance(found, Phrase):
            yield Finding(found, end)
            continue
        days[end] = found
        for phrase in outside(found, earliest, latest, situation.today):
            yield Finding(phrase, end)
    if len(days) < len(ENDS):
        return
    count = (days["end"] - days["start"]).days + 1
    if count < 1:
        yield Finding(N_("Tanggal selesai mendahului tanggal mulai. Periksa keduanya."), "end")
    elif field.min_days is not None and count < field.min_days:
        yield Finding(
            N_("Paling singkat {days} hari. Ini {count} hari.", days=field.min_days, count=count), "end"
        )
    elif field.max_days is not None and count > field.max_days:
        yield Finding(
            N_("Paling lama {days} hari. Ini {count} hari.", days=field.max_days, count=count), "end"
        )


def _show(_field: Any, value: Any, language: Language) -> str:
    start, end = (_written(value.get(name), language) for name in ENDS)
    if not end:
        return language.text("{start} sampai sekarang", start=start) if start else ""
    return language.text("{start} sampai {end}", start=start, end=end)


def _written(text: Any, language: Language) -> str:
    try:
        return language.date(date.fromisoformat(str(text))) if text else ""
    except ValueError:
        return str(text)


DATE_RANGE: Kind[DateRangeField] = Kind(_parse, _show, _check, missing=N_("Kedua tanggalnya belum diisi."))
