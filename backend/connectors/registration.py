"""Connecting an agency's system, and what can be done with the connection: look, pause, resume, change the
key, disconnect."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import delete, func, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.contract.deliveries import Connector, ConnectorState, NewConnector
from backend import tables
from backend.agencies import UNDECIDED
from backend.connectors import signing
from backend.connectors.outbox import tell_undecided
from backend.database import Database
from backend.keys import Seal

NextMove = Callable[[datetime, str, str], datetime | None]


@dataclass(frozen=True, slots=True)
class Connectors:
    """The connectors of one backend."""

    database: Database
    seal: Seal
    now: Callable[[], datetime]
    random_bytes: Callable[[int], bytes]

    async def connect(self, session: AsyncSession, agency: str, new: NewConnector) -> None:
        """Deliver the applications of `agency` to a URL from now on, beginning with those that wait.

        A connector that is there gets the new URL and starts anew; its keys stay.
        """
        now = self.now()
        if self.database.postgresql:
            # Whoever takes an application in has looked for a connector: wait for those that found none.
            await session.execute(text("LOCK TABLE applications IN SHARE ROW EXCLUSIVE MODE"))
        row = await _locked(session, agency)
        if row is None:
            keys = [signing.new_key(self.random_bytes)]
            row = tables.Connector(
                agency=agency, created_at=now, sealed_keys=signing.sealed(keys, agency, self.seal)
            )
            session.add(row)
        row.url, row.max_in_flight = new.url, new.max_in_flight
        _start(row, now)
        row.last_delivered_at = None
        await session.flush()
        await session.execute(
            update(tables.Application)
            .where(tables.Application.agency == agency, tables.Application.state.in_(UNDECIDED))
            .values(next_move_at=None)
        )
        await tell_undecided(session, self.database, agency, now)
        await _all_due(session, agency, now)

    async def rotate_key(self, session: AsyncSession, agency: str, overlap: timedelta) -> bool:
        """Sign with a new key, and with the old one beside it for `overlap`. False: not connected."""
        row = await _locked(session, agency)
        if row is None:
            return False
        now = self.now()
        keys = signing.opened(row.sealed_keys, agency, self.seal)
        keys = signing.changed(keys, signing.new_key(self.random_bytes), now, now + overlap)
        row.sealed_keys = signing.sealed(keys, agency, self.seal)
        return True

    async def public_keys(self, session: AsyncSession, agency: str) -> dict[str, Any] | None:
        """The JWK set that deliveries to `agency` are verified with. None: not connected."""
        row = await session.get(tables.Connector, agency)
        if row is None:
            return None
        return signing.public(signing.opened(row.sealed_keys, agency, self.seal), self.now())


async def pause(session: AsyncSession, agency: str, now: datetime) -> bool:
    """Deliver nothing until `resume`. What is under way ends by itself. False: not connected."""
    row = await _locked(session, agency)
    if row is None:
        return False
    if row.state != "paused":
        row.state, row.changed_at = "paused", now
    return True


async def resume(session: AsyncSession, agency: str, now: datetime) -> bool:
    """Deliver again, and at once, what waits. False: not connected."""
    row = await _locked(session, agency)
    if row is None:
        return False
    _start(row, now)
    await _all_due(session, agency, now)
    return True


async def disconnect(
    session: AsyncSession, agency: str, now: datetime, next_move: NextMove | None = None
) -> bool:
    """Deliver nothing more, and forget what was to be delivered: the applications stay. `next_move` says when
    the sandbox's own agency goes on with one. False: not connected."""
    row = await _locked(session, agency)
    if row is None:
        return False
    await session.execute(delete(tables.Delivery).where(tables.Delivery.agency == agency))
    await session.delete(row)
    if next_move is not None:
        waiting = await session.scalars(
            select(tables.Application).where(
                tables.Application.agency == agency, tables.Application.state.in_(("received", "in_review"))
            )
        )
        for application in waiting:
            application.next_move_at = next_move(now, application.state, application.service)
    return True


async def shown(session: AsyncSession, agency: str | None = None) -> list[Connector]:
    """How the deliveries stand: of every agency, or of one."""
    query = select(tables.Connector).order_by(tables.Connector.agency)
    if agency is not None:
        query = query.where(tables.Connector.agency == agency)
    rows: Sequence[tables.Connector] = (await session.scalars(query)).all()
    found: list[Connector] = []
    for row in rows:
        waiting, dead = (
            await session.execute(
                select(func.count(tables.Delivery.due_at), func.count(tables.Delivery.dead_at)).where(
                    tables.Delivery.agency == row.agency,
                    or_(tables.Delivery.due_at.is_not(None), tables.Delivery.dead_at.is_not(None)),
                )
            )
        ).one()
        found.append(
            Connector(
                agency=row.agency,
                url=row.url,
                max_in_flight=row.max_in_flight,
                state=cast("ConnectorState", row.state),
                since=row.changed_at,
                failing_since=row.failing_since,
                resumes_at=row.resume_at,
                last_delivered_at=row.last_delivered_at,
                trouble=row.trouble,
                waiting=waiting,
                dead=dead,
            )
        )
    return found


def _start(row: tables.Connector, now: datetime) -> None:
    row.state, row.changed_at = "delivering", now
    row.failures, row.failing_since, row.resume_at, row.trouble = 0, None, None, None


async def _all_due(session: AsyncSession, agency: str, now: datetime) -> None:
    """Try what waits at once; and count its week from the next try, since it was not to blame."""
    await session.execute(
        update(tables.Delivery)
        .where(
            tables.Delivery.agency == agency,
            tables.Delivery.due_at.is_not(None),
            tables.Delivery.lease.is_(None),
        )
        .values(due_at=now, first_tried_at=None)
    )


async def _locked(session: AsyncSession, agency: str) -> tables.Connector | None:
    return await session.get(tables.Connector, agency, with_for_update={"key_share": True})
