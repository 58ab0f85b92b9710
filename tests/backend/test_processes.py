"""Several processes on one database, and processes that die at the worst moment."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit

import httpx
import pytest
from backend_desk import SERVICES, Clock, Desk

from app.contract.language import WIB
from backend.keys import create_keys
from backend.settings import Settings

pytestmark = pytest.mark.long(40)

SERVER = Path(__file__).parent / "named_server.py"


class Process:
    """One server process and a client of it."""

    def __init__(self, settings: Settings) -> None:
        self.process = subprocess.Popen(
            [sys.executable, str(SERVER)],
            env=os.environ | settings.to_environment(),
            stdout=subprocess.PIPE,
            text=True,
        )

    async def ready(self) -> str:
        line = await asyncio.to_thread(self.process.stdout.readline)
        assert line, "the server did not start"
        return line.strip()

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.process.stdout.close()


@pytest.fixture
async def start_process(database_url: str, tmp_path: Path) -> AsyncIterator[Callable]:
    async with AsyncExitStack() as stack:
        started: list[Process] = []
        create_keys(tmp_path / "keys", datetime.now(UTC), os.urandom)

        async def start(count: int = 1, **settings) -> list[tuple[Process, Desk]]:
            chosen = Settings.of(
                {"database": database_url, "services": SERVICES, "keys": tmp_path / "keys"}, settings
            )
            processes = [Process(chosen) for _ in range(count)]
            started.extend(processes)
            new: list[tuple[Process, Desk]] = []
            for process in processes:
                address = await process.ready()
                http = await stack.enter_async_context(httpx.AsyncClient(base_url=address, timeout=30))
                new.append((process, Desk(_OfClock(chosen), http, Clock())))
            return new

        yield start
        for process in started:
            if process.process.poll() is None:
                process.kill()


class _OfClock:
    """What a `Desk` asks of its application: the day, by the real clock of the process."""

    def __init__(self, settings: Settings) -> None:
        today = datetime.now(UTC).astimezone(WIB).date()
        self.state = SimpleNamespace(backend=SimpleNamespace(today=today, settings=settings))


@asynccontextmanager
async def losing_answers(address: str) -> AsyncIterator[tuple[str, asyncio.Event]]:
    """A proxy that carries requests to `address` and drops every answer: the work is done."""
    answered = asyncio.Event()
    target = urlsplit(address)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        to_server, from_client = await asyncio.open_connection(target.hostname, target.port)

        async def forward() -> None:
            while data := await reader.read(65_536):
                from_client.write(data)
                await from_client.drain()

        forwarding = asyncio.create_task(forward())
        await to_server.read(1)
        answered.set()
        forwarding.cancel()
        writer.transport.abort()
        from_client.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", answered
    server.close()


async def test_an_answer_that_is_lost_after_the_commit_comes_again_from_the_next_process(start_process):
    ((process, desk),) = await start_process(sandbox_pace_seconds=3600)
    submission = await desk.submission()
    async with losing_answers(str(desk.http.base_url)) as (address, answered):
        async with httpx.AsyncClient(base_url=address, timeout=30) as http:
            with pytest.raises(httpx.TransportError):
                await Desk(desk.app, http, desk.clock).post("applications", submission, "lost")
        await answered.wait()
    process.kill()

    ((_, restarted),) = await start_process(sandbox_pace_seconds=3600)
    again = await restarted.post("applications", submission, "lost")
    assert again.status_code == 201
    assert again.headers["idempotency-replayed"] == "true"
    assert [a["reference"] for a in (await restarted.get("applications")).json()] == [
        again.json()["reference"]
    ]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_several_processes_work_as_one(start_process):
    """Identical posts to all of them make one application; each step of an application is taken once."""
    servers = await start_process(2, sandbox_pace_seconds=2)
    desk = servers[0][1]
    submission = await desk.submission()
    answers = await asyncio.gather(
        *(asked.post("applications", submission, "race") for _ in range(8) for _, asked in servers)
    )
    assert {answer.status_code for answer in answers} <= {201, 409}
    for _, asked in servers:
        again = await asked.post("applications", submission, "race")
        assert again.status_code == 201
        assert {a.content for a in answers if a.status_code == 201} == {again.content}
    assert len((await desk.get("applications")).json()) == 1

    rinas = await desk.submission("rina", father_listed=False)
    for number in range(6):
        assert (await desk.post("applications", rinas, f"{number}", "rina")).status_code == 201
    async with asyncio.timeout(30):
        while True:
            every = (await desk.http.get("/v1/agency/applications", headers=desk.agency)).json()
            if all(application["state"] == "accepted" for application in every):
                break
    steps = ["received", "in_review", "accepted", "document", "document", "document"]
    assert [[entry["kind"] for entry in a["timeline"]] for a in every] == [steps] * 7


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_server_of_several_workers_starts_answers_and_stops_when_it_is_told_to(database_url, tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    keys = tmp_path / "keys"
    arguments = ["--database", database_url, "--keys", str(keys), "--port", str(port), "--workers", "2"]
    server = subprocess.Popen(
        [sys.executable, "-m", "backend", "serve", *arguments], stderr=subprocess.PIPE, text=True
    )
    try:
        with httpx.Client(transport=httpx.HTTPTransport(retries=6)) as http:
            assert http.get(f"http://127.0.0.1:{port}/healthz").json() == {"status": "ok"}
    finally:
        server.terminate()
        _, log = server.communicate(timeout=20)
    assert server.returncode in (0, -signal.SIGTERM)
    assert all("event" in json.loads(line) for line in log.splitlines())
