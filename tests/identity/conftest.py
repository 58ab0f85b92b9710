from __future__ import annotations

import asyncio
import os
import re
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

sys.path.insert(0, str(Path(__file__).parent))

from hostile_provider import CLIENT_ID, HostileProvider

from app.identity.session import Session
from app.storage.storage import Storage
from backend.application import running
from backend.settings import Settings


class Moment:
    """A clock that stands still until a test moves it."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def go_on(self, **span: float) -> None:
        self.at += timedelta(**span)


class Sandbox:
    """The real backend with its sandbox identity provider, in this process."""

    def __init__(self, settings: Settings, http: httpx.AsyncClient) -> None:
        self.http = http
        self.url = settings.public_url
        self.issuer = settings.token_issuer
        self.visits: list[asyncio.Task[httpx.Response]] = []

    def choosing(self, persona: str | None):
        """A browser in which the citizen chooses `persona`; None: goes back."""

        async def open_browser(url: str) -> None:
            page = await self.http.get(url)
            found = re.search(r'name="request_uri" value="([^"]+)"', page.text)
            assert found, page.text
            form = {"request_uri": found[1]} | ({"persona": persona} if persona else {})
            answer = await self.http.post(f"{self.issuer}/authorize", data=form)
            self.visits.append(asyncio.create_task(self._visit(answer.headers["location"])))

        return open_browser

    async def _visit(self, url: str) -> httpx.Response:
        async with httpx.AsyncClient() as http:
            return await http.get(url)


@pytest.fixture
def moment() -> Moment:
    return Moment()


@pytest.fixture
async def sandbox(moment, tmp_path):
    settings = Settings(database=f"sqlite:///{tmp_path}/backend.db")
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


def session_at(issuer: str, http: httpx.AsyncClient, now, **options) -> Session:
    async def where() -> str:
        return issuer

    return Session(issuer=where, client_id=CLIENT_ID, http=http, now=now, random_bytes=os.urandom, **options)


@pytest.fixture
async def hostile_session(hostile, moment):
    """Makes sessions that sign in at the hostile provider."""
    async with httpx.AsyncClient() as http:
        yield lambda **options: session_at(hostile.issuer, http, moment, **options)


@pytest.fixture
def sandbox_session(sandbox, moment):
    """Makes sessions that sign in at the sandbox."""
    return lambda **options: session_at(sandbox.issuer, sandbox.http, moment, **options)
