"""Runs the connector: puts its parts together and serves until it is stopped."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI

from connector.reference.receiving import create
from connector.reference.rules import Rule
from connector.reference.signatures import Keys
from connector.reference.store import Store
from connector.reference.working import Worker, backend_client


@dataclass(frozen=True)
class Settings:
    """What an operator decides. `key` is the agency's, from `loket backend agency-key create`."""

    backend: str
    agency: str
    database: Path
    key: str = field(repr=False)
    rules: Sequence[Rule] = ()


@asynccontextmanager
async def assembled(settings: Settings, now: Callable[[], float] = time.time) -> AsyncGenerator[FastAPI]:
    """The connector of `settings`; what it holds is given back at the end. `now` gives seconds since 1970.

    Raises:
        OSError, sqlite3.Error: the database cannot be opened.
    """
    address = f"{settings.backend.rstrip('/')}/v1/connectors/{settings.agency}/keys"
    store = Store(settings.database)
    try:
        async with backend_client(settings.backend, settings.key) as backend:

            async def fetch() -> dict[str, Any]:
                try:
                    answer = await backend.get(address)
                    return answer.raise_for_status().json()
                except (httpx.HTTPError, ValueError) as error:
                    raise OSError(f"{address}: {type(error).__name__}") from error

            worker = Worker(store, settings.rules, backend)
            yield create(agency=settings.agency, keys=Keys(fetch, now), store=store, worker=worker)
    finally:
        store.close()


async def serve(settings: Settings, host: str, port: int) -> None:
    """Serve until stopped."""
    import uvicorn

    async with assembled(settings) as app:
        await uvicorn.Server(
            uvicorn.Config(app, host=host, port=port, log_level="info", access_log=False, server_header=False)
        ).serve()
