"""Dates and times of day, as people type them, with words that help where they cannot be."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from datetime import date, time, timedelta
from typing import Any

from app.contract.form import DateField, TimeField
from app.contract.language import Language
from app.contract.phrase import N_, Phrase
from app.forms.conditions import Situation, day
from app.forms.kinds.kind import UNREADABLE, Finding, Kind, plain

_MONTHS = (
    (N_("Januari"), "januari january jan"),
    (N_("Februari"), "februari pebruari february feb peb"),
    (N_("Maret"), "maret march mar mrt"),
    (N_("April"), "april apr"),
    (N_("Mei"), "mei may"),
    (N_("Juni"), "juni june jun"),
    (N_("Juli"), "juli july jul"),
    (N_("Agustus"), "agustus august agu agt ags aug"),
    (N_("September"), "september sept sep"),
    (N_("Oktober"), "oktober october okt oct"),
    (N_("November"), "november nopember nov nop"),
    (N_("Desember"), "desember december des dec"),
)
_MONTH_OF = {word: number for number, (_, words) in enumerate(_MONTHS, 1) for word in words.split()}
_DAYS_AGO = {"hari ini": 0, "today": 0, "kemarin": 1, "yesterday": 1}
_WEEKDAY = re.compile(r"^(?:senin|selasa|rabu|kamis|jum'?at|sabtu|minggu|ahad|\w+day),?\s+")
_TIME = re.compile(
    r"(?:pukul|jam|at)?\s*(\d{1,2})(?:[.:\s](\d{2}))?(?:[.:]\d{2})?\s*(am|pm)?\s*(?:wib|wita|wit)?"
)

_HOW = N_("Tulis tanggalnya seperti ini: 7 Maret 2026 atau 7/3/2026.")


def read_date(text: str, today: date) -> date | Phrase:
    """The day that `text` names: `31/12/2026`, `31 Desember 2026`, `2026-12-31`, `31122026`, `kemarin`.

    Day comes before month, as in Indonesia; a year has four digits. Else a phrase that says what is wrong.
    """
    text = _WEEKDAY.sub("", text)
    if text in _DAYS_AGO:
        return today - timedelta(days=_DAYS_AGO[text])
    if re.fullmatch(r"\d{8}", text):
        text = f"{text[:2]}/{text[2:4]}/{text[4:]}"
    words = words_of(text)
    if len(words) != 3:
        return _HOW
    if re.fullmatch(r"\d{4}", words[0]):
        words.reverse()
    elif words[0] in _MONTH_OF:
        words[0], words[1] = words[1], words[0]
    first, second, third = words
    first = re.sub(r"(?<=\d)(?:st|nd|rd|th)$", "", first)
    if not re.fullmatch(r"\d{1,2}", first) or not re.fullmatch(r"\d{1,2}|[^\d\W]+", second):
        return _HOW
    if not third.isdigit():
        return _HOW
    if len(third) != 4:
        return N_("Tulis tahunnya lengkap, empat angka, misalnya {year}.", year=str(today.year))
    return _existing(int(first), month_of(second), int(third))


def words_of(text: str) -> list[str]:
    """The words and numbers that a date is written with."""
    return [word for word in re.split(r"[\s/.,-]+", text) if word]


def month_of(word: str) -> int:
    """The number of the month that `word` names, by name or number; zero where it names none."""
    return _MONTH_OF.get(word, int(word) if word.isdigit() else 0)


def _existing(number: int, month: int, year: int) -> date | Phrase:
    if not 1 <= month <= 12:
        if 12 < month <= 31 and 1 <= number <= 12:
            return N_("Tulis hari dulu, baru bulan: {date}.", date=f"{month}/{number}/{year}")
        return N_("Bulannya tidak ada. Tulis 1 sampai 12, atau namanya.") if month else _HOW
    if year < 1800:
        return N_("Periksa tahunnya.")
    last = calendar.monthrange(year, month)[1]
    name = _MONTHS[month - 1][0]
    if number < 1:
        return N_("Tanggal dimulai dari 1. Periksa harinya.")
    if number > last and month == 2:
        return N_(
            "{month} {year} hanya sampai tanggal {last}. Periksa harinya.",
            month=name,
            year=str(year),
            last=last,
        )
    if number > last:
        return N_("{month} hanya sampai tanggal {last}. Periksa harinya.", month=name, last=last)
    return date(year, month, number)


def _parse_date(_field: Any, raw: Any, today: date) -> str | Phrase | None:
    text = plain(raw)
    if text is None:
        return UNREADABLE
    if not text:
        return None
    found = read_date(text, today)
    return found if isinstance(found, Phrase) else found.isoformat()


def _check_date(field: DateField, value: str, situation: Situation) -> Iterator[Finding]:
    earliest, latest = day(field.earliest, situation), day(field.latest, situation)
    for phrase in outside(date.fromisoformat(value), earliest, latest, situation.today):
        yield Finding(phrase)


def outside(given: date, earliest: date | None, latest: date | None, today: date) -> Iterator[Phrase]:
    """What is to be said where `given` is not from `earliest` to `latest`."""
    if latest is not None and given > latest:
        if latest == today:
            yield N_("Tanggal ini belum tiba. Periksa lagi.")
        else:
            yield N_("Paling akhir {latest}. Periksa tanggalnya.", latest=latest)
    elif earliest is not None and given < earliest:
        yield N_("Paling awal {earliest}. Periksa tanggalnya.", earliest=earliest)


def _parse_time(_field: Any, raw: Any, _today: date) -> str | Phrase | None:
    text = plain(raw)
    if text is None:
        return UNREADABLE
    if not text:
        return None
    if re.fullmatch(r"\d{4}", text):
        text = f"{text[:2]}:{text[2:]}"
    found = _TIME.fullmatch(text)
    how = N_("Tulis jamnya seperti ini: 04.20 atau 16.05.")
    if not found or (found[2] is None and found[3] is None):
        return how
    hour, minute = int(found[1]), int(found[2] or 0)
    if found[3]:
        if not 1 <= hour <= 12:
            return how
        hour = hour % 12 + (12 if found[3] == "pm" else 0)
    if hour == 24 and minute == 0:
        return N_("Tengah malam ditulis 00.00.")
    if hour > 23:
        return N_("Jam hanya sampai 23. Periksa jamnya.")
    if minute > 59:
        return N_("Menit hanya sampai 59. Periksa menitnya.")
    return f"{hour:02d}:{minute:02d}"


def _show_date(_field: Any, value: Any, language: Language) -> str:
    return language.date(date.fromisoformat(value))


def _show_time(_field: Any, value: Any, language: Language) -> str:
    return language.time(time.fromisoformat(value))


DATE: Kind[DateField] = Kind(_parse_date, _show_date, _check_date)
TIME: Kind[TimeField] = Kind(_parse_time, _show_time)
