"""SIGKILL at any moment of sending, against the real backend in a process of its own: exactly one arrives."""

from __future__ import annotations

import asyncio
import json
import os
import random
import re
import signal
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

import httpx
import pytest
from device import PDF, Device, WallClock

from app.backend_api.exchange import http_client
from app.identity.session import Session
from app.storage.storage import Storage
from backend.embedded import EmbeddedBackend

pytestmark = pytest.mark.long(22)

CLIENT = "loket-app"
ROOT = Path(__file__).parents[2]
KILLS = 24


@dataclass
class Sender:
    """The process that forks the processes that are killed."""

    process: asyncio.subprocess.Process

    async def run(self, order: dict[str, Any], kill_after: int | None) -> int:
        """Send; kill after so many steps. Gives the exit status (-9: killed)."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(order).encode() + b"\n")
        steps, pid = 0, 0
        while True:
            word, _, number = (await self.process.stdout.readline()).decode().strip().partition(" ")
            if word == "ended":
                return int(number)
            if word == "pid":
                pid = int(number)
            steps += word == "step"
            # The child runs on meanwhile: the moment of its death is anywhere around this step.
            if kill_after is not None and steps >= kill_after and pid:
                os.kill(pid, signal.SIGKILL)
                kill_after = None


@pytest.fixture
async def sender() -> AsyncIterator[Sender]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(Path(__file__).with_name("sending_child.py")),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(Path(__file__).parent)])},
    )
    yield Sender(process)
    assert process.stdin is not None
    process.stdin.close()
    await process.wait()


@pytest.fixture
async def url(tmp_path: Path) -> AsyncIterator[str]:
    quiet = {
        **os.environ,
        "LOKET_BACKEND_REQUESTS_PER_MINUTE": "100000",
        "LOKET_SANDBOX_DECISIONS": "manual",
    }
    backend = EmbeddedBackend(tmp_path / "backend", quiet)
    backend.start()
    yield await backend.url()
    await asyncio.to_thread(backend.stop)


@pytest.fixture
async def session(url: str) -> AsyncIterator[Session]:
    """Dewi, signed in at the sandbox's identity provider."""

    async def issuer() -> str:
        return f"{url}/idp"

    browsing: list[asyncio.Task[None]] = []

    async def open_browser(page: str) -> None:
        browsing.append(asyncio.create_task(as_dewi(page)))

    async def as_dewi(page: str) -> None:
        async with httpx.AsyncClient(trust_env=False, follow_redirects=True) as browser:
            shown = await browser.get(page)
            waiting = re.search(r'name="request_uri" value="([^"]+)"', shown.text)
            assert waiting is not None
            form = {"request_uri": unescape(waiting[1]), "persona": "dewi"}
            (await browser.post(str(shown.url.join("authorize")), data=form)).raise_for_status()

    async with http_client() as http:
        session = Session(
            issuer=issuer, client_id=CLIENT, http=http, now=WallClock().now, random_bytes=os.urandom
        )
        await session.sign_in(open_browser)
        await asyncio.gather(*browsing)
        yield session


async def test_killed_at_any_moment_and_with_answers_lost_exactly_one_application_arrives(
    tmp_path: Path, sender: Sender, url: str, session: Session
) -> None:
    chance = random.Random(20260307)  # noqa: S311
    killed, references = 0, set[str]()
    while killed < KILLS:
        path, key = tmp_path / f"device-{len(references)}.db", os.urandom(32)
        storage = await Storage.open(path, key)
        await session.attach(storage)
        device = Device(storage, httpx.AsyncHTTPTransport(), WallClock(), session, url)
        draft, _ = await device.filled(letter=PDF + os.urandom(8))
        await device.close()
        await storage.close()

        order = {"storage": str(path), "key": key.hex(), "url": url, "client": CLIENT, "draft": draft.id}
        for lossy in (0, 0, 40, 0, 40, 0):
            ended = await sender.run({**order, "lossy": lossy}, chance.randrange(1, 24))
            if ended == 0:
                break
            assert ended == -signal.SIGKILL
            killed += 1
        assert await sender.run({**order, "lossy": 0}, None) == 0

        storage = await Storage.open(path, key)
        device = Device(storage, httpx.AsyncHTTPTransport(), WallClock(), session, url)
        there = {application.reference for application in await device.client.applications()}
        assert len(there - references) == 1
        item = await device.outbox.get(draft.id)
        assert item is not None
        assert {item.reference} == there - references
        application = await device.applications.get(item.reference or "")
        assert application is not None
        assert (await device.receipts.standing(application)).verified
        assert await device.drafts.all() == []
        assert await device.drafts.files(draft.id) == {}
        references = there
        await device.close()
        await storage.close()
