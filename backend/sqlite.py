"""SQLite for SQLAlchemy with one way to the database's thread and back for each statement.

The driver goes there four times: for the cursor, the statement, its rows and the end of the cursor. What is
done in one go also leaves nothing behind when a request is cancelled: SQLite keeps a closed connection, its
transaction and its locks for as long as one of its cursors is in use.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Self, cast

import aiosqlite

BUSY_TIMEOUT_MS = 10_000

_PRAGMAS = (
    f"busy_timeout = {BUSY_TIMEOUT_MS}",
    "journal_mode = WAL",
    # A receipt promises that the submission is there, power cut or not.
    "synchronous = FULL",
    "foreign_keys = ON",
)


class OneGo(aiosqlite.Connection):
    """A connection whose cursors have all their rows as soon as a statement has run."""

    @classmethod
    def to(cls, file: str, *, uri: bool = False) -> OneGo:
        """A connection to `file` that does nothing until it is awaited. Transactions are begun by hand."""

        def connect() -> sqlite3.Connection:
            raw = sqlite3.connect(file, isolation_level=None, uri=uri, check_same_thread=False)
            for pragma in _PRAGMAS:
                raw.execute(f"PRAGMA {pragma}").close()
            return raw

        connection = cls(connect, iter_chunk_size=64)
        # A process that ends does not wait for databases nobody closed.
        connection._thread.daemon = True
        return connection

    def cursor(self) -> Any:
        """A cursor that has not run anything yet."""
        return _Cursor(self)

    async def commit(self) -> None:
        """Commit, where there is anything to commit."""
        if self.in_transaction:
            await super().commit()

    async def rollback(self) -> None:
        """Roll back, where there is anything to roll back."""
        if self.in_transaction:
            await super().rollback()

    async def ended(self) -> None:
        """Wait until the thread of a connection that was told to stop has ended. A cancelled request only
        tells it."""
        if not self._running and self._thread.is_alive():
            await asyncio.to_thread(self._thread.join)

    async def in_one_go(self, run: Callable[[Any, Any], sqlite3.Cursor], sql: str, parameters: Any) -> Done:
        """What `run` (an `execute` of the connection) comes to, with all rows.

        Raises:
            sqlite3.Error: as the statement did.
        """
        there = cast("Callable[..., Awaitable[Done]]", self._execute)  # pyright: ignore[reportUnknownMemberType]
        return await there(_done, run, sql, parameters)

    @property
    def raw(self) -> sqlite3.Connection:
        """The connection itself, for its thread alone."""
        return self._conn


@dataclass(frozen=True, slots=True)
class Done:
    """What a statement came to, in the terms of DB-API 2.0 (PEP 249)."""

    description: Any = None
    rows: Sequence[Any] = ()
    rowcount: int = -1
    lastrowid: int | None = None


def _done(run: Callable[[Any, Any], sqlite3.Cursor], sql: str, parameters: Any) -> Done:
    cursor = run(sql, parameters)
    try:
        rows = cursor.fetchall() if cursor.description else ()
        return Done(cursor.description, rows, cursor.rowcount, cursor.lastrowid)
    finally:
        cursor.close()


class _Cursor:
    """The part of an asynchronous DB-API cursor that SQLAlchemy's adapter uses."""

    arraysize = 1

    def __init__(self, connection: OneGo) -> None:
        self._connection = connection
        self._done = Done()

    async def __aenter__(self) -> Self:
        return self

    @property
    def description(self) -> Any:
        """The columns of the rows; None where the statement gives none."""
        return self._done.description

    @property
    def rowcount(self) -> int:
        """How many rows the statement changed."""
        return self._done.rowcount

    @property
    def lastrowid(self) -> int | None:
        """The number of the row that was inserted last."""
        return self._done.lastrowid

    async def execute(self, sql: str, parameters: Any = ()) -> None:
        """Run one statement to its end."""
        self._done = await self._connection.in_one_go(self._connection.raw.execute, sql, parameters)

    async def executemany(self, sql: str, parameters: Any) -> None:
        """Run one statement for each of `parameters`."""
        self._done = await self._connection.in_one_go(self._connection.raw.executemany, sql, parameters)

    async def fetchall(self) -> Sequence[Any]:
        """All rows."""
        return self._done.rows

    async def close(self) -> None:
        """Nothing is open."""
