"""The PIN: set, unlock, wrong, wait, erase, change; restarts, kills, clocks, vaults, edited files."""

from __future__ import annotations

import asyncio
import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.contract.phrase import N_
from app.identity import lock as module
from app.identity.attempts import MOST_WRONG
from app.identity.lock import SECRET, Erased, Lock, LockError, PinRefused, TooSoon, WrongPin
from app.identity.wrap import FLOOR, Scrypt
from app.storage.errors import StorageUnavailable
from app.storage.storage import Storage
from app.vault.vault import MemoryVault, SecretLost, VaultError

CHEAP = Scrypt(n=2**4, r=8, p=1)
PIN, OTHER = "481516", "234299"
START = datetime(2026, 3, 7, 9, 0, tzinfo=UTC)


class Keyring(MemoryVault):
    """A vault that outlives the app of a test, as a keyring outlives a process."""

    kind = "keyring"
    name = "Secret Service"

    def __init__(self):
        super().__init__()
        self.failure: VaultError | None = None

    async def get(self, name):
        if self.failure:
            raise self.failure
        return await super().get(name)

    async def delete(self, name):
        if self.failure:
            raise self.failure
        await super().delete(name)


class Device:
    """What stays when the app ends: files, keyring, clock."""

    def __init__(self, folder: Path):
        self.path = folder / "device" / "lock.json"
        self.vault: MemoryVault = Keyring()
        self.time = START

    def lock(self, **more) -> Lock:
        return Lock(self.path, self.vault, now=lambda: self.time, **{"kdf": CHEAP, **more})

    async def start(self, **more) -> Lock:
        lock = self.lock(**more)
        await lock.load()
        return lock


@pytest.fixture
def device(tmp_path):
    return Device(tmp_path)


async def wrong(lock: Lock, pin: str = OTHER) -> WrongPin:
    with pytest.raises(WrongPin) as refusal:
        await lock.unlock(pin)
    return refusal.value


async def test_a_new_device_has_no_pin(device):
    lock = await device.start()
    assert (lock.state, lock.leftover, lock.attempts_left, lock.locked_until) == ("unset", None, 10, None)
    with pytest.raises(RuntimeError):
        await lock.unlock(PIN)


async def test_setting_a_pin_opens_and_the_next_run_unlocks_the_same_key(device):
    lock = await device.start()
    key = await lock.set_pin(PIN)
    assert len(key) == 32
    assert lock.state == "open"
    lock = await device.start()
    assert lock.state == "locked"
    assert await lock.unlock(PIN) == key
    assert lock.state == "open"
    lock.lock()
    assert lock.state == "locked"
    assert await lock.unlock(PIN) == key


async def test_before_loading_no_pin_can_be_set_over_one_that_is_there(device):
    await (await device.start()).set_pin(PIN)
    with pytest.raises(RuntimeError):
        await device.lock().set_pin(OTHER)
    lock = await device.start()
    with pytest.raises(RuntimeError):
        await lock.set_pin(OTHER)
    await lock.unlock(PIN)


async def test_the_key_opens_the_storage_and_another_run_reads_it(device):
    database = device.path.with_name("loket.db")
    storage = await Storage.open(database, await (await device.start()).set_pin(PIN))
    await storage.put("drafts", "one", 1)
    await storage.close()
    storage = await Storage.open(database, await (await device.start()).unlock(PIN))
    assert await storage.get("drafts", "one") == 1
    await storage.close()


async def test_two_devices_with_one_pin_have_different_keys(tmp_path):
    keys = {await (await Device(tmp_path / name).start()).set_pin(PIN) for name in "ab"}
    assert len(keys) == 2


