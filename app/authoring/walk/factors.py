"""What makes a difference to a form: the fields and attributes that conditions look at, and how they differ.

A *factor* is one of them. Its *cases* are the ways in which its comparisons can come out: a date that is only
compared with sixty days ago has two, on this side and on the other. What holds in a case holds for every
answer of that case, so that the combinations of cases are all there are.

A factor *decides* where pages, fields, options or exits hang on it, or whether there is something to pay.
The others only vary: warnings, rules across answers, what costs, and what the state knows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import product
from random import Random
from typing import Any, cast

from app.authoring.logic import Operand, comparisons, conditions_in
from app.authoring.texts import Steps
from app.authoring.walk.citizens import Citizen, values_known
from app.authoring.walk.samples import Hints, Wanted, answers_for
from app.contract import expressions
from app.contract.conditions import AnswerBound, Comparison, Condition, RelativeDate, Today
from app.contract.definition import ServiceDefinition
from app.contract.form import (
    AnyField,
    ComputedField,
    FieldBase,
    GridField,
    NikField,
    PaymentField,
    PersonField,
    RepeatField,
    StudentNumberField,
    inner_fields,
)
from app.contract.naming import models_in
from app.contract.phrase import Phrase
from app.forms import kinds
from app.forms.conditions import Situation, day, holds, ordered, shifted

Outcome = tuple[bool | None, ...]
_MOST_RELATIVE = 3
"""Comparisons of one field with other answers of which every combination is a case; the rest are taken as
they come."""


@dataclass(frozen=True, slots=True)
class Case:
    """One way in which the comparisons of a factor come out.

    `value`: of an attribute what the register says (None: it knows nothing), of a repeating section how many
    entries; of a field an answer like it.
    """

    outcome: Outcome
    value: Any


@dataclass(frozen=True, slots=True)
class Factor:
    """Something that makes a difference, with its cases: two or more."""

    operand: Operand
    tests: tuple[Comparison, ...]
    cases: tuple[Case, ...]
    decides: bool

    @property
    def name(self) -> str:
        """The field or concept, as authors write it."""
        return self.operand.name


@dataclass(slots=True)
class Differences:
    """All that makes a difference in one form. `inner` holds the comparisons of fields inside entries, by
    their section and name; `looked_at` the fields that any condition or expression looks at."""

    factors: list[Factor]
    hints: dict[str, tuple[Comparison, ...]]
    inner: dict[tuple[str, str], tuple[Comparison, ...]]
    looked_at: frozenset[str]

    def of(self, kind: str, name: str) -> Factor | None:
        """The factor of a field (or concept) called `name`, if it is one."""
        return next((f for f in self.factors if f.operand == Operand(kind, name)), None)


@dataclass(slots=True)
class _Tests:
    deciding: list[Comparison] = field(default_factory=list[Comparison])
    varying: list[Comparison] = field(default_factory=list[Comparison])

    @property
    def all(self) -> tuple[Comparison, ...]:
        return _once([*self.deciding, *self.varying])


def differences(definition: ServiceDefinition, citizen: Citizen, today: date) -> Differences:
    """What makes a difference in the form of `definition` to a citizen."""
    found = _Collected(definition)
    for steps, condition in conditions_in(definition):
        if steps[0] != "requirements":  # what is to be brought changes nothing in the form
            found.condition(steps, condition)
    factors: list[Factor] = []
    for concept in citizen.readable:
        tests = found.tests.get(Operand("concept", concept), _Tests())
        cases = _cases_of_concept(concept, tests.all, citizen, today)
        factors.append(Factor(Operand("concept", concept), tests.all, cases, bool(tests.deciding)))
    situation = Situation(citizen.me({}), today)
    for asked in found.fields.values():
        operand = Operand("field", asked.id)
        tests = found.tests.get(operand, _Tests())
        if not tests.all and not isinstance(asked, RepeatField):
            continue
        # What decides is told apart by that alone; warnings of the same field come along as they come.
        used = _once(tests.deciding) or tests.all
        cases = _cases_of_field(asked, used, situation)
        factors.append(Factor(operand, used, cases, bool(tests.deciding)))
    hints = {o.name: tests.all for o, tests in found.tests.items() if o.kind == "field"}
    inner = {place: _once(tests) for place, tests in found.inner.items()}
    looked_at = frozenset(found.looked_at())
    return Differences([f for f in factors if len(f.cases) > 1], hints, inner, looked_at)


def _once(tests: Iterable[Comparison]) -> tuple[Comparison, ...]:
    """Each comparison once: one with a list in it cannot be a key."""
    found: list[Comparison] = []
    for test in tests:
        if test not in found:
            found.append(test)
    return tuple(found)


def outcome(tests: Iterable[Comparison], situation: Situation) -> Outcome:
    """How comparisons come out."""
    return tuple(holds(test, situation) for test in tests)


def fits(case: Case, factor: Factor, situation: Situation) -> bool:
    """Whether the comparisons come out as in `case`. One that cannot be told yet counts as true."""
    came = outcome(factor.tests, situation)
    return all(
        real is want or (real is None and want is True and _is_relative(test))
        for real, want, test in zip(came, case.outcome, factor.tests, strict=True)
    )


def hints_for(name: str, tests: Iterable[Comparison], situation: Situation) -> Hints:
    """The values that comparisons of the field `name` turn at, seen from the answers of now."""
    values: dict[str | None, list[Any]] = {}
    counts: list[int] = []
    for test in tests:
        (kind, wanted), *_ = test.tests.items()
        if kind == "answered":
            continue
        if test.count == name:
            counts += [int(wanted)] if isinstance(wanted, int | float) else []
        elif test.field == name:
            several = cast("list[Any]", wanted) if isinstance(wanted, list) else [wanted]
            values.setdefault(test.part, []).extend(_bound(one, situation) for one in several)
        elif isinstance(wanted, AnswerBound) and wanted.field == name:
            values.setdefault(wanted.part, []).append(_turned_round(test, wanted, situation))
    said = {part: [v for v in found if v is not None] for part, found in values.items()}
    return Hints(said, counts)


def _bound(wanted: Any, situation: Situation) -> Any:
    if isinstance(wanted, AnswerBound):
        other = situation.answer(wanted.field, wanted.part)
        found = ordered(other)
        return shifted(found, wanted) if isinstance(found, date) else (found if found is not None else other)
    return day(wanted, situation) or wanted


def _turned_round(test: Comparison, bound: AnswerBound, situation: Situation) -> Any:
    """Where the right side of a comparison turns: the left side, moved the other way."""
    if test.concept is not None:
        left = situation.attribute(test.concept, test.part)
    else:
        left = situation.answer(test.field or "", test.part)
    found = ordered(left)
    if not isinstance(found, date):
        return found if found is not None else left
    return shifted(found, Today(days=-bound.days, months=-bound.months, years=-bound.years))


def _is_relative(test: Comparison) -> bool:
    return any(isinstance(wanted, AnswerBound) for wanted in test.tests.values())


class _Collected:
    """The comparisons of a definition, each at the operand that is answered last of those it looks at."""

    def __init__(self, definition: ServiceDefinition) -> None:
        self.definition = definition
        self.fields = {f.id: f for page in definition.form.pages for f in page.fields}
        self.order = {name: index for index, name in enumerate(self.fields)}
        self.tests: dict[Operand, _Tests] = {}
        self.inner: dict[tuple[str, str], list[Comparison]] = {}
        self.pays = any(isinstance(f, PaymentField) and f.amount is None for f in self.fields.values())

    def condition(self, steps: Steps, condition: Condition) -> None:
        around = self._field_at(steps)
        inside = {f.id for f in inner_fields(around)} if around is not None and len(steps) > 6 else set[str]()
        decides = self._decides(steps)
        for test in comparisons(condition):
            name = test.field or test.count
            if around is not None and name in inside and "fields" in steps[5:]:
                self.inner.setdefault((around.id, name), []).append(test)
            elif around is not None and self._constrains(steps, around, name):
                continue
            else:
                self._add(test, decides=decides)

    def looked_at(self) -> Iterator[str]:
        """The fields that any condition, expression, template or agreement of numbers names."""
        for page in self.definition.form.pages:
            for one in (*page.exits, page):
                yield from _named(one)
        for cost in self.definition.costs:
            yield from _named(cost)

    def _field_at(self, steps: Steps) -> AnyField | None:
        if len(steps) > 5 and steps[0] == "form" and steps[3] == "fields":
            return self.definition.form.pages[cast("int", steps[2])].fields[cast("int", steps[4])]
        return None

    def _decides(self, steps: Steps) -> bool:
        if steps[0] == "costs":
            return self.pays
        return steps[0] == "form" and not {"checks", "where", "value"} & set(steps)

    @staticmethod
    def _constrains(steps: Steps, around: AnyField, name: str | None) -> bool:
        """Whether a comparison only says what an answer must be: every answer that is made keeps to it."""
        if "where" in steps:
            return name in ("person", around.id)
        if "checks" in steps and name == around.id and isinstance(around, FieldBase):
            return not around.checks[cast("int", steps[steps.index("checks") + 1])].warning
        return False

    def _add(self, test: Comparison, *, decides: bool) -> None:
        name = test.field or test.count
        asked = self.fields.get(name or "")
        if isinstance(asked, ComputedField):
            for one in _inputs(asked.value):
                if one not in self.fields or self.fields[one].type == asked.type:
                    continue
                self._put(
                    Operand("field", one), test.model_copy(update={"field": one, "part": None}), decides
                )
            return
        own = Operand("concept", test.concept) if test.concept else Operand("field", name or "")
        (_, wanted), *_ = test.tests.items()
        if isinstance(wanted, AnswerBound):
            other = Operand("field", wanted.field)
            last = max(own, other, key=self._when)
            if last is other and wanted.years:
                # Ages on a day to come: what is answered first tells them apart by itself.
                self._put(own, _seen_today(test, wanted), decides)
            else:
                self._put(last, test, decides)
        else:
            self._put(own, test, decides)

    def _when(self, operand: Operand) -> int:
        return self.order.get(operand.name, -1) if operand.kind == "field" else -1

    def _put(self, operand: Operand, test: Comparison, decides: bool) -> None:
        tests = self.tests.setdefault(operand, _Tests())
        (tests.deciding if decides else tests.varying).append(test)


def _seen_today(test: Comparison, bound: AnswerBound) -> Comparison:
    (name, _), *_ = test.tests.items()
    # A year's room, in which the day to come may lie.
    moved = Today(days=bound.days, months=bound.months, years=bound.years + 1)
    return test.model_copy(update={name: RelativeDate(today=moved)})


def _inputs(expression: Any) -> Iterator[str]:
    """The fields that an expression is worked out from."""
    return (model.field for model in models_in(expression) if isinstance(model, expressions.Answered))


def _named(part: Any) -> Iterator[str]:
    for model in models_in(part):
        if isinstance(model, Comparison | AnswerBound | expressions.Answered):
            yield from (n for n in (model.field, getattr(model, "count", None)) if n)
        if isinstance(model, expressions.Count | expressions.Total):
            yield model.count if isinstance(model, expressions.Count) else model.total
        if isinstance(model, NikField | StudentNumberField):
            # The fields of the same person that the number should agree with.
            yield from filter(None, (getattr(model, "sex", None), model.birth_date))


# Cases


def _cases_of_concept(
    concept: str, tests: Sequence[Comparison], citizen: Citizen, today: date
) -> tuple[Case, ...]:
    bounds = hints_for(concept, [_as_field(t) for t in tests], Situation(citizen.me({}), today))
    found: dict[tuple[bool, Outcome], Case] = {}
    for value in [None, *values_known(concept, citizen, bounds, today)]:
        came = outcome(tests, Situation(citizen.me({concept: value}), today))
        found.setdefault((value is not None, came), Case(came, value))
    # What the citizen's own register says comes first.
    return tuple(sorted(found.values(), key=lambda case: case.value is None))


def _as_field(test: Comparison) -> Comparison:
    return test.model_copy(update={"field": test.concept, "concept": None}) if test.concept else test


def _cases_of_field(asked: AnyField, tests: Sequence[Comparison], situation: Situation) -> tuple[Case, ...]:
    if isinstance(asked, RepeatField):
        return _cases_of_entries(asked, tests, situation)
    relative = [i for i, test in enumerate(tests) if _is_relative(test) or isinstance(asked, GridField)]
    found: dict[Outcome, Case] = {}
    for value in _examples(asked, tests, situation):
        came = outcome(tests, _with(situation, asked, value))
        found.setdefault(came, Case(came, value))
    cases = list(found.values()) or [Case(outcome(tests, situation), None)]
    for place in relative[:_MOST_RELATIVE]:
        cases = [
            replace(case, outcome=(*case.outcome[:place], wanted, *case.outcome[place + 1 :]))
            for case, wanted in product(cases, (True, False))
        ]
    return tuple({case.outcome: case for case in cases}.values())


def _examples(asked: AnyField, tests: Sequence[Comparison], situation: Situation) -> Iterator[Any]:
    hints = hints_for(asked.id, tests, situation)
    for turn in range(3):
        wanted = Wanted(situation, hints, turn, Random(turn))  # noqa: S311 - no secrets
        for raw in answers_for(asked, wanted):
            value = kinds.parse(asked, raw, situation.today)
            if value is None or isinstance(value, Phrase):
                continue
            # A person of the card may be excluded by `where` and by nothing else that is known here.
            if isinstance(asked, PersonField) or not _refused(asked, value, situation):
                yield value
    if not asked.required:
        yield None


def _refused(asked: AnyField, value: Any, situation: Situation) -> bool:
    return any(not finding.warning for finding in kinds.check(asked, value, situation))


def _cases_of_entries(
    asked: RepeatField, tests: Sequence[Comparison], situation: Situation
) -> tuple[Case, ...]:
    least, most = asked.minimum, asked.maximum
    bounds = hints_for(asked.id, tests, situation).counts
    wanted = [least, least + 1, most, *(n + d for n in bounds for d in (-1, 0, 1))]
    counts = sorted({n for n in wanted if least <= n <= most})
    if not bounds:
        return tuple(Case((), n) for n in counts)
    found: dict[Outcome, Case] = {}
    for count in counts:
        came = outcome(tests, _with(situation, asked, [{"_": 1}] * count))
        found.setdefault(came, Case(came, count))
    return tuple(found.values())


def _with(situation: Situation, asked: AnyField, value: Any) -> Situation:
    return replace(situation, values={**situation.values, asked.id: value})
