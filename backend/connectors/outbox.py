"""What is to be told to an agency's system, written in the transaction in which it happened.

A submission to an agency that is not connected costs one look at a table of few rows. The body is made when
the delivery is first tried (see `freeze`).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, cast

from sqlalchemy import (
    Select,
    String,
    Subquery,
    and_,
    bindparam,
    case,
    event,
    exists,
    func,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy import cast as sql_cast
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session, aliased

from app.contract.canonical import canonical_bytes
from app.contract.deliveries import Delivery, DeliveryRecord, DeliveryState, EventType
from backend import tables
from backend.agencies import UNDECIDED, AgencyAccess, read
from backend.database import Database
from backend.state import Backend

MOST_LISTED = 200
CONNECTED = select(tables.Connector.agency).where(tables.Connector.agency == bindparam("agency"))
_COLUMNS = ["id", "agency", "reference", "sequence", "type", "created_at", "attempts", "due_at"]


class Outbox:
    """Where the rest of the backend says what happened. `wake` is called when there is something to send."""

    def __init__(self, database: Database, now: Callable[[], datetime], wake: Callable[[], None]) -> None:
        self._database = database
        self._now = now
        self._wake = wake

    async def tell(self, session: AsyncSession, row: tables.Application) -> None:
        """Write, in the transaction of `session`, what has just happened to `row`: it came, or its citizen
        answered. The sandbox then leaves it to the agency's own system."""
        connection = await session.connection()
        if await connection.scalar(CONNECTED, {"agency": row.agency}) is None:
            return
        about = select(tables.Application).where(tables.Application.reference == row.reference).subquery()
        await session.execute(_inserted(self._database, about, self._now()))
        await session.execute(
            update(tables.Application)
            .where(tables.Application.reference == row.reference)
            .values(next_move_at=None)
        )
        row.next_move_at = None
        event.listen(session.sync_session, "after_commit", self._committed, once=True)

    def _committed(self, _session: Session) -> None:
        self._wake()


async def tell_undecided(session: AsyncSession, database: Database, agency: str, now: datetime) -> None:
    """Write, for each application of `agency` that waits, what last happened to it, where it is not written
    yet."""
    about = (
        select(tables.Application)
        .where(tables.Application.agency == agency, tables.Application.state.in_(UNDECIDED))
        .subquery()
    )
    await session.execute(_inserted(database, about, now))


def _inserted(database: Database, about: Subquery, now: datetime) -> Any:
    insert = database.insert(tables.Delivery).from_select(_COLUMNS, _latest(about, now))
    return insert.on_conflict_do_nothing()


def _latest(about: Subquery, now: datetime) -> Select[*tuple[Any, ...]]:
    """The last thing that happened to each of the applications `about`, as a row of the outbox.

    Both the number and the identifier come from the timeline, so they are the same whenever this is asked.
    """
    answers = (
        select(func.count())
        .select_from(tables.Event)
        .where(tables.Event.reference == about.c.reference, tables.Event.kind == "answered")
        .scalar_subquery()
    )
    plain = func.replace(about.c.reference, "-", "")
    identifier = literal("msg_", String).concat(plain).concat("_")
    return select(
        identifier.concat(sql_cast(answers + 1, String)),
        about.c.agency,
        about.c.reference,
        answers + 1,
        case((answers == 0, "application.received"), else_="application.answered"),
        about.c.updated_at,
        literal(0),
        literal(now, tables.Instant()),
        # SQLite reads the ON of ON CONFLICT as one of a join, unless there is a WHERE before it.
    ).where(about.c.reference.is_not(None))


async def freeze(backend: Backend, session: AsyncSession, row: tables.Delivery) -> bytes:
    """The body of a delivery: made the first time, and the very same bytes from then on."""
    place = ("deliveries.body", row.id)
    if row.sealed_body is not None:
        return backend.keys.seal.open(row.sealed_body, *place)
    told = Delivery(
        type=cast("EventType", row.type),
        timestamp=row.created_at,
        agency=row.agency,
        sequence=row.sequence,
        data=await read(backend, session, AgencyAccess(row.agency), row.reference),
    )
    body = canonical_bytes(told)
    row.sealed_body = backend.keys.seal.close(body, *place)
    return body


def is_next() -> Any:
    """A condition: everything that happened to the same application before is delivered."""
    earlier = aliased(tables.Delivery)
    return ~exists().where(
        earlier.reference == tables.Delivery.reference,
        earlier.sequence < tables.Delivery.sequence,
        earlier.delivered_at.is_(None),
    )


async def listed(
    session: AsyncSession, agency: str, state: DeliveryState | None, now: datetime
) -> list[DeliveryRecord]:
    """The last deliveries of an agency, the newest first; only those in `state`, if given."""
    row = tables.Delivery
    sending = and_(row.lease.is_not(None), row.due_at > now)
    conditions = {
        "delivered": row.delivered_at.is_not(None),
        "dead": row.dead_at.is_not(None),
        "sending": sending,
        "waiting": and_(row.due_at.is_not(None), or_(row.lease.is_(None), row.due_at <= now)),
    }
    query = select(row).where(row.agency == agency)
    if state is not None:
        query = query.where(conditions[state])
    found = await session.scalars(query.order_by(row.created_at.desc(), row.id.desc()).limit(MOST_LISTED))
    return [_record(one, now) for one in found]


async def redeliver(session: AsyncSession, agency: str, now: datetime, identifier: str | None = None) -> int:
    """Try again at once what is dead; with `identifier` that one alone, also where it only waits for its next
    try. Gives how many."""
    row = tables.Delivery
    which = row.dead_at.is_not(None) if identifier is None else row.id == identifier
    done = await session.execute(
        update(row)
        .where(row.agency == agency, row.delivered_at.is_(None), row.lease.is_(None), which)
        .values(due_at=now, dead_at=None, first_tried_at=None)
        .returning(row.id)
    )
    return len(done.all())


def _record(row: tables.Delivery, now: datetime) -> DeliveryRecord:
    state: DeliveryState = "waiting"
    if row.delivered_at:
        state = "delivered"
    elif row.dead_at:
        state = "dead"
    elif row.lease and row.due_at and row.due_at > now:
        state = "sending"
    return DeliveryRecord(
        id=row.id,
        reference=row.reference,
        type=row.type,
        sequence=row.sequence,
        state=state,
        created_at=row.created_at,
        attempts=row.attempts,
        next_attempt_at=row.due_at if state == "waiting" else None,
        delivered_at=row.delivered_at,
        trouble=row.trouble,
    )
