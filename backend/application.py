"""The backend as an ASGI application: puts the parts together, and starts and stops them."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

from fastapi import APIRouter, FastAPI

from backend import keys as private_keys
from backend import openapi, refusal, registers, schema
from backend.attachments import Attachments
from backend.authentication import Authenticator, FetchKeys, fetch_keys
from backend.connectors.addresses import AddressPolicy
from backend.connectors.carrier import HttpCarrier
from backend.connectors.courier import Courier
from backend.connectors.outbox import Outbox
from backend.connectors.registration import Connectors
from backend.database import Database
from backend.limits import BodyLimit, RateLimit
from backend.observation import Observation
from backend.publications import Publications
from backend.routes import (
    agencies,
    applications,
    attachments,
    catalogue,
    citizens,
    connectors,
    notices,
    proposals,
    server,
)
from backend.sandbox.agency import SandboxAgency
from backend.sandbox.faults import PersonaFaults, Sleep
from backend.sandbox.identity_provider.endpoints import router as provider_router
from backend.sandbox.identity_provider.provider import IdentityProvider
from backend.sandbox.personas import Personas
from backend.services import Services, read_folder
from backend.settings import Settings
from backend.state import Authenticates, Backend

VERSION = "1"
LARGEST_JSON_BYTES = 1_000_000


def _now() -> datetime:
    return datetime.now(UTC)


def create(
    settings: Settings,
    *,
    now: Callable[[], datetime] = _now,
    random_bytes: Callable[[int], bytes] = os.urandom,
    authenticator: Authenticates | None = None,
    sleep: Sleep = asyncio.sleep,
    services: Services | None = None,
) -> FastAPI:
    """The backend of `settings`. Its lifespan prepares the database and runs the sandbox's agency.

    `authenticator` stands in for the check of access tokens, for tests of what comes after it; `sleep` for
    the delays of slow personas; `services` for those that the settings name, where they are still written.

    Raises:
        SettingsError, KeysError, PersonaError, DefinitionError: the text says what is wrong, and where.
    """
    settings.check()
    database = Database(settings.database)
    keys = _keys(settings, now, random_bytes)
    app = FastAPI(
        title=openapi.TITLE,
        version=VERSION,
        description=openapi.DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        openapi_url="/v1/openapi.json",
        lifespan=up,
        responses=openapi.ANY_PROBLEM,
        webhooks=connectors.webhooks,
    )
    app.openapi = lambda: openapi.describe(app)
    app.include_router(_routes())
    refusal.answer_refusals(app)
    app.add_middleware(BodyLimit, max_bytes=max(LARGEST_JSON_BYTES, settings.chunk_bytes))
    app.add_middleware(Observation, random_bytes=random_bytes)

    sandbox = settings.profile == "sandbox"
    provider_keys: FetchKeys = fetch_keys(settings.token_issuer)
    if sandbox and settings.issuer is None:
        provider = IdentityProvider(
            issuer=settings.token_issuer,
            profile=settings.profile,
            database=database,
            personas=personas(),
            now=now,
            random_bytes=random_bytes,
        )
        app.include_router(provider_router(provider))
        provider_keys = provider.jwks
    services = services or _services(settings)
    backend = Backend(
        settings=settings,
        database=database,
        keys=keys,
        services=services,
        publications=Publications(services),
        attachments=Attachments(
            database, keys.seal, max_bytes=settings.attachment_max_bytes, chunk_bytes=settings.chunk_bytes
        ),
        authenticator=authenticator
        or Authenticator(
            issuer=settings.token_issuer,
            audience=settings.audience,
            public_url=settings.public_url,
            keys=provider_keys,
            nonce_key=keys.nonce,
            now=now,
        ),
        limit=RateLimit(settings.requests_per_minute, now),
        connectors=Connectors(database, keys.seal, now, random_bytes),
        now=now,
        random_bytes=random_bytes,
    )
    backend.courier = Courier(backend, HttpCarrier(AddressPolicy(loopback=sandbox), now))
    # Whichever courier the backend has when something is written.
    backend.outbox = Outbox(database, now, lambda: backend.courier.wake())
    if sandbox:
        backend.agency = SandboxAgency(backend, _families(backend.today))
        backend.faults = PersonaFaults(personas(), random_bytes, sleep)
    app.state.backend = backend
    return app


@asynccontextmanager
async def running(
    settings: Settings,
    *,
    now: Callable[[], datetime] = _now,
    random_bytes: Callable[[int], bytes] = os.urandom,
    authenticator: Authenticates | None = None,
    sleep: Sleep = asyncio.sleep,
) -> AsyncGenerator[FastAPI]:
    """A backend that is up, to be asked through `httpx.ASGITransport` in this process. As `create` otherwise.

    Nothing moves by itself here: call `app.state.backend.agency.move_due()` and `.courier.deliver_due()` when
    the clock has gone on.
    """
    app = create(settings, now=now, random_bytes=random_bytes, authenticator=authenticator, sleep=sleep)
    backend: Backend = app.state.backend
    try:
        await prepare(backend)
        yield app
    finally:
        await backend.courier.close()
        await backend.database.close()


async def prepare(backend: Backend) -> None:
    """Bring the database to what this backend needs: schema, published definitions, the sandbox's citizens.

    Raises:
        SchemaError, ServicesError: the text says what to do.
    """
    settings = backend.settings
    await schema.prepare(backend.database, migrate=settings.profile == "sandbox")
    await backend.services.publish(backend.database, settings.profile)
    await backend.publications.begin(backend)
    await backend.publish_catalogue()
    if settings.profile == "sandbox":
        attributes = {persona.subject: persona.attributes(backend.today) for persona in personas().values()}
        await registers.seed(backend.database, backend.keys.seal, attributes)


@asynccontextmanager
async def up(app: FastAPI) -> AsyncGenerator[None]:
    """`app` prepared and at work, with its courier and the sandbox's agency; all is given back at the end.

    Raises:
        SchemaError, ServicesError: as `prepare`.
    """
    backend: Backend = app.state.backend
    working: list[asyncio.Task[None]] = []
    try:
        await prepare(backend)
        working.append(asyncio.create_task(backend.courier.run()))
        if backend.agency:
            working.append(asyncio.create_task(backend.agency.run()))
        yield
    finally:
        for task in working:
            task.cancel()
        await asyncio.gather(*working, return_exceptions=True)
        await backend.courier.close()
        await backend.database.close()


@cache
def _routes() -> APIRouter:
    # The same for every application: they find their backend through the request.
    routes = APIRouter()
    first = APIRouter(prefix="/v1")
    for part in (catalogue, notices, citizens, attachments, applications, agencies):
        first.include_router(part.router)
    for router in (connectors.router, connectors.keys):
        first.include_router(router)
    for router in (proposals.authors, proposals.reviewers, proposals.chains, server.keys):
        first.include_router(router)
    routes.include_router(first)
    routes.include_router(server.health)
    return routes


def _services(settings: Settings) -> Services:
    services = read_folder(settings.services)
    if not settings.synthesised:
        return services
    from backend.sandbox.country import Country

    return services.within(Country(settings.synthesised, settings.seed, written=frozenset(services.ids())))


@cache
def personas() -> Personas:
    """The sandbox's citizens, read once."""
    return Personas.load()


@cache
def _families(today: date) -> dict[str, str]:
    return {
        persona.subject: attribute.value
        for persona in personas().values()
        for attribute in persona.attributes(today)
        if attribute.concept == "family.card_number"
    }


def _keys(
    settings: Settings, now: Callable[[], datetime], random_bytes: Callable[[int], bytes]
) -> private_keys.Keys:
    folder: Path | None = settings.keys
    if folder is None:
        return private_keys.ephemeral_keys(random_bytes)
    if settings.profile == "sandbox":
        private_keys.create_keys(folder, now(), random_bytes)
    return private_keys.read_keys(folder, random_bytes)
