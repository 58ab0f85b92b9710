"""The catalogue's file: the edition in use, the parts it was made of, and the definitions that were read.

SQLite, so that what is replaced is replaced whole, whenever the app is killed. Everything here can be fetched
again: a file that cannot be read is replaced by an empty one.
"""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Collection, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from app.contract.parts import digest

log = logging.getLogger("loket.catalogue")

_SCHEMA_VERSION = 4
_SCHEMA = """
CREATE TABLE edition (one INTEGER PRIMARY KEY CHECK (one = 1), number INTEGER NOT NULL, digest TEXT NOT NULL,
                      as_of TEXT NOT NULL, parts TEXT NOT NULL, packed BLOB NOT NULL, sha256 TEXT NOT NULL);
CREATE TABLE part (sha256 TEXT PRIMARY KEY, body BLOB NOT NULL);
CREATE TABLE begun (sha256 TEXT PRIMARY KEY, etag TEXT NOT NULL, body BLOB NOT NULL);
CREATE TABLE notices (one INTEGER PRIMARY KEY CHECK (one = 1), number INTEGER NOT NULL, body TEXT NOT NULL);
CREATE TABLE signing_key (kid TEXT PRIMARY KEY, jwk TEXT NOT NULL);
CREATE TABLE definition (id TEXT NOT NULL, version INTEGER NOT NULL, body TEXT NOT NULL,
                         PRIMARY KEY (id, version));
CREATE TABLE publication (id TEXT PRIMARY KEY, newest TEXT NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class PartOf:
    """A part of an edition: its name, and the digest and size of its content."""

    name: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Edition:
    """An edition on the shelf. `as_of`: when it came, aware UTC. `packed`: what
    `building.py` made of its parts."""

    number: int
    digest: str
    as_of: datetime
    parts: tuple[PartOf, ...]
    packed: bytes


@dataclass(frozen=True, slots=True)
class Begun:
    """A part that has come so far."""

    etag: str
    body: bytes


@dataclass(frozen=True, slots=True)
class KeptNotices:
    """A list of notices: its number, and the notices in JSON."""

    number: int
    body: str


class Shelf:
    """The file. Every method blocks: call it in a thread, one call at a time."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        try:
            self._connection = self._open()
        except sqlite3.DatabaseError as error:
            self._connection = self._anew(str(error))

    # The edition

    def read(self) -> Edition | None:
        """The edition in use; None where there is none, or what is there is damaged."""
        try:
            row = self._connection.execute(
                "SELECT number, digest, as_of, parts, packed, sha256 FROM edition"
            ).fetchone()
            if row is None:
                return None
            number, of_parts, as_of, parts, packed, sha256 = row
            if digest(packed) != sha256:
                raise ValueError("the packed catalogue is damaged")
            return Edition(
                number,
                of_parts,
                datetime.fromisoformat(as_of),
                tuple(PartOf(*part) for part in json.loads(parts)),
                packed,
            )
        except (sqlite3.DatabaseError, ValueError, TypeError) as error:
            self._connection = self._anew(str(error))
            return None

    def replace(self, edition: Edition) -> None:
        """Put `edition` in the place of the one before, and drop the parts that it does not have: whole, or
        not at all."""
        with self._connection:
            self._connection.execute(
                "INSERT OR REPLACE INTO edition VALUES (1, ?, ?, ?, ?, ?, ?)",
                (
                    edition.number,
                    edition.digest,
                    edition.as_of.isoformat(),
                    json.dumps([[part.name, part.sha256, part.size] for part in edition.parts]),
                    edition.packed,
                    digest(edition.packed),
                ),
            )
            kept = json.dumps([part.sha256 for part in edition.parts])
            self._connection.execute(
                "DELETE FROM part WHERE sha256 NOT IN (SELECT value FROM json_each(?))", (kept,)
            )
            self._connection.execute("DELETE FROM begun")

    # Parts

    def parts(self) -> Collection[str]:
        """The digests of the parts that are here."""
        return {sha256 for (sha256,) in self._connection.execute("SELECT sha256 FROM part")}

    def part(self, sha256: str) -> bytes | None:
        """A part, compressed as it came; None where it is not here."""
        row = self._connection.execute("SELECT body FROM part WHERE sha256 = ?", (sha256,)).fetchone()
        return None if row is None else row[0]

    def keep_parts(self, bodies: Mapping[str, bytes]) -> None:
        """Keep parts whose content was found to be right."""
        with self._connection:
            self._connection.executemany("INSERT OR REPLACE INTO part VALUES (?, ?)", bodies.items())
            self._connection.executemany("DELETE FROM begun WHERE sha256 = ?", [(s,) for s in bodies])

    def drop_part(self, sha256: str) -> None:
        """Forget a part, and what has come of it."""
        with self._connection:
            self._connection.execute("DELETE FROM part WHERE sha256 = ?", (sha256,))
            self._connection.execute("DELETE FROM begun WHERE sha256 = ?", (sha256,))

    def begun(self, sha256: str) -> Begun | None:
        """What has come of a part so far."""
        row = self._connection.execute("SELECT etag, body FROM begun WHERE sha256 = ?", (sha256,)).fetchone()
        return None if row is None else Begun(*row)

    def keep_begun(self, sha256: str, begun: Begun) -> None:
        """Keep what has come of a part so far."""
        with self._connection:
            self._connection.execute(
                "INSERT OR REPLACE INTO begun VALUES (?, ?, ?)", (sha256, begun.etag, begun.body)
            )

    # Keys that editions are signed with

    def signing_keys(self) -> dict[str, Any]:
        """The public keys that are known (JWK), by `kid`."""
        rows = self._connection.execute("SELECT kid, jwk FROM signing_key")
        return {kid: json.loads(jwk) for kid, jwk in rows}

    def keep_signing_keys(self, keys: Mapping[str, Any]) -> None:
        """Keep public keys; one that is here stays as it is."""
        with self._connection:
            self._connection.executemany(
                "INSERT OR IGNORE INTO signing_key VALUES (?, ?)",
                [(kid, json.dumps(jwk)) for kid, jwk in keys.items()],
            )

    # Notices

    def notices(self) -> KeptNotices | None:
        """The list of notices that was kept."""
        row = self._connection.execute("SELECT number, body FROM notices").fetchone()
        return None if row is None else KeptNotices(*row)

    def keep_notices(self, notices: KeptNotices) -> None:
        """Keep a list of notices in the place of the one before."""
        with self._connection:
            self._connection.execute(
                "INSERT OR REPLACE INTO notices VALUES (1, ?, ?)", (notices.number, notices.body)
            )

    # Definitions

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

    def publication(self, service_id: str) -> str | None:
        """The newest publication that was seen of a service (compact JWS), or None."""
        row = self._connection.execute(
            "SELECT newest FROM publication WHERE id = ?", (service_id,)
        ).fetchone()
        return None if row is None else row[0]

    def keep_publication(self, service_id: str, newest: str) -> None:
        """Keep the newest publication of a service: no chain without it is believed from now on."""
        with self._connection:
            self._connection.execute("INSERT OR REPLACE INTO publication VALUES (?, ?)", (service_id, newest))

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
