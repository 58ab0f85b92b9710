"""The citizen who walks: a persona of the sandbox, and what the registers know of them, changed at will.

Only what a service may read makes a difference, so a citizen is a persona and some changes. The card of their
family is completed with people whom the form tells apart (a newborn, somebody under age), so that every
question about a person has somebody to answer it with.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from app.authoring.logic import comparisons, conditions_in
from app.authoring.walk.samples import Hints, around, name_of, nik
from app.contract.citizen import Attribute, Me
from app.contract.concepts import CONCEPTS
from app.contract.conditions import Comparison, Condition
from app.contract.definition import ServiceDefinition
from app.contract.expressions import Known
from app.contract.form import AnyField, FieldBase, Page, PaymentField, PersonField, inner_fields
from app.contract.naming import models_in
from app.contract.text import Text
from app.forms.conditions import Situation, holds, shifted
from app.forms.kinds.person import candidates
from app.forms.received import mappings

if TYPE_CHECKING:
    from backend.sandbox.personas import Persona, Personas

MEMBERS = "family.members"
_MOST_ADDED = 8
_REGISTER = "population-register"
_OF_SHAPE: Mapping[str, Any] = {
    "text": "Contoh 1",
    "date": "2020-03-04",
    "boolean": True,
    "integer": 2,
    "money": 2_500_000,
    "decimal": "3.2",
    "sex": "female",
    "phone": "+6281200009001",
    "email": "contoh@surat.example",
    "nik": "3273025204969001",
    "kk": "3273021506219001",
    "nisn": "0089000001",
    "npwp": "900000018407000",
    "bpjs": "0009900000001",
    "plate": "B 9001 XYZ",
    "time": "08:30",
    "location": {"latitude": -6.914744, "longitude": 107.60981},
}
"""What a register says of a concept that no persona has."""


@dataclass(frozen=True, slots=True)
class Citizen:
    """A persona at a service. `changes` is what the registers say otherwise for all ways (by concept);
    `readable` the concepts that the service reads and that make a difference."""

    persona: str
    known: Mapping[str, Attribute]
    readable: tuple[str, ...]
    changes: Mapping[str, Any] = field(default_factory=dict[str, Any])

    def me(self, knows: Mapping[str, Any]) -> Me:
        """What the state knows, with `knows` instead of what it said (None: it knows nothing)."""
        attributes = dict(self.known)
        for concept, value in {**self.changes, **knows}.items():
            if value is None:
                attributes.pop(concept, None)
            else:
                attributes[concept] = changed(self.known.get(concept), concept, value)
        return Me(subject=self.persona, attributes=list(attributes.values()))


def changed(known: Attribute | None, concept: str, value: Any) -> Attribute:
    """What a register says of `concept` once it says `value`; as before, where there was something before."""
    if known is not None:
        return known.model_copy(update={"value": value})
    some = _some_attribute(concept)
    if some is not None:
        return some.model_copy(update={"value": value})
    title = Text({"id": "Data kependudukan (Dukcapil)", "en": "Population register"})
    return Attribute(
        concept=concept, value=value, source=_REGISTER, source_title=title, as_of=date(2026, 1, 2)
    )


def citizen_of(
    definition: ServiceDefinition, persona: str, changes: Mapping[str, Any], today: date
) -> Citizen:
    """The citizen who walked a form: `persona`, of whom the registers say `changes` otherwise."""
    known = {a.concept: a for a in personas()[persona].attributes(today)}
    return Citizen(persona, known, _read(definition), changes)


def citizen_for(definition: ServiceDefinition, today: date) -> Citizen:
    """The persona of whom the state knows most of what this service reads, with a card of many people."""
    read = _read(definition)

    def known(persona: Persona) -> int:
        return len({a.concept for a in persona.attributes(today)} & set(read))

    fit = [p for p in personas().values() if p.account == "active" and not p.faults.error_rate]
    best = max((p for p in fit if not p.mistakes), key=known)
    citizen = citizen_of(definition, best.id, {}, today)
    card = _completed(definition, citizen, today) if MEMBERS in read else None
    return citizen if card is None else replace(citizen, changes={MEMBERS: card})


def values_known(concept: str, citizen: Citizen, bounds: Hints, today: date) -> Iterator[Any]:
    """What a register may say of `concept`: what it says of this citizen, of others, and near what conditions
    compare it with."""
    own = citizen.me({}).get(concept)
    if own is not None:
        yield own.value
    elif concept == MEMBERS:
        return
    near = around(bounds.values.get(None, ()))
    if concept != MEMBERS:
        for persona in personas().values():
            yield from (a.value for a in persona.attributes(today) if a.concept == concept)
        yield from near
        if own is None and concept in CONCEPTS and CONCEPTS[concept].shape in _OF_SHAPE:
            yield _OF_SHAPE[CONCEPTS[concept].shape]


def concepts_in(definition: ServiceDefinition, part: Page | AnyField | Condition) -> set[str]:
    """The concepts that a page, a field or a condition hangs on: prefill, conditions, people, what to pay."""
    used = {test.concept for _, one in conditions_in(part) for test in comparisons(one) if test.concept}
    used |= {model.concept for model in models_in(part) if isinstance(model, Known)}
    if isinstance(part, Page):
        return used.union(*(concepts_in(definition, one) for one in part.fields))
    if isinstance(part, FieldBase):
        used |= {part.prefill} if part.prefill is not None else set()
        used = used.union(*(concepts_in(definition, inner) for inner in inner_fields(cast("AnyField", part))))
    if isinstance(part, PersonField):
        used |= {MEMBERS, "person.nik"}
    if isinstance(part, PaymentField) and part.amount is None:
        for cost in definition.costs:
            used |= {t.concept for _, one in conditions_in(cost) for t in comparisons(one) if t.concept}
    return used


def _read(definition: ServiceDefinition) -> tuple[str, ...]:
    """The concepts that something in the form hangs on, of those that the service may read."""
    used = set[str]().union(*(concepts_in(definition, page) for page in definition.form.pages))
    return tuple(p.concept for p in definition.permissions if p.concept in used)


def _all_fields(definition: ServiceDefinition) -> Iterator[AnyField]:
    for page in definition.form.pages:
        for one in page.fields:
            yield one
            yield from inner_fields(one)


def _completed(definition: ServiceDefinition, citizen: Citizen, today: date) -> list[dict[str, Any]] | None:
    """The card with the people who are missing on it for the form to be answered in every way."""
    own = citizen.known.get(MEMBERS)
    if own is None:
        return None
    card: list[dict[str, Any]] = [dict(person) for person in mappings(own.value)]
    added = 0
    for asked in _all_fields(definition):
        if not isinstance(asked, PersonField):
            continue
        tests = list(_tests_of(definition, asked))
        seen = {_told(tests, asked, person, today) for person in _candidates(asked, card, citizen, today)}
        for person in _newcomers(tests, today, added):
            if added == _MOST_ADDED:
                break
            told = _told(tests, asked, person, today)
            if told in seen or person not in _candidates(asked, [*card, person], citizen, today, whole=True):
                continue
            seen.add(told)
            card.append(person)
            added += 1
    return card if added else None


def _tests_of(definition: ServiceDefinition, asked: PersonField) -> Iterator[Comparison]:
    for _, condition in conditions_in(definition):
        for test in comparisons(condition):
            if test.part is not None and test.field in (asked.id, "person"):
                yield test


def _told(
    tests: list[Comparison], asked: PersonField, person: Mapping[str, Any], today: date
) -> tuple[bool | None, ...]:
    seen = Situation(Me(subject="", attributes=[]), today, {asked.id: person, "person": person})
    return tuple(holds(test, seen) for test in tests)


def _candidates(
    asked: PersonField, card: list[dict[str, Any]], citizen: Citizen, today: date, *, whole: bool = False
) -> list[dict[str, Any]]:
    found = candidates(asked, Situation(citizen.me({MEMBERS: card}), today))
    numbers = {person.get("nik") for person in found}
    return [person for person in card if person.get("nik") in numbers] if whole else found


def _newcomers(tests: list[Comparison], today: date, serial: int) -> Iterator[dict[str, Any]]:
    """People on both sides of every day that a birth date is compared with, women and men."""
    days: list[date] = []
    for test in tests:
        for wanted in test.tests.values():
            moved = getattr(wanted, "today", None)
            bound = shifted(today, moved) if moved is not None else None
            if bound is None and hasattr(wanted, "years"):
                bound = shifted(today, wanted)
            if bound is not None and test.part == "birth_date":
                days += [date.fromordinal(bound.toordinal() + step) for step in (1, -1, 0)]
    for number, born in enumerate(dict.fromkeys([*days, date(1990, 5, 17)])):
        for sex in ("female", "male"):
            if born > today:
                continue
            yield {
                "nik": nik(born, sex, 500 + serial * 40 + number),
                "full_name": name_of(20 + serial * 2 + number),
                "sex": sex,
                "birth_date": born.isoformat(),
                "birth_place": "Bandung",
                "relation": "child" if born.year > today.year - 18 else "other",
                "marital_status": "Belum kawin",
            }


@cache
def personas() -> Personas:
    """The personas of the sandbox."""
    from backend.sandbox.personas import Personas

    return Personas.load()


@cache
def _some_attribute(concept: str) -> Attribute | None:
    """What a register says of any persona: its source and title are right for every citizen."""
    for persona in personas().values():
        for attribute in persona.attributes(date(2026, 1, 2)):
            if attribute.concept == concept:
                return attribute
    return None
