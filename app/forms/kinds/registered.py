"""Numbers under which people and things are registered: student, tax, health insurance, vehicle."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from app.contract.form import HealthInsuranceField, PlateField, StudentNumberField, TaxNumberField
from app.contract.language import Language
from app.contract.phrase import N_, Phrase
from app.forms.conditions import Situation
from app.forms.kinds.identity import read_nik
from app.forms.kinds.kind import UNREADABLE, Finding, Kind, plain

NISN_NAME, BPJS_NAME = N_("NISN"), N_("Nomor BPJS Kesehatan")

AREAS = frozenset(
    (
        *("A", "AA", "AB", "AD", "AE", "AG", "B", "BA", "BB", "BD", "BE", "BG", "BH", "BK"),
        *("BL", "BM", "BN", "BP", "D", "DA", "DB", "DC", "DD", "DE", "DG", "DH", "DK", "DL"),
        *("DM", "DN", "DP", "DR", "DS", "DT", "DW", "E", "EA", "EB", "ED", "F", "G", "H"),
        *("K", "KB", "KH", "KT", "KU", "L", "M", "N", "P", "PA", "PB", "PS", "PT", "PY"),
        *("R", "S", "T", "W", "Z"),
    )
)
"""Area letters of plates (Perpol 7/2021). Others may come: an unknown one is pointed out, never refused."""
_PLATE = re.compile(r"([a-z]{1,2})([1-9]\d{0,3})([a-z]{0,3})")


def _digits(raw: Any, length: int, name: Phrase) -> str | Phrase | None:
    """`raw` as a number of `length` digits (spaces, dots, dashes are forgiven), or what is wrong."""
    text = plain(raw)
    if text is None:
        return UNREADABLE
    digits = re.sub(r"[\s.\-–]", "", text)
    if not digits:
        return None
    if not re.fullmatch(r"\d+", digits):
        return N_("{name} terdiri dari angka saja.", name=name)
    missing = length - len(digits)
    if missing > 0:
        return N_(
            "Masih kurang {missing} angka. {name} {length} angka.", missing=missing, name=name, length=length
        )
    if missing < 0:
        return N_("Kelebihan {over} angka. {name} {length} angka.", over=-missing, name=name, length=length)
    return digits


def _parse_nisn(_field: Any, raw: Any, _today: date) -> str | Phrase | None:
    return _digits(raw, 10, NISN_NAME)


def _check_nisn(field: StudentNumberField, value: str, situation: Situation) -> Iterator[Finding]:
    born = situation.answer(field.birth_date) if field.birth_date else None
    if isinstance(born, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", born) and born[1:4] != value[:3]:
        yield Finding(
            N_("Tahun lahir di awal NISN berbeda dari tanggal lahir. Periksa keduanya."), warning=True
        )


def _parse_bpjs(_field: Any, raw: Any, _today: date) -> str | Phrase | None:
    return _digits(raw, 13, BPJS_NAME)


def _parse_npwp(_field: Any, raw: Any, _today: date) -> str | Phrase | None:
    text = plain(raw)
    if text is None:
        return UNREADABLE
    digits = re.sub(r"[\s.\-–]", "", text)
    if not digits:
        return None
    if not re.fullmatch(r"\d+", digits):
        return N_("NPWP terdiri dari angka saja.")
    if len(digits) < 15:
        return N_("Masih kurang {missing} angka. NPWP 15 atau 16 angka.", missing=15 - len(digits))
    if len(digits) > 16:
        return N_("Kelebihan {over} angka. NPWP 15 atau 16 angka.", over=len(digits) - 16)
    return digits


def luhn(digits: str) -> bool:
    """Whether the last digit checks those before it (ISO/IEC 7812-1, annex B)."""
    total = 0
    for place, character in enumerate(reversed(digits)):
        number = int(character) * (2 if place % 2 else 1)
        total += number - 9 if number > 9 else number
    return total % 10 == 0


def _check_npwp(_field: Any, value: str, situation: Situation) -> Iterator[Finding]:
    if len(value) == 16 and value[0] != "0":
        facts = read_nik(value, situation.today)
        if isinstance(facts, Phrase):
            yield Finding(N_("NPWP 16 angka sama dengan NIK. {what}", what=facts))
        return
    old = value[-15:]
    if not luhn(old[:9]):
        yield Finding(N_("Salah satu dari sembilan angka pertama NPWP keliru. Periksa lagi."))


def _show_npwp(_field: Any, value: Any, language: Language) -> str:
    digits = str(value)
    if len(digits) != 15 or not digits.isdigit():
        return _in_fours(_field, value, language)
    return f"{digits[:2]}.{digits[2:5]}.{digits[5:8]}.{digits[8]}-{digits[9:12]}.{digits[12:]}"


def _in_fours(_field: Any, value: Any, _language: Language) -> str:
    digits = str(value)
    return " ".join(digits[i : i + 4] for i in range(0, len(digits), 4)) if digits.isdigit() else digits


def _show(_field: Any, value: Any, _language: Language) -> str:
    return str(value)


def _parse_plate(_field: Any, raw: Any, _today: date) -> str | Phrase | None:
    text = plain(raw)
    if text is None:
        return UNREADABLE
    together = re.sub(r"[\s.\-–]", "", text)
    if not together:
        return None
    found = _PLATE.fullmatch(together)
    if found is None:
        return N_("Tulis nomor polisi seperti di pelat, misalnya B 1234 XYZ.")
    return " ".join(filter(None, found.groups())).upper()


def _check_plate(_field: Any, value: str, _situation: Situation) -> Iterator[Finding]:
    area = value.partition(" ")[0]
    if area not in AREAS:
        yield Finding(
            N_("Huruf {area} di depan nomor polisi tidak kami kenal. Periksa lagi.", area=area), warning=True
        )


NISN: Kind[StudentNumberField] = Kind(_parse_nisn, _show, _check_nisn)
BPJS: Kind[HealthInsuranceField] = Kind(_parse_bpjs, _in_fours, sensitive=True)
NPWP: Kind[TaxNumberField] = Kind(_parse_npwp, _show_npwp, _check_npwp, sensitive=True)
PLATE: Kind[PlateField] = Kind(_parse_plate, _show, _check_plate)
