"""What is offered now: the services of this backend's own folder, and those that agencies have published.

Every version that citizens were given is a link in its service's chain, signed by this backend (see
`app/contract/publication.py`). The database has the chain; every process looks whether it has grown and
takes the new services up without a restart.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.contract.canonical import canonical_bytes
from app.contract.definition import Agency, ServiceDefinition
from app.contract.findings import DefinitionError
from app.contract.medal import Medal
from app.contract.publication import PUBLICATION_TYPE, Bundle, Publication, link
from backend import tables
from backend.bundles import workflow_in
from backend.services import Services

if TYPE_CHECKING:
    from backend.keys import SigningKeys
    from backend.state import Backend

log = logging.getLogger("loket.backend.publications")

LOOK_AGAIN = timedelta(seconds=1)
"""How soon a process sees what another one has published."""
GRACE = timedelta(days=30)
"""How long a draft may still be sent in the version that it was begun with, once there is a newer one."""
_PROCESSES = 64
"""How many processes may start at one moment: each loses the race to write against one other at most."""
ALWAYS = datetime(2026, 1, 1, tzinfo=UTC)
"""When services were published that are made up from nothing: the same chain on every start."""


class Publications:
    """What this process has taken up of the chains in the database, over the services of the folder."""

    def __init__(self, folder: Services) -> None:
        self._folder = folder
        self._seen = 0
        self._looked: datetime | None = None
        self._lock = asyncio.Lock()

    async def begin(self, backend: Backend) -> None:
        """Give every service of the folder its publication, and take up what agencies have published."""
        for _process in range(_PROCESSES):
            try:
                await self._offer(backend)
                break
            except IntegrityError:
                # Another process of this start was quicker. What it wrote is what this one would have.
                continue
        await self._take_up(backend)

    async def _offer(self, backend: Backend) -> None:
        """Publish what is not the newest link of its chain already, nor older than that."""
        async with backend.database.writing() as session:
            heads = await _heads(session)
            for service in self._folder.ids():
                definition, served = self._folder.current(service), self._folder.served(service)
                if definition is None or served is None:
                    continue
                newest = heads.get(service)
                if newest is not None and (
                    newest.version > definition.version or newest.definition_sha256 == served.sha256
                ):
                    continue
                await add(
                    session,
                    backend.keys.signing,
                    newest,
                    service=service,
                    version=definition.version,
                    definition_sha256=served.sha256,
                    at=backend.now(),
                    medal=self._folder.medal(service),
                )

    async def renew(self, backend: Backend, folder: Services) -> None:
        """Offer another reading of the folder from now on: its author has saved."""
        self._folder = folder
        await folder.publish(backend.database, backend.settings.profile)
        await self.begin(backend)

    async def refresh(self, backend: Backend, *, at_once: bool = False) -> None:
        """Take up what was published since, by this process (`at_once`) or another."""
        now = backend.now()
        if not at_once and self._looked is not None and timedelta(0) <= now - self._looked < LOOK_AGAIN:
            return
        self._looked = now
        async with backend.database.reading() as session:
            newest = await session.scalar(select(func.max(tables.Publication.id))) or 0
        if newest != self._seen:
            await self._take_up(backend)

    async def _take_up(self, backend: Backend) -> None:
        async with self._lock:
            services = await self._as_published(backend)
            # Only now: the new edition wants a connection, and a database in memory has one.
            await backend.services_changed(services)

    async def _as_published(self, backend: Backend) -> Services:
        """The services of the folder with what the chains say over them."""
        async with backend.database.reading() as session:
            rows = list((await _heads(session)).values())
            self._seen = max((row.id for row in rows), default=0)
            published: list[tuple[ServiceDefinition, Medal | None]] = []
            agencies: list[Agency] = []
            gone: dict[str, int] = {}
            for row in rows:
                if row.kind == "withdrawn":
                    gone[row.service] = row.version
                elif row.proposal is not None:
                    definition = await self._published(session, row)
                    medal = Medal.model_validate(row.medal) if row.medal else None
                    published.append((definition, medal))
                    agencies += await self._brought(backend, session, row, definition)
        return self._folder.with_published(published, agencies, gone)

    async def _published(self, session: AsyncSession, row: tables.Publication) -> ServiceDefinition:
        kept = await session.get_one(tables.Definition, (row.service, row.version))
        return ServiceDefinition.model_validate_json(kept.content)

    async def _brought(
        self, backend: Backend, session: AsyncSession, row: tables.Publication, definition: ServiceDefinition
    ) -> list[Agency]:
        """The agency that a bundle brings; its workflow is told to the sandbox's agency."""
        proposal = await session.get_one(tables.Proposal, row.proposal)
        files = Bundle.model_validate_json(proposal.content).files
        if backend.agency and "sandbox.yaml" in files:
            try:
                workflow = await asyncio.to_thread(workflow_in, files["sandbox.yaml"], definition)
            except DefinitionError:
                log.exception("a workflow that was published does not hold any more")
            else:
                backend.agency.learn(definition.id, workflow)
        return [Agency.model_validate(proposal.agency_definition)] if proposal.agency_definition else []


