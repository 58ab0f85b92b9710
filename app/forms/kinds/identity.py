"""Numbers of the population administration: NIK and family card (KK).

NIK (UU 23/2006 art. 13, PP 40/2019): region of first registration (2+2+2), date of birth DDMMYY with the day
plus 40 for women, serial from 0001; no check digit. The century is not in it, so 29 February may decide it.
KK: region, date of recording DDMMYY (no plus 40), serial.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from app.contract.form import FamilyCardField, NikField
from app.contract.language import Language
from app.contract.phrase import N_, Phrase
from app.forms.conditions import Situation
from app.forms.kinds.kind import UNREADABLE, Finding, Kind, plain

Sex = Literal["female", "male"]

PROVINCES = frozenset(
    str(code)
    for codes in (
        *(range(11, 20), range(21, 22), range(31, 37), range(51, 54), range(61, 66)),
        *(range(71, 77), range(81, 83), range(91, 98)),
    )
    for code in codes
)
"""The 38 provinces by their codes (Kepmendagri 100.1.1-6117/2022)."""
_OLDEST_YEARS = 120


@dataclass(frozen=True, slots=True)
class NikFacts:
    """What a NIK says: sex, and the dates of birth that it may mean within a life, latest first."""

    sex: Sex
    birth_dates: tuple[date, ...]


def read_nik(nik: str, today: date) -> NikFacts | Phrase:
    """What the 16 digits of `nik` say, or a phrase where no such number can be."""
    number = int(nik[6:8])
    sex: Sex = "female" if number > 40 else "male"
    dates = _dates(number - 40 if sex == "female" else number, int(nik[8:10]), int(nik[10:12]), today)
    if not dates:
        return N_("Tanggal lahir di dalam NIK ini tidak ada. Periksa angka ke-7 sampai ke-12.")
    if nik[12:] == "0000":
        return N_("NIK tidak pernah berakhir 0000. Periksa empat angka terakhir.")
    return NikFacts(sex, dates)


def _dates(number: int, month: int, year: int, today: date) -> tuple[date, ...]:
    found: list[date] = []
    for century in (today.year // 100 * 100, today.year // 100 * 100 - 100):
        try:
            day = date(century + year, month, number)
        except ValueError:
            continue
        if day <= today and today.year - day.year <= _OLDEST_YEARS:
            found.append(day)
    return tuple(found)


NIK_NAME, FAMILY_CARD_NAME = N_("NIK"), N_("Nomor kartu keluarga")


def sixteen_digits(raw: Any, name: Phrase) -> str | Phrase | None:
    """`raw` as 16 digits (spaces, dots and dashes are forgiven), or what is wrong; `name` says of what."""
    text = plain(raw)
    if text is None:
        return UNREADABLE
    digits = re.sub(r"[\s.\-–]", "", text)
    if not digits:
        return None
    if not re.fullmatch(r"\d+", digits):
        return N_("{name} terdiri dari angka saja.", name=name)
    if len(digits) < 16:
        return N_("Masih kurang {missing} angka. {name} 16 angka.", missing=16 - len(digits), name=name)
    if len(digits) > 16:
        return N_("Kelebihan {over} angka. {name} 16 angka.", over=len(digits) - 16, name=name)
    return digits


def check_nik(nik: str, today: date, sex: Any = None, birth_date: Any = None) -> Iterator[Finding]:
    """Findings about 16 digits as a NIK, and its agreement with a sex and an ISO date of birth."""
    facts = read_nik(nik, today)
    if isinstance(facts, Phrase):
        yield Finding(facts)
        return
    if nik[:2] not in PROVINCES:
        yield Finding(
            N_("Kode wilayah {code} di awal NIK tidak kami kenal. Periksa lagi.", code=nik[:2]), warning=True
        )
    if sex in ("female", "male") and sex != facts.sex:
        yield Finding(N_("Jenis kelamin di NIK berbeda dari isian. Periksa keduanya."), warning=True)
    if isinstance(birth_date, str) and birth_date not in {d.isoformat() for d in facts.birth_dates}:
        yield Finding(N_("Tanggal lahir di NIK berbeda dari isian. Periksa keduanya."), warning=True)


def masked(number: str) -> str:
    """A number of which only the last four digits are shown: `•••• •••• •••• 0001`."""
    hidden = "•" * max(0, len(number) - 4) + number[-4:]
    return " ".join(hidden[i : i + 4] for i in range(0, len(hidden), 4))


def _parse_nik(_field: Any, raw: Any, _today: date) -> str | Phrase | None:
    return sixteen_digits(raw, NIK_NAME)


def _check_nik_field(field: NikField, value: str, situation: Situation) -> Iterator[Finding]:
    around = {**situation.values, **(situation.entry or {})}
    yield from check_nik(
        value, situation.today, around.get(field.sex or ""), around.get(field.birth_date or "")
    )


def _parse_kk(_field: Any, raw: Any, _today: date) -> str | Phrase | None:
    return sixteen_digits(raw, FAMILY_CARD_NAME)


def _check_kk(_field: Any, value: str, situation: Situation) -> Iterator[Finding]:
    if not _dates(int(value[6:8]), int(value[8:10]), int(value[10:12]), situation.today):
        yield Finding(N_("Tanggal di dalam nomor KK ini tidak ada. Periksa angka ke-7 sampai ke-12."))
    elif value[12:] == "0000":
        yield Finding(N_("Nomor KK tidak pernah berakhir 0000. Periksa empat angka terakhir."))
    elif value[:2] not in PROVINCES:
        code = value[:2]
        yield Finding(
            N_("Kode wilayah {code} di awal nomor KK tidak kami kenal. Periksa lagi.", code=code),
            warning=True,
        )


def _show(_field: Any, value: Any, _language: Language) -> str:
    digits = str(value)
    return " ".join(digits[i : i + 4] for i in range(0, len(digits), 4)) if digits.isdigit() else digits


NIK: Kind[NikField] = Kind(_parse_nik, _show, _check_nik_field, sensitive=True)
FAMILY_CARD: Kind[FamilyCardField] = Kind(_parse_kk, _show, _check_kk, sensitive=True)
