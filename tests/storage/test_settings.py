"""Preferences: typed, whole on disk, never in the way of the first frame."""

from __future__ import annotations

import asyncio
import json

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from app.storage import settings as module
from app.storage.errors import StorageUnavailable
from app.storage.settings import Preferences, Settings


@pytest.fixture
def file(tmp_path):
    return tmp_path / "device" / "settings.json"


def test_without_a_file_everything_has_its_default_and_nothing_is_said(file):
    found = Settings.load(file)
    assert found.get() == Preferences(language="system", theme="system", text_scale=1.0, window=None)
    assert found.note is None
    assert not file.exists(), "loading writes nothing"


async def test_what_was_set_is_there_in_the_next_run(file):
    await Settings.load(file).set(language="en", theme="dark", text_scale=1.5, window=(1280, 800))
    found = Settings.load(file)
    assert found.get() == Preferences("en", "dark", 1.5, (1280, 800))
    assert found.note is None
    await found.set(window=None)
    assert Settings.load(file).get() == Preferences("en", "dark", 1.5, None)
    assert [f.name for f in file.parent.iterdir()] == ["settings.json"]


async def test_a_change_is_in_force_at_once_and_watchers_hear_of_it(file):
    found = Settings.load(file)
    heard = []
    end = found.watch(heard.append)
    saving = asyncio.create_task(found.set(theme="dark"))
    await asyncio.sleep(0)
    assert found.get().theme == "dark"
    await saving
    await found.set(theme="dark")
    assert heard == [Preferences(theme="dark")], "no change, no call"
    end()
    end()
    await found.set(theme="light")
    assert len(heard) == 1


async def test_a_slider_that_moves_faster_than_the_disk_ends_where_it_was_left(file, monkeypatch):
    writes = []
    real = module.write_whole
    monkeypatch.setattr(module, "write_whole", lambda *args: (writes.append(1), real(*args)))
    found = Settings.load(file)
    await asyncio.gather(*(found.set(text_scale=1 + n / 500) for n in range(1, 501)))
    assert Settings.load(file).get().text_scale == 2.0
    assert len(writes) <= 3


@pytest.mark.parametrize(
    "change",
    [
        {"language": "nl"},
        {"theme": "blue"},
        {"text_scale": 0.9},
        {"text_scale": 2.1},
        {"text_scale": float("nan")},
        {"text_scale": True},
        {"window": (10, 10)},
        {"window": (800,)},
        {"window": "800x600"},
    ],
    ids=str,
)
async def test_a_value_that_a_preference_cannot_have_is_refused_and_changes_nothing(file, change):
    found = Settings.load(file)
    with pytest.raises(ValueError, match="cannot be"):
        await found.set(**change)
    assert found.get() == Preferences()
    assert not file.exists()


@given(content=st.binary(max_size=200).filter(lambda c: b"{" not in c))
@example(content=b"")
@example(content=b"[]")
@example(content=b"\xff\xfe{}")
@example(content=b"[" * 100_000)
@example(content=b'{"theme": ' + b'"x' * 100_000)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_damaged_file_gives_the_defaults_and_a_note(tmp_path, content):
    file = tmp_path / "settings.json"
    file.write_bytes(content)
    found = Settings.load(file)
    assert found.get() == Preferences()
    assert found.note is not None
    assert "Data Anda tidak terpengaruh" in str(found.note)


ANYTHING = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.integers(), max_size=3)
)


@given(
    values=st.dictionaries(
        st.sampled_from(["language", "theme", "text_scale", "window", "from_a_later_version"]), ANYTHING
    )
)
@example(values={"window": [800, 600], "theme": "dark", "later": 1})
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_one_bad_value_costs_only_itself(tmp_path, values):
    file = tmp_path / "settings.json"
    file.write_text(json.dumps({"language": "en", **values}))
    found = Settings.load(file)
    if "language" not in values:
        assert found.get().language == "en"
    assert found.get().language in ("system", "id", "en")
    assert found.get().theme in ("system", "light", "dark")
    assert 1.0 <= found.get().text_scale <= 2.0
    assert found.get().window is None or len(found.get().window) == 2
    if not values.keys() - {"from_a_later_version"}:
        assert found.note is None, "what a later version added is no damage"


async def test_a_disk_that_refuses_is_told_and_the_preference_holds_for_this_run(tmp_path):
    (tmp_path / "device").write_bytes(b"a file where the folder should be")
    found = Settings.load(tmp_path / "device" / "settings.json")
    assert found.get() == Preferences()
    with pytest.raises(StorageUnavailable):
        await found.set(theme="dark")
    assert found.get().theme == "dark"


async def test_an_interrupted_write_leaves_the_old_file(file, monkeypatch):
    found = Settings.load(file)
    await found.set(theme="dark")

    def interrupted(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", interrupted)
    with pytest.raises(StorageUnavailable) as refusal:
        await found.set(theme="light")
    assert "penuh" in str(refusal.value.phrase)
    monkeypatch.undo()
    assert Settings.load(file).get().theme == "dark"
    assert [f.name for f in file.parent.iterdir()] == ["settings.json"]
    await found.set(text_scale=1.2)
    assert Settings.load(file).get() == Preferences(theme="light", text_scale=1.2), (
        "the next change brings it"
    )


async def test_settings_without_a_file_live_in_memory():
    found = Settings.load(None)
    await found.set(theme="dark")
    assert found.get().theme == "dark"
    assert Settings.load(None).get().theme == "system"
