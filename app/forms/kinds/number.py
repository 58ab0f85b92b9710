"""Whole numbers and decimals, as people type them: `1.000`, `3,2`, `3.2 kg`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from app.contract.form import DecimalField, IntegerField, PercentageField
from app.contract.language import Language
from app.contract.phrase import N_, Phrase
from app.contract.text import Text
from app.forms.conditions import Situation
from app.forms.kinds.kind import UNREADABLE, Finding, Kind, plain

_GROUPED = re.compile(r"-?\d{1,3}(?:([.,\s])\d{3})(?:\1\d{3})*")
_DIGITS = re.compile(r"-?\d{1,16}")
_DECIMAL = re.compile(r"-?\d{1,15}(?:[.,]\d{1,15})?")
_AMBIGUOUS = re.compile(r"(-?[1-9]\d{0,2})[.,](\d{3})")
"""`3.200` is 3.2 to some and 3,200 to others: better asked than guessed."""
_PER_CENT = re.compile(r"\s*(?:%|٪|persen|per\s*cent)\s*$", re.IGNORECASE)
_PERCENT = Text({"id": "%"})
_MIXED = re.compile(r"-?\d{1,3}(?:\.\d{3})+,\d+|-?\d{1,3}(?:,\d{3})+\.\d+")
_LARGEST = 2**53 - 1
"""Beyond it JSON has no exact integers (RFC 7493)."""


def _without_unit(text: str, unit: Text | None) -> str:
    for word in unit.root.values() if unit else ():
        text = text.removesuffix(word.casefold())
    return text.strip().replace("−", "-")


def _parse_integer(field: IntegerField, raw: Any, _today: date) -> int | Phrase | None:
    if isinstance(raw, bool):
        return UNREADABLE
    if isinstance(raw, int):
        return raw if abs(raw) <= _LARGEST else N_("Angka ini terlalu besar. Periksa lagi.")
    if isinstance(raw, float):
        return int(raw) if raw.is_integer() and abs(raw) <= _LARGEST else N_("Tulis bilangan bulat.")
    text = plain(raw)
    if text is None:
        return UNREADABLE
    text = _without_unit(text, field.unit)
    if not text:
        return None
    if _GROUPED.fullmatch(text):
        text = re.sub(r"[.,\s]", "", text)
    if _DECIMAL.fullmatch(text) and not _DIGITS.fullmatch(text):
        return N_("Tulis bilangan bulat, tanpa koma.")
    if not _DIGITS.fullmatch(text):
        return N_("Tulis dengan angka saja.")
    number = int(text)
    return number if abs(number) <= _LARGEST else N_("Angka ini terlalu besar. Periksa lagi.")


def _parse_decimal(field: DecimalField, raw: Any, _today: date) -> str | Phrase | None:
    return _read_decimal(field.decimals, field.unit, raw)


def _read_decimal(decimals: int, unit: Text | None, raw: Any) -> str | Phrase | None:
    if isinstance(raw, bool):
        return UNREADABLE
    text = plain(str(raw) if isinstance(raw, int | float) else raw)
    if text is None:
        return UNREADABLE
    text = _without_unit(text, unit)
    if not text:
        return None
    if decimals < 3 and (found := _AMBIGUOUS.fullmatch(text)):
        whole = found[1] + found[2]
        fraction = f"{found[1]},{found[2]}".rstrip("0").rstrip(",")
        return N_("Maksudnya {fraction} atau {whole}? Tulis salah satunya.", fraction=fraction, whole=whole)
    if _MIXED.fullmatch(text):
        whole, point, rest = text.rpartition("," if text.rfind(",") > text.rfind(".") else ".")
        text = re.sub(r"[.,]", "", whole) + point + rest
    if not _DECIMAL.fullmatch(text):
        return N_("Tulis dengan angka saja, misalnya {example}.", example=3.2)
    number = Decimal(text.replace(",", ".")).normalize()
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and -exponent > decimals:
        return N_("Tulis paling banyak {decimals} angka di belakang koma.", decimals=decimals)
    return format(number + 0, "f")


def _range(minimum: Any, maximum: Any, unit: Text | None, number: Decimal) -> Iterator[Finding]:
    with_unit = N_("{amount} {unit}", unit=unit) if unit else N_("{amount}")
    if minimum is not None and number < Decimal(str(minimum)):
        least = Phrase(with_unit.message, {**with_unit.values, "amount": minimum})
        yield Finding(N_("Terlalu kecil. Paling sedikit {least}.", least=least))
    if maximum is not None and number > Decimal(str(maximum)):
        most = Phrase(with_unit.message, {**with_unit.values, "amount": maximum})
        yield Finding(N_("Terlalu besar. Paling banyak {most}.", most=most))


def _check_integer(field: IntegerField, value: int, _situation: Situation) -> Iterator[Finding]:
    yield from _range(field.minimum, field.maximum, field.unit, Decimal(value))


def _check_decimal(field: DecimalField, value: str, _situation: Situation) -> Iterator[Finding]:
    yield from _range(field.minimum, field.maximum, field.unit, Decimal(value))


def _with_unit(number: str, unit: Text | None, language: Language) -> str:
    return f"{number} {language.say(unit)}" if unit else number


def _show_integer(field: IntegerField, value: Any, language: Language) -> str:
    return _with_unit(language.number(int(value)), field.unit, language)


def _show_decimal(field: DecimalField, value: Any, language: Language) -> str:
    sign = language.number(0.5)[1]
    # Without grouping: what is read here must mean the same when it is typed back.
    return _with_unit(format(Decimal(value), "f").replace(".", sign), field.unit, language)


def _parse_percentage(field: PercentageField, raw: Any, _today: date) -> str | Phrase | None:
    if isinstance(raw, str):
        raw = _PER_CENT.sub("", raw)
    return _read_decimal(field.decimals, None, raw)


def _check_percentage(field: PercentageField, value: str, _situation: Situation) -> Iterator[Finding]:
    yield from _range(field.minimum, field.maximum, _PERCENT, Decimal(value))


def _show_percentage(_field: PercentageField, value: Any, language: Language) -> str:
    sign = language.number(0.5)[1]
    return f"{format(Decimal(value), 'f').replace('.', sign)}%"


INTEGER: Kind[IntegerField] = Kind(_parse_integer, _show_integer, _check_integer)
DECIMAL: Kind[DecimalField] = Kind(_parse_decimal, _show_decimal, _check_decimal)
PERCENTAGE: Kind[PercentageField] = Kind(_parse_percentage, _show_percentage, _check_percentage)