async def test_the_file_and_the_vault_hold_neither_pin_nor_key(device):
    key = await (await device.start()).set_pin(PIN)
    held = device.path.read_bytes() + b"".join(device.vault._secrets.values())
    for secret in (key, key.hex().encode(), PIN.encode()):
        assert secret not in held
    if os.name == "posix":
        assert device.path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "pin", ["", "12345", "1234567", "12345a", "１２３４５６", "٤٨١٥١٦", "48 516", "-48151"]
)
async def test_what_is_not_six_digits_is_refused_and_not_counted(device, pin):
    lock = await device.start()
    with pytest.raises(PinRefused):
        await lock.set_pin(pin)
    await lock.set_pin(PIN)
    with pytest.raises(PinRefused):
        await lock.unlock(pin)
    with pytest.raises(PinRefused):
        await lock.change_pin(PIN, pin)
    assert lock.attempts_left == 10
    assert (await device.start()).attempts_left == 10


async def test_a_weak_pin_is_refused_with_a_sentence_and_leaves_the_device_unset(device):
    lock = await device.start()
    with pytest.raises(PinRefused) as refusal:
        await lock.set_pin("123456")
    assert "mudah ditebak" in str(refusal.value.phrase)
    with pytest.raises(PinRefused) as refusal:
        await lock.set_pin("070391", forbidden={"07031991", "070391"})
    assert "data diri" in str(refusal.value.phrase)
    assert not device.path.exists()
    assert (await device.start()).state == "unset"


async def test_waits_grow_as_the_wrong_pins_do_and_the_tenth_erases(device):
    lock = await device.start()
    await lock.set_pin(PIN)
    waits = []
    for left in range(9, 0, -1):
        error = await wrong(lock)
        assert error.attempts_left == lock.attempts_left == left
        assert lock.locked_until == error.until
        waits.append((error.until - device.time).total_seconds() if error.until else 0)
        device.time = error.until or device.time
    assert waits == [0, 0, 30, 60, 300, 900, 3600, 3600, 3600]
    with pytest.raises(Erased) as erased:
        await lock.unlock(OTHER)
    assert "sepuluh kali" in str(erased.value.phrase)
    assert lock.state == "unset"
    assert not device.path.exists()
    assert await device.vault.get(SECRET) is None
    lock = await device.start()
    assert (lock.state, lock.leftover) == ("unset", None)


async def test_the_right_pin_on_the_tenth_attempt_opens_and_clears_the_count(device):
    lock = await device.start()
    key = await lock.set_pin(PIN)
    for _ in range(9):
        device.time = (await wrong(lock)).until or device.time
    assert await lock.unlock(PIN) == key
    assert lock.attempts_left == 10
    assert (await device.start()).attempts_left == 10


async def test_too_soon_is_told_even_for_the_right_pin_and_is_not_counted(device):
    lock = await device.start()
    await lock.set_pin(PIN)
    for _ in range(3):
        await wrong(lock)
    until = device.time + timedelta(seconds=30)
    device.time += timedelta(seconds=29)
    for pin in (PIN, OTHER):
        with pytest.raises(TooSoon) as refusal:
            await lock.unlock(pin)
        assert refusal.value.until == until
    assert lock.attempts_left == 7
    device.time = until
    await lock.unlock(PIN)


async def test_waits_and_counts_survive_a_restart(device):
    lock = await device.start()
    await lock.set_pin(PIN)
    for _ in range(3):
        error = await wrong(lock)
    device.time += timedelta(seconds=29)
    lock = await device.start()
    assert (lock.attempts_left, lock.locked_until) == (7, error.until)
    with pytest.raises(TooSoon):
        await lock.unlock(PIN)


async def test_a_clock_set_back_neither_shortens_the_wait_nor_makes_it_last_for_years(device):
    lock = await device.start()
    await lock.set_pin(PIN)
    for _ in range(3):
        await wrong(lock)
    device.time = datetime(2016, 1, 1, tzinfo=UTC)
    lock = await device.start()
    assert lock.locked_until == device.time + timedelta(seconds=30)
    with pytest.raises(TooSoon):
        await lock.unlock(PIN)
    device.time += timedelta(seconds=29)
    with pytest.raises(TooSoon):
        await (await device.start()).unlock(PIN)
    device.time += timedelta(seconds=1)
    await (await device.start()).unlock(PIN)


