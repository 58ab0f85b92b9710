"""Brings a test up: the stand-in for the backend at an address, and a bench for the system at a URL."""

from __future__ import annotations

import asyncio
import secrets
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Literal

import httpx
import uvicorn
from fastapi import FastAPI

from connector.kit.bench import Bench
from connector.kit.letters import Sample, Signer
from connector.kit.stand_in import Calls, create


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


@asynccontextmanager
async def serving(
    app: FastAPI, host: str, port: int, *, lifespan: Literal["on", "off"] = "on"
) -> AsyncGenerator[str]:
    """`app` at `host` and `port` (0: any free one), in this loop. Gives its URL. `lifespan` off: it is up
    already.

    Raises:
        OSError: the address cannot be had.
    """
    listening = await asyncio.get_running_loop().create_server(asyncio.Protocol, host, port)
    bound = listening.sockets[0].dup()
    listening.close()
    server = _Announced(uvicorn.Config(app, log_config=None, lifespan=lifespan))
    task = asyncio.create_task(server.serve(sockets=[bound]))
    await server.up.wait()
    try:
        yield f"http://{host}:{bound.getsockname()[1]}"
    finally:
        server.should_exit = True
        await task


@asynccontextmanager
async def standing_in(
    sample: Sample, signer: Signer, host: str, port: int
) -> AsyncGenerator[tuple[str, Calls]]:
    """A stand-in for the backend that answers at `host` and `port`. Gives its URL, and what it is called
    with.

    Raises:
        OSError: the address cannot be had.
    """
    calls = Calls()
    async with serving(create(sample, signer, now, calls), host, port) as url:
        yield url, calls


@asynccontextmanager
async def bench_for(
    url: str, sample: Sample, signer: Signer, calls: Calls, *, patience: float, decides: bool
) -> AsyncGenerator[Bench]:
    """A bench for the system at `url`."""
    async with httpx.AsyncClient(follow_redirects=False, timeout=patience, trust_env=False) as http:
        yield Bench(
            url=url,
            sample=sample,
            signer=signer,
            stranger=Signer.fresh(),
            calls=calls,
            http=http,
            now=now,
            random_below=secrets.randbelow,
            patience=patience,
            decides=decides,
        )


class _Announced(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Say when it is up."""
        await super().startup(sockets)
        self.up.set()
