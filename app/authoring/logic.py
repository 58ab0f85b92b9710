"""What conditions can come to: every combination of values that makes a difference to them.

A comparison only tells values apart at its bounds. So each operand gets the values at, before and after every
bound that it is compared with, within what its field lets through; what holds for all combinations of these
holds for all answers. Where there are more than `MOST` combinations, nothing is claimed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import product
from typing import Any, cast

from pydantic import BaseModel

from app.authoring.texts import Steps
from app.contract.citizen import Attribute, Me
from app.contract.condition_checks import type_of_concept, type_of_field
from app.contract.conditions import All, AnswerBound, Any_, Comparison, Condition, Not, RelativeDate
from app.contract.form import AnyField, ChoicesField, Form, RepeatField, inner_fields
from app.contract.text import Text
from app.forms.conditions import Situation, holds, shifted

MOST = 4096
MOST_WORK = 100_000
"""Comparisons that are made at most for one claim: a tenth of a second."""
TODAY = date(2026, 3, 4)
"""The day that relative bounds are seen from: any day does, as long as it is the same."""

CONDITION = (All, Any_, Not, Comparison)
_OTHER = "sesuatu yang lain"
_FEW_OPTIONS = 12


@dataclass(frozen=True, slots=True)
class Operand:
    """What is compared: a field (by its id), or a concept that the state may know."""

    kind: str
    name: str


@dataclass(slots=True)
class _Seen:
    """How an operand is used: what it (or each part of it) is compared with, and whether it is counted."""

    bounds: dict[str | None, list[Any]] = field(default_factory=dict[str | None, list[Any]])
    counts: list[int] = field(default_factory=list[int])


Values = Sequence[Any]
Choice = dict[Operand, Any]
"""One value for each operand; None: not answered, not known, or not there."""


def conditions_in(model: Any, steps: Steps = ()) -> Iterator[tuple[Steps, Condition]]:
    """Every condition of a model, wherever it stands, with the keys and positions that lead to it."""
    if isinstance(model, CONDITION):
        yield steps, model
    elif isinstance(model, BaseModel) and not isinstance(model, Text):
        for name, info in type(model).model_fields.items():
            yield from conditions_in(getattr(model, name), (*steps, info.alias or name))
    elif isinstance(model, list):
        for index, item in enumerate(cast("list[Any]", model)):
            yield from conditions_in(item, (*steps, index))


def comparisons(condition: Condition) -> Iterator[Comparison]:
    """The comparisons that a condition consists of."""
    match condition:
        case All():
            for one in condition.all:
                yield from comparisons(one)
        case Any_():
            for one in condition.any:
                yield from comparisons(one)
        case Not():
            yield from comparisons(condition.not_)
        case Comparison():
            yield condition


def fields_by_id(form: Form) -> dict[str, AnyField]:
    """Every field by its id, those inside sections too; of several with one id, the outermost."""
    found: dict[str, AnyField] = {}
    waiting: list[AnyField] = [f for page in form.pages for f in page.fields]
    while waiting:
        one = waiting.pop(0)
        found.setdefault(one.id, one)
        waiting += inner_fields(one)
    return found


class Domains:
    """The values of each operand of some conditions that make a difference to them."""

    def __init__(self, form: Form, conditions: Iterable[Condition]) -> None:
        self._fields = fields_by_id(form)
        self._seen: dict[Operand, _Seen] = {}
        for condition in conditions:
            for one in comparisons(condition):
                self._see(one)

    @property
    def operands(self) -> list[Operand]:
        """The operands, in the order that they are first named in."""
        return list(self._seen)

    def values(self, operand: Operand) -> list[Any]:
        """The values of `operand` that differ, without None."""
        seen = self._seen[operand]
        asked = self._fields.get(operand.name) if operand.kind == "field" else None
        if seen.counts and asked is not None:
            return _counted(asked, seen.counts)
        parts = {part: bounds for part, bounds in seen.bounds.items() if part is not None}
        if parts:
            choices = [[(part, value) for value in _like(bounds)] for part, bounds in parts.items()]
            return [_nested(dict(chosen)) for chosen in product(*choices)]
        bounds = seen.bounds.get(None, [])
        if asked is None:
            return _of_concept(operand, bounds)
        return _of_field(asked, bounds)

    def _see(self, one: Comparison) -> None:
        (_, wanted), *_ = one.tests.items()
        kind = "concept" if one.concept is not None else "field"
        operand = Operand(kind, one.concept or one.field or one.count or "")
        seen = self._seen.setdefault(operand, _Seen())
        bounds = list(cast("list[Any]", wanted)) if isinstance(wanted, list) else [wanted]
        if isinstance(wanted, bool) and one.answered is not None:
            bounds = []
        if isinstance(wanted, AnswerBound):
            other = self._seen.setdefault(Operand("field", wanted.field), _Seen())
            base: Any = TODAY if self._is_date(wanted.field, wanted.part) else 10
            other.bounds.setdefault(wanted.part, []).append(base)
            bounds = [shifted(base, wanted) if isinstance(base, date) else base]
        if one.count is not None:
            seen.counts += [int(b) for b in bounds if isinstance(b, int | float)] or [1]
        else:
            seen.bounds.setdefault(one.part, []).extend(bounds)

    def _is_date(self, name: str, part: str | None) -> bool:
        asked = self._fields.get(name)
        if asked is None or asked.type == "text":
            return False
        return "date" in asked.type or "date" in (part or "")


def choices(domains: Domains, missing: Iterable[Operand], cost: int) -> Iterator[Choice] | None:
    """Every combination of values, or None where there are too many (`MOST`, `MOST_WORK`).

    Operands of `missing` may be without a value as well. `cost`: comparisons that each of them is tried on.
    """
    may_miss = set(missing)
    operands = domains.operands
    values = [
        [*domains.values(operand), *([None] if operand in may_miss else [])] or [None] for operand in operands
    ]
    total = 1
    for one in values:
        total *= len(one)
    if total > MOST or total * cost > MOST_WORK:
        return None
    return (dict(zip(operands, chosen, strict=True)) for chosen in product(*values))


def situation(chosen: Mapping[Operand, Any]) -> Situation:
    """What conditions see for a combination of values."""
    known = [
        Attribute.model_construct(
            concept=operand.name, value=value, source="", source_title=Text({"id": "-"}), as_of=TODAY
        )
        for operand, value in chosen.items()
        if operand.kind == "concept" and value is not None
    ]
    answers = {o.name: v for o, v in chosen.items() if o.kind == "field" and v is not None}
    return Situation(Me.model_construct(subject="", attributes=known), TODAY, answers)


def outcomes(condition: Condition, form: Form, missing: Iterable[Operand]) -> set[bool | None]:
    """What `condition` can come to; nothing where that cannot be told."""
    if any(one.where is not None for one in comparisons(condition)):
        return set()  # what entries hold is not tried out
    domains = Domains(form, [condition])
    combinations = choices(domains, missing, sum(1 for _ in comparisons(condition)))
    if combinations is None:
        return set()
    found: set[bool | None] = set()
    for chosen in combinations:
        found.add(holds(condition, situation(chosen)))
        if len(found) == 3:
            break
    return found


def _nested(parts: Mapping[str | None, Any]) -> dict[str, Any]:
    """`{"food.amount": 1}` as `{"food": {"amount": 1}}`."""
    whole: dict[str, Any] = {}
    for path, value in parts.items():
        *above, last = (path or "").split(".")
        place = whole
        for step in above:
            place = place.setdefault(step, {})
        place[last] = value
    return whole


def _counted(asked: AnyField, counts: list[int]) -> list[Any]:
    lengths = sorted({max(0, n + d) for n in counts for d in (-1, 0, 1)})
    if isinstance(asked, ChoicesField):
        options = [option.value for option in asked.options]
        return [options[:n] for n in lengths if 0 < n <= len(options)]
    low, high = 0, 1_000
    if isinstance(asked, RepeatField):
        low, high = asked.minimum, asked.maximum
    return [[{"_": 1}] * n for n in lengths if low <= n <= high and n > 0]


def _of_concept(operand: Operand, bounds: list[Any]) -> list[Any]:
    try:
        kind = type_of_concept(operand.name, None)
    except KeyError:
        kind = None
    if isinstance(kind, frozenset):
        return sorted(kind)
    if kind == "boolean":
        return [True, False]
    return _like(bounds)


def _of_field(asked: AnyField, bounds: list[Any]) -> list[Any]:
    kind = type_of_field(asked)
    if isinstance(kind, frozenset):
        return _of_options(asked, sorted(kind), bounds)
    match kind:
        case "boolean":
            return [True] if asked.type == "declaration" else [True, False]
        case "number":
            least, most = getattr(asked, "minimum", None), getattr(asked, "maximum", None)
            fine = asked.type not in ("integer", "money")
            found = _around_numbers([b for b in bounds if isinstance(b, int | float)], fine=fine)
            kept = [n for n in found if (least is None or n >= least) and (most is None or n <= most)]
            return kept or [least if least is not None else (most if most is not None else 1)]
        case "date":
            return _of_dates(asked, bounds)
        case "text":
            return [*dict.fromkeys(str(b) for b in bounds if isinstance(b, str)), _OTHER]
        case "none":
            return []
        case _:
            return [{"_": 1}] if kind == "structure" else [[{"_": 1}]]


def _of_options(asked: AnyField, words: list[str], bounds: list[Any]) -> list[Any]:
    named = [b for b in bounds if b in words]
    told = words if len(words) <= _FEW_OPTIONS else [*named, *[w for w in words if w not in named][:1]]
    if isinstance(asked, ChoicesField):
        return [[w] for w in told] + [told]
    return list(dict.fromkeys(told))


def _of_dates(asked: AnyField, bounds: list[Any]) -> list[str]:
    earliest, latest = _day(getattr(asked, "earliest", None)), _day(getattr(asked, "latest", None))
    days = _around_dates(bounds)
    kept = [d for d in days if (earliest is None or d >= earliest) and (latest is None or d <= latest)]
    return [d.isoformat() for d in kept or [latest or earliest or TODAY]]


def _like(bounds: list[Any]) -> list[Any]:
    """Values around bounds whose type only they tell."""
    days = [b for b in bounds if isinstance(b, date | RelativeDate)]
    numbers = [b for b in bounds if isinstance(b, int | float) and not isinstance(b, bool)]
    found: list[Any] = [d.isoformat() for d in _around_dates(days)] if days else []
    found += _around_numbers(numbers, fine=True) if numbers else []
    found += [True, False] if any(isinstance(b, bool) for b in bounds) else []
    found += [b for b in bounds if isinstance(b, str)]
    return [*dict.fromkeys(found), _OTHER] if not (days or numbers or True in found) else found


def _around_numbers(bounds: list[int | float], *, fine: bool) -> list[int | float]:
    steps = (-1, -0.01, 0, 0.01, 1) if fine else (-1, 0, 1)
    return sorted({b + step for b in bounds for step in steps})


def _around_dates(bounds: list[Any]) -> list[date]:
    days = {d for b in bounds if (d := _day(b)) is not None}
    return sorted({d + timedelta(days=shift) for d in days for shift in (-1, 0, 1)})


def _day(bound: Any) -> date | None:
    match bound:
        case RelativeDate():
            return shifted(TODAY, bound.today)
        case date():
            return bound
        case str():
            try:
                return date.fromisoformat(bound)
            except ValueError:
                return None
        case _:
            return None
