"""The database file in the wild: altered, cut, foreign, older, newer, under another key, on a bad disk."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest

from app.storage import schema
from app.storage.errors import (
    StorageDamaged,
    StorageError,
    StorageKeyWrong,
    StorageNewer,
    StorageUnavailable,
)
from app.storage.storage import Storage, erase_database, put_database_aside


async def filled(path: Path, key: bytes) -> None:
    storage = await Storage.open(path, key)
    for n in range(30):
        await storage.put("drafts", f"draft-{n}", {"answers": ["x" * 200, n]})
    await storage.put_blob("files", "letter", os.urandom(20_000))
    await storage.close()


async def refused(path: Path, key: bytes) -> StorageError:
    with pytest.raises(StorageError) as refusal:
        await Storage.open(path, key)
    phrase = str(refusal.value.phrase)
    assert "aman" in phrase or "tidak dihapus" in phrase, "the sentence says what is safe"
    return refusal.value


async def starts_afresh(path: Path, key: bytes) -> bool:
    storage = await Storage.open(path, key)
    empty = await storage.all("drafts") == []
    await storage.close()
    return empty


async def test_another_key_is_told_apart_from_damage_and_changes_nothing(path, key):
    await filled(path, key)
    before = path.read_bytes()
    assert isinstance(await refused(path, os.urandom(32)), StorageKeyWrong)
    assert path.read_bytes() == before
    storage = await Storage.open(path, key)
    assert len(await storage.all("drafts")) == 30
    await storage.close()


@pytest.mark.parametrize("size", [0, 1, 99, 100, 4096, 5000, 20_000])
async def test_a_file_cut_short_is_put_aside_whole_and_a_new_one_can_begin(path, key, size):
    await filled(path, key)
    with path.open("r+b") as file:
        file.truncate(size)
    error = await refused(path, key)
    assert isinstance(error, StorageDamaged)
    assert error.kept is not None
    assert error.kept.parent == path.parent
    assert error.kept.exists()
    assert not path.exists()
    assert await starts_afresh(path, key)


async def test_damage_twice_keeps_both_files(path, key):
    for _ in range(2):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"rubbish")
        await refused(path, key)
    assert sorted(f.name for f in path.parent.iterdir()) == ["loket.db.kept-1", "loket.db.kept-2"]


@pytest.mark.parametrize(
    "content", [b"", b"hello\n" * 1000, b"SQLite format 3\0", b"SQLite format 3\0" + bytes(5000)], ids=len
)
async def test_a_file_that_is_no_database_is_damaged(path, key, content):
    path.parent.mkdir()
    path.write_bytes(content)
    error = await refused(path, key)
    assert isinstance(error, StorageDamaged)
    assert error.kept is not None
    assert error.kept.read_bytes() == content


async def test_a_database_of_another_program_is_put_aside_unchanged(path, key):
    path.parent.mkdir()
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE record (a)")
    other.commit()
    other.close()
    content = path.read_bytes()
    error = await refused(path, key)
    assert isinstance(error, StorageDamaged)
    assert error.kept is not None
    assert error.kept.read_bytes() == content


async def test_any_flipped_byte_is_noticed_or_harmless_and_never_a_traceback(path, key):
    """Every 61st byte of the file, one at a time."""
    await filled(path, key)
    whole = path.read_bytes()
    storage = await Storage.open(path, key)
    expected = await storage.all("drafts"), await storage.get_blob("files", "letter")
    await storage.close()
    noticed = 0
    for at in range(0, len(whole), 61):
        for leftover in path.parent.iterdir():
            leftover.unlink()
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0x41]) + whole[at + 1 :])
        try:
            storage = await Storage.open(path, key)
        except (StorageDamaged, StorageNewer, StorageUnavailable):
            noticed += 1
            continue
        found = await storage.all("drafts"), await storage.get_blob("files", "letter")
        await storage.close()
        assert found == expected, f"a flipped byte at {at} changed what is read"
    assert noticed > len(whole) / 61 / 2


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE record SET sealed = (SELECT sealed FROM record WHERE position = 2) WHERE position = 1",
        "UPDATE record SET id = zeroblob(32) WHERE position = 1",
        "UPDATE record SET collection = zeroblob(32) WHERE position = 1",
        "UPDATE record SET sealed = zeroblob(5) WHERE position = 1",
        "UPDATE record SET sealed = 'text' WHERE position = 1",
        "UPDATE mark SET value = zeroblob(32) WHERE name = 'salt'",
        "DELETE FROM mark",
        "DROP TABLE mark",
    ],
    ids=lambda sql: sql[:45],
)
async def test_a_file_altered_by_hand_is_damaged(path, key, attack):
    await filled(path, key)
    db = sqlite3.connect(path)
    db.execute(attack)
    db.commit()
    db.close()
    assert isinstance(await refused(path, key), StorageDamaged)


async def test_a_record_altered_under_our_hands_is_damaged_not_rubbish(path, key):
    storage = await Storage.open(path, key)
    await storage.put("drafts", "one", 1)
    db = sqlite3.connect(path)
    db.execute("UPDATE record SET sealed = zeroblob(40)")
    db.commit()
    db.close()
    for attempt in (storage.get("drafts", "one"), storage.all("drafts")):
        with pytest.raises(StorageDamaged):
            await attempt
    await storage.close()


async def test_a_newer_file_is_left_alone_and_asks_for_an_update(path, key, monkeypatch):
    monkeypatch.setattr(schema, "STEPS", [*schema.STEPS, lambda db: None])
    await filled(path, key)
    monkeypatch.undo()
    error = await refused(path, key)
    assert isinstance(error, StorageNewer)
    assert "Perbarui Loket" in str(error.phrase)
    monkeypatch.setattr(schema, "STEPS", [*schema.STEPS, lambda db: None])
    assert not await starts_afresh(path, key)


async def test_an_older_file_is_brought_up_to_date_with_all_its_records(path, key, monkeypatch):
    await filled(path, key)
    monkeypatch.setattr(
        schema, "STEPS", [*schema.STEPS, lambda db: db.execute("CREATE TABLE later (a)") and None]
    )
    storage = await Storage.open(path, key)
    assert len(await storage.all("drafts")) == 30
    await storage.close()
    db = sqlite3.connect(path)
    assert db.execute("PRAGMA user_version").fetchone() == (2,)
    assert db.execute("SELECT count(*) FROM later").fetchone() == (0,)
    db.close()


async def test_a_step_that_fails_leaves_the_older_file_as_it_was(path, key, monkeypatch):
    await filled(path, key)

    def half_way(db: sqlite3.Connection) -> None:
        db.execute("CREATE TABLE later (a)")
        db.execute("DELETE FROM record")
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(schema, "STEPS", [*schema.STEPS, half_way])
    assert isinstance(await refused(path, key), StorageUnavailable)
    monkeypatch.undo()
    storage = await Storage.open(path, key)
    assert len(await storage.all("drafts")) == 30
    await storage.close()


async def test_a_log_without_its_database_is_never_replayed_into_a_new_one(path, key):
    await filled(path, key)
    db = sqlite3.connect(path)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("DELETE FROM record")
    db.commit()
    log = path.with_name("loket.db-wal").read_bytes()
    db.close()
    path.unlink()
    path.with_name("loket.db-wal").write_bytes(log)
    assert await starts_afresh(path, key)
    assert path.with_name("loket.db.kept-1-wal").read_bytes() == log


async def test_a_creation_that_was_interrupted_is_begun_again(path, key):
    path.parent.mkdir()
    path.with_name("loket.db.new").write_bytes(b"half a database")
    assert await starts_afresh(path, key)
    assert list(path.parent.iterdir()) == [path]


async def test_a_folder_in_place_of_the_file_gives_a_sentence(path, key):
    path.mkdir(parents=True)
    assert isinstance(await refused(path, key), StorageUnavailable)


async def test_a_file_in_place_of_the_folder_gives_a_sentence(path, key):
    path.parent.write_bytes(b"")
    assert isinstance(await refused(path, key), StorageUnavailable)


async def test_a_database_that_somebody_else_holds_gives_a_sentence(path, key, monkeypatch):
    await filled(path, key)
    monkeypatch.setattr(schema, "_BUSY_SECONDS", 0.01)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("PRAGMA locking_mode = EXCLUSIVE")
    other.execute("BEGIN EXCLUSIVE")
    error = await refused(path, key)
    other.close()
    assert isinstance(error, StorageUnavailable)
    assert "Loket yang lain" in str(error.phrase)


async def test_a_full_disk_gives_a_sentence_and_keeps_what_was_there(path, key):
    storage = await Storage.open(path, key)
    await storage.put("drafts", "one", 1)
    await storage._begin(lambda: storage._opened()[0].execute("PRAGMA max_page_count = 1").fetchall())
    with pytest.raises(StorageUnavailable) as refusal:
        await storage.put_blob("files", "letter", bytes(3_000_000))
    assert "penuh" in str(refusal.value.phrase)
    assert await storage.get("drafts", "one") == 1
    await storage.close()


async def test_a_database_whose_key_is_lost_can_be_put_aside_for_a_new_one(path, key):
    await filled(path, key)
    content = path.read_bytes()
    kept = await put_database_aside(path)
    assert kept is not None
    assert kept.read_bytes() == content
    assert await starts_afresh(path, os.urandom(32))
    path.unlink()
    assert await put_database_aside(path) is None


async def test_a_locked_database_can_be_erased_without_its_key(path, key):
    await filled(path, key)
    path.with_name("loket.db.kept-1").write_bytes(b"older")
    await erase_database(path)
    assert list(path.parent.iterdir()) == []
    await erase_database(path)
