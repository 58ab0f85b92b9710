"""The database: SQLite or PostgreSQL behind the same sessions.

Reads and writes are told apart, because SQLite must take its write lock at the beginning of a transaction:
one that reads first and writes later can fail half-way when another writer came between.
"""

from __future__ import annotations

import asyncio
import hashlib
import secrets
import sqlite3
from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from functools import partial
from typing import Any
from weakref import WeakSet

from sqlalchemy import AsyncAdaptedQueuePool, Connection, Engine, event, make_url, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

from backend.sqlite import OneGo
from backend.tables import Table

Insert = sqlite.Insert | postgresql.Insert
"""An INSERT that knows ON CONFLICT, which both databases write alike."""

WRITING = "loket_writing"


class Database:
    """One engine and what the rest of the backend may do with it."""

    def __init__(self, url: str) -> None:
        options: dict[str, Any] = {"hide_parameters": True}
        self._kept: sqlite3.Connection | None = None
        self._connections: WeakSet[OneGo] = WeakSet()
        if url.startswith("sqlite"):
            file = make_url(url).database or ":memory:"
            options |= {"poolclass": AsyncAdaptedQueuePool, "pool_size": 5}
            if in_memory := file == ":memory:":
                # A request that is cancelled takes its connection along. A database that lives in memory
                # goes with the last one: this one stays, and none of them may wait for another.
                file = f"file:/{secrets.token_hex(8)}?vfs=memdb"
                self._kept = sqlite3.connect(file, uri=True, check_same_thread=False)
                options |= {"pool_size": 1, "max_overflow": 0}
            options["async_creator"] = partial(self._connect, file, uri=in_memory)
        else:
            options |= {"pool_pre_ping": True, "pool_size": 10, "max_overflow": 10}
        self.engine: AsyncEngine = create_async_engine(url, **options)
        self.postgresql = self.engine.dialect.name == "postgresql"
        if not self.postgresql:
            _begin_by_hand(self.engine.sync_engine)
        self._writing_engine = self.engine.execution_options(**{WRITING: True})
        self._claimed: set[str] = set()
        # SQLite has one writer. Its own way of waiting is to sleep and try again, for longer each time.
        self._turn: AbstractAsyncContextManager[object] = nullcontext() if self.postgresql else asyncio.Lock()

    def _connect(self, file: str, *, uri: bool) -> OneGo:
        connection = OneGo.to(file, uri=uri)
        self._connections.add(connection)
        return connection

    @asynccontextmanager
    async def reading(self) -> AsyncGenerator[AsyncSession]:
        """A session for reads; nothing of it is kept."""
        async with AsyncSession(self.engine, expire_on_commit=False) as session:
            yield session

    @asynccontextmanager
    async def writing(self) -> AsyncGenerator[AsyncSession]:
        """A transaction: committed at the end, rolled back if anything is raised."""
        async with (
            self._turn,
            AsyncSession(self._writing_engine, expire_on_commit=False) as session,
            session.begin(),
        ):
            yield session

    @asynccontextmanager
    async def writing_alone(self, name: str) -> AsyncGenerator[AsyncSession | None]:
        """A transaction that no other request has for `name` at the same time; None where one has it now."""
        if self.postgresql:
            async with self.writing() as session:
                yield session if await self.claim(session, name) else None
        elif name in self._claimed:
            yield None
        else:
            self._claimed.add(name)
            try:
                async with self.writing() as session:
                    yield session
            finally:
                self._claimed.discard(name)

    async def claim(self, session: AsyncSession, name: str) -> bool:
        """Whether `name` is ours until the end of the transaction, or another transaction has it now.

        PostgreSQL keeps the claim for all processes. SQLite has one transaction that writes at a time.
        """
        if not self.postgresql:
            return True
        number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
        return bool(
            await session.scalar(text("SELECT pg_try_advisory_xact_lock(:number)"), {"number": number})
        )

    def insert(self, table: type[Table]) -> Insert:
        """An INSERT into `table` as this database writes it."""
        return postgresql.insert(table) if self.postgresql else sqlite.insert(table)

    async def close(self) -> None:
        """Give all connections back."""
        await self.engine.dispose()
        for connection in list(self._connections):
            await connection.ended()
        if self._kept is not None:
            self._kept.close()


def _begin_by_hand(engine: Engine) -> None:
    def begin(connection: Connection) -> None:
        writing = connection.get_execution_options().get(WRITING)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    event.listen(engine, "begin", begin)
