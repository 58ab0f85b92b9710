"""The database: SQLite or PostgreSQL behind the same sessions.

Reads and writes are told apart, because SQLite must take its write lock at the beginning of a transaction:
one that reads first and writes later can fail half-way when another writer came between.
"""

from __future__ import annotations

import hashlib
import secrets
import sqlite3
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any
from weakref import WeakSet

from sqlalchemy import AsyncAdaptedQueuePool, Connection, Engine, event, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

from backend.tables import Table

Insert = sqlite.Insert | postgresql.Insert
"""An INSERT that knows ON CONFLICT, which both databases write alike."""

WRITING = "loket_writing"
BUSY_TIMEOUT_MS = 10_000


class Database:
    """One engine and what the rest of the backend may do with it."""

    def __init__(self, url: str) -> None:
        options: dict[str, Any] = {"hide_parameters": True}
        self._kept: sqlite3.Connection | None = None
        if url.startswith("sqlite"):
            options |= {
                "connect_args": {"isolation_level": None, "factory": _Released},
                "poolclass": AsyncAdaptedQueuePool,
                "pool_size": 5,
            }
            scheme, _, file = url.partition("://")
            if file in ("", "/:memory:"):
                # A request that is cancelled takes its connection along. A database that lives in memory
                # goes with the last one: this one stays, and none of them may wait for another.
                memory = f"file:/{secrets.token_hex(8)}?vfs=memdb"
                self._kept = sqlite3.connect(memory, uri=True, check_same_thread=False)
                url = f"{scheme}:///{memory}&uri=true"
                options |= {"pool_size": 1, "max_overflow": 0}
        else:
            options |= {"pool_pre_ping": True, "pool_size": 10, "max_overflow": 10}
        self.engine: AsyncEngine = create_async_engine(url, **options)
        self.postgresql = self.engine.dialect.name == "postgresql"
        if not self.postgresql:
            _prepare_sqlite(self.engine.sync_engine)
        self._writing_engine = self.engine.execution_options(**{WRITING: True})
        self._claimed: set[str] = set()

    @asynccontextmanager
    async def reading(self) -> AsyncGenerator[AsyncSession]:
        """A session for reads; nothing of it is kept."""
        async with AsyncSession(self.engine, expire_on_commit=False) as session:
            yield session

    @asynccontextmanager
    async def writing(self) -> AsyncGenerator[AsyncSession]:
        """A transaction: committed at the end, rolled back if anything is raised."""
        async with AsyncSession(self._writing_engine, expire_on_commit=False) as session, session.begin():
            yield session

    @asynccontextmanager
    async def claim(self, session: AsyncSession, name: str) -> AsyncGenerator[bool]:
        """Whether `name` is ours until the end of the transaction; False where another request holds it now.

        PostgreSQL keeps the claim for all processes. SQLite serves one process, so its memory is enough.
        """
        if self.postgresql:
            number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
            claimed = await session.scalar(
                text("SELECT pg_try_advisory_xact_lock(:number)"), {"number": number}
            )
            yield bool(claimed)
            return
        if name in self._claimed:
            yield False
            return
        self._claimed.add(name)
        try:
            yield True
        finally:
            self._claimed.discard(name)

    def insert(self, table: type[Table]) -> Insert:
        """An INSERT into `table` as this database writes it."""
        return postgresql.insert(table) if self.postgresql else sqlite.insert(table)

    async def close(self) -> None:
        """Give all connections back."""
        await self.engine.dispose()
        if self._kept is not None:
            self._kept.close()


class _Released(sqlite3.Connection):
    """A connection that gives everything back when it is closed.

    SQLite keeps a closed connection, its transaction and its locks for as long as one of its cursors is in
    use, and the cursor of a cancelled request lives as long as the traceback does.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._cursors: WeakSet[sqlite3.Cursor] = WeakSet()

    def cursor(self, *args: Any, **options: Any) -> sqlite3.Cursor:
        """A cursor that ends with its connection."""
        cursor = super().cursor(*args, **options)
        self._cursors.add(cursor)
        return cursor

    def close(self) -> None:
        """End what still runs, then the connection."""
        for cursor in list(self._cursors):
            cursor.close()
        super().close()


def _prepare_sqlite(engine: Engine) -> None:
    def connect(connection: DBAPIConnection, _record: object) -> None:
        cursor = connection.cursor()
        for pragma in (
            f"busy_timeout = {BUSY_TIMEOUT_MS}",
            "journal_mode = WAL",
            # A receipt promises that the submission is there, power cut or not.
            "synchronous = FULL",
            "foreign_keys = ON",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    def begin(connection: Connection) -> None:
        writing = connection.get_execution_options().get(WRITING)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    event.listen(engine, "connect", connect)
    event.listen(engine, "begin", begin)
