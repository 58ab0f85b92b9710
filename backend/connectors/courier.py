"""Sees to it that what is in the outbox is delivered: at least once, and in order for each application.

Any number of couriers share the work, in one process or in many. A courier takes a delivery on a *lease*: it
commits that it has it, makes one attempt, and commits what came of it. One that dies in between leaves a
lease that ends by itself, and the same delivery goes out again under the same identifier. Only the first
undelivered delivery of an application can be taken, so later ones never overtake it. The row of the connector
is locked while leases are taken, which holds the number of attempts under way to `max_in_flight`.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend import tables
from backend.agencies import begin_review
from backend.attending import LONGEST_SLEEP_SECONDS, attend
from backend.connectors import patience, signing
from backend.connectors.carrier import Carrier, Outcome
from backend.connectors.outbox import freeze, is_next

if TYPE_CHECKING:
    from backend.state import Backend

log = logging.getLogger("loket.backend.connectors")

LEASE: Final = timedelta(seconds=60)
"""Three times what an attempt may take: a courier that has it for longer is dead."""
MOST_UNDER_WAY: Final = 32
"""Attempts of one process at once, over all agencies."""
POSTPONED: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Parcel:
    """A delivery on lease, ready to go."""

    id: str
    agency: str
    lease: str
    url: str
    headers: dict[str, str]
    body: bytes


class Courier:
    """One process's part of the work."""

    def __init__(self, backend: Backend, carrier: Carrier) -> None:
        self._backend = backend
        self._carrier = carrier
        self._woken = asyncio.Event()
        self._under_way: set[asyncio.Task[None]] = set()

    async def close(self) -> None:
        """Give back what the carrier holds."""
        await self._carrier.close()

    def wake(self) -> None:
        """Look again: there is something to deliver."""
        self._woken.set()

    async def run(self) -> None:
        """Deliver for as long as the backend runs. Attempts that are under way at the end are broken off, and
        made again when their leases end."""
        try:
            await attend(self._look, self._woken, log, "could not look at the outbox")
        finally:
            for task in self._under_way:
                task.cancel()
            await asyncio.gather(*self._under_way, return_exceptions=True)

    async def _look(self) -> float:
        while await self._set_out():
            pass
        return await self._seconds_to_next()

    async def deliver_due(self) -> int:
        """Make every attempt that is due, and those that become possible by it; gives how many."""
        attempts = 0
        while parcels := await self.take():
            await asyncio.gather(*(self._deliver(parcel) for parcel in parcels))
            attempts += len(parcels)
        return attempts

    async def take(self) -> list[Parcel]:
        """Take as much as may be under way now, on lease."""
        taken: list[Parcel] = []
        for agency in await self._agencies_with_work():
            room = MOST_UNDER_WAY - len(self._under_way) - len(taken)
            if room <= 0:
                break
            async with self._backend.database.writing() as session:
                taken += await self._lease(session, agency, room)
        return taken

    async def settle(self, parcel: Parcel, outcome: Outcome) -> None:
        """Keep what came of an attempt."""
        async with self._backend.database.writing() as session:
            connector = await session.get(
                tables.Connector, parcel.agency, with_for_update={"key_share": True}
            )
            row = await session.get(tables.Delivery, parcel.id, with_for_update=True)
            if connector is None or row is None or row.delivered_at is not None:
                return
            if outcome.kind == "delivered":
                await self._delivered(session, connector, row)
            elif row.lease == parcel.lease:
                self._failed(connector, row, outcome)

    async def _set_out(self) -> bool:
        parcels = await self.take()
        for parcel in parcels:
            task = asyncio.create_task(self._deliver(parcel))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)
            task.add_done_callback(lambda _: self.wake())
        return bool(parcels)

    async def _deliver(self, parcel: Parcel) -> None:
        try:
            outcome = await self._carrier.carry(parcel.url, parcel.headers, parcel.body)
        except Exception:
            log.exception("an attempt broke", extra={"fields": {"delivery": parcel.id}})
            outcome = Outcome("down", "the attempt broke on our side")
        try:
            await self.settle(parcel, outcome)
        except Exception:
            # The lease ends by itself, and the delivery goes out again.
            log.exception("could not keep what came of it", extra={"fields": {"delivery": parcel.id}})

    async def _agencies_with_work(self) -> list[str]:
        now = self._backend.now()
        row, connector = tables.Delivery, tables.Connector
        async with self._backend.database.reading() as session:
            found = await session.scalars(
                select(row.agency)
                .join(connector, connector.agency == row.agency)
                .where(_open(now), row.due_at <= now, is_next())
                .group_by(row.agency)
                .order_by(func.min(row.due_at))
            )
            return list(found)

    async def _lease(self, session: AsyncSession, agency: str, room: int) -> list[Parcel]:
        backend, now, row = self._backend, self._backend.now(), tables.Delivery
        connector = await session.scalar(
            select(tables.Connector)
            .where(tables.Connector.agency == agency, _open(now))
            .with_for_update(key_share=True, skip_locked=True)
        )
        if connector is None:
            return []
        # Asked after the lock was had: what other couriers hold is then committed.
        held = await session.scalar(
            select(func.count()).where(row.agency == agency, row.lease.is_not(None), row.due_at > now)
        )
        most = 1 if connector.failures >= patience.CIRCUIT_OPENS else connector.max_in_flight
        rows = await session.scalars(
            select(row)
            .where(row.agency == agency, row.due_at <= now, is_next())
            .order_by(row.due_at, row.id)
            .limit(max(0, min(room, most - (held or 0))))
            .with_for_update(skip_locked=True)
        )
        keys = signing.opened(connector.sealed_keys, agency, backend.keys.seal)
        taken: list[Parcel] = []
        for one in rows.all():
            try:
                body = await freeze(backend, session, one)
            except Exception:
                # One application that cannot be read must not hold up the others.
                log.exception("could not make a delivery", extra={"fields": {"delivery": one.id}})
                one.due_at, one.trouble = now + POSTPONED, "it cannot be read on our side"
                continue
            one.lease = lease = backend.random_bytes(16).hex()
            one.due_at = now + LEASE
            one.attempts += 1
            one.first_tried_at = one.first_tried_at or now
            headers = signing.headers(keys, one.id, now, body)
            taken.append(Parcel(one.id, agency, lease, connector.url, headers, body))
        return taken

    async def _delivered(
        self, session: AsyncSession, connector: tables.Connector, row: tables.Delivery
    ) -> None:
        now = self._backend.now()
        row.delivered_at, row.due_at, row.dead_at = now, None, None
        row.lease, row.sealed_body, row.trouble = None, None, None
        connector.failures, connector.failing_since, connector.resume_at = 0, None, None
        connector.last_delivered_at, connector.trouble = now, None
        application = await session.get(tables.Application, row.reference, with_for_update=True)
        if application is not None and application.state == "received":
            await begin_review(self._backend, session, application)
        log.info("delivered", extra={"fields": {"delivery": row.id, "attempts": row.attempts}})

    def _failed(self, connector: tables.Connector, row: tables.Delivery, outcome: Outcome) -> None:
        now, random_below = self._backend.now(), self._backend.random_below
        row.lease, row.trouble = None, outcome.trouble
        row.due_at = now + patience.delay(row.attempts, random_below)
        connector.trouble = outcome.trouble
        if outcome.kind == "gone":
            row.due_at = now
            self._stop(connector, "gone")
        elif outcome.kind == "busy":
            wait = patience.BUSY if outcome.wait is None else outcome.wait
            connector.resume_at = row.due_at = now + wait
        elif outcome.kind == "down":
            connector.failures += 1
            if connector.failures >= patience.CIRCUIT_OPENS:
                connector.resume_at = now + patience.probe_delay(connector.failures, random_below)
        if outcome.kind in ("busy", "down"):
            failing_since = connector.failing_since or now
            connector.failing_since = failing_since
            if now - failing_since >= patience.FAILED_AFTER and connector.state == "delivering":
                self._stop(connector, "failed")
        tried_since = row.first_tried_at or now
        if outcome.kind != "gone" and now - tried_since >= patience.DEAD_AFTER:
            row.dead_at, row.due_at = now, None
        fields: dict[str, Any] = {"delivery": row.id, "attempts": row.attempts, "trouble": outcome.trouble}
        log.log(
            logging.ERROR if row.dead_at else logging.WARNING,
            "given up" if row.dead_at else "not delivered",
            extra={"fields": fields},
        )

    def _stop(self, connector: tables.Connector, state: str) -> None:
        connector.state, connector.changed_at = state, self._backend.now()
        log.error("connector stopped", extra={"fields": {"agency": connector.agency, "why": state}})

    async def _seconds_to_next(self) -> float:
        """What is due already waits for something that wakes this courier, or for the next look."""
        now = self._backend.now()
        row, connector = tables.Delivery, tables.Connector
        async with self._backend.database.reading() as session:
            due = await session.scalar(
                select(func.min(row.due_at))
                .join(connector, connector.agency == row.agency)
                .where(connector.state == "delivering", row.due_at > now)
            )
            resuming = await session.scalar(
                select(func.min(connector.resume_at)).where(
                    connector.state == "delivering", connector.resume_at > now
                )
            )
        moments = [(moment - now).total_seconds() for moment in (due, resuming) if moment is not None]
        return min([LONGEST_SLEEP_SECONDS, *moments])


def _open(now: datetime) -> Any:
    return (tables.Connector.state == "delivering") & or_(
        tables.Connector.resume_at.is_(None), tables.Connector.resume_at <= now
    )
