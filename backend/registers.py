"""What the registers of the state know of a citizen: attributes with their value, source and date."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.contract.canonical import canonical_bytes
from app.contract.citizen import Attribute, Me
from app.contract.definition import ServiceDefinition
from app.contract.text import Text
from backend import tables
from backend.database import Database, Insert
from backend.keys import Seal

PLACE = "register_entries.value"


async def read_me(
    session: AsyncSession, subject: str, seal: Seal, only_for: ServiceDefinition | None = None
) -> Me:
    """What is known of `subject`; with `only_for`, no more than that service declares in its permissions."""
    query = (
        select(tables.RegisterEntry)
        .where(tables.RegisterEntry.subject == subject)
        .order_by(tables.RegisterEntry.concept)
    )
    if only_for is not None:
        declared = [permission.concept for permission in only_for.permissions]
        query = query.where(tables.RegisterEntry.concept.in_(declared))
    found = [_attribute(row, seal) for row in await session.scalars(query)]
    return Me(subject=subject, attributes=[attribute for attribute in found if attribute.value is not None])


async def record(
    session: AsyncSession,
    database: Database,
    seal: Seal,
    attributes: Mapping[str, Iterable[Attribute]],
    *,
    reference: str,
) -> None:
    """Write attributes by subject into the register, because of the application `reference`.

    An attribute with the value None is one that the register no longer has: what it told of has happened.
    """
    insert = database.insert(tables.RegisterEntry)
    await _write(session, insert.on_conflict_do_update(**_change(insert)), seal, attributes, reference)


async def seed(database: Database, seal: Seal, attributes: Mapping[str, Iterable[Attribute]]) -> None:
    """Enter citizens as they were before any application; what an application changed stays as it is."""
    insert = database.insert(tables.RegisterEntry)
    unless_changed = tables.RegisterEntry.reference.is_(None)
    statement = insert.on_conflict_do_update(**_change(insert), where=unless_changed)
    async with database.writing() as session:
        await _write(session, statement, seal, attributes, None)


def _change(insert: Insert) -> dict[str, Any]:
    changed = ("sealed_value", "source", "source_title", "as_of", "reference")
    return {
        "index_elements": ["subject", "concept"],
        "set_": {name: insert.excluded[name] for name in changed},
    }


async def _write(
    session: AsyncSession,
    statement: Insert,
    seal: Seal,
    attributes: Mapping[str, Iterable[Attribute]],
    reference: str | None,
) -> None:
    rows = [
        {
            "subject": subject,
            "concept": attribute.concept,
            "sealed_value": seal.close(canonical_bytes(attribute.value), PLACE, subject, attribute.concept),
            "source": attribute.source,
            "source_title": attribute.source_title.root,
            "as_of": attribute.as_of,
            "reference": reference,
        }
        for subject, given in attributes.items()
        for attribute in given
    ]
    if rows:
        await session.execute(statement, rows)


def _attribute(row: tables.RegisterEntry, seal: Seal) -> Attribute:
    value: Any = json.loads(seal.open(row.sealed_value, PLACE, row.subject, row.concept))
    return Attribute(
        concept=row.concept,
        value=value,
        source=row.source,
        source_title=Text(row.source_title),
        as_of=row.as_of,
    )
