"""What can ever be reached: conditions that are never true or always true, pages that nobody gets to.

A condition is turned into *cases*: ways to make it come out as wanted, each a set of values that every
operand may still have. A case in which an operand has no value left cannot happen; where no case is left, the
condition never comes out so. What holds around it (the page, the section, the answers it looks at being
visible, the exits before it) is in every case as well.

Only what is certain is told. Values are compared where that can be done without knowing the day or another
answer; dates relative to today and fixed ones are kept apart, and where there are too many cases, nothing is
said.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal

from app.contract.condition_checks import Path
from app.contract.conditions import All, AnswerBound, Any_, Comparison, Condition, Not, RelativeDate
from app.contract.definition import ServiceDefinition
from app.contract.field_types import type_of_field
from app.contract.findings import Fault
from app.contract.form import (
    AnyField,
    ChoiceField,
    DecimalField,
    GridField,
    IntegerField,
    MoneyField,
    Page,
    PercentageField,
    RepeatField,
    SectionField,
    UnknownField,
)

_MOST = 512
"""Cases that are looked at; beyond, nothing is said."""

Wanted = Literal["true", "not true"]
Operand = tuple[str, ...]


class _TooMany(Exception):
    """More cases than are looked at."""


@dataclass(frozen=True, slots=True)
class _Range:
    """Numbers (or days) from `low` to `high`, each end in it or not."""

    low: float = float("-inf")
    high: float = float("inf")
    low_in: bool = True
    high_in: bool = True

    def both(self, other: _Range) -> _Range:
        low, low_out = max((self.low, not self.low_in), (other.low, not other.low_in))
        high, high_in = min((self.high, self.high_in), (other.high, other.high_in))
        return _Range(low, high, not low_out, high_in)

    @property
    def empty(self) -> bool:
        return self.low > self.high or (self.low == self.high and not (self.low_in and self.high_in))


@dataclass(frozen=True, slots=True)
class _Values:
    """What an operand may still be: `only` these (None: any), none of `but`, within `span`; or missing."""

    only: frozenset[Any] | None = None
    but: frozenset[Any] = frozenset()
    span: _Range = field(default_factory=_Range)
    missing: bool = True
    present: bool = True

    def both(self, other: _Values) -> _Values:
        if self.only is None or other.only is None:
            only = self.only if other.only is None else other.only
        else:
            only = self.only & other.only
        return _Values(
            only,
            self.but | other.but,
            self.span.both(other.span),
            self.missing and other.missing,
            self.present and other.present,
        )

    @property
    def empty(self) -> bool:
        there = self.present and not self.span.empty
        if there and self.only is not None:
            there = any(value not in self.but and self._inside(value) for value in self.only)
        return not there and not self.missing

    def _inside(self, value: Any) -> bool:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return True
        return not self.span.both(_Range(value, value)).empty


Case = Mapping[Operand, _Values]


def check_reachability(definition: ServiceDefinition) -> Iterator[Fault]:
    """Faults of the conditions of a definition that has no other faults."""
    form = definition.form
    around = _Around.of(form.pages)
    before: list[_Fact] = []
    for i, page in enumerate(form.pages):
        path: Path = ("form", "pages", i)
        if page.when is not None:
            yield from around.check(page.when, before, (*path, "when"), "a page that can be reached", page=i)
        here = [*before, *_facts(page.when)]
        section: list[_Fact] = []
        for j, asked in enumerate(page.fields):
            at: Path = (*path, "fields", j)
            if isinstance(asked, SectionField):
                section = _facts(asked.when)
            known = here if isinstance(asked, SectionField) else [*here, *section]
            yield from around.check_field(asked, known, at, page=i)
        for j, ending in enumerate(page.exits):
            yield from around.check(
                ending.when, here, (*path, "exits", j, "when"), "an exit that can be reached", page=i + 1
            )
        before = [*before, *(_Fact(ending.when, "not true", page.when) for ending in page.exits)]
    for name in ("requirements", "costs"):
        for i, item in enumerate(getattr(definition, name)):
            if item.when is not None:
                found = around.check(
                    item.when, [], (name, i, "when"), "what can come true", page=len(form.pages), always=False
                )
                yield from found


@dataclass(frozen=True, slots=True)
class _Fact:
    """A condition that came out as `wanted`; where `only_where` is given, only if that is true."""

    condition: Condition
    wanted: Wanted = "true"
    only_where: Condition | None = None


def _facts(condition: Condition | None) -> list[_Fact]:
    return [] if condition is None else [_Fact(condition)]


@dataclass(frozen=True, slots=True)
class _Around:
    """The fields of a form with where they stand: what must hold for an answer of theirs to count."""

    fields: Mapping[str, AnyField]
    shown: Mapping[str, tuple[_Fact, ...]]
    page_of: Mapping[str, int]

    @classmethod
    def of(cls, pages: Sequence[Page]) -> _Around:
        fields: dict[str, AnyField] = {}
        shown: dict[str, tuple[_Fact, ...]] = {}
        page_of: dict[str, int] = {}
        for i, page in enumerate(pages):
            section: list[_Fact] = []
            for asked in page.fields:
                if isinstance(asked, SectionField):
                    section = _facts(asked.when)
                fields[asked.id] = asked
                shown[asked.id] = (*_facts(page.when), *section, *_facts(asked.when))
                page_of[asked.id] = i
        return cls(fields, shown, page_of)

    def check_field(self, asked: AnyField, known: list[_Fact], path: Path, *, page: int) -> Iterator[Fault]:
        """Faults of the conditions of a field, of its options and of what is inside it."""
        if isinstance(asked, UnknownField):
            return
        if asked.when is not None:
            yield from self.check(
                asked.when, known, (*path, "when"), "a field that can be reached", page=page
            )
            known = [*known, _Fact(asked.when)]
        options: Sequence[Any] = getattr(asked, "options", ())
        for i, option in enumerate(options):
            if option.when is not None:
                yield from self.check(
                    option.when,
                    known,
                    (*path, "options", i, "when"),
                    "an option that can be chosen",
                    page=page,
                )
        if isinstance(asked, RepeatField):
            inner = {f.id: f for f in asked.fields}
            within = replace(
                self,
                fields={**self.fields, **inner},
                shown={**self.shown, **{name: tuple(_facts(f.when)) for name, f in inner.items()}},
                page_of={**self.page_of, **dict.fromkeys(inner, page)},
            )
            for i, one in enumerate(asked.fields):
                yield from within.check_field(one, known, (*path, "fields", i), page=page)

    def check(
        self,
        condition: Condition,
        known: Sequence[_Fact],
        path: Path,
        expected: str,
        *,
        page: int,
        always: bool = True,
    ) -> Iterator[Fault]:
        """A fault where `condition` can never be true, or cannot be anything else, given what is `known`."""
        try:
            if not self._can(condition, "true", known, page):
                if self._can_all(known, page):
                    yield Fault(path, expected, "a condition that is never true")
            elif always and not self._can(condition, "not true", known, page):
                yield Fault(path, "a condition that can be false", "one that is always true", "Leave it out.")
        except _TooMany:
            return

    def _can(self, condition: Condition, wanted: Wanted, known: Sequence[_Fact], page: int) -> bool:
        return self._can_all([*known, _Fact(condition, wanted)], page)

    def _can_all(self, facts: Sequence[_Fact], page: int) -> bool:
        """Whether all `facts` can hold together for a citizen who has got to `page`."""
        cases: list[Case] = [{}]
        named: set[str] = set()
        for fact in facts:
            cases = self._and(cases, self._of_fact(fact))
            named |= _fields_in(fact.condition)
        waiting = list(named)
        while waiting:
            name = waiting.pop()
            for fact in self.shown.get(name, ()):
                more = _fields_in(fact.condition) - named
                named |= more
                waiting += more
        for name in sorted(named):
            cases = self._and(cases, self._answered_or_hidden(name, page))
        return bool(cases)

    def _of_fact(self, fact: _Fact) -> list[Case]:
        cases = self._cases(fact.condition, fact.wanted)
        if fact.only_where is not None:
            cases = [*cases, *self._cases(fact.only_where, "not true")]
        return cases

    def _answered_or_hidden(self, name: str, page: int) -> list[Case]:
        """An answer counts where its field is visible; a required one of an earlier page is there."""
        asked = self.fields.get(name)
        if asked is None:
            return [{}]
        operand: Operand = ("field", name)
        there = _Values(missing=False)
        hidden: list[Case] = [
            {operand: _Values(present=False), **case}
            for fact in self.shown[name]
            for case in self._cases(fact.condition, "not true")
        ]
        visible: list[Case] = [{}]
        for fact in self.shown[name]:
            visible = self._and(visible, self._cases(fact.condition, "true"))
        certain = self.page_of[name] < page and _must_be_answered(asked)
        if certain:
            visible = self._and(visible, [{operand: there}])
        return [*hidden, *visible]

    def _cases(self, condition: Condition, wanted: Wanted) -> list[Case]:
        """The cases in which `condition` is true, or is not (false or unknown)."""
        return self._outcome(condition, {"true": ("true",), "not true": ("false", "unknown")}[wanted])

    def _outcome(self, condition: Condition, outcomes: Sequence[str]) -> list[Case]:
        found: list[Case] = []
        for outcome in outcomes:
            found += self._one(condition, outcome)
            if len(found) > _MOST:
                raise _TooMany
        return found

    def _one(self, condition: Condition, outcome: str) -> list[Case]:
        match condition:
            case Not():
                swapped = {"true": "false", "false": "true", "unknown": "unknown"}
                return self._one(condition.not_, swapped[outcome])
            case All():
                return self._together(condition.all, outcome, decides="false")
            case Any_():
                return self._together(condition.any, outcome, decides="true")
            case Comparison():
                return _of_comparison(condition, outcome, self.fields)

    def _together(self, parts: Sequence[Condition], outcome: str, *, decides: str) -> list[Case]:
        """`all` is false where one part is; `any` is true where one is; `decides` is that outcome."""
        if outcome == decides:
            return [case for part in parts for case in self._one(part, decides)]
        other = "true" if decides == "false" else "false"
        if outcome == other:
            cases: list[Case] = [{}]
            for part in parts:
                cases = self._and(cases, self._one(part, other))
            return cases
        found: list[Case] = []
        for i in range(len(parts)):
            cases = [{}]
            for j, part in enumerate(parts):
                wanted = ("unknown",) if j == i else (other, "unknown")
                cases = self._and(cases, self._outcome(part, wanted))
            found += cases
        return found

    def _and(self, first: Sequence[Case], second: Sequence[Case]) -> list[Case]:
        """Every case of the first together with every one of the second that leaves each operand a value."""
        found: list[Case] = []
        for a in first:
            for b in second:
                merged: dict[Operand, _Values] = dict(a)
                for operand, values in b.items():
                    merged[operand] = values.both(merged[operand]) if operand in merged else values
                if not any(values.empty for values in merged.values()):
                    found.append(merged)
                    if len(found) > _MOST:
                        raise _TooMany
        return found


def _must_be_answered(asked: AnyField) -> bool:
    """Whether nobody passes its page without an answer that can be read."""
    return asked.required and asked.type not in (
        "note",
        "section",
        "summary",
        "computed",
        "payment",
        "repeat",
    )


def _fields_in(condition: Condition) -> set[str]:
    match condition:
        case All(all=inner) | Any_(any=inner):
            return set[str]().union(*map(_fields_in, inner))
        case Not(not_=inner):
            return _fields_in(inner)
        case Comparison():
            return {condition.field} if condition.field is not None else set()


def _of_comparison(test: Comparison, outcome: str, fields: Mapping[str, AnyField]) -> list[Case]:
    """The cases in which one comparison comes out as `outcome`."""
    (name, wanted), *_ = test.tests.items()
    operand = _operand(test)
    everything = _everything(test, fields)
    if name == "answered":
        if outcome == "unknown":
            return []
        there = (outcome == "true") == bool(wanted)
        return [{operand: replace(everything, missing=not there, present=there)}]
    if outcome == "unknown":
        # A count is always there; another operand is unknown where it is missing.
        return [] if test.count is not None else [{operand: replace(everything, present=False)}]
    given = replace(everything, missing=False)
    if isinstance(wanted, AnswerBound) or _several(test, fields):
        # Depends on another answer, or holds for one of several: it may come out either way.
        return [{operand: given}]
    if name in ("equals", "differs", "among"):
        values = frozenset(wanted if name == "among" else [wanted])
        within = (name != "differs") == (outcome == "true")
        return [{operand: given.both(_Values(only=values) if within else _Values(but=values))}]
    return _of_order(name, wanted, outcome, operand, given)


def _of_order(name: str, wanted: Any, outcome: str, operand: Operand, given: _Values) -> list[Case]:
    kind, bound = _measure(wanted)
    spans = {
        "less_than": _Range(high=bound, high_in=False),
        "before": _Range(high=bound, high_in=False),
        "at_most": _Range(high=bound),
        "more_than": _Range(low=bound, low_in=False),
        "after": _Range(low=bound, low_in=False),
        "at_least": _Range(low=bound),
    }
    span = spans[name]
    if outcome == "false":
        if span.high == bound:
            span = _Range(low=bound, low_in=not span.high_in)
        else:
            span = _Range(high=bound, high_in=not span.low_in)
    there = given.both(_Values(span=span))
    if kind == "number":
        return [{operand: there}]
    # Fixed and moving days are measured apart; that there is an answer holds for both.
    return [{(*operand, kind): replace(there, only=None), operand: given}]


def _measure(wanted: Any) -> tuple[str, float]:
    """What a bound is measured in, and how far along."""
    if isinstance(wanted, RelativeDate):
        shift = wanted.today
        if shift.days and (shift.months or shift.years):
            return f"mixed {shift.days}", float(shift.months + 12 * shift.years)
        if shift.days:
            return "days", float(shift.days)
        return "months", float(shift.months + 12 * shift.years)
    if isinstance(wanted, date):
        return "date", float(wanted.toordinal())
    return "number", float(wanted)


def _operand(test: Comparison) -> Operand:
    part = (test.part,) if test.part else ()
    if test.count is not None:
        # Entries counted by what is in them are another number than all of them.
        return ("count", test.count, *([test.where.model_dump_json()] if test.where is not None else ()))
    if test.concept is not None:
        return ("concept", test.concept, *part)
    return ("field", test.field or "", *part)


def _several(test: Comparison, fields: Mapping[str, AnyField]) -> bool:
    asked = fields.get(test.field or "")
    return asked is not None and asked.type == "choices"


def _everything(test: Comparison, fields: Mapping[str, AnyField]) -> _Values:
    """What an operand may be at all."""
    if test.count is not None:
        asked = fields.get(test.count)
        if isinstance(asked, RepeatField):
            return _Values(span=_Range(0, asked.maximum), missing=False)
        if isinstance(asked, GridField):
            return _Values(span=_Range(0, len(asked.rows)), missing=False)
        return _Values(span=_Range(low=0), missing=False)
    asked = fields.get(test.field or "") if test.part is None else None
    match asked:
        case ChoiceField():
            kind = type_of_field(asked)
            return _Values(only=kind if isinstance(kind, frozenset) else None)
        case IntegerField() | MoneyField() | DecimalField() | PercentageField():
            low = float("-inf") if asked.minimum is None else float(asked.minimum)
            high = float("inf") if asked.maximum is None else float(asked.maximum)
            return _Values(span=_Range(low, high))
        case None:
            return _Values()
        case _:
            if asked.type == "yes_no":
                return _Values(only=frozenset((True, False)))
            if asked.type == "declaration":
                return _Values(only=frozenset((True,)))
            return _Values()
