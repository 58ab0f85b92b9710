"""What the backend's tests share: both databases, and backends on them."""

from __future__ import annotations

import asyncio
import random
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
from backend_desk import SERVICES, Clock, Desk, by_name
from postgres_server import postgres

from backend import application, schema
from backend.settings import Settings


@pytest.fixture(scope="session")
def postgres_socket(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[str]:
    """The socket directory of a PostgreSQL that all workers share."""
    shared = tmp_path_factory.getbasetemp()
    if worker_id != "master":
        shared = shared.parent
    with postgres(shared / "postgres") as socket:
        yield socket


@contextmanager
def new_postgresql_database(socket: str) -> Iterator[str]:
    """The URL of an empty database on the server behind `socket`, dropped at the end."""
    name = f"loket_{uuid.uuid4().hex}"
    asyncio.run(_administer(socket, "postgres", f"CREATE DATABASE {name}"))
    yield f"postgresql://postgres@/{name}?host={socket}"
    asyncio.run(_administer(socket, "postgres", f"DROP DATABASE {name} WITH (FORCE)"))


async def _administer(socket: str, database: str, statement: str) -> None:
    connection = await asyncpg.connect(host=socket, user="postgres", database=database)
    await connection.execute(statement)
    await connection.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def fresh_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database of each kind without any table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/loket.db"
        return
    with new_postgresql_database(request.getfixturevalue("postgres_socket")) as url:
        yield url


@pytest.fixture(scope="session")
def postgresql_url(postgres_socket: str) -> Iterator[str]:
    """The one PostgreSQL database of this worker; each test leaves it empty."""
    with new_postgresql_database(postgres_socket) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database of each kind without any row."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/loket.db"
        return
    url: str = request.getfixturevalue("postgresql_url")
    yield url
    name, _, socket = url.removeprefix("postgresql://postgres@/").partition("?host=")
    tables = ", ".join(schema.metadata().tables)
    emptied = f"TRUNCATE {tables}"
    asyncio.run(
        _administer(
            socket,
            name,
            "SET lock_timeout = '5s'; DO $$ BEGIN IF to_regclass('applications') IS NOT NULL THEN "
            f"EXECUTE '{emptied}'; END IF; END $$",
        )
    )


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def random_bytes() -> Callable[[int], bytes]:
    return random.Random(20261102).randbytes  # noqa: S311  # the same every time


StartDesk = Callable[..., Any]


@pytest.fixture
async def start_desk(
    database_url: str, clock: Clock, random_bytes: Callable[[int], bytes], tmp_path: Path
) -> AsyncIterator[StartDesk]:
    """Starts backends in this process, on one database unless a test says otherwise."""
    async with AsyncExitStack() as stack:

        async def start(authenticator: Any = by_name, **settings: Any) -> Desk:
            slept: list[float] = []

            async def sleep(seconds: float) -> None:
                slept.append(seconds)

            app = await stack.enter_async_context(
                application.running(
                    Settings.of(
                        {"services": SERVICES, "database": database_url, "keys": tmp_path / "keys"}, settings
                    ),
                    now=clock,
                    random_bytes=random_bytes,
                    authenticator=authenticator,
                    sleep=sleep,
                )
            )
            http = await stack.enter_async_context(
                httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1:8700")
            )
            return Desk(app, http, clock, slept)

        yield start


@pytest.fixture
async def desk(start_desk: StartDesk) -> Desk:
    """A running sandbox on each kind of database."""
    return await start_desk()
