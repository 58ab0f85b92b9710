"""Setting a PIN, and unlocking with it."""

from __future__ import annotations

from datetime import timedelta
from unittest.mock import AsyncMock

import pytest
from errands import begin_birth, hold_back
from looks import in_every_look

from app.contract.phrase import Phrase
from app.testing.loket import PIN
from app.vault.vault import MemoryVault, VaultLocked

WRONG = "815263"
SHUT = (
    "Penyimpanan kunci {vault} terkunci. Data Anda aman. Buka kuncinya (biasanya dengan kata sandi masuk "
    "komputer), lalu coba lagi."
)


@pytest.fixture
async def setting(citizen):
    """Sari, signed in for the first time."""
    await citizen.open()
    citizen.persona = "sari"
    await citizen.tap("welcome.sign-in")
    citizen.should_see("Buat PIN enam angka")
    return citizen


@pytest.fixture
async def locked(citizen):
    """Sari's Loket, started again."""
    await citizen.at_home("sari")
    await citizen.restart()
    citizen.should_see("Masukkan PIN")
    return citizen


async def test_a_first_pin_is_asked_for_twice(setting):
    setting.should_see("Jangan beri tahu siapa pun")
    await in_every_look(setting)
    await setting.enter_pin()
    setting.should_see("Ulangi PIN Anda")
    await in_every_look(setting)
    await setting.enter_pin()
    setting.should_see("home.search")


@pytest.mark.parametrize(
    ("pin", "why"),
    [
        ("123456", "PIN ini mudah ditebak"),
        ("777777", "PIN ini mudah ditebak"),
        ("120496", "PIN ini bagian dari data diri Anda"),
    ],
    ids=["a run", "one digit", "the citizen's birth date"],
)
async def test_a_pin_that_others_guess_is_refused_with_the_reason(setting, pin, why):
    await setting.enter_pin(pin)
    setting.should_see("pin.trouble", why, "Buat PIN enam angka")
    setting.should_see(label="0 dari 6 angka terisi")
    await in_every_look(setting)


async def test_two_different_pins_begin_anew(setting):
    await setting.enter_pin()
    await setting.enter_pin(WRONG)
    setting.should_see("pin.trouble", "Kedua PIN berbeda", "Buat PIN enam angka")
    await in_every_look(setting)


async def test_digits_are_counted_aloud_and_taken_back(setting):
    await setting.tap("pin.2")
    await setting.tap("pin.7")
    setting.should_see(label="2 dari 6 angka terisi")
    await setting.tap("pin.erase")
    setting.should_see(label="1 dari 6 angka terisi")
    await in_every_look(setting)


async def test_a_keyboard_types_the_pin_as_well(locked):
    await locked.press_key("9")
    await locked.press_key("Backspace")
    for digit in PIN:
        await locked.press_key(f"Numpad {digit}")
    locked.should_see("home.search")


async def test_a_keyboard_sets_the_pin_as_well(setting):
    for digit in (*PIN, *PIN):
        await setting.press_key(digit)
    setting.should_see("home.search")


async def test_the_lock_asks_for_the_pin_and_shows_nothing_of_the_citizen(locked):
    locked.should_not_see("Sari")
    await in_every_look(locked)
    await locked.enter_pin()
    locked.should_see("home.search", "Sari")


async def test_while_the_pin_is_checked_the_pad_waits(locked):
    let_go = hold_back(locked.device.lock, "unlock")
    await locked.enter_pin()
    locked.should_see("Membuka …")
    await in_every_look(locked)
    let_go()
    await locked.settle()
    locked.should_see("home.search")


async def test_a_wrong_pin_says_how_many_tries_are_left(locked):
    await locked.enter_pin(WRONG)
    locked.should_see("pin.trouble", "PIN salah. Sisa 9 kali percobaan.")
    assert "Sisa 9 kali" in locked.announcements[-1]
    await in_every_look(locked)


async def test_after_three_tries_one_must_wait_and_is_told_until_when(locked):
    for _ in range(3):
        await locked.enter_pin(WRONG)
    locked.should_see("pin.trouble", "Anda bisa mencoba lagi pada")
    await in_every_look(locked)
    await locked.enter_pin()
    locked.should_see("Terlalu banyak PIN salah. Data Anda aman.")
    await locked.restart()
    locked.should_see("Anda bisa mencoba lagi pada")


async def test_a_keyring_that_is_shut_is_told_and_tried_again(citizen, monkeypatch):
    await citizen.at_home("sari")
    await citizen.close()
    shut = VaultLocked(Phrase(SHUT, {"vault": "Secret Service"}))
    monkeypatch.setattr(citizen.vault, "get", AsyncMock(side_effect=shut))
    await citizen.open()
    await citizen.enter_pin()
    citizen.should_see("pin.trouble", "Data Anda aman")
    await in_every_look(citizen, data=["Secret Service"])
    monkeypatch.undo()
    await citizen.enter_pin()
    citizen.should_see("home.search")


async def test_the_tenth_wrong_pin_erases_and_says_what_is_safe(locked):
    for _ in range(10):
        await locked.enter_pin(WRONG)
        await locked.clock.advance(timedelta(days=2))
    locked.should_see("welcome.notice.0", "data Loket di perangkat ini dihapus", "welcome.sign-in")
    await in_every_look(locked)
    assert not list(locked.home.glob("device.db*"))


async def test_a_forgotten_pin_leads_to_a_new_beginning_after_a_warning(locked):
    await locked.tap("lock.forgot")
    locked.should_see("Mulai lagi tanpa PIN?", "Permohonan yang sudah diterima tetap aman")
    await in_every_look(locked)
    await locked.tap("lock.forgot.cancel")
    locked.should_see("Masukkan PIN")
    await locked.tap("lock.forgot")
    await locked.tap("lock.forgot.confirm")
    locked.should_see("welcome.sign-in")
    assert not list(locked.home.glob("device.db*"))


async def test_without_a_keyring_a_lock_keeps_the_session_and_what_was_typed(citizen, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    citizen.vault = MemoryVault()
    await citizen.at_home("sari")
    draft = (await begin_birth(citizen)).draft
    await citizen.clock.advance(timedelta(minutes=6))
    citizen.should_see("Masukkan PIN")
    await citizen.enter_pin()
    citizen.should_see("Sari", f"home.continue.{draft.id}")
    citizen.should_not_see("home.signed-out")
    assert list(tmp_path.glob("loket-*/device.db"))
    await citizen.close()
    assert not list(tmp_path.glob("loket-*")), "what only this run can read outlived it"
