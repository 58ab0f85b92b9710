"""What an expression comes to: a whole number, a decimal as text, an ISO date, or nothing.

Numbers are exact (`decimal`). Never raises, whatever the answers are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, DivisionByZero, InvalidOperation, localcontext
from typing import Any

from app.contract import expressions as e
from app.contract.conditions import RelativeDate, Today
from app.contract.expressions import Expression
from app.forms.conditions import Ordered, Situation, applies, how_many, ordered, parts_where, shifted

_MOST_DIGITS = 28
LARGEST = 2**53 - 1
"""Beyond it JSON has no exact integers (RFC 7493)."""


def worked_out(expression: Expression, situation: Situation) -> int | str | None:
    """What `expression` comes to, as a JSON value; None where an answer that it needs is missing."""
    found = evaluate(expression, situation)
    return None if found is None else as_json(found)


def as_json(value: Ordered) -> int | str | None:
    """A number or a day as an answer holds it; None where the number is too large to be exact."""
    if isinstance(value, date):
        return value.isoformat()
    if abs(value) > LARGEST:
        return None
    if value == value.to_integral_value():
        return int(value)
    return format(value.normalize(), "f")


def evaluate(expression: Expression, situation: Situation) -> Ordered | None:
    """What `expression` comes to, as a number or a day."""
    with localcontext() as context:
        context.prec = _MOST_DIGITS
        try:
            return _value(expression, situation)
        except (InvalidOperation, DivisionByZero, OverflowError, ValueError):
            return None


def years_between(start: date, end: date) -> int:
    """Whole years from one day to another; 29 February comes on 1 March in years that lack it."""
    return end.year - start.year - ((end.month, end.day) < (start.month, start.day))


def _value(expression: Expression, situation: Situation) -> Ordered | None:
    def inner(one: Expression) -> Ordered | None:
        return _value(one, situation)

    match expression:
        case int() | float() | date():
            return ordered(expression) if not isinstance(expression, date) else expression
        case e.Answered():
            return ordered(situation.answer(expression.field, expression.part))
        case e.Known():
            return ordered(situation.attribute(expression.concept, expression.part))
        case RelativeDate():
            return shifted(situation.today, expression.today)
        case e.Count():
            return Decimal(how_many(expression.count, expression.where, situation))
        case e.Total():
            parts = parts_where(situation.answer(expression.total), expression.where, situation)
            return _sum(ordered(one.get(expression.of)) for one in parts) or Decimal(0)
        case e.Sum():
            return _sum(inner(one) for one in expression.sum)
        case e.Product():
            return _product([inner(one) for one in expression.product])
        case e.Difference():
            return _numbers(expression.difference, inner, lambda a, b: a - b)
        case e.Quotient():
            return _numbers(expression.quotient, inner, lambda a, b: _divided(a, b, expression.decimals))
        case e.Least():
            return _chosen(min, (inner(one) for one in expression.least))
        case e.Most():
            return _chosen(max, (inner(one) for one in expression.most))
        case e.Between():
            start, end = (inner(one) for one in expression.between)
            return _between(start, end, expression.unit)
        case e.Age():
            born = inner(expression.age)
            day = situation.today if expression.on is None else inner(expression.on)
            return _between(born, day, "years")
        case e.Shifted():
            start = inner(expression.shifted)
            shift = Today(days=expression.days, months=expression.months, years=expression.years)
            return shifted(start, shift) if isinstance(start, date) else None
        case e.Cases():
            for case in expression.cases:
                if applies(case.when, situation):
                    return inner(case.value)
            return None if expression.otherwise is None else inner(expression.otherwise)


def _sum(given: Iterable[Ordered | None]) -> Decimal | None:
    numbers = [one for one in given if isinstance(one, Decimal)]
    return sum(numbers, Decimal(0)) if numbers else None


def _product(given: list[Ordered | None]) -> Decimal | None:
    result = Decimal(1)
    for one in given:
        if not isinstance(one, Decimal):
            return None
        result *= one
    return result


def _numbers(
    pair: list[Expression],
    inner: Callable[[Expression], Ordered | None],
    operation: Callable[[Decimal, Decimal], Decimal | None],
) -> Decimal | None:
    first, second = (inner(one) for one in pair)
    if not isinstance(first, Decimal) or not isinstance(second, Decimal):
        return None
    return operation(first, second)


def _divided(first: Decimal, second: Decimal, decimals: int) -> Decimal | None:
    if not second:
        return None
    return (first / second).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def _chosen(choose: Callable[[list[Any]], Any], given: Iterable[Ordered | None]) -> Ordered | None:
    found = [one for one in given if one is not None]
    if not found or len({isinstance(one, date) for one in found}) > 1:
        return None
    return choose(found)


def _between(start: Ordered | None, end: Ordered | None, unit: str) -> Decimal | None:
    if not isinstance(start, date) or not isinstance(end, date):
        return None
    if unit == "days":
        return Decimal((end - start).days)
    if unit == "years":
        return Decimal(years_between(start, end))
    return Decimal((end.year - start.year) * 12 + end.month - start.month - (end.day < start.day))
