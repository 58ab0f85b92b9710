"""What a citizen may want to do next, and because of what. Computed on the device, told to nobody."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Protocol

from app.catalogue.plan import Have, plan
from app.catalogue.rows import CatalogueRow
from app.contract.phrase import N_, Phrase

MOST = 3
"""Suggestions at a time."""

_GROWN_UP = 17
"""Years from which on the identity card is that of an adult (UU 24/2013, article 63)."""

_NEWBORN = timedelta(days=60)
"""How long after a birth it is registered without delay (UU 23/2006, article 27)."""


@dataclass(frozen=True, slots=True)
class Due:
    """Something that the state has a date for: which document renews it, in which life event, how long
    before."""

    document: str
    event: str
    ahead: timedelta
    soon: Phrase
    past: Phrase


DUE: Mapping[str, Due] = {
    "licence.valid_until": Due(
        "driving-licence",
        "vehicle",
        timedelta(days=90),
        N_("Karena SIM Anda berlaku sampai {day}"),
        N_("Karena masa berlaku SIM Anda habis {day}"),
    ),
    "passport.valid_until": Due(
        "passport",
        "travel",
        timedelta(days=180),
        N_("Karena paspor Anda berlaku sampai {day}"),
        N_("Karena masa berlaku paspor Anda habis {day}"),
    ),
    "vehicle.tax_due": Due(
        "vehicle-tax-receipt",
        "vehicle",
        timedelta(days=45),
        N_("Karena pajak kendaraan Anda jatuh tempo {day}"),
        N_("Karena pajak kendaraan Anda lewat jatuh tempo, {day}"),
    ),
}
"""By the concept that holds the date."""

_LONG_AGO = timedelta(days=365)
_CHILD_CARD = "child-identity-card"
_BESIDE = 4
"""Services of a situation that are looked at."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What registers say. `due`: dates by concept; `birth`: the day of a birth that a hospital has reported;
    `children`: first names and birth dates."""

    due: Mapping[str, date] = field(default_factory=dict[str, date])
    birth: date | None = None
    children: Sequence[tuple[str, date]] = ()


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A service, and because of what it is suggested."""

    row: CatalogueRow
    because: Phrase


class Offered(Protocol):
    """The catalogue, as far as suggestions go."""

    def service(self, service_id: str) -> CatalogueRow | None:
        """One service."""
        ...

    def by_life_event(self, event_id: str, region: str | None = None) -> Sequence[CatalogueRow]:
        """The services of a life event in a region, the most used first."""
        ...


@dataclass(frozen=True, slots=True)
class Suggesting:
    """What suggestions are made of. `recent`: the services opened last, the last first."""

    offered: Offered
    region: str | None
    facts: Facts
    have: Have
    recent: Sequence[str]
    today: date

    def suggestions(self, shown: Container[str] = ()) -> tuple[Suggestion, ...]:
        """At most `MOST`, the most pressing first: each service once, and none that is `shown` anyway, was
        opened lately, or is done."""
        found: dict[str, Suggestion] = {}
        for one in self._all():
            id_ = one.row.id
            if id_ in shown or id_ in self.recent or id_ in self.have.running or id_ in self.have.finished:
                continue
            found.setdefault(id_, one)
            if len(found) == MOST:
                break
        return tuple(found.values())

    def _all(self) -> Iterator[Suggestion]:
        yield from self._due()
        yield from self._birth()
        yield from self._next_steps()
        yield from self._cards_of_children()
        yield from self._beside()

    def _of(self, event: str) -> Sequence[CatalogueRow]:
        return self.offered.by_life_event(event, self.region)

    def _due(self) -> Iterator[Suggestion]:
        for concept, day in sorted(self.facts.due.items(), key=lambda pair: pair[1]):
            due = DUE[concept]
            row = next((row for row in self._of(due.event) if due.document in row.produces), None)
            if row is not None and -_LONG_AGO <= day - self.today <= due.ahead:
                because = due.soon if day >= self.today else due.past
                yield Suggestion(row, Phrase(because.message, {"day": day}))

    def _birth(self) -> Iterator[Suggestion]:
        day = self.facts.birth
        if day is None or not timedelta(0) <= self.today - day <= _NEWBORN:
            return
        first = plan(self._of("birth"), self.have, self.today).next
        if first is not None:
            yield Suggestion(first.row, N_("Karena kelahiran {day} sudah dilaporkan rumah sakit", day=day))

    def _next_steps(self) -> Iterator[Suggestion]:
        """The next step of every plan that the citizen has begun."""
        begun = sorted(self.have.finished, key=lambda id_: self.have.finished[id_], reverse=True)
        events: dict[str, CatalogueRow] = {}
        for row in filter(None, map(self.offered.service, begun)):
            for event in row.life_events:
                events.setdefault(event, row)
        for event, done in events.items():
            step = plan(self._of(event), self.have, self.today).next
            if step is not None:
                yield Suggestion(step.row, N_("Karena {service} sudah selesai", service=done.title))

    def _cards_of_children(self) -> Iterator[Suggestion]:
        young = [child for child in self.facts.children if self._years(child[1]) < _GROWN_UP]
        if not young or _CHILD_CARD in self.have.documents:
            return
        row = next((row for row in self._of("education") if row.produces == (_CHILD_CARD,)), None)
        if row is not None:
            name, born = young[0]
            years = self._years(born)
            because = N_("Karena {name} berusia {years} tahun", name=name, years=years)
            yield Suggestion(
                row, because if years else N_("Karena {name} belum berusia satu tahun", name=name)
            )

    def _beside(self) -> Iterator[Suggestion]:
        """What others do in the same situation as the service that was opened last."""
        for row in filter(None, map(self.offered.service, self.recent[:2])):
            for event in row.life_events[:1]:
                for other in self._of(event)[:_BESIDE]:
                    yield Suggestion(other, N_("Karena Anda membuka {service}", service=row.title))

    def _years(self, born: date) -> int:
        today = self.today
        return today.year - born.year - ((today.month, today.day) < (born.month, born.day))
