"""The catalogue's file: one snapshot and the definitions that were read, in SQLite.

Everything here can be fetched again, so a file that cannot be read is replaced by an empty one.
"""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

log = logging.getLogger("loket.catalogue")

_SCHEMA_VERSION = 1
_SCHEMA = """
CREATE TABLE snapshot (one INTEGER PRIMARY KEY CHECK (one = 1), version TEXT NOT NULL, as_of TEXT NOT NULL,
                       agencies TEXT NOT NULL, life_events TEXT NOT NULL);
CREATE TABLE service (position INTEGER PRIMARY KEY, entry TEXT NOT NULL);
CREATE TABLE definition (id TEXT NOT NULL, version INTEGER NOT NULL, body TEXT NOT NULL,
                         PRIMARY KEY (id, version));
"""

JSONObject = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The catalogue as the backend gave it, in JSON form. `version` is its ETag; `as_of` is aware UTC."""

    version: str
    as_of: datetime
    agencies: Sequence[JSONObject]
    life_events: Sequence[JSONObject]
    services: Sequence[JSONObject]


class Shelf:
    """The file. Every method blocks: call it in a thread, one call at a time."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        try:
            self._connection = self._open()
        except sqlite3.DatabaseError as error:
            self._connection = self._anew(str(error))

    def read(self) -> Snapshot | None:
        """The snapshot, or None where none was ever taken in (or the file was unreadable)."""
        try:
            head = self._connection.execute(
                "SELECT version, as_of, agencies, life_events FROM snapshot"
            ).fetchone()
            if head is None:
                return None
            version, as_of, agencies, life_events = head
            rows = self._connection.execute("SELECT entry FROM service ORDER BY position")
            return Snapshot(
                version=version,
                as_of=datetime.fromisoformat(as_of),
                agencies=json.loads(agencies),
                life_events=json.loads(life_events),
                services=[json.loads(entry) for (entry,) in rows],
            )
        except (sqlite3.DatabaseError, ValueError) as error:
            self._connection = self._anew(str(error))
            return None

    def replace(self, snapshot: Snapshot) -> None:
        """Put `snapshot` in the place of the one before: whole, or not at all."""
        with self._connection:
            self._connection.execute("DELETE FROM snapshot")
            self._connection.execute("DELETE FROM service")
            self._connection.execute(
                "INSERT INTO snapshot VALUES (1, ?, ?, ?, ?)",
                (
                    snapshot.version,
                    snapshot.as_of.isoformat(),
                    _json(snapshot.agencies),
                    _json(snapshot.life_events),
                ),
            )
            self._connection.executemany(
                "INSERT INTO service VALUES (?, ?)",
                ((position, _json(entry)) for position, entry in enumerate(snapshot.services)),
            )

    def confirm(self, as_of: datetime) -> None:
        """Note that the snapshot was still the current one at `as_of`."""
        with self._connection:
            self._connection.execute("UPDATE snapshot SET as_of = ?", (as_of.isoformat(),))

    def definition(self, service_id: str, version: int | None) -> str | None:
        """The JSON of a definition that was kept; the newest one where `version` is None."""
        row = self._connection.execute(
            "SELECT body FROM definition WHERE id = ? AND (? IS NULL OR version = ?)"
            " ORDER BY version DESC LIMIT 1",
            (service_id, version, version),
        ).fetchone()
        return None if row is None else row[0]

    def keep_definition(self, service_id: str, version: int, body: str) -> None:
        """Keep a definition; a version never changes, so one that is there stays."""
        with self._connection:
            self._connection.execute(
                "INSERT OR REPLACE INTO definition VALUES (?, ?, ?)", (service_id, version, body)
            )

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _open(self) -> sqlite3.Connection:
        if self._path is not None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(self._path or ":memory:", check_same_thread=False)
        try:
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            if version != _SCHEMA_VERSION:
                tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
                for (table,) in tables:
                    connection.execute(f'DROP TABLE "{table}"')
                connection.executescript(f"BEGIN; {_SCHEMA} PRAGMA user_version = {_SCHEMA_VERSION}; COMMIT;")
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
        except sqlite3.DatabaseError:
            connection.close()
            raise
        return connection

    def _anew(self, why: str) -> sqlite3.Connection:
        if self._path is None:
            raise sqlite3.DatabaseError(why)
        log.warning("%s cannot be read (%s); it is fetched anew", self._path.name, why)
        connection = getattr(self, "_connection", None)
        if connection is not None:
            with closing(connection):
                pass
        for suffix in ("", "-wal", "-shm"):
            self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)
        return self._open()


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
