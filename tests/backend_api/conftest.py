from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator

import pytest
from hostile_server import NOW, SHORT, Hostile, Signer, Slept

from app.backend_api.client import BackendClient
from app.backend_api.exchange import Patiences, Repetition, http_client


@pytest.fixture
async def hostile() -> AsyncIterator[Hostile]:
    server = Hostile()
    listener = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    server.url = f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}"
    yield server
    listener.close()


@pytest.fixture
def signer() -> Signer:
    return Signer()


@pytest.fixture
def slept() -> Slept:
    return Slept()


@pytest.fixture
async def client(hostile: Hostile, signer: Signer, slept: Slept) -> AsyncIterator[BackendClient]:
    async def address() -> str:
        return hostile.url

    async with http_client() as http:
        yield BackendClient(
            address,
            signer,
            http,
            lambda: NOW,
            os.urandom,
            language=lambda: "en",
            sleep=slept,
            repetition=Repetition(attempts=3, first=0.5, most=4.0),
            patience=Patiences(read=SHORT, write=SHORT, catalogue=SHORT, piece=SHORT),
        )
