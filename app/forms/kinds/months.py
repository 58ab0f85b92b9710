"""Months of a year, as people type them: `3/2019`, `Maret 2019`, `2019-03`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from app.contract.form import MonthField
from app.contract.language import Language
from app.contract.phrase import N_, Phrase
from app.forms.conditions import Situation, day
from app.forms.kinds.dates import month_of, words_of
from app.forms.kinds.kind import UNREADABLE, Finding, Kind, plain

_HOW = N_("Tulis bulan dan tahunnya seperti ini: 3/2019 atau Maret 2019.")


def _parse(_field: Any, raw: Any, today: date) -> str | Phrase | None:
    text = plain(raw)
    if text is None:
        return UNREADABLE
    if not text:
        return None
    if re.fullmatch(r"\d{6}", text):
        text = f"{text[:2]}/{text[2:]}"
    words = words_of(text)
    if len(words) == 3:
        return N_("Tulis bulan dan tahunnya saja, tanpa tanggal.")
    if len(words) != 2:
        return _HOW
    if re.fullmatch(r"\d{4}", words[0]):
        words.reverse()
    month, year = words
    if not year.isdigit() or not re.fullmatch(r"\d{1,2}|[^\d\W]+", month):
        return _HOW
    if len(year) != 4:
        return N_("Tulis tahunnya lengkap, empat angka, misalnya {year}.", year=str(today.year))
    number = month_of(month)
    if not 1 <= number <= 12:
        return N_("Bulannya tidak ada. Tulis 1 sampai 12, atau namanya.")
    return f"{year}-{number:02}" if int(year) >= 1800 else N_("Periksa tahunnya.")


def _check(field: MonthField, value: str, situation: Situation) -> Iterator[Finding]:
    given = _first_day(value)
    earliest, latest = day(field.earliest, situation), day(field.latest, situation)
    if latest is not None and given > latest:
        if latest == situation.today:
            yield Finding(N_("Bulan ini belum tiba. Periksa lagi."))
        else:
            yield Finding(N_("Paling akhir {latest}. Periksa bulannya.", latest=latest))
    elif earliest is not None and given < earliest.replace(day=1):
        yield Finding(N_("Paling awal {earliest}. Periksa bulannya.", earliest=earliest))


def _first_day(value: str) -> date:
    return date.fromisoformat(f"{value}-01")


def _show(_field: Any, value: Any, language: Language) -> str:
    return language.month(_first_day(value))


MONTH: Kind[MonthField] = Kind(_parse, _show, _check)
