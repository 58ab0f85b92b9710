"""What the storage promises to the rooms above: reading, writing, order, transactions, watching, ending."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import stat
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.storage.errors import StorageClosed, StorageUnavailable
from app.storage.storage import Storage

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=())),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
NAMES = st.text(st.characters(exclude_categories=()), max_size=20)


@given(collection=NAMES, key=NAMES, value=JSON)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_any_json_under_any_name_comes_back_as_it_was(collection, key, value):
    storage = await Storage.open(None, bytes(32))
    await storage.put(collection, key, value)
    assert await storage.get(collection, key) == value
    assert await storage.all(collection) == [(key, value)]
    await storage.close()


async def test_what_was_written_is_there_after_closing_and_opening(path, key):
    storage = await Storage.open(path, key)
    await storage.put("drafts", "one", {"answers": [1, "dua", None]})
    await storage.put_blob("files", "photo", b"\0\xff" * 1000)
    await storage.put_latest("drafts", "two", "latest")
    await storage.close()
    storage = await Storage.open(path, key)
    assert await storage.get("drafts", "one") == {"answers": [1, "dua", None]}
    assert await storage.get("drafts", "two") == "latest"
    assert await storage.get_blob("files", "photo") == b"\0\xff" * 1000
    await storage.close()


async def test_what_is_not_there_is_none(storage):
    assert await storage.get("drafts", "one") is None
    assert await storage.get_blob("drafts", "one") is None
    assert await storage.all("drafts") == []
    await storage.delete("drafts", "one")


async def test_collections_keys_and_kinds_are_apart(storage):
    await storage.put("a", "bc", 1)
    await storage.put("ab", "c", 2)
    await storage.put_blob("a", "bc", b"blob")
    assert [await storage.all(c) for c in ("a", "ab", "abc")] == [[("bc", 1)], [("c", 2)], []]
    assert await storage.get_blob("a", "bc") == b"blob"
    assert await storage.get_blob("ab", "c") is None
    await storage.delete("a", "bc")
    assert await storage.get("a", "bc") is None
    assert await storage.get_blob("a", "bc") is None
    assert await storage.get("ab", "c") == 2


async def test_all_gives_the_oldest_first_and_overwriting_keeps_the_place(storage):
    for key in ("c", "a", "b"):
        await storage.put("outbox", key, key)
    await storage.put("outbox", "c", "again")
    assert [key for key, _ in await storage.all("outbox")] == ["c", "a", "b"]
    await storage.delete("outbox", "c")
    await storage.put("outbox", "c", "new")
    assert [key for key, _ in await storage.all("outbox")] == ["a", "b", "c"]


@pytest.mark.parametrize(
    "value", [b"bytes", object(), float("nan"), {"a": {1, 2}}], ids=["bytes", "object", "nan", "set"]
)
async def test_what_json_cannot_say_is_refused_where_it_is_asked(storage, value):
    for attempt in (storage.put, storage.put_latest):
        with pytest.raises((TypeError, ValueError)):
            await attempt("drafts", "one", value)
    with pytest.raises((TypeError, ValueError)):  # noqa: PT012
        async with storage.transaction() as changes:
            await changes.put("drafts", "two", 1)
            await changes.put("drafts", "one", value)
    assert await storage.all("drafts") == []


async def test_an_attachment_of_five_megabytes_comes_back(storage):
    data = os.urandom(5_000_000)
    await storage.put_blob("files", "letter", data)
    assert await storage.get_blob("files", "letter") == data


async def test_a_transaction_is_all(storage):
    await storage.put("drafts", "one", 1)
    async with storage.transaction() as changes:
        await changes.put("outbox", "one", 1)
        await changes.put_blob("files", "one", b"1")
        await changes.delete("drafts", "one")
        assert await storage.get("drafts", "one") == 1, "nothing happens before the end"
    assert await storage.get("outbox", "one") == 1
    assert await storage.get_blob("files", "one") == b"1"
    assert await storage.get("drafts", "one") is None


async def test_a_transaction_is_nothing_when_something_goes_wrong(storage):
    await storage.put("drafts", "one", 1)
    with pytest.raises(ZeroDivisionError):  # noqa: PT012
        async with storage.transaction() as changes:
            await changes.delete("drafts", "one")
            await changes.put("outbox", "one", 1 / 0)
    assert await storage.get("drafts", "one") == 1
    assert await storage.all("outbox") == []


async def test_a_transaction_that_the_disk_refuses_half_way_changes_nothing(storage, monkeypatch):
    import app.storage.storage as module

    real, applied = module._apply, []

    def full_disk(db, seal, change):
        if applied:
            raise sqlite3.OperationalError("database or disk is full")
        applied.append(change)
        real(db, seal, change)

    monkeypatch.setattr(module, "_apply", full_disk)
    with pytest.raises(StorageUnavailable):  # noqa: PT012
        async with storage.transaction() as changes:
            await changes.put("outbox", "one", 1)
            await changes.put("outbox", "two", 2)
    monkeypatch.undo()
    assert await storage.all("outbox") == []
    await storage.put("outbox", "three", 3)
    assert await storage.all("outbox") == [("three", 3)]


async def test_a_write_happens_even_if_whoever_asked_is_cancelled(storage):
    asking = asyncio.create_task(storage.put("drafts", "one", 1))
    await asyncio.sleep(0)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert await storage.get("drafts", "one") == 1


async def test_ten_thousand_keystrokes_are_a_handful_of_writes_and_the_last_one_stands(storage, monkeypatch):
    commits = []
    real = storage._commit
    monkeypatch.setattr(storage, "_commit", lambda *args, **more: (commits.append(1), real(*args, **more)))
    text = "x" * 200
    await asyncio.gather(*(storage.put_latest("drafts", "one", [text, n]) for n in range(10_000)))
    assert await storage.get("drafts", "one") == [text, 9_999]
    assert len(commits) < 1_000


async def test_a_saved_value_is_taken_as_it_was_when_saving_began(storage):
    answers = {"name": "first"}
    saving = asyncio.create_task(storage.put_latest("drafts", "one", answers))
    await asyncio.sleep(0)
    answers["name"] = "second"
    await saving
    assert await storage.get("drafts", "one") == {"name": "first"}


OPERATIONS = st.lists(
    st.tuples(
        st.sampled_from(["put", "put_latest", "delete", "transaction"]), st.sampled_from("ab"), st.integers()
    ),
    max_size=25,
)


@given(operations=OPERATIONS)
@settings(max_examples=60, deadline=None)
async def test_operations_take_effect_in_the_order_of_their_calls(operations):
    """Called without waiting for one another, they must leave what a dictionary would hold."""
    storage = await Storage.open(None, bytes(32))
    model: dict[str, int] = {}
    reads = []

    async def together(key, value):
        async with storage.transaction() as changes:
            await changes.put("c", key, value)

    tasks = []
    for name, key, value in operations:
        match name:
            case "delete":
                tasks.append(asyncio.ensure_future(storage.delete("c", key)))
                model.pop(key, None)
            case "transaction":
                tasks.append(asyncio.ensure_future(together(key, value)))
                model[key] = value
            case _:
                tasks.append(asyncio.ensure_future(getattr(storage, name)("c", key, value)))
                model[key] = value
        tasks.append(asyncio.ensure_future(storage.get("c", key)))
        reads.append((tasks[-1], model.get(key)))
    await asyncio.gather(*tasks)
    assert [read.result() for read, _ in reads] == [expected for _, expected in reads]
    assert dict(await storage.all("c")) == model
    await storage.close()


async def test_watchers_hear_of_each_commit_to_their_collection_and_no_other(storage):
    heard = []
    end = storage.watch("outbox", lambda: heard.append("outbox"))
    storage.watch("drafts", lambda: heard.append("drafts"))
    await storage.put("outbox", "one", 1)
    assert heard == ["outbox"]
    async with storage.transaction() as changes:
        await changes.put("outbox", "two", 1)
        await changes.put("outbox", "three", 1)
        await changes.delete("drafts", "one")
    assert sorted(heard) == ["drafts", "outbox", "outbox"]
    await storage.put_latest("drafts", "one", 1)
    assert heard.count("drafts") == 2
    await storage.get("outbox", "one")
    end()
    end()
    await storage.put("outbox", "four", 1)
    assert heard.count("outbox") == 2


async def test_a_watcher_that_fails_is_reported_and_stops_no_other(storage):
    reported, heard = [], []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: reported.append(context["exception"]))
    storage.watch("outbox", lambda: 1 / 0)
    storage.watch("outbox", lambda: heard.append(1))
    await storage.put("outbox", "one", 1)
    assert heard == [1]
    assert [type(e) for e in reported] == [ZeroDivisionError]


async def test_closing_finishes_what_was_asked_for(path, key):
    storage = await Storage.open(path, key)
    saving = [asyncio.create_task(storage.put_latest("drafts", str(n), n)) for n in range(50)]
    await asyncio.sleep(0)
    await storage.close()
    await asyncio.gather(*saving)
    storage = await Storage.open(path, key)
    assert len(await storage.all("drafts")) == 50
    await storage.close()


async def test_after_closing_every_use_says_that_loket_is_locked(path, key):
    storage = await Storage.open(path, key)
    await storage.close()
    await storage.close()
    for attempt in (
        storage.get("drafts", "one"),
        storage.put("drafts", "one", 1),
        storage.put_latest("drafts", "one", 1),
        storage.all("drafts"),
    ):
        with pytest.raises(StorageClosed) as refusal:
            await attempt
        assert "terkunci" in str(refusal.value.phrase)


async def test_closing_leaves_one_file_that_only_this_user_may_read(path, key):
    storage = await Storage.open(path, key)
    await storage.put("drafts", "one", 1)
    files = sorted(path.parent.iterdir())
    assert path in files
    if sys.platform != "win32":
        assert {stat.S_IMODE(f.stat().st_mode) for f in files} == {0o600}
    await storage.close()
    assert list(path.parent.iterdir()) == [path]


async def test_deleting_attachments_gives_the_room_back(path, key):
    storage = await Storage.open(path, key)
    await storage.put_blob("files", "letter", os.urandom(3_000_000))
    await storage.delete("files", "letter")
    await storage.close()
    assert path.stat().st_size < 200_000


async def test_erasing_leaves_no_file_at_all(path, key):
    storage = await Storage.open(path, key)
    await storage.put("drafts", "one", 1)
    (path.parent / "loket.db.kept-1").write_bytes(b"an older one")
    (path.parent / "loket.db.kept-1-wal").write_bytes(b"its log")
    await storage.erase()
    assert list(path.parent.iterdir()) == []


async def test_in_memory_nothing_touches_the_disk(tmp_path, key, monkeypatch):
    monkeypatch.chdir(tmp_path)
    storage = await Storage.open(None, key)
    await storage.put("drafts", "one", 1)
    assert await storage.get("drafts", "one") == 1
    await storage.erase()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("size", [0, 16, 31, 33])
async def test_a_key_of_another_size_is_a_mistake_of_ours(path, size):
    with pytest.raises(ValueError, match="32"):
        await Storage.open(path, bytes(size))


async def test_two_open_storages_of_one_file_do_not_lose_each_others_writes(path, key):
    one, two = await Storage.open(path, key), await Storage.open(path, key)
    await asyncio.gather(
        *(s.put("drafts", f"{name}{n}", n) for n in range(20) for name, s in (("a", one), ("b", two)))
    )
    assert len(await one.all("drafts")) == 40
    await one.close()
    await two.close()
