"""What the tests of sign-in share: a clock, the real sandbox with a browser, and sessions."""

from __future__ import annotations

import asyncio
import os
import re
from datetime import UTC, datetime, timedelta

import httpx
from hostile_provider import CLIENT_ID

from app.identity.session import Session
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


def session_at(issuer: str, http: httpx.AsyncClient, now, **options) -> Session:
    async def where() -> str:
        return issuer

    return Session(issuer=where, client_id=CLIENT_ID, http=http, now=now, random_bytes=os.urandom, **options)