@given(
    steps=st.lists(
        st.one_of(
            st.sampled_from(["wrong", "restart"]),
            st.timedeltas(timedelta(days=-4000), timedelta(seconds=29)),
        ),
        max_size=30,
    )
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_no_play_with_clock_and_restarts_gives_a_fourth_try_before_thirty_seconds_forward(
    tmp_path_factory, steps
):
    """The clock may go back at will, and forward less than 30 s in all: there are three tries, no more."""
    device = Device(tmp_path_factory.mktemp("device"))
    lock = await device.start()
    await lock.set_pin(PIN)
    tries, forward = 0, timedelta(0)
    for step in steps:
        if isinstance(step, timedelta):
            if step > timedelta(0):
                if forward + step >= timedelta(seconds=30):
                    continue
                forward += step
            device.time += step
        elif step == "restart":
            lock = await device.start()
        else:
            try:
                await lock.unlock(OTHER)
            except WrongPin:
                tries += 1
            except TooSoon:
                pass
    assert tries <= 3
    assert lock.attempts_left == MOST_WRONG - tries


async def test_ending_the_app_during_an_attempt_gives_no_free_try(device, monkeypatch):
    """The count is on disk before anything is verified."""
    await (await device.start()).set_pin(PIN)
    seen = []

    def killed(*_):
        seen.append(json.loads(device.path.read_text())["wrong"])
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "unwrap", killed)
    lock = await device.start()
    with pytest.raises(KeyboardInterrupt):
        await lock.unlock(PIN)
    assert seen == [1]
    assert (await device.start()).attempts_left == 9


async def test_an_app_killed_in_its_tenth_attempt_is_erased_at_the_next_start(device, monkeypatch):
    lock = await device.start()
    await lock.set_pin(PIN)
    for _ in range(9):
        device.time = (await wrong(lock)).until or device.time

    def killed(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "unwrap", killed)
    with pytest.raises(KeyboardInterrupt):
        await lock.unlock(PIN)
    monkeypatch.undo()
    lock = await device.start()
    assert lock.state == "unset"
    assert "sepuluh kali" in str(lock.leftover)
    assert not device.path.exists()


async def test_two_running_apps_share_one_count(device):
    await (await device.start()).set_pin(PIN)
    one, two = await device.start(), await device.start()
    await wrong(one)
    assert (await wrong(two)).attempts_left == 8
    assert (await wrong(one)).attempts_left == 7
    with pytest.raises(TooSoon):
        await two.unlock(PIN)


async def test_attempts_at_the_same_time_are_made_one_after_another(device):
    lock = await device.start()
    await lock.set_pin(PIN)
    results = await asyncio.gather(*(lock.unlock(OTHER) for _ in range(6)), return_exceptions=True)
    assert [type(r) for r in results] == [WrongPin] * 3 + [TooSoon] * 3


async def test_changing_the_pin_keeps_the_key_and_ends_the_old_pin(device):
    lock = await device.start()
    key = await lock.set_pin(PIN)
    before = json.loads(device.path.read_text())
    await lock.change_pin(PIN, OTHER)
    after = json.loads(device.path.read_text())
    assert before["salt"] != after["salt"]
    assert lock.state == "open"
    lock = await device.start()
    await wrong(lock, PIN)
    assert await lock.unlock(OTHER) == key


async def test_changing_the_pin_counts_wrong_old_pins_and_refuses_weak_or_same_new_ones(device):
    lock = await device.start()
    await lock.set_pin(PIN)
    with pytest.raises(WrongPin):
        await lock.change_pin(OTHER, "902134")
    assert lock.attempts_left == 9
    for new, forbidden in (("111111", ()), (PIN, ()), ("070391", {"070391"})):
        with pytest.raises(PinRefused):
            await lock.change_pin(PIN, new, forbidden=forbidden)
    await (await device.start()).unlock(PIN)


