"""Whether a condition holds.

Three-valued, after Kleene: a comparison whose operand has no answer is neither true nor false but *unknown*
(None), and so is what depends on it: `not` of unknown is unknown, `all` is false as soon as one is false,
`any` is true as soon as one is true. Only `answered` is always known. Who asks decides what unknown means:

- `when` (a page, field, option, requirement or cost applies): only where the condition is true;
- `valid_if` and `where` (an answer is wrong): only where the condition is false. A missing answer is
  reported by itself, not twice.

A comparison of different types (a text with a number) is unknown too: a definition that came over the network
never crashes the app; `app.contract.source` refuses it where it is written.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from app.contract.citizen import Me
from app.contract.conditions import All, Any_, Comparison, Condition, Not, RelativeDate, Today
from app.forms.received import items, mapping

Ordered = Decimal | date
_TESTS: dict[str, Callable[[Any, Any], bool]] = {
    "less_than": lambda a, b: a < b,
    "at_most": lambda a, b: a <= b,
    "more_than": lambda a, b: a > b,
    "at_least": lambda a, b: a >= b,
    "before": lambda a, b: a < b,
    "after": lambda a, b: a > b,
}


@dataclass(frozen=True, slots=True)
class Situation:
    """What conditions are asked about: readable answers by field id, the citizen's attributes, the day.

    `entry` holds the answers of one entry of a repeating section; they come before those of the form.
    `me` must already be limited to what the service may read (`prefill.permitted`).
    """

    me: Me
    today: date
    values: Mapping[str, Any] = field(default_factory=dict[str, Any])
    entry: Mapping[str, Any] | None = None

    def within(self, entry: Mapping[str, Any]) -> Situation:
        """This situation, seen from one entry of a repeating section."""
        return replace(self, entry=entry)


def holds(condition: Condition, situation: Situation) -> bool | None:
    """True, False, or None where an answer that decides it is missing."""
    match condition:
        case All():
            return _all([holds(c, situation) for c in condition.all])
        case Any_():
            outcome = _all([_not(holds(c, situation)) for c in condition.any])
            return _not(outcome)
        case Not():
            return _not(holds(condition.not_, situation))
        case Comparison():
            return _compare(condition, situation)


def applies(condition: Condition | None, situation: Situation) -> bool:
    """Whether something with `when: condition` applies: no condition, or a true one."""
    return condition is None or holds(condition, situation) is True


def day(bound: Any, today: date) -> date | None:
    """The calendar day that a bound names, or None where it is no day.

    Months and years are added first (a day that the month lacks becomes its last one), then days.
    """
    if isinstance(bound, RelativeDate):
        return _shifted(bound.today, today)
    return bound if isinstance(bound, date) else None


def _shifted(shift: Today, today: date) -> date:
    months = today.year * 12 + (today.month - 1) + shift.months + shift.years * 12
    year, month = divmod(months, 12)
    try:
        last = calendar.monthrange(year, month + 1)[1]
        return date(year, month + 1, min(today.day, last)) + timedelta(days=shift.days)
    except (ValueError, OverflowError):
        return date.max if months > today.year * 12 else date.min


def _all(outcomes: list[bool | None]) -> bool | None:
    if False in outcomes:
        return False
    return None if None in outcomes else True


def _not(outcome: bool | None) -> bool | None:
    return None if outcome is None else not outcome


def _operand(comparison: Comparison, situation: Situation) -> Any:
    value: Any
    if comparison.count is not None:
        return len(items(situation.values.get(comparison.count)) or ())
    if comparison.concept is not None:
        attribute = situation.me.get(comparison.concept)
        value = attribute.value if attribute else None
    else:
        name = comparison.field or ""
        around = situation.values if situation.entry is None else {**situation.values, **situation.entry}
        value = around.get(name)
    if comparison.part is not None:
        value = (mapping(value) or {}).get(comparison.part)
    return None if value in (None, "", [], {}) else value


def _compare(comparison: Comparison, situation: Situation) -> bool | None:
    (test, wanted), *_ = comparison.tests.items()
    value = _operand(comparison, situation)
    if test == "answered":
        return (value is not None) == wanted
    if value is None:
        return None
    match test:
        case "equals":
            return _same(value, wanted)
        case "differs":
            return _not(_same(value, wanted))
        case "among":
            return any(_same(value, one) for one in wanted)
        case _:
            left, right = _ordered(value), _bound(wanted, situation.today)
            if left is None or right is None or isinstance(left, date) != isinstance(right, date):
                return None
            return _TESTS[test](left, right)


def _same(value: Any, wanted: Any) -> bool:
    """Equality by meaning: true is not 1, 2 is 2.0, and one of several choices is enough."""
    if (several := items(value)) is not None:
        return any(_same(one, wanted) for one in several)
    if isinstance(value, bool) or isinstance(wanted, bool):
        return value is wanted
    if isinstance(wanted, int | float) and isinstance(value, str):
        return _ordered(value) == _ordered(wanted)
    return bool(value == wanted)


def _ordered(value: Any) -> Ordered | None:
    """A value that has an order: numbers (also in decimal notation) and ISO dates."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        number = Decimal(str(value))
        return number if number.is_finite() else None
    if not isinstance(value, str):
        return None
    try:
        return date.fromisoformat(value) if len(value) == 10 and value[4] == "-" else _finite(Decimal(value))
    except (ValueError, InvalidOperation):
        return None


def _finite(number: Decimal) -> Decimal | None:
    return number if number.is_finite() else None


def _bound(wanted: Any, today: date) -> Ordered | None:
    return day(wanted, today) or _ordered(wanted)