async def add(
    session: AsyncSession,
    keys: SigningKeys,
    newest: tables.Publication | None,
    *,
    service: str,
    version: int,
    definition_sha256: str,
    at: datetime,
    medal: Medal | None = None,
    kind: str = "published",
    proposal: str | None = None,
    manifest: str | None = None,
    agency_key: Mapping[str, object] | None = None,
) -> Publication:
    """The link of a chain that follows `newest`, signed and kept in the transaction of `session`."""
    publication = Publication.model_validate(
        {
            "service": service,
            "sequence": newest.sequence + 1 if newest else 1,
            "kind": kind,
            "version": version,
            "definition_sha256": definition_sha256,
            "previous": link(newest.jws) if newest else None,
            "published_at": at,
            "medal": medal.model_dump() if medal else None,
            "manifest": manifest,
            "agency_key": dict(agency_key) if agency_key else None,
        }
    )
    session.add(
        tables.Publication(
            service=publication.service,
            sequence=publication.sequence,
            kind=publication.kind,
            version=publication.version,
            definition_sha256=publication.definition_sha256,
            published_at=at,
            medal=publication.medal.model_dump() if publication.medal else None,
            proposal=proposal,
            jws=keys.sign(canonical_bytes(publication), type_=PUBLICATION_TYPE),
        )
    )
    await session.flush()
    return publication


async def chain(backend: Backend, session: AsyncSession, service: str) -> list[str]:
    """The chain of a service, oldest first; one link for a service that is made up. Empty: no such
    service."""
    rows = await session.scalars(
        select(tables.Publication.jws)
        .where(tables.Publication.service == service)
        .order_by(tables.Publication.sequence)
    )
    found = list(rows)
    definition, served = backend.services.current(service), backend.services.served(service)
    if found or definition is None or served is None:
        return found
    made_up = Publication(
        service=service,
        sequence=1,
        version=definition.version,
        definition_sha256=served.sha256,
        previous=None,
        published_at=ALWAYS,
    )
    return [backend.keys.signing.sign(canonical_bytes(made_up), type_=PUBLICATION_TYPE)]


async def newest_version(backend: Backend, session: AsyncSession, service: str) -> int:
    """The highest version that citizens were ever given; 0 where there was none."""
    newest = await head(session, service)
    current = backend.services.current(service)
    return max(newest.version if newest else 0, current.version if current else 0)


async def still_taken(
    backend: Backend, session: AsyncSession, service: str, version: int
) -> ServiceDefinition | None:
    """An earlier version that drafts may still be sent in: for `GRACE` after the next one came; else None."""
    followed_at = await session.scalar(
        select(func.min(tables.Publication.published_at)).where(
            tables.Publication.service == service, tables.Publication.version > version
        )
    )
    if followed_at is None or backend.now() - followed_at > GRACE:
        return None
    return await backend.services.at_version(session, service, version)


async def head(session: AsyncSession, service: str) -> tables.Publication | None:
    """The newest link of a service's chain."""
    return (await _heads(session, service)).get(service)


async def _heads(session: AsyncSession, *services: str) -> dict[str, tables.Publication]:
    """The newest link of each chain, or of those of `services`."""
    newest = select(func.max(tables.Publication.id)).group_by(tables.Publication.service)
    if services:
        newest = newest.where(tables.Publication.service.in_(services))
    found = await session.scalars(select(tables.Publication).where(tables.Publication.id.in_(newest)))
    return {row.service: row for row in found}