async def test_erasing_leaves_nothing_and_a_new_pin_can_be_set(device):
    lock = await device.start()
    key = await lock.set_pin(PIN)
    device.path.with_name("lock.json.kept-1").write_bytes(b"older")
    await lock.erase()
    assert list(device.path.parent.iterdir()) == []
    assert device.vault._secrets == {}
    assert lock.state == "unset"
    assert await lock.set_pin(PIN) != key


async def test_erasing_destroys_the_key_even_when_the_vault_does_not_answer(device):
    lock = await device.start()
    await lock.set_pin(PIN)
    device.vault.failure = VaultError(N_("x"))
    await lock.erase()
    assert not device.path.exists()


# Where the other half of the key is


async def test_a_run_whose_vault_is_memory_says_so_in_the_next(device):
    device.vault = MemoryVault()
    lock = await device.start()
    assert not lock.durable
    key = await lock.set_pin(PIN)
    lock.lock()
    assert await lock.unlock(PIN) == key
    await wrong(lock)
    assert lock.attempts_left == 9
    device.vault = MemoryVault()
    lock = await device.start()
    assert lock.state == "unset"
    assert "hanya disimpan selama Loket terbuka" in str(lock.leftover)
    await lock.set_pin(OTHER)
    assert lock.leftover is None


async def test_a_run_without_the_keyring_leaves_the_older_lock_untouched(device):
    """The keyring was only not there for once: nothing of the citizen may be lost."""
    key = await (await device.start()).set_pin(PIN)
    content, keyring = device.path.read_bytes(), device.vault
    device.vault = MemoryVault()
    lock = await device.start()
    assert lock.state == "unset"
    assert "Secret Service" in str(lock.leftover)
    assert "tidak dihapus" in str(lock.leftover)
    await lock.set_pin(OTHER)
    assert device.path.read_bytes() == content
    device.vault = keyring
    lock = await device.start()
    assert await lock.unlock(PIN) == key


async def test_a_lock_without_a_file_lives_for_this_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    lock = Lock(None, Keyring(), now=lambda: START, kdf=CHEAP)
    await lock.load()
    key = await lock.set_pin(PIN)
    assert not lock.durable
    assert (await wrong(lock)).attempts_left == 9
    assert await lock.unlock(PIN) == key
    await lock.erase()
    assert lock.state == "unset"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("lost", ["deleted", "unreadable"])
async def test_a_secret_that_the_vault_has_lost_leaves_unset_and_a_sentence(device, lost):
    await (await device.start()).set_pin(PIN)
    content = device.path.read_bytes()
    if lost == "deleted":
        await device.vault.delete(SECRET)
    else:
        device.vault.failure = SecretLost(N_("x"))
    lock = await device.start()
    assert lock.state == "unset"
    assert "tidak dapat dibuka" in str(lock.leftover)
    device.vault.failure = None
    await lock.set_pin(OTHER)
    assert device.path.with_name("lock.json.kept-1").read_bytes() == content, "kept, not overwritten"


async def test_a_vault_that_does_not_answer_decides_nothing(device):
    await (await device.start()).set_pin(PIN)
    lock = await device.start()
    device.vault.failure = VaultError(N_("x"))
    with pytest.raises(VaultError):
        await lock.unlock(PIN)
    with pytest.raises(VaultError):
        await lock.load()
    with pytest.raises(RuntimeError):
        await lock.set_pin(OTHER)
    device.vault.failure = None
    await lock.load()
    assert (lock.state, lock.attempts_left) == ("locked", 10)


# Files that somebody edited


@given(data=st.data())
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_no_edit_of_the_lock_file_is_believed(tmp_path_factory, data):
    device = Device(tmp_path_factory.mktemp("device"))
    lock = await device.start()
    await lock.set_pin(PIN)
    await wrong(lock)
    body = json.loads(device.path.read_text())
    name = data.draw(st.sampled_from(sorted(body)))
    value = data.draw(
        st.none()
        | st.integers(-5, 20)
        | st.text(max_size=8)
        | st.just({"n": 2, "r": 1, "p": 1})
        | st.just([1])
    )
    if body[name] == value:
        return
    body[name] = value
    device.path.write_text(json.dumps(body))
    lock = await device.start()
    assert lock.state == "unset"
    assert lock.leftover is not None


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"null", b"\xff", b"[" * 10_000, b'{"version": 2}'])
async def test_a_damaged_lock_file_gives_a_sentence_and_is_kept(device, content):
    device.path.parent.mkdir()
    device.path.write_bytes(content)
    lock = await device.start()
    assert lock.state == "unset"
    assert "rusak" in str(lock.leftover)
    await lock.set_pin(PIN)
    assert device.path.with_name("lock.json.kept-1").read_bytes() == content
    assert (await device.start()).state == "locked"


