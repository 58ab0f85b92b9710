"""The database file: its marks, its tables, how it is created, brought up to date and examined.

All functions block and belong to the storage's own thread.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable
from pathlib import Path

from app.storage.errors import StorageDamaged, StorageKeyWrong, StorageNewer
from app.storage.files import put_aside, sync_folder
from app.storage.sealing import Seal, Unsealable

APPLICATION_ID = 0x4C4F4B54
"""`LOKT`, in the header of the file (SQLite `application_id`)."""

COMPANIONS = ("-wal", "-shm", "-journal")
"""Files that SQLite keeps beside the database."""

_HEADER_BYTES = 100
"""https://www.sqlite.org/fileformat.html#the_database_header"""

_BUSY_SECONDS = 5.0


def _first_tables(db: sqlite3.Connection) -> None:
    # `position` is the order of first writing; overwriting keeps it (ON CONFLICT DO UPDATE).
    db.execute(
        "CREATE TABLE record (position INTEGER PRIMARY KEY, collection BLOB NOT NULL, id BLOB NOT NULL,"
        " sealed BLOB NOT NULL, UNIQUE (collection, id))"
    )
    db.execute("CREATE TABLE mark (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID")


STEPS: list[Callable[[sqlite3.Connection], None]] = [_first_tables]
"""Step n brings a file from schema version n to n + 1 (SQLite `user_version`); creation is all of them."""


def connect(path: Path | None) -> sqlite3.Connection:
    """A connection with the settings that durability and privacy rest on."""
    db = sqlite3.connect(
        ":memory:" if path is None else path,
        timeout=_BUSY_SECONDS,
        isolation_level=None,
        cached_statements=32,
    )
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = FULL")
    db.execute("PRAGMA temp_store = MEMORY")
    db.execute("PRAGMA trusted_schema = OFF")
    db.execute("PRAGMA journal_size_limit = 4194304")
    return db


def create(path: Path, master: bytes, random_bytes: Callable[[int], bytes]) -> None:
    """Write a new, empty database; under another name first, so whatever stands at `path` was once whole.

    Orphaned companions of an earlier file are put aside: SQLite would replay a stale `-wal`.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    put_aside(path, COMPANIONS)
    fresh = path.with_name(path.name + ".new")
    for suffix in ("", *COMPANIONS):
        fresh.with_name(fresh.name + suffix).unlink(missing_ok=True)
    fresh.touch(mode=0o600)
    db = sqlite3.connect(fresh, isolation_level=None)
    try:
        db.execute("PRAGMA auto_vacuum = INCREMENTAL")
        db.execute("PRAGMA synchronous = FULL")
        fill(db, master, random_bytes)
    finally:
        db.close()
    fresh.replace(path)
    sync_folder(path.parent)


def require_ours(path: Path) -> None:
    """Look at the header without SQLite, which would already write to a file that is not ours.

    Raises:
        StorageDamaged: cut short, or no database of Loket.
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        header = file.read(_HEADER_BYTES)
    if len(header) < _HEADER_BYTES or not header.startswith(b"SQLite format 3\0"):
        raise StorageDamaged
    if int.from_bytes(header[68:72], "big") != APPLICATION_ID:
        raise StorageDamaged


def fill(db: sqlite3.Connection, master: bytes, random_bytes: Callable[[int], bytes]) -> None:
    """Give an empty database its tables and marks, in one transaction."""
    salt = random_bytes(32)
    check = Seal(master, salt, random_bytes).check()
    db.execute("BEGIN IMMEDIATE")
    for step in STEPS:
        step(db)
    db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    db.execute(f"PRAGMA user_version = {len(STEPS)}")
    db.executemany(
        "INSERT INTO mark VALUES (?, ?)",
        [("salt", salt), ("check", check), ("digest", hashlib.sha256(salt + check).digest())],
    )
    db.execute("COMMIT")


def examine(db: sqlite3.Connection, master: bytes, random_bytes: Callable[[int], bytes]) -> Seal:
    """Bring a file up to date and prove that all of it is whole and ours; the Seal to read it with.

    Raises:
        StorageDamaged: some of it was altered.
        StorageKeyWrong: it is whole, but under another key.
        StorageNewer: a later version of Loket wrote it.
        sqlite3.Error: it cannot be read.
    """
    (version,) = db.execute("PRAGMA user_version").fetchone()
    if version < 1:
        raise StorageDamaged
    if version > len(STEPS):
        raise StorageNewer
    if db.execute("PRAGMA integrity_check(1)").fetchone() != ("ok",):
        raise StorageDamaged
    marks = _marks(db)
    if marks is None:
        raise StorageDamaged
    seal = Seal(master, marks[0], random_bytes)
    if not seal.opens(marks[1]):
        raise StorageKeyWrong
    _migrate(db, version)
    _read_everything(db, seal)
    return seal


def _marks(db: sqlite3.Connection) -> tuple[bytes, bytes] | None:
    """Salt and key check. Their digest tells damage from a wrong key."""
    try:
        found: dict[str, bytes] = dict(db.execute("SELECT name, value FROM mark"))
    except sqlite3.OperationalError:
        return None
    salt, check, digest = (found.get(name) for name in ("salt", "check", "digest"))
    if not (isinstance(salt, bytes) and isinstance(check, bytes)):
        return None
    return (salt, check) if hashlib.sha256(salt + check).digest() == digest else None


def _migrate(db: sqlite3.Connection, version: int) -> None:
    for reached, step in enumerate(STEPS[version:], version + 1):
        db.execute("BEGIN IMMEDIATE")
        try:
            step(db)
            db.execute(f"PRAGMA user_version = {reached}")
        except BaseException:
            db.execute("ROLLBACK")
            raise
        db.execute("COMMIT")


def _read_everything(db: sqlite3.Connection, seal: Seal) -> None:
    for collection, record_id, sealed in db.execute("SELECT collection, id, sealed FROM record"):
        try:
            seal.unseal(collection, record_id, sealed)
        except (Unsealable, TypeError):
            raise StorageDamaged from None
