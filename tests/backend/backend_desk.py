"""A backend at hand, for tests: a clock, citizens by name, and a birth to register."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from starlette.requests import Request

from app.contract.canonical import canonical_bytes
from app.contract.citizen import Me
from app.contract.definition import ServiceDefinition
from app.contract.phrase import N_
from app.contract.problems import ProblemType
from app.forms.journey import Journey
from backend.problems import ProblemError
from backend.sandbox import SANDBOX_AGENCY_KEY
from backend.sandbox.personas import Personas
from backend.state import Backend

SERVICES = Path(__file__).parents[2] / "services"
BIRTH = "dukcapil/birth-registration"
PERSONAS = Personas.load()
MONDAY = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)
"""Monday, ten o'clock in Jakarta."""


def subject_of(persona: str) -> str:
    return PERSONAS[persona].subject


@dataclass(slots=True)
class Clock:
    """A clock that only the test moves."""

    now: datetime = MONDAY

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **time: float) -> None:
        self.now += timedelta(**time)


@dataclass(frozen=True, slots=True)
class Named:
    """A citizen who is who they say: what comes after sign-in is under test, not sign-in."""

    subject: str


async def by_name(request: Request) -> Named:
    scheme, _, subject = request.headers.get("authorization", "").partition(" ")
    if scheme != "Named":
        raise ProblemError(
            ProblemType.NOT_SIGNED_IN, N_("Masuk dulu."), headers={"WWW-Authenticate": "Named"}
        )
    return Named(subject)


@dataclass(slots=True)
class Desk:
    """A running backend and a way to ask it."""

    app: Any
    http: httpx.AsyncClient
    clock: Clock
    slept: list[float] = field(default_factory=list)

    @property
    def backend(self) -> Backend:
        return self.app.state.backend

    def citizen(self, persona: str = "sari") -> dict[str, str]:
        return {"Authorization": f"Named {subject_of(persona)}"}

    @property
    def agency(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {SANDBOX_AGENCY_KEY}"}

    async def get(self, path: str, persona: str = "sari", **more: Any) -> httpx.Response:
        headers = self.citizen(persona) | more.pop("headers", {})
        return await self.http.get(f"/v1/{path}", headers=headers, **more)

    async def post(
        self, path: str, body: Any, key: str | None = None, persona: str = "sari"
    ) -> httpx.Response:
        content = body if isinstance(body, bytes) else canonical_bytes(body)
        headers = self.citizen(persona) | {"Content-Type": "application/json"}
        if key is not None:
            headers["Idempotency-Key"] = f'"{key}"'
        return await self.http.post(f"/v1/{path}", headers=headers, content=content)

    async def definition(self) -> ServiceDefinition:
        return ServiceDefinition.model_validate_json((await self.get(f"services/{BIRTH}")).content)

    async def answers(self, persona: str = "sari", **changes: Any) -> dict[str, Any]:
        """The answers that register the birth which the hospital reported of `persona`."""
        me = Me.model_validate_json((await self.get(f"me?service={BIRTH}", persona)).content)
        journey = Journey(await self.definition(), me, self.backend.today)
        for path, value in {"full_name": "Bima Contoh", "declaration": True, **changes}.items():
            journey.answer(path, value)
        return journey.submission_answers()

    async def submission(self, persona: str = "sari", **changes: Any) -> dict[str, Any]:
        return {"service": BIRTH, "version": 1, "answers": await self.answers(persona, **changes)}

    async def apply(self, persona: str = "sari", key: str | None = None, **changes: Any) -> dict[str, Any]:
        """Register a birth; gives the application."""
        answer = await self.post(
            "applications", await self.submission(persona, **changes), key or uuid.uuid4().hex, persona
        )
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def decide(self, reference: str, **decision: Any) -> httpx.Response:
        return await self.http.post(
            f"/v1/agency/applications/{reference}/decision", headers=self.agency, json=decision
        )

    async def accept(self, reference: str) -> dict[str, Any]:
        answer = await self.decide(reference, kind="accept")
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def wait(self, seconds: float) -> int:
        """Let time go by, and the sandbox's agency do what is due."""
        self.clock.advance(seconds=seconds)
        assert self.backend.agency is not None
        return await self.backend.agency.move_due()
