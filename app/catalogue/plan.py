"""The plan of a life event: what to do first, what can be done together, what is there already.

Nobody writes plans. They follow from what services require, take and produce (CPSV-AP `requires`, evidence,
`produces`): a service comes after those that it requires and those that issue the documents it takes, unless
the citizen holds these.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

from app.catalogue.rows import CatalogueRow

RECENT = timedelta(days=365)
"""How long a document or an application is part of what is happening now: the certificate of the first child
says nothing about the second."""

_SATURDAY = 5

State = Literal["done", "running", "next", "ready", "later", "along"]


@dataclass(frozen=True, slots=True)
class Have:
    """What the citizen has: documents by type with their day of issue, services that ended well with the day,
    services that are under way."""

    documents: Mapping[str, date] = field(default_factory=dict[str, date])
    finished: Mapping[str, date] = field(default_factory=dict[str, date])
    running: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Step:
    """One service of a plan.

    `done`; `running`; `next`: the one to start now; `ready`: can be started as well; `later`: waits for those
    in `after`; `along`: its documents come with those of the service `along_with`.
    """

    row: CatalogueRow
    state: State
    after: tuple[str, ...]
    along_with: str | None
    finish: date
    """When it can be done at the earliest; for what is done, when that was."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Stages follow each other; the steps of a stage can be done together.

    `cost` in whole rupiah, of what is still to do. `finish`: the earliest day on which all is done. `others`:
    services of the event that are no part of the plan.
    """

    stages: tuple[tuple[Step, ...], ...]
    others: tuple[CatalogueRow, ...]
    cost: int
    finish: date

    @property
    def steps(self) -> tuple[Step, ...]:
        """All steps in their order."""
        return tuple(step for stage in self.stages for step in stage)

    @property
    def done(self) -> int:
        """How many steps are done."""
        return sum(1 for step in self.steps if step.state == "done")

    @property
    def next(self) -> Step | None:
        """The step to start now; None: nothing can be started."""
        return next((step for step in self.steps if step.state == "next"), None)


def plan(services: Sequence[CatalogueRow], have: Have, today: date) -> Plan:
    """The plan that `services` make, the more important ones first, for somebody who has `have`."""
    chosen, alternatives = _without_alternatives(services, have)
    before = _before(chosen)
    core = _largest_chain(chosen, before)
    others = [row for row in chosen if row.id not in core] + alternatives
    rows = {row.id: row for row in chosen if row.id in core}
    stages = _stages(rows, before)
    steps: dict[str, Step] = {}
    for stage in stages:
        for id_ in stage:
            steps[id_] = _step(rows[id_], before[id_], steps, have, today)
    first = next((s.row.id for s in steps.values() if s.state == "ready"), None)
    drawn = tuple(
        tuple(_as_next(steps[id_]) if id_ == first else steps[id_] for id_ in stage) for stage in stages
    )
    left = [step for step in steps.values() if step.state not in ("done", "along")]
    return Plan(
        drawn,
        tuple(sorted(others, key=lambda row: [s.id for s in services].index(row.id))),
        sum(step.row.lowest_cost for step in left if step.state != "running"),
        max((step.finish for step in left), default=today),
    )


def after(start: date, row: CatalogueRow) -> date:
    """The day on which a service begun on `start` keeps its promise. Working days are Monday to Friday;
    holidays are not known here, and come on top."""
    if row.time_unit in ("minute", "hour"):
        return start
    if row.time_unit == "day":
        return start + timedelta(days=row.time_amount)
    day, left = start, row.time_amount
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < _SATURDAY
    return day


def _without_alternatives(
    services: Sequence[CatalogueRow], have: Have
) -> tuple[list[CatalogueRow], list[CatalogueRow]]:
    """Of services that issue the same documents, the one that was begun, else the first."""
    chosen: dict[tuple[str, ...], CatalogueRow] = {}
    for row in services:
        key = tuple(sorted(row.produces)) or (row.id,)
        begun = row.id in have.running or row.id in have.finished
        if key not in chosen or (begun and chosen[key].id not in (*have.running, *have.finished)):
            chosen[key] = row
    kept = {row.id for row in chosen.values()}
    return [row for row in services if row.id in kept], [row for row in services if row.id not in kept]


def _before(rows: Sequence[CatalogueRow]) -> dict[str, frozenset[str]]:
    """For each service, those of the plan that come before it."""
    known = {row.id for row in rows}
    issues: dict[str, list[str]] = {}
    for row in rows:
        for document in row.produces:
            issues.setdefault(document, []).append(row.id)
    found: dict[str, frozenset[str]] = {}
    for row in rows:
        issuers = {issues[document][0] for document in row.needs if document in issues}
        # What a service issues itself it renews: the old one is not waited for.
        found[row.id] = frozenset(({*row.requires} & known) | issuers) - {row.id}
    return found


def _largest_chain(rows: Sequence[CatalogueRow], before: Mapping[str, frozenset[str]]) -> set[str]:
    """The services that hang together, of those groups the one that is used most; none where nothing does."""
    beside: dict[str, set[str]] = {row.id: set(before[row.id]) for row in rows}
    for id_, earlier in before.items():
        for one in earlier:
            beside[one].add(id_)
    popularity = {row.id: row.popularity + 1 for row in rows}
    best: set[str] = set()
    seen: set[str] = set()
    for row in rows:
        if row.id in seen:
            continue
        group, waiting = {row.id}, [row.id]
        while waiting:
            new = beside[waiting.pop()] - group
            group |= new
            waiting += new
        seen |= group
        if len(group) > 1 and sum(map(popularity.__getitem__, group)) > sum(
            map(popularity.__getitem__, best)
        ):
            best = group
    return best


def _stages(rows: Mapping[str, CatalogueRow], before: Mapping[str, frozenset[str]]) -> list[list[str]]:
    """The services in layers. Where they wait for each other in a circle, the most important goes first."""
    stages: list[list[str]] = []
    placed: set[str] = set()
    while len(placed) < len(rows):
        ready = [id_ for id_ in rows if id_ not in placed and before[id_] <= placed]
        stages.append(ready or [next(id_ for id_ in rows if id_ not in placed)])
        placed |= {*stages[-1]}
    return stages


def _step(
    row: CatalogueRow, before: frozenset[str], steps: Mapping[str, Step], have: Have, today: date
) -> Step:
    earlier = [steps[id_] for id_ in sorted(before) if id_ in steps]
    ended = have.finished.get(row.id)
    issued = _issued(row, earlier, have, today)
    if (ended is not None and today - ended <= RECENT) or issued is not None:
        return Step(row, "done", (), None, issued or ended or today)
    along = next((one for one in steps.values() if _covers(one, row)), None)
    if along is not None:
        return Step(row, "along", (along.row.id,), along.row.id, along.finish)
    if row.id in have.running:
        return Step(row, "running", (), None, after(today, row))
    waits = [one for one in earlier if one.state != "done" and _is_waited_for(one, row, have)]
    start = max((one.finish for one in waits), default=today)
    state: State = "later" if waits else "ready"
    return Step(row, state, tuple(one.row.id for one in waits), None, after(start, row))


def _covers(one: Step, row: CatalogueRow) -> bool:
    """Whether the documents of `row` come with those of `one`, which comes before it and issues more."""
    return bool(row.produces) and one.state != "along" and {*row.produces} < {*one.row.produces}


def _is_waited_for(one: Step, row: CatalogueRow, have: Have) -> bool:
    documents = {*one.row.produces} & {*row.needs}
    # Held documents are enough, unless the service itself is required.
    return one.row.id in row.requires or not documents <= have.documents.keys()


def _issued(row: CatalogueRow, earlier: Sequence[Step], have: Have, today: date) -> date | None:
    """The day on which all documents of a step were issued, if that is part of what is happening now: lately,
    and not before the steps that it comes after."""
    if not row.produces or not {*row.produces} <= have.documents.keys():
        return None
    if any(one.state != "done" for one in earlier):
        return None
    first = min(have.documents[document] for document in row.produces)
    if today - first > RECENT or any(first < one.finish for one in earlier):
        return None
    return first


def _as_next(step: Step) -> Step:
    return Step(step.row, "next", step.after, step.along_with, step.finish)
