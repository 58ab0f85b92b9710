"""An appointment: a place, an open day, and a time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time, timedelta
from typing import Any

from app.contract.form import SlotField
from app.contract.language import Language
from app.contract.phrase import N_, Phrase
from app.forms.conditions import Situation, applies, day
from app.forms.kinds.choice import find_option
from app.forms.kinds.dates import read_date
from app.forms.kinds.kind import UNREADABLE, Finding, Kind, clean_line, plain
from app.forms.received import mapping

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_FURTHEST = 366
"""Days that are looked at from the earliest: whoever offers more is offered a year."""
_GONE = N_("Jadwal ini tidak ada lagi. Pilih hari lain.")


def open_days(field: SlotField, situation: Situation) -> list[date]:
    """The days that can be chosen now, in order."""
    earliest, latest = day(field.earliest, situation), day(field.latest, situation)
    if earliest is None or latest is None:
        return []
    weekdays, closed = {WEEKDAYS.index(name) for name in field.weekdays}, set(field.closed)
    count = min((latest - earliest).days + 1, _FURTHEST)
    days = (earliest + timedelta(days=n) for n in range(max(0, count)))
    return [one for one in days if one.weekday() in weekdays and one not in closed]


def _parse(field: SlotField, raw: Any, today: date) -> dict[str, str] | Phrase | None:
    if (given := mapping(raw)) is None:
        return UNREADABLE
    kept: dict[str, str] = {}
    if place := clean_line(given.get("place")):
        option = find_option(field.places, place)
        kept["place"] = option.value if option else place
    if text := plain(given.get("date")):
        found = read_date(text, today)
        kept["date"] = text if isinstance(found, Phrase) else found.isoformat()
    if clock := clean_line(given.get("time")):
        kept["time"] = clock
    if kept and "place" not in kept and len(field.places) == 1:
        kept["place"] = field.places[0].value
    return kept or None


def _check(field: SlotField, value: dict[str, str], situation: Situation) -> Iterator[Finding]:
    option = find_option(field.places, value.get("place"))
    if option is None or not applies(option.when, situation):
        yield Finding(N_("Pilih tempatnya."), "place")
    chosen = value.get("date")
    if chosen is None:
        yield Finding(N_("Pilih harinya."), "date")
    elif chosen not in {one.isoformat() for one in open_days(field, situation)}:
        yield Finding(_GONE, "date")
    if value.get("time") not in field.times:
        yield Finding(N_("Pilih jamnya."), "time")


def _show(field: SlotField, value: Any, language: Language) -> str:
    option = find_option(field.places, value.get("place"))
    place = option.label if option else str(value.get("place", ""))
    return language.text(
        "{day} pukul {time}, {place}",
        day=language.date_with_day(date.fromisoformat(value["date"])),
        time=time.fromisoformat(value["time"]),
        place=place,
    )


SLOT: Kind[SlotField] = Kind(_parse, _show, _check, missing=N_("Pilih tempat, hari, dan jamnya."))
