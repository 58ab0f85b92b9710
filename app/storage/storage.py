"""The encrypted database on the device.

SQLite in a thread of its own; every record AES-256-GCM under the citizen's master key (`sealing.py`).
Durability: `put`, `delete`, `put_blob` and `transaction()` return when the data would survive a power
cut (WAL with `synchronous = FULL`). `put_latest`, made for saving at every keystroke, returns when it would
survive the end of the process (`synchronous = NORMAL`): a disk flush a keystroke wears phones out and takes
longer than typing. The next full write flushes those as well.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
import threading
from collections import defaultdict
from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from app.storage import schema
from app.storage.errors import StorageClosed, StorageDamaged, translated
from app.storage.files import put_aside, remove_all
from app.storage.sealing import JSON, Kind, Seal, Unsealable, decode, encode
from app.watchers import Watchers

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Write:
    kind: Kind
    collection: str
    key: str
    content: bytes


@dataclass(frozen=True, slots=True)
class _Delete:
    collection: str
    key: str


_Change = _Write | _Delete


@dataclass(slots=True)
class _Batch:
    """The newest value of each record that waits to be written, and who waits for it."""

    written: asyncio.Future[None] = field(init=False)
    waiting: dict[tuple[str, str], _Write] = field(default_factory=dict[tuple[str, str], _Write])


class Transaction:
    """Changes that happen together or not at all, when the `async with` block ends without an exception.

    Reads of the storage inside the block do not see them yet.
    """

    def __init__(self) -> None:
        self._changes: list[_Change] = []

    async def put(self, collection: str, key: str, value: JSON) -> None:
        """As `Storage.put`. Raises TypeError or ValueError at once for what JSON cannot say."""
        self._changes.append(_Write("record", collection, key, encode(value)))

    async def put_blob(self, collection: str, key: str, data: bytes) -> None:
        """As `Storage.put_blob`."""
        self._changes.append(_Write("blob", collection, key, bytes(data)))

    async def delete(self, collection: str, key: str) -> None:
        """As `Storage.delete`."""
        self._changes.append(_Delete(collection, key))

    @property
    def changes(self) -> list[_Change]:
        """What was asked for, in order."""
        return self._changes


class Storage:
    """JSON records and blobs by collection and key. Open it with `Storage.open`; one per process and file.

    Operations take effect in the order in which they were called. All raise `StorageError` (with a
    `phrase`): `StorageUnavailable` where the device refuses, `StorageDamaged` where a record was
    altered under our hands, `StorageClosed` after `close`.
    """

    def __init__(self, path: Path | None, random_bytes: Callable[[int], bytes]) -> None:
        self._path = path
        self._random_bytes = random_bytes
        self._loop = asyncio.get_running_loop()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="storage")
        self._db: sqlite3.Connection | None = None
        self._seal: Seal | None = None
        self._watchers = defaultdict[str, Watchers[[]]](Watchers)
        self._batch: _Batch | None = None
        self._batch_lock = threading.Lock()
        self._closed = False

    @classmethod
    async def open(
        cls, path: Path | None, key: bytes, *, random_bytes: Callable[[int], bytes] = os.urandom
    ) -> Storage:
        """The database at `path` (None: in memory), created where there is none, proved whole where there is.

        Args:
            path: the file; SQLite keeps `-wal` and `-shm` beside it.
            key: the 32-byte master key of `Lock` (ValueError for another length).
            random_bytes: nonces and salt.

        Raises:
            StorageDamaged: truncated, altered or foreign; the file was renamed to `.kept` of the error.
            StorageKeyWrong, StorageNewer, StorageUnavailable: the file stays as it is.
        """
        storage = cls(path, random_bytes)
        try:
            await storage._begin(lambda: storage._open(key))
        except BaseException:
            storage._thread.shutdown(wait=False)
            raise
        return storage

    def _open(self, key: bytes) -> None:
        path = self._path
        if path is None:
            self._db = schema.connect(None)
            schema.fill(self._db, key, self._random_bytes)
            self._seal = schema.examine(self._db, key, self._random_bytes)
            return
        db = None
        try:
            if not path.exists():
                schema.create(path, key, self._random_bytes)
            schema.require_ours(path)
            db = schema.connect(path)
            self._seal = schema.examine(db, key, self._random_bytes)
            self._db = db
        except (StorageDamaged, sqlite3.Error) as error:
            if db is not None:
                db.close()
            if isinstance(error, sqlite3.Error) and not isinstance(translated(error), StorageDamaged):
                raise
            raise StorageDamaged(put_aside(path, schema.COMPANIONS)) from None
        except BaseException:
            if db is not None:
                db.close()
            raise

    # Reading

    async def get(self, collection: str, key: str) -> JSON | None:
        """The value at `key`, or None where there is none."""
        found = await self._begin(lambda: self._read("record", collection, key))
        return None if found is None else decode(found)

    async def get_blob(self, collection: str, key: str) -> bytes | None:
        """The bytes at `key`, or None where there are none."""
        return await self._begin(lambda: self._read("blob", collection, key))

    async def all(self, collection: str) -> list[tuple[str, JSON]]:
        """Every key and value of `collection`, oldest first.

        A record is as old as its first writing: overwriting keeps its place, deleting and writing again
        puts it last. Blobs are not among them.
        """
        return await self._begin(lambda: self._read_all(collection))

    # Writing

    async def put(self, collection: str, key: str, value: JSON) -> None:
        """Write `value` at `key`; durable on return. TypeError or ValueError for what JSON cannot say."""
        await self._write([_Write("record", collection, key, encode(value))])

    async def put_blob(self, collection: str, key: str, data: bytes) -> None:
        """Write `data` (an attachment; some megabytes) at `key`; durable on return."""
        await self._write([_Write("blob", collection, key, bytes(data))])

    async def delete(self, collection: str, key: str) -> None:
        """Delete the record and the blob at `key`; none is no error. Durable on return."""
        await self._write([_Delete(collection, key)])

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[Transaction, None]:
        """A `Transaction`; durable as a whole when the block has ended. An exception inside discards it."""
        changes = Transaction()
        yield changes
        if changes.changes:
            await self._write(changes.changes)

    async def put_latest(self, collection: str, key: str, value: JSON) -> None:
        """Write `value` at `key` for callers that write faster than a disk: a form, at every keystroke.

        Returns when this value, or a newer one for the same key, would survive the end of the process.
        However many calls come in, one write is under way and one waits, holding the newest value of each
        key. `value` is taken as it is now; later reads and writes come after it.
        """
        write = _Write("record", collection, key, encode(value))
        with self._batch_lock:
            if self._batch is None:
                fresh = _Batch()
                fresh.written = self._submit(lambda: self._write_batch(fresh))
                self._batch = fresh
            self._batch.waiting[collection, key] = write
            written = self._batch.written
        await asyncio.shield(written)

    # Watching and ending

    def watch(self, collection: str, callback: Callable[[], None]) -> Callable[[], None]:
        """Call `callback` on the event loop after each commit that touched `collection`.

        Returns the function that ends the watch.
        """
        return self._watchers[collection].watch(callback)

    async def close(self) -> None:
        """Finish what was asked for, close the file and drop the keys. A second call does nothing."""
        if self._closed:
            return
        ended = self._begin(self._close)
        self._closed = True
        self._watchers.clear()
        await asyncio.shield(ended)
        self._thread.shutdown(wait=False)

    async def erase(self) -> None:
        """Close, then delete the file, its companions and everything ever put aside from it.

        Flash memory may keep old blocks; what makes the data unreadable is that the master key is gone
        (`Lock.erase`).
        """
        await self.close()
        if self._path is not None:
            await erase_database(self._path)

    # In the storage's thread

    def _read(self, kind: Kind, collection: str, key: str) -> bytes | None:
        db, seal = self._opened()
        tag = seal.collection(kind, collection)
        record_id = seal.record_id(tag, key)
        row = db.execute(
            "SELECT sealed FROM record WHERE collection = ? AND id = ?", (tag, record_id)
        ).fetchone()
        return None if row is None else seal.unseal(tag, record_id, row[0])[1]

    def _read_all(self, collection: str) -> list[tuple[str, JSON]]:
        db, seal = self._opened()
        tag = seal.collection("record", collection)
        rows = db.execute("SELECT id, sealed FROM record WHERE collection = ? ORDER BY position", (tag,))
        opened = (seal.unseal(tag, record_id, sealed) for record_id, sealed in rows)
        return [(key, decode(content)) for key, content in opened]

    def _write_batch(self, batch: _Batch) -> None:
        with self._batch_lock:
            if self._batch is batch:
                self._batch = None
        self._commit(list(batch.waiting.values()), synchronous="NORMAL")

    def _commit(self, changes: Sequence[_Change], synchronous: str = "FULL") -> None:
        db, seal = self._opened()
        db.execute(f"PRAGMA synchronous = {synchronous}")
        db.execute("BEGIN IMMEDIATE")
        try:
            for change in changes:
                _apply(db, seal, change)
            db.execute("COMMIT")
        except BaseException:
            if db.in_transaction:
                db.execute("ROLLBACK")
            raise
        touched = {change.collection for change in changes}
        self._loop.call_soon_threadsafe(self._tell, touched)

    def _close(self) -> None:
        db, _ = self._opened()
        self._db = self._seal = None
        try:
            # execute() would step this pragma once, which frees one page.
            db.executescript("PRAGMA incremental_vacuum;")
        finally:
            db.close()

    def _opened(self) -> tuple[sqlite3.Connection, Seal]:
        if self._db is None or self._seal is None:
            raise StorageClosed
        return self._db, self._seal

    # On the event loop

    async def _write(self, changes: list[_Change]) -> None:
        # Once asked for, a write happens, even if whoever asked is cancelled.
        await asyncio.shield(self._begin(lambda: self._commit(changes)))

    def _begin(self, work: Callable[[], T]) -> asyncio.Future[T]:
        """Hand `work` to the thread now, so that calls take effect in their order."""
        with self._batch_lock:
            # What is saved from now on comes after `work`, so it may not join a batch that comes before.
            self._batch = None
        return self._submit(work)

    def _submit(self, work: Callable[[], T]) -> asyncio.Future[T]:
        if self._closed:
            raise StorageClosed
        return self._loop.run_in_executor(self._thread, _speaking, work)

    def _tell(self, collections: Iterable[str]) -> None:
        for collection in collections:
            for callback in self._watchers[collection]:
                # Each on its own, so that a failing one is reported by the loop and stops no other.
                self._loop.call_soon(callback)


def _speaking(work: Callable[[], T]) -> T:
    """The result of `work()`, its errors turned into ours."""
    try:
        return work()
    except (sqlite3.Error, OSError) as error:
        raise translated(error) from error
    except Unsealable:
        raise StorageDamaged from None


def _apply(db: sqlite3.Connection, seal: Seal, change: _Change) -> None:
    if isinstance(change, _Write):
        tag = seal.collection(change.kind, change.collection)
        record_id = seal.record_id(tag, change.key)
        sealed = seal.seal(tag, record_id, change.key, change.content)
        db.execute(
            "INSERT INTO record (collection, id, sealed) VALUES (?, ?, ?)"
            " ON CONFLICT (collection, id) DO UPDATE SET sealed = excluded.sealed",
            (tag, record_id, sealed),
        )
        return
    kinds: tuple[Kind, Kind] = ("record", "blob")
    for kind in kinds:
        tag = seal.collection(kind, change.collection)
        record_id = seal.record_id(tag, change.key)
        db.execute("DELETE FROM record WHERE collection = ? AND id = ?", (tag, record_id))


async def erase_database(path: Path) -> None:
    """Delete the database at `path` without opening it (it is locked, or its key is gone).

    Raises:
        StorageUnavailable: the device did not let it be deleted.
    """
    try:
        await asyncio.to_thread(remove_all, path, schema.COMPANIONS)
    except OSError as error:
        raise translated(error) from error


async def put_database_aside(path: Path) -> Path | None:
    """Rename the database at `path`, which nobody can open any more, so that a new one can begin.

    For a citizen who sets a new PIN after the key of the old data was lost. Returns the new name, or None
    where there was no database. Raises StorageUnavailable.
    """
    try:
        return await asyncio.to_thread(put_aside, path, schema.COMPANIONS)
    except OSError as error:
        raise translated(error) from error
