"""Walks the form of a service: every way through it, what is at fault on them, and which of them are kept."""

from __future__ import annotations

import time
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.authoring.finding import Finding
from app.authoring.logic import Operand
from app.authoring.subjects import Subject
from app.authoring.texts import Steps
from app.authoring.walk.citizens import Citizen, citizen_for
from app.authoring.walk.covering import FEW, Covering, cover
from app.authoring.walk.dead_ends import DeadEnd
from app.authoring.walk.factors import differences
from app.authoring.walk.kept import Kept, form_digest
from app.authoring.walk.play import Player
from app.authoring.walk.replay import Trouble, replay
from app.authoring.walk.ways import Way
from app.contract.definition import ServiceDefinition
from app.contract.form import CHECK_PAGE, ChoiceField, ChoicesField, GridField, RepeatField, inner_fields
from app.forms.received import items

RULE = "walk"


@dataclass(frozen=True, slots=True)
class Numbers:
    """How much was walked. Combinations are of one case of everything that makes a difference.

    `ways` differ in their pages or in how they end. `impossible` combinations were found not to be, and
    `left_out` ones stand for nothing that was walked. `every_decision` tells whether every combination of
    what decides (`deciding` of them) was gone through, or pairs of them alone.
    """

    ways: int
    kept: int
    dead_ends: int
    combinations: int
    covered: int
    impossible: int
    left_out: int
    deciding: int
    every_decision: bool
    pairs: int
    pairs_covered: int
    pairs_impossible: int
    pairs_left_out: int

    def to_json(self) -> dict[str, int | bool]:
        """The numbers by name."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


@dataclass(frozen=True, slots=True)
class Walked:
    """A form that was walked: what is kept of it (nothing where it cannot be walked), how much that is, and
    what is at fault."""

    subject: Subject
    kept: Kept | None
    numbers: Numbers | None
    citizen: Citizen | None
    findings: list[Finding]
    seconds: float


def walk(subject: Subject, today: date, *, seed: int = 0, few: int = FEW) -> Walked:
    """Walk the form of a service as it would be filled in on `today`."""
    begun = time.perf_counter()
    definition = subject.definition
    if definition is None or not subject.sound:
        return Walked(subject, None, None, None, list(_unsound(subject)), time.perf_counter() - begun)
    citizen = citizen_for(definition, today)
    found = differences(definition, citizen, today)
    player = Player(definition, citizen, found, today, seed)
    sizes = {factor.operand: len(factor.cases) for factor in found.factors}
    decides = {factor.operand for factor in found.factors if factor.decides}
    covering = cover(sizes, decides, player.play, few=few)
    dead = [way.result for way in covering.ways if isinstance(way.result, DeadEnd)]
    ways = [(way.result, way.decided) for way in covering.ways if isinstance(way.result, Way)]
    findings = _dead_ends(subject, dead)
    findings += _troubles(subject, definition, citizen, today, [way for way, _ in ways])
    findings += _nobody_sees(subject, definition, [way for way, _ in ways], sure=covering.all_decided)
    reached = [_goals(definition, way, decided) for way, decided in ways]
    kept_ways = [ways[index][0] for index in _fewest(reached)]
    kept = Kept(
        definition.id,
        form_digest(definition.form),
        today,
        seed,
        citizen.persona,
        citizen.changes,
        tuple(kept_ways),
        tuple(_driven(kept_ways)),
    )
    numbers = _numbers(covering, [way for way, _ in ways], len(kept_ways), len(dead))
    return Walked(subject, kept, numbers, citizen, findings, time.perf_counter() - begun)


def _numbers(covering: Covering[Operand, Any], ways: list[Way], kept: int, dead: int) -> Numbers:
    return Numbers(
        ways=len({way.track for way in ways}),
        kept=kept,
        dead_ends=dead,
        combinations=covering.total,
        covered=covering.covered,
        impossible=covering.impossible,
        left_out=covering.left_out,
        deciding=covering.deciding,
        every_decision=covering.all_decided,
        pairs=covering.pairs,
        pairs_covered=covering.pairs_covered,
        pairs_impossible=covering.pairs_impossible,
        pairs_left_out=covering.pairs_left_out,
    )


# Which ways are kept, and which of them are driven


def _goals(definition: ServiceDefinition, way: Way, decided: Any) -> set[Hashable]:
    """What a way shows: its track, what stands on each page together, every case, and every option taken."""
    goals: set[Hashable] = {way.track, *way.shown.items()}
    goals |= {(operand, case) for operand, case in decided.items()}
    for page in definition.form.pages:
        for one in page.fields:
            value = way.answers.get(one.id)
            if isinstance(one, ChoiceField | ChoicesField) and value is not None:
                goals |= {("option", one.id, v) for v in items(value) or [value]}
    return goals


def _driven(ways: Sequence[Way]) -> list[int]:
    """The fewest ways that show every page; short ones first."""
    order = sorted(range(len(ways)), key=lambda index: (len(str(ways[index].answers)), index))
    reached: list[set[Hashable]] = [
        {*ways[index].pages, *((CHECK_PAGE,) if ways[index].ends.sent else ())} for index in order
    ]
    return sorted(order[place] for place in _fewest(reached))


def _fewest(reached: Sequence[set[Hashable]]) -> list[int]:
    """Which few reach everything that any of them reaches: the greedy set cover, in their order."""
    missing: set[Hashable] = {goal for goals in reached for goal in goals}
    chosen: list[int] = []
    while missing:
        best = max(range(len(reached)), key=lambda index: (len(reached[index] & missing), -index))
        chosen.append(best)
        missing -= reached[best]
    return sorted(chosen)


# What is at fault


def _unsound(subject: Subject) -> Iterator[Finding]:
    for rule in dict.fromkeys(fault.rule for fault in subject.faults):
        yield from subject.contract_findings(rule)


def _dead_ends(subject: Subject, dead: Iterable[DeadEnd]) -> list[Finding]:
    by_place: dict[tuple[Steps, str], list[DeadEnd]] = {}
    for one in dead:
        by_place.setdefault((one.steps, one.found), []).append(one)
    return [
        subject.finding(
            RULE, steps, f"{found} {_how(several)}", several[0].remedy
        )
        for (steps, found), several in by_place.items()
    ]  # fmt: skip


def _how(several: Sequence[DeadEnd]) -> str:
    """The shortest way that leads to a dead end, in words."""
    way = min(several, key=lambda one: (len(one.knows), len(one.answers), str(one.answers)))
    told = [f"{concept} is unknown" for concept, value in way.knows.items() if value is None]
    told += [f"{concept} is {_short(value)}" for concept, value in way.knows.items() if value is not None]
    told += [f"{name}: {_short(value)}" for name, value in way.answers.items()]
    many = f" ({len(several)} combinations lead here)" if len(several) > 1 else ""
    return f"Way: {'; '.join(told) or 'the first page'}{many}."


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 60 else f"{text[:57]} …"


def _troubles(
    subject: Subject, definition: ServiceDefinition, citizen: Citizen, today: date, ways: Sequence[Way]
) -> list[Finding]:
    """What the app or the backend would refuse on a way that was gone."""
    found: dict[tuple[str, str | None, str], Finding] = {}
    for way in ways:
        for trouble in replay(definition, citizen.me(way.knows), today, way):
            place = (trouble.page, trouble.field, trouble.found)
            if place not in found:
                found[place] = finding_of(subject, definition, trouble)
    return list(found.values())


def finding_of(subject: Subject, definition: ServiceDefinition, trouble: Trouble) -> Finding:
    """A trouble as a finding at the page or field that it is about."""
    return subject.finding(
        RULE, _steps_of(definition, trouble), trouble.found, "Follow the way in tests/ways.json to see it."
    )


def _steps_of(definition: ServiceDefinition, trouble: Trouble) -> Steps:
    name = (trouble.field or "").split(".")[0]
    for i, page in enumerate(definition.form.pages):
        for j, one in enumerate(page.fields):
            if one.id == name:
                return ("form", "pages", i, "fields", j)
    index = next((i for i, page in enumerate(definition.form.pages) if page.id == trouble.page), None)
    return ("form",) if index is None else ("form", "pages", index)


def _nobody_sees(
    subject: Subject, definition: ServiceDefinition, ways: Sequence[Way], *, sure: bool
) -> Iterator[Finding]:
    """Pages, fields and exits that no way leads to, and a form that is never sent."""
    if not any(way.ends.sent for way in ways):
        yield subject.finding(
            RULE, ("form",), "no way leads to the end: this form is never sent.", "Mend its exits."
        )
    seen = {name for way in ways for names in way.shown.values() for name in names}
    pages = {page for way in ways for page in way.shown}
    exits = {(way.ends.page, way.ends.exit) for way in ways}
    ask = "Mend the conditions that lead to it." if sure else "Look whether anything leads to it."
    for i, page in enumerate(definition.form.pages):
        if page.id not in pages:
            yield _unseen(subject, ("form", "pages", i), f"no way leads to the page `{page.id}`.", ask)
            continue
        for j, one in enumerate(page.fields):
            at: Steps = ("form", "pages", i, "fields", j)
            if one.id not in seen:
                yield _unseen(subject, at, f"no way leads to the field `{one.id}`.", ask)
            below = (
                "fields" if isinstance(one, RepeatField) else "columns" if isinstance(one, GridField) else ""
            )
            for k, inner in enumerate(inner_fields(one)):
                if one.id in seen and f"{one.id}.{inner.id}" not in seen:
                    told = f"no entry leads to the field `{inner.id}`."
                    yield _unseen(subject, (*at, below, k), told, ask)
        for k, _ in enumerate(page.exits):
            if (page.id, k) not in exits:
                yield _unseen(subject, ("form", "pages", i, "exits", k), "no way leads to this exit.", ask)


def _unseen(subject: Subject, steps: Steps, found: str, remedy: str) -> Finding:
    return subject.finding(RULE, steps, found, remedy, severity="warning")
