"""Notices: published and withdrawn by operators, signed for everybody."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.contract.canonical import canonical_bytes
from app.contract.notices import NOTICES_TYPE, Notice, Notices
from backend import tables
from backend.keys import SigningKeys


def identifier(random_bytes: Callable[[int], bytes]) -> str:
    """A new notice's id."""
    return random_bytes(8).hex()


async def publish(session: AsyncSession, notice: Notice, now: datetime) -> None:
    """Publish a notice; devices have it within a minute of being online."""
    session.add(
        tables.Notice(
            id=notice.id, content=notice.model_dump(mode="json"), ends_at=notice.valid_until, created_at=now
        )
    )


async def withdraw(session: AsyncSession, notice_id: str, now: datetime) -> bool:
    """Withdraw a notice; whether there was one that was not withdrawn yet."""
    done = await session.execute(
        update(tables.Notice)
        .where(tables.Notice.id == notice_id, tables.Notice.withdrawn_at.is_(None))
        .values(withdrawn_at=now)
        .returning(tables.Notice.id)
    )
    return done.scalar_one_or_none() is not None


async def current(session: AsyncSession, now: datetime) -> Notices:
    """All notices that hold now or will, oldest first.

    The number counts what was ever published and withdrawn: rows are kept, so it only grows.
    """
    number = await session.scalar(
        select(func.count() + func.count(tables.Notice.withdrawn_at)).select_from(tables.Notice)
    )
    rows: Sequence[tables.Notice] = (
        await session.scalars(
            select(tables.Notice)
            .where(tables.Notice.withdrawn_at.is_(None), tables.Notice.ends_at > now)
            .order_by(tables.Notice.created_at, tables.Notice.id)
        )
    ).all()
    return Notices(number=number or 0, notices=[Notice.model_validate(row.content) for row in rows])


def signed(notices: Notices, keys: SigningKeys) -> str:
    """`notices` as a compact JWS."""
    return keys.sign(canonical_bytes(notices), type_=NOTICES_TYPE)
