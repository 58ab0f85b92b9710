"""The agency of the sandbox: it takes every application through its steps by itself, and issues the
documents.

Each step takes `sandbox_pace_seconds`; how long a review takes and how it can end, the service's
`sandbox.yaml` says. What comes next is in the database (`next_move_at`), so a restart loses nothing and
several processes share the work. An application with an open question waits for its citizen; with
`sandbox_decisions = "manual"` one in review waits for `loket agency accept|reject|ask`. An agency whose own
system is connected (see `backend/connectors`) decides there alone.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Final

from sqlalchemy import event, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.contract.applications import Decision, NewDocument
from app.contract.citizen import Attribute
from app.contract.definition import ServiceDefinition
from app.contract.language import WIB
from backend import tables
from backend.agencies import begin_review, decide
from backend.applications import answers_of
from backend.attending import LONGEST_SLEEP_SECONDS, attend
from backend.issuing import issue_document
from backend.registers import read_me, record
from backend.sandbox import SANDBOX_AGENCY_KEY
from backend.sandbox.personas import REGISTERS
from backend.sandbox.workflow import Case, Workflow, read_workflow
from backend.services import Services
from backend.state import Backend

log = logging.getLogger("loket.backend.sandbox")

ELSEWHERE_SECONDS: Final = 0.2
"""How soon to look again at what is due, but just now in the hands of another process."""

POSTPONED: Final = timedelta(minutes=1)
REGISTER: Final = "population-register"
_PLAIN: Final = Workflow()
"""Of a service without `sandbox.yaml`: accepted, and nothing is issued."""


class SandboxAgency:
    """The sandbox's one agency. `families`: the family card of each persona, by subject.

    Raises:
        DefinitionError: a `sandbox.yaml` is wrong; the text says where.
    """

    def __init__(self, backend: Backend, families: Mapping[str, str]) -> None:
        self._backend = backend
        self._families = families
        self._workflows = dict(_workflows(backend.services, backend.settings.services))
        self._pace = timedelta(seconds=backend.settings.sandbox_pace_seconds)
        self._woken = asyncio.Event()
        self._looks_at: datetime | None = None

    def next_move(self, at: datetime, state: str, service: str) -> datetime | None:
        """When an application for `service` that came to `state` at `at` moves on; None: not by itself."""
        if state != "in_review":
            return at + self._pace
        workflow = self._workflows.get(service, _PLAIN)
        if workflow.decided_by == "person" or self._backend.settings.sandbox_decisions == "manual":
            return None
        return at + workflow.takes * self._pace

    def knows(self, key: str) -> bool:
        """Whether `key` lets a tester act for every agency."""
        return key == SANDBOX_AGENCY_KEY

    def learn(self, service: str, workflow: Workflow | None) -> None:
        """Issue for `service` what `workflow` says from now on; None: nothing."""
        self._workflows.pop(service, None)
        if workflow is not None:
            self._workflows[service] = workflow

    def expect(self, session: AsyncSession, row: tables.Application) -> None:
        """Look in time for the next move of `row`, once `session` has committed it."""
        due = row.next_move_at

        def wake(_session: object) -> None:
            if due is not None and (self._looks_at is None or due < self._looks_at):
                self._woken.set()

        event.listen(session.sync_session, "after_commit", wake, once=True)

    async def run(self) -> None:
        """Move applications along for as long as the backend runs."""
        await attend(self._look, self._woken, log, "sandbox agency could not look at its applications")

    async def _look(self) -> float:
        self._looks_at = None
        pause = await self._seconds_to_next()
        if pause <= 0:
            moved = await self.move_due()
            pause = await self._seconds_to_next() if moved else ELSEWHERE_SECONDS
        self._looks_at = self._backend.now() + timedelta(seconds=pause)
        return pause

    async def move_due(self) -> int:
        """Take every step that is due; gives how many. Several processes never take the same one."""
        moved = 0
        while reference := await self._move_one():
            log.info("moved", extra={"fields": {"reference": reference}})
            moved += 1
        return moved

    async def issue(
        self, session: AsyncSession, row: tables.Application, definition: ServiceDefinition
    ) -> None:
        """Issue what the service's `sandbox.yaml` says, and enter it in the registers."""
        workflow = self._workflows.get(row.service, _PLAIN)
        case = await self._case(session, row, workflow)
        self._issue_documents(session, row, definition, workflow, case)
        await self._register(session, row, workflow, case)

    async def _case(self, session: AsyncSession, row: tables.Application, workflow: Workflow) -> Case:
        seal = self._backend.keys.seal
        case = Case(
            reference=row.reference,
            service=row.service,
            at=row.updated_at,
            answers=answers_of(row, seal),
            me=await read_me(session, row.subject, seal),
        )
        for name, value in workflow.values.items():
            case.values[name] = case.work_out(value)
        return case

    async def _decision(self, session: AsyncSession, row: tables.Application) -> Decision:
        """How the review of an application ends: as the first outcome that fits says."""
        workflow = self._workflows.get(row.service, _PLAIN)
        case = await self._case(session, row, workflow)
        asked = await session.scalar(
            select(tables.Event.id)
            .where(tables.Event.reference == row.reference, tables.Event.kind == "question")
            .limit(1)
        )
        for outcome in workflow.outcomes:
            if (outcome.decide != "ask" or asked is None) and case.work_out(outcome.when):
                return Decision(
                    kind=outcome.decide, reason=outcome.reason, page=outcome.page, field=outcome.field
                )
        return Decision(kind="accept", reason=None)

    def _issue_documents(
        self,
        session: AsyncSession,
        row: tables.Application,
        definition: ServiceDefinition,
        workflow: Workflow,
        case: Case,
    ) -> None:
        for document in workflow.documents:
            if not case.work_out(document.when):
                continue
            last_day = case.work_out(document.valid_until)
            # Written by whoever wrote the service, and checked when it was read.
            issued = NewDocument.model_construct(
                type=document.type,
                vct=document.vct,
                claims=case.work_out(document.claims) or {},
                valid_until=_end_of(date.fromisoformat(last_day)) if last_day else None,
            )
            issue_document(self._backend, session, row, definition, issued)

    async def _register(
        self, session: AsyncSession, row: tables.Application, workflow: Workflow, case: Case
    ) -> None:
        changes: dict[str, list[Attribute]] = {}
        for registered in workflow.registers:
            if not case.work_out(registered.when):
                continue
            attribute = Attribute(
                concept=registered.concept,
                value=case.work_out(registered.value),
                source=REGISTER,
                source_title=REGISTERS[REGISTER],
                as_of=row.updated_at.astimezone(WIB).date(),
            )
            for subject in self._whose(row.subject, registered.of):
                changes.setdefault(subject, []).append(attribute)
        await record(
            session, self._backend.database, self._backend.keys.seal, changes, reference=row.reference
        )

    def _whose(self, subject: str, of: str) -> Iterable[str]:
        card = self._families.get(subject)
        if of == "applicant" or card is None:
            return [subject]
        return [other for other, theirs in self._families.items() if theirs == card]

    async def _move_one(self) -> str | None:
        now = self._backend.now()
        reference: str | None = None
        try:
            async with self._backend.database.writing() as session:
                row = await session.scalar(
                    select(tables.Application)
                    .where(tables.Application.next_move_at <= now)
                    .order_by(tables.Application.next_move_at)
                    .limit(1)
                    .with_for_update(skip_locked=True)
                )
                if row is None:
                    return None
                reference = row.reference
                await self._move(session, row, now)
        except Exception:
            if reference is None:
                raise
            # One application that cannot be moved must not hold up the others.
            log.exception(
                "sandbox agency could not move an application", extra={"fields": {"reference": reference}}
            )
            async with self._backend.database.writing() as session:
                await session.execute(
                    update(tables.Application)
                    .where(tables.Application.reference == reference)
                    .values(next_move_at=now + POSTPONED)
                )
        return reference

    async def _move(self, session: AsyncSession, row: tables.Application, now: datetime) -> None:
        if row.state == "in_review":
            await decide(self._backend, session, row, await self._decision(session, row))
            return
        await begin_review(self._backend, session, row)
        row.next_move_at = self.next_move(now, row.state, row.service)

    async def _seconds_to_next(self) -> float:
        async with self._backend.database.reading() as session:
            due = await session.scalar(select(func.min(tables.Application.next_move_at)))
        if due is None:
            return LONGEST_SLEEP_SECONDS
        return min(LONGEST_SLEEP_SECONDS, max(0.0, (due - self._backend.now()).total_seconds()))


def _end_of(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=WIB).astimezone(UTC)


@lru_cache(maxsize=4)
def _workflows(services: Services, folder: Path) -> dict[str, Workflow]:
    # The same services (see `read_folder`) have the same workflows.
    found = {
        service: read_workflow(folder / service / "sandbox.yaml", definition)
        for service in services.ids()
        if (definition := services.current(service)) is not None
    }
    return {service: workflow for service, workflow in found.items() if workflow is not None}
