"""Values that follow from other answers: computed ones, and what is to be paid."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from app.contract.form import ComputedField, PaymentField
from app.contract.language import Language
from app.contract.phrase import N_, Phrase
from app.forms.conditions import Situation, applies
from app.forms.expressions import as_json, evaluate
from app.forms.kinds.kind import UNREADABLE, Finding, Kind, clean_line
from app.forms.received import mapping

METHODS = {
    "qris": N_("QRIS"),
    "bank_transfer": N_("Transfer bank (virtual account)"),
    "counter": N_("Loket pembayaran (minimarket atau kantor pos)"),
}
"""Ways to pay, in words."""


def amount_of(field: PaymentField, situation: Situation) -> int | None:
    """What is to be paid, in whole rupiah: worked out, or the costs that apply; None: not known yet."""
    if field.amount is None:
        return sum(cost.amount for cost in situation.costs if applies(cost.when, situation))
    found = evaluate(field.amount, situation)
    return _whole(found) if isinstance(found, Decimal) else None


def _whole(number: Decimal) -> int:
    return int(number.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def _asked(field: PaymentField, situation: Situation) -> bool:
    return amount_of(field, situation) != 0


def _parse_payment(_field: Any, raw: Any, _today: date) -> dict[str, Any] | Phrase | None:
    method = raw if isinstance(raw, str) else (mapping(raw) or {}).get("method")
    text = clean_line(method)
    if text is None:
        return UNREADABLE
    return {"method": text} if text else None


def _settle_payment(field: PaymentField, value: Any, situation: Situation) -> Any:
    if value is None:
        return None
    amount = amount_of(field, situation)
    return value if amount is None else {**value, "amount": amount}


def _check_payment(field: PaymentField, value: dict[str, Any], situation: Situation) -> Iterator[Finding]:
    offered = {m.value for m in field.methods if applies(m.when, situation)}
    if value["method"] not in offered:
        yield Finding(N_("Pilih cara membayarnya."))
    amount = amount_of(field, situation)
    if amount is None or amount < 0:
        yield Finding(N_("Jumlahnya belum dapat dihitung. Lengkapi isian sebelumnya, lalu kembali ke sini."))


def _show_payment(_field: Any, value: Any, language: Language) -> str:
    method = language.say(METHODS[value["method"]])
    amount = value.get("amount")
    return method if amount is None else f"{language.money(amount)}, {method}"


def _parse_computed(_field: Any, raw: Any, _today: date) -> Any:
    # Whatever was sent, the value is worked out anew; it is never believed.
    return raw if isinstance(raw, int | str) and not isinstance(raw, bool) else None


def _settle_computed(field: ComputedField, _value: Any, situation: Situation) -> Any:
    found = evaluate(field.value, situation)
    if found is None or (field.shown_as == "date") != isinstance(found, date):
        return None
    if field.shown_as == "money" and isinstance(found, Decimal):
        found = Decimal(_whole(found))
    return as_json(found)


def _show_computed(field: ComputedField, value: Any, language: Language) -> str:
    match field.shown_as:
        case "money":
            return language.money(int(value))
        case "date":
            return language.date(date.fromisoformat(value))
        case _:
            number = Decimal(str(value))
            whole = number == number.to_integral_value()
            written = language.number(int(number)) if whole else _decimal(number, language)
            if field.shown_as == "percentage":
                return f"{written}%"
            return f"{written} {language.say(field.unit)}" if field.unit else written


def _decimal(number: Decimal, language: Language) -> str:
    return format(number, "f").replace(".", language.number(0.5)[1])


PAYMENT: Kind[PaymentField] = Kind(
    _parse_payment,
    _show_payment,
    _check_payment,
    missing=N_("Pilih cara membayarnya."),
    asked=_asked,
    settle=_settle_payment,
)
COMPUTED: Kind[ComputedField] = Kind(_parse_computed, _show_computed, settle=_settle_computed, derived=True)
