from __future__ import annotations

import os
from collections.abc import AsyncIterator

import httpx
import pytest
from device import SERVICES, Clock, Device, Signer, whoever_says_so
from fastapi import FastAPI

from app.storage.storage import Storage
from backend.application import running
from backend.sandbox.personas import Personas
from backend.settings import Settings


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def dewi() -> str:
    """Her baby was born at home ninety days ago: a form with a file, and late."""
    return next(p.subject for p in Personas.load().values() if p.id == "dewi")


@pytest.fixture
async def backend(clock: Clock) -> AsyncIterator[FastAPI]:
    settings = Settings(services=SERVICES, public_url="http://127.0.0.1:8700", requests_per_minute=10_000)
    async with running(settings, now=clock.now, authenticator=whoever_says_so) as app:
        yield app


@pytest.fixture
async def storage() -> AsyncIterator[Storage]:
    storage = await Storage.open(None, os.urandom(32))
    yield storage
    await storage.close()


@pytest.fixture
async def device(backend: FastAPI, storage: Storage, clock: Clock, dewi: str) -> AsyncIterator[Device]:
    device = Device(storage, httpx.ASGITransport(backend), clock, Signer(dewi))
    yield device
    await device.close()
