"""The backend of a preview: the real one, in this process, with the author's services over those of Loket."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterable
from contextlib import AsyncExitStack
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import httpx

from app.authoring.preview.pointed import Pointed
from app.authoring.subjects import LOKET
from app.backend_api.client import BackendClient
from app.device import Device, present
from backend.application import create, up
from backend.services import Services
from backend.settings import Settings
from backend.state import Backend

PACE_SECONDS = 5
"""How long the sandbox's agency takes for each step: an author is less patient than a citizen."""


@cache
def lokets() -> Pointed:
    """The services that come with Loket, as they were when the process first asked."""
    pointed = Pointed(LOKET)
    pointed.look(pointed.stamps())
    return pointed


class PreviewBackend:
    """ASGI: the backend of now. `begin` it, also to begin anew, and `close` it at the end."""

    def __init__(self, pointed: Pointed, url: str, empty: Path, now: Callable[[], datetime]) -> None:
        """`url`: where it says that it is. `empty`: a folder without services."""
        self.url = url
        self._pointed = pointed
        self._empty = empty
        self._now = now
        self._app: Any = None
        self._backend: Backend | None = None
        self._services: Services | None = None
        self._closing = AsyncExitStack()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one request."""
        await self._app(scope, receive, send)

    def transport(self) -> httpx.AsyncBaseTransport:
        """A line to it that never fails."""
        return httpx.ASGITransport(self, raise_app_exceptions=False, client=("127.0.0.1", 0))

    async def begin(self) -> AsyncExitStack:
        """Begin with a database in memory that knows nobody but the personas; gives what closes the one
        before."""
        settings = Settings.of(
            {"services": self._empty, "public_url": self.url, "sandbox_pace_seconds": PACE_SECONDS}
        )
        await asyncio.to_thread(lokets)
        self._services = services = await asyncio.to_thread(self._offered)
        app = await asyncio.to_thread(lambda: create(settings, now=self._now, services=services))
        self._teach(app.state.backend)
        before, self._closing = self._closing, AsyncExitStack()
        await self._closing.enter_async_context(up(app))
        self._app, self._backend = app, app.state.backend
        return before

    async def close(self) -> None:
        """End it."""
        await self._closing.aclose()

    async def publish(self, changed: Iterable[str]) -> None:
        """Offer the services as they are written now; `changed`: those that are new, or gone."""
        backend = present(self._backend)
        self._teach(backend, changed)
        self._services = await asyncio.to_thread(self._offered)
        await backend.publications.renew(backend, self._services)

    async def bring(self, device: Device, changed: Iterable[str]) -> None:
        """Bring what was published to `device`, on whatever line its own requests go."""
        catalogue = present(device.catalogue)
        async with httpx.AsyncClient(transport=self.transport()) as http:
            courier = BackendClient(self._where, present(device.session), http, self._now, os.urandom)
            # The definitions first: as soon as the catalogue names them, the screens ask for them.
            for service in changed:
                if (written := self._pointed.written.get(service)) is not None:
                    await catalogue.definition(service, courier, written.definition.version)
            await catalogue.sync(courier)

    def _offered(self) -> Services:
        written = lokets().written | self._pointed.written
        return Services(
            list((lokets().agencies | self._pointed.agencies).values()),
            self._pointed.life_events or lokets().life_events,
            [one.definition for _, one in sorted(written.items())],
            medals={id_: one.medal for id_, one in written.items() if one.medal is not None},
            before=self._services,
        )

    def _teach(self, backend: Backend, changed: Iterable[str] = ()) -> None:
        """Tell the sandbox's agency what it does with each service."""
        if backend.agency is not None:
            written = lokets().written | self._pointed.written
            for service in {*written, *changed}:
                backend.agency.learn(service, written[service].workflow if service in written else None)

    async def _where(self) -> str:
        return self.url
