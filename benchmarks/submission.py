"""How many submissions one backend process takes in a second, against a bare insert behind its framework.

Both are served by uvicorn in a process of their own with a database file of their own, and are asked in turns
over loopback. Loket's requests carry what a citizen's do: access token, a proof of their own, an idempotency
key, and all answers of a birth registration.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
import uuid
from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import httpx

from app.contract.citizen import Me
from app.contract.definition import ServiceDefinition
from app.forms.journey import Journey
from app.identity.session import Session
from app.testing.provider_page import signed_in_as
from backend.embedded import EmbeddedBackend
from benchmarks.table import Row

SERVICE = "dukcapil/birth-registration"
PERSONA = "sari"
ROUNDS = 7
REQUESTS = 120
AT_ONCE = 8
BUDGET = 0.5
"""Times a bare insert, at least."""

SETTINGS = {
    "LOKET_BACKEND_REQUESTS_PER_MINUTE": "1000000",
    # What the sandbox's agency does later is not part of taking a submission in.
    "LOKET_BACKEND_SANDBOX_PACE_SECONDS": "86400",
}

Asked = tuple[str, dict[str, str], Any]
"""Address, headers and JSON body of one request."""


@dataclass(frozen=True, slots=True)
class _Server:
    """One side of the race: how to ask it `REQUESTS` times."""

    http: httpx.AsyncClient

    async def take(self, requests: Sequence[Asked]) -> float:
        """Requests a second, `AT_ONCE` of them under way."""
        waiting = iter(requests)

        async def citizen() -> None:
            for address, headers, body in waiting:
                answer = await self.http.post(address, headers=headers, json=body)
                if answer.status_code != 201:
                    raise RuntimeError(f"{address} answered {answer.status_code}: {answer.text[:300]}")

        begin = perf_counter()
        await asyncio.gather(*(citizen() for _ in range(AT_ONCE)))
        return len(requests) / (perf_counter() - begin)


async def measure() -> list[Row]:
    """The median rate of each over `ROUNDS` rounds in turns, and the median of the ratios of the rounds.

    The first round warms both and is not counted.
    """
    with tempfile.TemporaryDirectory() as folder:
        async with AsyncExitStack() as stack:
            http = await stack.enter_async_context(httpx.AsyncClient(trust_env=False))
            backend = EmbeddedBackend(Path(folder), {**os.environ, **SETTINGS})
            stack.callback(backend.stop)
            url = await backend.url()
            session = await _signed_in(url, http)
            body = await _submission(url, session, http)
            bare = await stack.enter_async_context(_bare(Path(folder) / "bare.db"))
            server = _Server(http)
            rates: list[tuple[float, float]] = []
            for _ in range(ROUNDS + 1):
                address = f"{url}/v1/applications"
                ours: list[Asked] = []
                for _ in range(REQUESTS):
                    headers = await session.headers("POST", address)
                    ours.append((address, {**headers, "Idempotency-Key": f'"{uuid.uuid4()}"'}, body))
                theirs: list[Asked] = [(f"{bare}/insert", {}, body)] * REQUESTS
                rates.append((await server.take(theirs), await server.take(ours)))
    del rates[0]
    ratio = median(ours / theirs for theirs, ours in rates)
    return [
        Row("bare insert", f"{median(theirs for theirs, _ in rates):.0f} a second"),
        Row("accepted submission", f"{median(ours for _, ours in rates):.0f} a second"),
        Row(
            "submission ÷ bare insert, median of the rounds",
            f"{ratio:.2f} ×",
            f"≥ {BUDGET} ×",
            ratio >= BUDGET,
        ),
    ]


@asynccontextmanager
async def _bare(file: Path) -> AsyncGenerator[str]:
    """The bare server, up for as long as the context; gives its address."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks.bare_insert", str(file), stdout=subprocess.PIPE
    )
    try:
        printed = await process.stdout.readline() if process.stdout else b""
        yield f"http://127.0.0.1:{int(printed)}"
    finally:
        process.terminate()
        await process.wait()


async def _signed_in(url: str, http: httpx.AsyncClient) -> Session:
    async def issuer() -> str:
        return f"{url}/idp"

    session = Session(
        issuer=issuer,
        client_id="loket-app",
        http=http,
        now=lambda: datetime.now(UTC),
        random_bytes=os.urandom,
    )

    await signed_in_as(PERSONA, session.sign_in, url, httpx.AsyncHTTPTransport())
    return session


async def _submission(url: str, session: Session, http: httpx.AsyncClient) -> dict[str, Any]:
    """A birth that the hospital has reported, answered as its mother would; learns the proofs' nonce."""
    definition = ServiceDefinition.model_validate_json(
        (await http.get(f"{url}/v1/services/{SERVICE}")).content
    )
    address = f"{url}/v1/me"

    async def ask() -> httpx.Response:
        headers = await session.headers("GET", address)
        return await http.get(address, params={"service": SERVICE}, headers=headers)

    await session.refused((await ask()).headers)
    me = Me.model_validate_json((await ask()).raise_for_status().content)
    journey = Journey(definition, me, datetime.now(UTC).date())
    for path, value in {"full_name": "Bima Contoh", "declaration": True}.items():
        journey.answer(path, value)
    return {"service": SERVICE, "version": definition.version, "answers": journey.submission_answers()}