async def test_a_lock_file_edited_while_running_is_refused(device):
    lock = await device.start()
    await lock.set_pin(PIN)
    body = json.loads(device.path.read_text())
    body["wrong"] = -100
    device.path.write_text(json.dumps(body))
    with pytest.raises(LockError) as refusal:
        await lock.unlock(PIN)
    assert "diubah" in str(refusal.value.phrase)


async def test_a_lock_of_another_device_is_not_believed(tmp_path):
    one, two = Device(tmp_path / "one"), Device(tmp_path / "two")
    for device in (one, two):
        await (await device.start()).set_pin(PIN)
    two.path.write_bytes(one.path.read_bytes())
    assert (await two.start()).state == "unset"


async def test_a_lock_cheaper_than_the_floor_is_not_believed(device):
    await (await device.start()).set_pin(PIN)
    lock = Lock(device.path, device.vault, now=lambda: START)
    await lock.load()
    assert lock.state == "unset"
    assert lock.leftover is not None


def test_the_default_cost_is_what_owasp_asks_for_and_no_less():
    assert Scrypt() == FLOOR == Scrypt(n=2**17, r=8, p=1)


# The device refuses


async def test_a_full_disk_stops_an_attempt_before_it_is_made(device, monkeypatch):
    lock = await device.start()
    await lock.set_pin(PIN)
    verified = []
    monkeypatch.setattr(module, "unwrap", lambda *_: verified.append(1))

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module, "write_whole", full)
    with pytest.raises(StorageUnavailable) as refusal:
        await lock.unlock(PIN)
    assert "penuh" in str(refusal.value.phrase)
    assert verified == []
    monkeypatch.undo()
    await lock.unlock(PIN)


async def test_too_little_memory_is_told_and_costs_no_attempt(device, monkeypatch):
    lock = await device.start()
    await lock.set_pin(PIN)

    def exhausted(*_):
        raise MemoryError

    monkeypatch.setattr(module, "unwrap", exhausted)
    with pytest.raises(LockError) as refusal:
        await lock.unlock(PIN)
    assert "Memori" in str(refusal.value.phrase)
    monkeypatch.undo()
    assert lock.attempts_left == 10
    await lock.unlock(PIN)


async def test_at_full_cost_a_pin_opens_and_the_event_loop_goes_on(device):
    lock = await device.start(kdf=None)
    key = await lock.set_pin(PIN)
    opening = asyncio.create_task(lock.unlock(PIN))
    turns = 0
    while not opening.done():
        await asyncio.sleep(0)
        turns += 1
    assert await opening == key
    assert turns > 1_000, "the key was derived on the event loop"


# Locking by itself


async def test_the_lock_is_due_after_five_minutes_without_a_touch(device):
    lock = await device.start()
    assert not lock.due(device.time + timedelta(hours=1)), "there is nothing to lock"
    await lock.set_pin(PIN)
    assert not lock.due(device.time + timedelta(minutes=4, seconds=59))
    assert lock.due(device.time + timedelta(minutes=5))
    device.time += timedelta(minutes=4)
    lock.touch()
    assert not lock.due(device.time + timedelta(minutes=4))
    assert lock.due(device.time - timedelta(minutes=5)), "a clock set back does not keep it open"
    lock.lock()
    assert not lock.due(device.time + timedelta(hours=1))
    device.time += timedelta(hours=1)
    await lock.unlock(PIN)
    assert not lock.due(device.time)
