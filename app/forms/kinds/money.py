"""Sums of money, as people type them: `1.500.000`, `Rp1,5 juta`, `350 ribu`; kept in whole rupiah."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from app.contract.form import MoneyField
from app.contract.language import Language
from app.contract.phrase import N_, Money, Phrase
from app.forms.conditions import Situation
from app.forms.expressions import LARGEST
from app.forms.kinds.kind import UNREADABLE, Finding, Kind, plain

_SUM = re.compile(r"(?:rp\.?|idr)?\s*(-?[\d.,\s]*\d)\s*(?:,-)?\s*(?:rupiah)?\s*([a-z]*)\.?\s*(?:rupiah)?")
_TIMES = {
    "": 1,
    **dict.fromkeys(("ribu", "rb", "k"), 10**3),
    **dict.fromkeys(("juta", "jt", "million"), 10**6),
    **dict.fromkeys(("miliar", "milyar", "m", "billion"), 10**9),
}
_WHOLE = re.compile(r"-?\d{1,16}|-?\d{1,3}(?:([.,\s])\d{3})(?:\1\d{3})*")
_CENTS = re.compile(r"(.+)[.,](00?|0{2})")
_FRACTION = re.compile(r"(-?\d{1,6})[.,](\d{1,6})")
_HOW = N_("Tulis jumlahnya dengan angka, misalnya 1.500.000 atau 1,5 juta.")


def _parse(_field: Any, raw: Any, _today: date) -> int | Phrase | None:
    if isinstance(raw, bool):
        return UNREADABLE
    if isinstance(raw, int):
        return _bounded(Decimal(raw))
    if isinstance(raw, float):
        return _bounded(Decimal(str(raw)))
    text = plain(raw)
    if text is None:
        return UNREADABLE
    if not text:
        return None
    found = _SUM.fullmatch(text.replace("−", "-"))
    if found is None or found[2] not in _TIMES:
        return _HOW
    number, times = found[1].strip(), _TIMES[found[2]]
    if times == 1:
        without = _CENTS.fullmatch(number)
        if without and _WHOLE.fullmatch(without[1]):
            number = without[1]
        if not _WHOLE.fullmatch(number):
            return N_("Tulis dalam rupiah penuh, tanpa sen.") if _FRACTION.fullmatch(number) else _HOW
        return _bounded(Decimal(re.sub(r"[.,\s]", "", number)))
    if fraction := _FRACTION.fullmatch(number):
        return _bounded(Decimal(f"{fraction[1]}.{fraction[2]}") * times)
    return _bounded(Decimal(number) * times) if re.fullmatch(r"-?\d{1,9}", number) else _HOW


def _bounded(amount: Decimal) -> int | Phrase:
    if not amount.is_finite() or amount != amount.to_integral_value():
        return N_("Tulis dalam rupiah penuh, tanpa sen.")
    return int(amount) if abs(amount) <= LARGEST else N_("Angka ini terlalu besar. Periksa lagi.")


def _check(field: MoneyField, value: int, _situation: Situation) -> Iterator[Finding]:
    if field.minimum is not None and value < field.minimum:
        yield Finding(N_("Terlalu kecil. Paling sedikit {least}.", least=Money(field.minimum)))
    if field.maximum is not None and value > field.maximum:
        yield Finding(N_("Terlalu besar. Paling banyak {most}.", most=Money(field.maximum)))


def _show(_field: Any, value: Any, language: Language) -> str:
    return language.money(int(value))


MONEY: Kind[MoneyField] = Kind(_parse, _show, _check)
