"""What the connector keeps, in one SQLite file: each delivery once, each application as it stands, its files,
and what was decided."""

from __future__ import annotations

import json
import os
import sqlite3
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

Work = Literal["new", "waiting", "deciding", "done", "refused"]
"""new: nothing was done yet; waiting: for a person; deciding: the decision is frozen and not known to have
arrived; done: decided; refused: the backend did not take the decision."""

SCHEMA = """
CREATE TABLE IF NOT EXISTS deliveries (id TEXT PRIMARY KEY, at TEXT DEFAULT CURRENT_TIMESTAMP) STRICT;
CREATE TABLE IF NOT EXISTS cases (
    reference TEXT PRIMARY KEY, sequence INTEGER NOT NULL, application TEXT NOT NULL,
    work TEXT NOT NULL, decision TEXT, note TEXT) STRICT;
CREATE TABLE IF NOT EXISTS files (
    reference TEXT, sha256 TEXT, content BLOB NOT NULL, PRIMARY KEY (reference, sha256)) STRICT;
"""


@dataclass(frozen=True)
class Case:
    """One application. `sequence` counts what happened to it; `decision` is what is, or was, sent back."""

    reference: str
    sequence: int
    application: dict[str, Any]
    work: Work
    decision: dict[str, Any] | None
    note: str | None


class Store:
    """The file at `path`, for its owner alone: it holds personal data in clear. Keep it on an encrypted disk.

    Its methods block; call them from a thread.
    """

    def __init__(self, path: Path) -> None:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._connection.executescript(
            f"PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000; {SCHEMA}"
        )

    def take(self, identifier: str, delivery: dict[str, Any]) -> bool:
        """Keep a delivery; when this returns it is on the disk. False: it was there already.

        Of an application only news counts: a delivery that comes after a later one changes nothing.
        """
        with self._transaction() as connection:
            known = connection.execute("INSERT OR IGNORE INTO deliveries (id) VALUES (?)", [identifier])
            if known.rowcount == 0:
                return False
            data = delivery["data"]
            connection.execute(
                "INSERT INTO cases (reference, sequence, application, work) VALUES (?, ?, ?, 'new') "
                "ON CONFLICT (reference) DO UPDATE SET sequence = excluded.sequence, "
                "application = excluded.application, work = 'new', decision = NULL, note = NULL "
                "WHERE excluded.sequence > cases.sequence",
                [data["reference"], delivery["sequence"], json.dumps(data)],
            )
        return True

    def note(self, identifier: str) -> None:
        """Remember a delivery that nothing is done about."""
        with self._transaction() as connection:
            connection.execute("INSERT OR IGNORE INTO deliveries (id) VALUES (?)", [identifier])

    def cases(self, *work: Work) -> list[Case]:
        """The applications, or those of them at which `work` is, in the order in which they came."""
        marks = ", ".join("?" * len(work))
        where = f"WHERE work IN ({marks})" if work else ""
        with self._lock:
            rows = self._connection.execute(
                f"SELECT reference, sequence, application, work, decision, note FROM cases {where} "  # noqa: S608
                "ORDER BY rowid",
                work,
            ).fetchall()
        return [
            Case(reference, sequence, json.loads(application), at, json.loads(decision or "null"), note)
            for reference, sequence, application, at, decision, note in rows
        ]

    def put(self, case: Case, work: Work, decision: dict[str, Any] | None, note: str | None = None) -> None:
        """Keep how far the work on `case` is, unless there was news of it in the meantime."""
        with self._transaction() as connection:
            connection.execute(
                "UPDATE cases SET work = ?, decision = ?, note = ? WHERE reference = ? AND sequence = ?",
                [work, json.dumps(decision) if decision else None, note, case.reference, case.sequence],
            )

    def has_file(self, reference: str, sha256: str) -> bool:
        """Whether a file of an application was fetched already."""
        with self._lock:
            found = self._connection.execute(
                "SELECT 1 FROM files WHERE reference = ? AND sha256 = ?", [reference, sha256]
            )
            return found.fetchone() is not None

    def put_file(self, reference: str, sha256: str, content: bytes) -> None:
        """Keep a file of an application."""
        with self._transaction() as connection:
            connection.execute("INSERT OR IGNORE INTO files VALUES (?, ?, ?)", [reference, sha256, content])

    def close(self) -> None:
        """Give the file back."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def _transaction(self) -> Generator[sqlite3.Connection]:
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")
