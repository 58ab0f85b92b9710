"""A persona at the counter: fills in a service, sends it, and is given what the sandbox issues."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from app.contract.citizen import Me
from app.contract.definition import ServiceDefinition
from app.contract.source import missing_translations, read_service
from app.forms.journey import CHECK, Journey
from app.forms.validation import Problem, check_submission
from backend.sandbox.personas import Personas
from backend.sandbox.workflow import Case, Workflow, read_workflow

SERVICES = Path(__file__).parent
TODAY = date(2026, 11, 24)
PHOTO = {"name": "bukti.jpg", "media_type": "image/jpeg", "size": 1_230_000, "sha256": "a" * 64}
PERSONAS = Personas.load()


@dataclass(frozen=True, slots=True)
class Filled:
    """A form filled in as far as it goes: the pages gone through, what held the last one up, what is sent."""

    definition: ServiceDefinition
    me: Me
    journey: Journey
    pages: list[str]
    held_up: list[Problem]

    @property
    def sent(self) -> dict[str, Any]:
        """The answers that are sent. Fails where the backend would not take them."""
        assert self.held_up == [], self.held_up
        assert self.journey.at == CHECK
        answers = self.journey.submission_answers()
        problems = check_submission(self.definition, answers, self.me, TODAY)
        assert [p for p in problems if not p.warning] == []
        return answers

    @property
    def ends_with(self) -> str | None:
        """The service that an early exit leads to, `""` where it gives advice alone; None: no early exit."""
        if (ending := self.journey.view.ends_at) is None or ending.exit is None:
            return None
        return ending.exit.service or ""

    @property
    def issued(self) -> dict[str, dict[str, Any]]:
        """What the sandbox issues for it: claims by type of document."""
        case, workflow = self._case()
        return {d.type: case.work_out(d.claims) or {} for d in workflow.documents if case.work_out(d.when)}

    @property
    def registered(self) -> dict[str, Any]:
        """What the sandbox enters in the registers, by concept."""
        case, workflow = self._case()
        return {e.concept: case.work_out(e.value) for e in workflow.registers if case.work_out(e.when)}

    def _case(self) -> tuple[Case, Workflow]:
        workflow = read_workflow(SERVICES / self.definition.id / "sandbox.yaml", self.definition)
        assert workflow is not None
        at = datetime(TODAY.year, TODAY.month, TODAY.day, 3, tzinfo=UTC)
        case = Case("LKT-2026-ABCD", self.definition.id, at, self.sent, self.me)
        for name, value in workflow.values.items():
            case.values[name] = case.work_out(value)
        return case, workflow


FillIn = Callable[..., Filled]


@pytest.fixture
def fill_in() -> FillIn:
    """`fill_in("dukcapil/birth-registration", "sari", {"full_name": "Bima Contoh"})`.

    `answers` are by field, those of a repeating section a list. `knows` changes what the state knows of the
    persona (None: nothing). A service has complete English texts, or this fails.
    """
    return _fill_in


def _fill_in(
    service: str, persona: str, answers: Mapping[str, Any], *, knows: Mapping[str, Any] | None = None
) -> Filled:
    definition = read_service(SERVICES / service)
    assert missing_translations(definition, "en") == []
    me = _citizen(persona, knows or {})
    journey = Journey(definition, me, TODAY)
    given = {"declaration": True, **answers}
    gone: list[str] = []
    while True:
        _answer_page(journey, given)
        here = journey.at
        gone.append(here)
        if here == CHECK:
            return Filled(definition, me, journey, gone[:-1], journey.problems(CHECK))
        if (held_up := journey.forward()) or journey.at == here:
            return Filled(definition, me, journey, gone, held_up)


def _answer_page(journey: Journey, answers: Mapping[str, Any]) -> None:
    answered: set[str] = set()
    while asked := [f.id for f in journey.fields() if f.id in answers and f.id not in answered]:
        journey.answer(asked[0], answers[asked[0]])
        answered.add(asked[0])


def _citizen(persona: str, knows: Mapping[str, Any]) -> Me:
    known = {a.concept: a for a in PERSONAS[persona].attributes(TODAY)}
    some = next(iter(known.values()))
    for concept, value in knows.items():
        if value is None:
            known.pop(concept, None)
        else:
            known[concept] = some.model_copy(update={"concept": concept, "value": value})
    return Me(subject=persona, attributes=list(known.values()))
