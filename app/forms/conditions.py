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
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from app.contract.citizen import Me
from app.contract.conditions import (
    All,
    AnswerBound,
    Any_,
    Comparison,
    Condition,
    Not,
    RelativeDate,
    Today,
)
from app.forms.received import items, mapping, mappings

if TYPE_CHECKING:
    from app.contract.definition import Cost

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

    `entry` holds the answers of one entry of a repeating section, or of one row of a grid; they come before
    those of the form. `me` must already be limited to what the service may read (`prefill.permitted`).
    `costs` are those of the service, for what is to be paid.
    """

    me: Me
    today: date
    values: Mapping[str, Any] = field(default_factory=dict[str, Any])
    entry: Mapping[str, Any] | None = None
    costs: Sequence[Cost] = ()

    def answer(self, name: str, part: str | None = None) -> Any:
        """The answer of a field, or the part of it at `part` (`sex`, `food.amount`); None where missing."""
        here = self.entry is not None and name in self.entry
        value: Any = self.entry[name] if here and self.entry is not None else self.values.get(name)
        for step in part.split(".") if part else ():
            value = (mapping(value) or {}).get(step)
        return None if value in (None, "", [], {}) else value

    def attribute(self, concept: str, part: str | None = None) -> Any:
        """What the state knows of the citizen, or the part of it at `part`; None where missing."""
        known = self.me.get(concept)
        value: Any = known.value if known else None
        for step in part.split(".") if part else ():
            value = (mapping(value) or {}).get(step)
        return None if value in (None, "", [], {}) else value

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


def day(bound: Any, situation: Situation) -> date | None:
    """The calendar day that a bound names, or None where it names none (a number, a missing answer)."""
    found = _bound(bound, situation)
    return found if isinstance(found, date) else None


def shifted(start: date, shift: Today | AnswerBound) -> date:
    """`start` moved: months and years first (a day that the month lacks becomes its last one), then days."""
    months = start.year * 12 + (start.month - 1) + shift.months + shift.years * 12
    year, month = divmod(months, 12)
    try:
        last = calendar.monthrange(year, month + 1)[1]
        return date(year, month + 1, min(start.day, last)) + timedelta(days=shift.days)
    except (ValueError, OverflowError):
        return date.max if months > start.year * 12 else date.min


def _all(outcomes: list[bool | None]) -> bool | None:
    if False in outcomes:
        return False
    return None if None in outcomes else True


def _not(outcome: bool | None) -> bool | None:
    return None if outcome is None else not outcome


def _operand(comparison: Comparison, situation: Situation) -> Any:
    if comparison.count is not None:
        return how_many(comparison.count, comparison.where, situation)
    if comparison.concept is not None:
        return situation.attribute(comparison.concept, comparison.part)
    return situation.answer(comparison.field or "", comparison.part)


def how_many(name: str, where: Condition | None, situation: Situation) -> int:
    """How many things the answer of `name` has; where a `where` is given, how many it is true of."""
    value = situation.answer(name)
    if where is None:
        return len(items(value) or mapping(value) or ())
    return len(parts_where(value, where, situation))


def parts_where(value: Any, where: Condition | None, situation: Situation) -> list[Mapping[str, Any]]:
    """The entries of a repeating section, or the rows of a grid, of which `where` is true."""
    rows = mapping(value)
    parts = mappings(value if rows is None else list(rows.values()))
    return [one for one in parts if applies(where, situation.within(one))]


def _compare(comparison: Comparison, situation: Situation) -> bool | None:
    (test, wanted), *_ = comparison.tests.items()
    value = _operand(comparison, situation)
    if test == "answered":
        return (value is not None) == wanted
    if value is None:
        return None
    if isinstance(wanted, AnswerBound) and test in ("equals", "differs"):
        wanted = situation.answer(wanted.field, wanted.part)
        if wanted is None:
            return None
    match test:
        case "equals":
            return _same(value, wanted)
        case "differs":
            return _not(_same(value, wanted))
        case "among":
            return any(_same(value, one) for one in wanted)
        case _:
            left, right = ordered(value), _bound(wanted, situation)
            if left is None or right is None or isinstance(left, date) != isinstance(right, date):
                return None
            return _TESTS[test](left, right)


def _same(value: Any, wanted: Any) -> bool:
    """Equality by meaning: true is not 1, 2 is 2.0, and one of several choices is enough."""
    if (several := items(value)) is not None:
        return any(_same(one, wanted) for one in several)
    if isinstance(value, bool) or isinstance(wanted, bool):
        return value is wanted
    if isinstance(value, str) and (isinstance(wanted, int | float) or _is_month(value)):
        return ordered(value) == ordered(wanted)
    return bool(value == wanted)


def ordered(value: Any) -> Ordered | None:
    """A value that has an order: numbers (also in decimal notation), ISO dates, and months by their first
    day."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        number = Decimal(str(value))
        return number if number.is_finite() else None
    if not isinstance(value, str):
        return None
    try:
        if _is_month(value):
            return date.fromisoformat(f"{value}-01")
        return date.fromisoformat(value) if len(value) == 10 and value[4] == "-" else _finite(Decimal(value))
    except (ValueError, InvalidOperation):
        return None


def _is_month(text: str) -> bool:
    return len(text) == 7 and text[4] == "-"


def _finite(number: Decimal) -> Decimal | None:
    return number if number.is_finite() else None


def _bound(wanted: Any, situation: Situation) -> Ordered | None:
    match wanted:
        case RelativeDate():
            return shifted(situation.today, wanted.today)
        case AnswerBound():
            found = ordered(situation.answer(wanted.field, wanted.part))
            return shifted(found, wanted) if isinstance(found, date) else found
        case date():
            return wanted
        case _:
            return ordered(wanted)
