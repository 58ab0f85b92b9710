"""Goes one way through a form: page by page, with made-up answers, until it is sent or ends early."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from random import Random
from typing import Any

from app.authoring.logic import Operand
from app.authoring.texts import Steps
from app.authoring.walk.citizens import Citizen, concepts_in
from app.authoring.walk.covering import CannotBe, Choose, Played
from app.authoring.walk.dead_ends import DeadEnd, crash, no_answer
from app.authoring.walk.factors import Case, Differences, Factor, fits, hints_for, outcome
from app.authoring.walk.samples import Wanted, answers_for
from app.authoring.walk.ways import Ending, Way
from app.contract.citizen import Me
from app.contract.conditions import Comparison
from app.contract.definition import ServiceDefinition
from app.contract.form import (
    AnyField,
    ChoiceField,
    ChoicesField,
    FieldBase,
    GridField,
    Page,
    RepeatField,
    UnknownField,
    inner_fields,
)
from app.contract.phrase import Phrase
from app.forms import kinds
from app.forms.conditions import Situation, applies, holds
from app.forms.received import mapping
from app.forms.view import PageView, View, shown_in_order, view

_MOST_TRIED = 400
"""Answers that are tried for one field before it is told that none is right."""


@dataclass(slots=True)
class _Walk:
    """The way so far."""

    knows: dict[str, Any]
    me: Me
    choose: Choose[Operand]
    answers: dict[str, Any] = field(default_factory=dict[str, Any])
    decided: dict[Operand, int] = field(default_factory=dict[Operand, int])
    shown: dict[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    options: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])


class Player:
    """Goes ways through the form of one service, for one citizen. The same calls give the same ways."""

    def __init__(
        self, definition: ServiceDefinition, citizen: Citizen, found: Differences, today: date, seed: int
    ) -> None:
        self.definition = definition
        self.citizen = citizen
        self.found = found
        self.today = today
        self.seed = seed
        self._turn = 0
        self._used: Counter[tuple[str, str]] = Counter()
        self._stuck: AnyField | None = None
        self._by_operand = {factor.operand: factor for factor in found.factors}
        pages = definition.form.pages
        self._uses = {page.id: concepts_in(definition, page) for page in pages}
        self._asks = {
            page.id: concepts_in(definition, page.when) if page.when is not None else set[str]()
            for page in pages
        }
        self._place = {one.id: index for page in pages for index, one in enumerate(page.fields)}

    def play(self, choose: Choose[Operand]) -> Played[Operand, Way | DeadEnd]:
        """Go one way, to its end or to where there is no way on; `choose` decides where it can be decided.

        Raises CannotBe where no answer is of the case that was wanted.
        """
        self._turn += 1
        walk = _Walk({}, self.citizen.me({}), choose)
        try:
            ends = self._pages(walk)
        except DeadEnd as dead:
            dead.pages, dead.answers = tuple(walk.shown), walk.answers
            return Played(walk.decided, dead)
        way = Way(walk.knows, walk.answers, walk.shown, ends)
        self._used.update(walk.options)
        return Played(walk.decided, way)

    # Pages

    def _pages(self, walk: _Walk) -> Ending:
        for page in self.definition.form.pages:
            if page.when is not None:
                self._know(walk, self._asks[page.id])
            if not applies(page.when, self._view(walk, page).situation):
                continue
            self._know(walk, self._uses[page.id])
            seen = self._view(walk, page)
            if seen.page(page.id) is None:
                continue
            shown = self._page(walk, page, seen)
            if shown.exit is not None:
                return Ending(page.id, page.exits.index(shown.exit))
        declaration = self._view(walk, self.definition.form.pages[-1]).declaration
        if declaration is not None:
            walk.answers[declaration.id] = True
        return Ending()

    def _know(self, walk: _Walk, concepts: set[str]) -> None:
        """Decide what the state knows of `concepts`: not before something hangs on it."""
        for concept in self.citizen.readable:
            operand = Operand("concept", concept)
            factor = self._by_operand.get(operand)
            if factor is None or concept not in concepts or operand in walk.decided:
                continue
            case = self._decide(factor, walk, _anything)
            own = self.citizen.me({}).get(concept)
            if case is not None and (own.value if own else None) != case.value:
                walk.knows[concept] = case.value
                walk.me = self.citizen.me(walk.knows)

    def _page(self, walk: _Walk, page: Page, seen: View) -> PageView:
        """Answer a page; gives it as it stands then."""
        handled: set[str] = set()
        while True:
            shown = seen.page(page.id)
            if shown is None:
                raise self._dead(
                    walk, page, ("fields", 0), "the page vanishes by what is answered on it.",
                    "Move what its condition looks at to a page before it.",
                )  # fmt: skip
            one = next((f for f in shown.fields if f.id not in handled), None)
            if one is None:
                break
            handled.add(one.id)
            self._field(walk, page, one, seen)
            seen = self._view(walk, page)
        names: dict[str, None] = {}
        for one in shown.fields:
            names[one.id] = None
            for _, cells in kinds.parts_of(one, walk.answers.get(one.id)):
                names.update((f"{one.id}.{inner.id}", None) for inner in seen.entry_fields(one, cells))
        walk.shown[page.id] = tuple(names)
        return shown

    def _view(self, walk: _Walk, page: Page) -> View:
        try:
            return view(self.definition, walk.answers, walk.me, self.today, prefill=True)
        except Exception as error:
            raise self._dead(walk, page, (), *crash(error)) from error

    def _dead(self, walk: _Walk, page: Page, below: Steps, found: str, remedy: str) -> DeadEnd:
        index = self.definition.form.pages.index(page)
        return DeadEnd(page.id, ("form", "pages", index, *below), found, remedy, walk.knows)

    # Fields

    def _field(self, walk: _Walk, page: Page, one: AnyField, seen: View) -> None:
        kind = kinds.kind_of(one)
        if not kind.takes_answer or kind.derived:
            return
        known = seen.prefilled.get(one.id)
        factor = self._by_operand.get(Operand("field", one.id))
        situation = seen.situation
        made: list[Any] = []
        self._stuck = None

        def possible(case: Case | None) -> bool:
            if known is not None:
                around = _with(situation, one, known.value)
                if case is None or factor is None or fits(case, factor, around):
                    made[:] = []
                    return True
            found = self._answer(one, situation, case, factor)
            if not found:
                return False
            made[:] = found
            return True

        try:
            ok = self._decide(factor, walk, possible) is not None if factor else possible(None)
        except CannotBe:
            raise
        except Exception as error:
            raise self._dead(walk, page, self._below(one), *crash(error)) from error
        if not ok:
            told = no_answer(self._stuck or one, situation)
            raise self._dead(walk, page, self._below(one, self._stuck), *told)
        if made and made[0] is not None:
            walk.answers[one.id] = made[0]
            walk.options.update(_options(one, made[0]))

    def _below(self, one: AnyField, inner: AnyField | None = None) -> Steps:
        """The way from the page to a field, or to one inside it."""
        steps: Steps = ("fields", self._place[one.id])
        if inner is None:
            return steps
        return (
            *steps,
            "fields" if isinstance(one, RepeatField) else "columns",
            inner_fields(one).index(inner),
        )

    def _decide(self, factor: Factor, walk: _Walk, possible: Callable[[Case | None], bool]) -> Case | None:
        """The first of the chosen cases that is possible; None where none of all is."""
        wanted = list(walk.choose(factor.operand, walk.decided))
        for index in wanted:
            if possible(factor.cases[index]):
                walk.decided[factor.operand] = index
                return factor.cases[index]
        rest = [i for i in range(len(factor.cases)) if i not in wanted]
        if rest and any(possible(factor.cases[i]) for i in rest):
            raise CannotBe
        # Whatever the case: an answer that the cases do not foresee is better than none.
        return Case((), None) if possible(None) else None

    def _answer(
        self, one: AnyField, situation: Situation, case: Case | None, factor: Factor | None
    ) -> list[Any]:
        """`[answer]` for a field, `[None]` where it is left empty, or nothing where no answer is right."""
        if not one.required and self._left_empty(one, situation, case, factor):
            return [None]
        unusual: list[Any] = []
        for value in self._values(one, situation, case):
            around = _with(situation, one, value)
            if case is not None and factor is not None and not self._is_of(one, case, factor, around, value):
                continue
            warned = _remarks(one, value, around)
            if warned is False:
                return [value]
            if warned and not unusual:
                unusual = [value]
        return unusual or ([] if one.required or case is not None else [None])

    @staticmethod
    def _is_of(one: AnyField, case: Case, factor: Factor, around: Situation, value: Any) -> bool:
        if isinstance(one, RepeatField):
            return len(value or []) == case.value
        return fits(case, factor, around)

    def _left_empty(
        self, one: AnyField, situation: Situation, case: Case | None, factor: Factor | None
    ) -> bool:
        """Whether a question that may be left out is left out this time: every second time, or as the case
        wants it."""
        if isinstance(one, RepeatField) and case is not None:
            return case.value == 0
        if case is not None and factor is not None:
            return outcome(factor.tests, situation) == case.outcome and case.value is None
        return (self._turn + len(one.id)) % 2 == 1

    def _values(self, one: AnyField, situation: Situation, case: Case | None) -> Iterator[Any]:
        """Answers of a field in canonical form, those that were given least first where it has options."""
        if isinstance(one, RepeatField):
            count = case.value if case is not None and case.value is not None else max(1, one.minimum)
            yield self._entries(one, situation, count)
            return
        if isinstance(one, GridField):
            for turn in range(12):
                yield self._rows(one, situation, self._turn + turn)
            return
        tests = self.found.hints.get(one.id, ())
        yield from self._made(one, situation, tests, self._turn, one.id)

    def _made(
        self, one: AnyField, situation: Situation, tests: tuple[Comparison, ...], turn: int, path: str
    ) -> Iterator[Any]:
        own = [*tests, *_own_rules(one)]
        random = Random(f"{self.seed}/{self.definition.id}/{path}/{turn}")  # noqa: S311 - no secrets
        wanted = Wanted(situation, hints_for(one.id, own, situation), turn, random)
        answers: Any = answers_for(one, wanted)
        if isinstance(one, ChoiceField | ChoicesField):
            answers = sorted(answers, key=lambda v: min(self._used[o] for o in _options(one, v)))
        for tried, raw in enumerate(answers):
            if tried == _MOST_TRIED:
                return
            value = kinds.parse(one, raw, self.today)
            if value is not None and not isinstance(value, Phrase):
                yield value

    # Entries and rows

    def _entries(self, section: RepeatField, situation: Situation, count: int) -> list[dict[str, Any]]:
        entries: list[dict[str, Any]] = []
        for index in range(count):
            taken = [entry.get(section.unique) for entry in entries] if section.unique else []
            cells = self._cells(section, situation, self._turn + index, taken)
            if cells is None:
                return []
            entries.append(cells)
        return entries

    def _rows(self, grid: GridField, situation: Situation, turn: int) -> dict[str, dict[str, Any]]:
        rows = [row for row in grid.rows if applies(row.when, situation)]
        made = {row.id: self._cells(grid, situation, turn + i, []) for i, row in enumerate(rows)}
        return {name: cells for name, cells in made.items() if cells}

    def _cells(
        self, around: RepeatField | GridField, situation: Situation, turn: int, taken: list[Any]
    ) -> dict[str, Any] | None:
        """Answers of one entry or row; None where one of them cannot be given."""
        given: dict[str, Any] = {}
        known: dict[str, Any] = {}
        within = situation.within(known)
        for inner in shown_in_order(inner_fields(around), within):
            kind = kinds.kind_of(inner)
            if kind.takes_answer and not kind.derived and (inner.required or turn % 2 == 0):
                unique = isinstance(around, RepeatField) and around.unique == inner.id
                value = self._cell(around, inner, within, turn, taken if unique else [])
                if value is None and inner.required:
                    self._stuck = inner
                    return None
                if value is not None:
                    given[inner.id] = value
            value = kinds.settled(inner, given.get(inner.id), within)
            if value is not None:
                known[inner.id] = value
        return given

    def _cell(self, around: AnyField, inner: AnyField, within: Situation, turn: int, taken: list[Any]) -> Any:
        tests = self.found.inner.get((around.id, inner.id), ())
        found: dict[Any, Any] = {}
        backup: Any = None
        for shift in range(6):
            for value in self._made(inner, within, tests, turn + shift, f"{around.id}.{inner.id}"):
                seen = within.within({**(within.entry or {}), inner.id: value})
                told = _remarks(inner, value, seen)
                if value in taken or told is None:
                    continue
                if told:
                    backup = value if backup is None else backup
                    continue
                found.setdefault(outcome(tests, seen), value)
            if len(found) > 1 or (found and not tests):
                break
        # Every entry takes another outcome, so that what hangs on it is seen.
        several = [found[came] for came in sorted(found, key=str)]
        return several[turn % len(several)] if several else backup


def _anything(_case: Case | None) -> bool:
    return True


def _own_rules(one: AnyField) -> Iterator[Comparison]:
    from app.authoring.logic import comparisons

    for rule in one.checks if isinstance(one, FieldBase) else ():
        yield from comparisons(rule.valid_if)


def _with(situation: Situation, one: AnyField, value: Any) -> Situation:
    """The situation with one answer more."""
    return replace(situation, values={**situation.values, one.id: kinds.settled(one, value, situation)})


def _remarks(one: AnyField, value: Any, around: Situation) -> bool | None:
    """None where an answer is wrong, else whether a warning is told about it."""
    if isinstance(one, UnknownField):
        return False
    warned = False
    settled = kinds.settled(one, value, around)
    if settled is None:
        return None
    for finding in kinds.check(one, settled, around):
        if not finding.warning:
            return None
        warned = True
    for rule in one.checks:
        if holds(rule.valid_if, around) is False:
            if not rule.warning:
                return None
            warned = True
    return warned


def _options(one: AnyField, value: Any) -> list[tuple[str, str]]:
    """The options that an answer takes."""
    if isinstance(one, ChoiceField):
        return [(one.id, str(value))]
    if isinstance(one, ChoicesField):
        return [(one.id, str(v)) for v in value]
    chosen = mapping(value) or {}
    name = {"payment": "method", "slot": "place"}.get(one.type, "")
    return [(one.id, str(chosen[name]))] if name in chosen else []
