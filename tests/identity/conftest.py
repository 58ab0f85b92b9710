from __future__ import annotations

import os
import sys
from pathlib import Path

import httpx
import pytest

sys.path.insert(0, str(Path(__file__).parent))

from hostile_provider import HostileProvider
from signing_in import Moment, Sandbox, session_at

from app.storage.storage import Storage
from backend.application import running
from backend.settings import Settings


@pytest.fixture
def moment() -> Moment:
    return Moment()


@pytest.fixture
async def sandbox(moment, tmp_path):
    services = Path(__file__).parents[2] / "services"
    settings = Settings(database=f"sqlite:///{tmp_path}/backend.db", services=services)
    async with (
        running(settings, now=moment) as app,
        httpx.AsyncClient(transport=httpx.ASGITransport(app)) as http,
    ):
        yield Sandbox(settings, http)


@pytest.fixture
async def hostile(moment):
    async with HostileProvider(moment) as provider:
        yield provider


@pytest.fixture
async def storage():
    storage = await Storage.open(None, os.urandom(32))
    yield storage
    await storage.close()


@pytest.fixture
async def hostile_session(hostile, moment):
    """Makes sessions that sign in at the hostile provider."""
    async with httpx.AsyncClient() as http:
        yield lambda **options: session_at(hostile.issuer, http, moment, **options)


@pytest.fixture
def sandbox_session(sandbox, moment):
    """Makes sessions that sign in at the sandbox."""
    return lambda **options: session_at(sandbox.issuer, sandbox.http, moment, **options)
