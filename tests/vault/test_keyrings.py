"""Which keyrings are let in, and how a keyring that misbehaves is borne."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
import time
from pathlib import Path

import keyring.backends.chainer
import keyring.backends.fail
import keyring.backends.null
import keyring.backends.SecretService
import pytest
from keyring.errors import KeyringLocked, PasswordSetError

from app.vault import keyrings
from app.vault.keyrings import ALLOWED, Allowed, KeyringVault
from app.vault.vault import (
    LARGEST_SECRET,
    MemoryVault,
    SecretLost,
    VaultError,
    VaultLocked,
    open_vault,
    prove,
)

ROOT = Path(__file__).parents[2]


class Drawer(keyring.backend.KeyringBackend):
    """A keyring in this process, let in for one test by `drawer`."""

    priority = 1

    def __init__(self):
        super().__init__()
        self.__dict__.clear()

    contents: dict[tuple[str, str], str] = {}  # noqa: RUF012 - shared as a real keyring is

    def get_password(self, service, username):
        return self.contents.get((service, username))

    def set_password(self, service, username, password):
        self.contents[service, username] = password

    def delete_password(self, service, username):
        del self.contents[service, username]


@pytest.fixture
def drawer(monkeypatch):
    entry = Allowed(f"{Drawer.__module__}.Drawer", ("linux", "darwin", "win32"), "Laci")
    monkeypatch.setattr(keyrings, "ALLOWED", (entry,))
    monkeypatch.setattr(Drawer, "contents", {})
    return Drawer


@pytest.mark.parametrize(
    "kind",
    [
        keyring.backends.null.Keyring,
        keyring.backends.fail.Keyring,
        keyring.backends.chainer.ChainerBackend,
        Drawer,
        type("Keyring", (keyring.backends.SecretService.Keyring,), {}),
    ],
    ids=["null", "fail", "chainer", "unknown", "subclass of an allowed one"],
)
def test_a_backend_outside_the_list_is_refused_with_a_sentence(kind):
    with pytest.raises(VaultError) as refusal:
        KeyringVault(kind(), "loket-test", patience=1)
    assert "tidak aman" in str(refusal.value.phrase)


def test_the_list_names_classes_that_exist_and_no_plain_text():
    import importlib

    for entry in ALLOWED:
        module, _, name = entry.path.rpartition(".")
        assert hasattr(importlib.import_module(module), name), entry.path
        assert entry.platforms
        assert "alt" not in entry.path


async def test_entries_have_a_target_of_their_own_and_are_base64(drawer):
    vault = (await open_vault("loket-test")).vault
    await vault.set("key", b"\xff\x00")
    assert drawer.contents == {("loket-test/key", "loket-test"): "/wA="}


async def test_a_keyring_that_gives_back_something_else_is_not_trusted(drawer, monkeypatch):
    monkeypatch.setattr(drawer, "get_password", lambda self, service, username: "AAAA")
    opened = await open_vault("loket-test")
    assert opened.vault.kind == "memory"
    assert "Laci" in str(opened.warning)


async def test_a_keyring_that_forgets_at_once_is_not_trusted(drawer, monkeypatch):
    monkeypatch.setattr(drawer, "set_password", lambda self, service, username, password: None)
    assert (await open_vault("loket-test")).vault.kind == "memory"


async def test_a_keyring_that_does_not_delete_is_not_trusted(drawer, monkeypatch):
    monkeypatch.setattr(drawer, "delete_password", lambda self, service, username: None)
    assert (await open_vault("loket-test")).vault.kind == "memory"


async def test_an_entry_that_somebody_edited_counts_as_lost(drawer):
    vault = (await open_vault("loket-test")).vault
    drawer.contents["loket-test/key", "loket-test"] = "not base64!"
    with pytest.raises(SecretLost):
        await vault.get("key")


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (KeyringLocked("closed"), VaultLocked),
        (PasswordSetError("no"), VaultError),
        (ConnectionResetError(), VaultError),
        (RuntimeError("anything"), VaultError),
    ],
)
async def test_every_error_of_a_keyring_becomes_a_sentence(drawer, monkeypatch, error, expected):
    vault = (await open_vault("loket-test")).vault

    def fail(self, service, username):
        raise error

    monkeypatch.setattr(drawer, "get_password", fail)
    with pytest.raises(expected) as refusal:
        await vault.get("key")
    assert "Laci" in str(refusal.value.phrase)
    assert type(refusal.value) is expected


async def test_a_keyring_that_never_answers_hangs_neither_the_caller_nor_the_next_call(drawer, monkeypatch):
    opened = await open_vault("loket-test", patience=0.05)
    answered = threading.Event()
    monkeypatch.setattr(drawer, "get_password", lambda self, service, username: answered.wait(20) and None)
    with pytest.raises(VaultLocked):
        await opened.vault.get("key")
    opened.vault._calls._patience = 20
    before = time.monotonic()
    with pytest.raises(VaultLocked):
        await opened.vault.get("key")
    assert time.monotonic() - before < 10, "a second call waited behind the first"
    waiting = next(t for t in threading.enumerate() if t.name == "vault")
    answered.set()
    waiting.join()
    assert await opened.vault.get("key") is None, "once answered, the keyring is used again"


async def test_the_event_loop_goes_on_while_a_keyring_thinks(drawer, monkeypatch):
    vault = (await open_vault("loket-test")).vault
    go_on = threading.Event()
    monkeypatch.setattr(drawer, "get_password", lambda self, service, username: go_on.wait(20) and None)
    asking = asyncio.create_task(vault.get("key"))
    for _ in range(100):
        await asyncio.sleep(0)
    assert not asking.done()
    go_on.set()
    assert await asking is None


def test_a_keyring_that_never_answers_does_not_keep_the_process_alive():
    program = """
import asyncio, threading
from app.vault.keyrings import _Calls
from app.vault.vault import VaultLocked
async def main():
    try:
        await _Calls(0.05).run(threading.Event().wait, name="Laci")
    except VaultLocked:
        print("told")
asyncio.run(main())
"""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=20
    )
    assert done.stdout.strip() == "told", done.stderr


@pytest.mark.parametrize("kind", ["keyring", "memory"])
async def test_a_secret_that_windows_could_not_keep_is_refused_everywhere(drawer, kind):
    vault = (await open_vault("loket-test")).vault if kind == "keyring" else MemoryVault()
    assert vault.kind == kind
    await vault.set("key", b"x" * LARGEST_SECRET)
    with pytest.raises(ValueError, match="at most 960"):
        await vault.set("key", b"x" * (LARGEST_SECRET + 1))


async def test_memory_keeps_for_this_run_only():
    vault = MemoryVault()
    await prove(vault)
    await vault.set("key", b"secret")
    assert await vault.get("key") == b"secret"
    await vault.delete("key")
    await vault.delete("key")
    assert await vault.get("key") is None
    await vault.set("key", b"secret")
    assert await MemoryVault().get("key") is None


async def test_a_platform_without_any_keyring_gets_memory_and_a_reason():
    opened = await open_vault("loket-test", platform="plan9")
    assert opened.vault.kind == "memory"
    assert "penyimpanan kunci yang aman" in str(opened.warning)
