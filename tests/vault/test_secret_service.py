"""The vault against a real Secret Service (GNOME Keyring on a private bus)."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from app.vault.vault import LARGEST_SECRET, VaultError, VaultLocked, open_vault

ROOT = Path(__file__).parents[2]


def in_new_process(program: str, environment: dict[str, str], **more: str) -> str:
    """The output of `program`, an async body that may use `open_vault`."""
    source = (
        "import asyncio\nfrom app.vault.vault import open_vault\nasync def main():\n"
        + textwrap.indent(textwrap.dedent(program).strip(), "    ")
        + "\nasyncio.run(main())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", source],
        env={**environment, **more},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=40,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


async def test_a_desktop_with_a_secret_service_gets_it(secret_service):
    opened = await open_vault("loket-test")
    assert (opened.vault.kind, opened.vault.name, opened.warning) == ("keyring", "Secret Service", None)


async def test_the_round_trip_leaves_nothing_behind(secret_service):
    import secretstorage

    await open_vault("loket-test")
    bus = secretstorage.dbus_init()
    labels = [item.get_label() for item in secretstorage.get_default_collection(bus).get_all_items()]
    bus.close()
    assert labels == []


@pytest.mark.parametrize(
    "value", [b"", b"\0\xff" * 16, b"x" * LARGEST_SECRET], ids=["empty", "binary", "largest"]
)
async def test_what_is_kept_comes_back_byte_for_byte(secret_service, value):
    vault = (await open_vault("loket-test")).vault
    await vault.set("key", value)
    assert await vault.get("key") == value


async def test_setting_again_replaces_and_deleting_twice_is_no_error(secret_service):
    vault = (await open_vault("loket-test")).vault
    await vault.set("key", b"first")
    await vault.set("key", b"second")
    await vault.set("other", b"another")
    assert await vault.get("key") == b"second"
    await vault.delete("key")
    await vault.delete("key")
    assert await vault.get("key") is None
    assert await vault.get("other") == b"another"


async def test_secrets_survive_a_new_process(secret_service):
    in_new_process(
        "await (await open_vault('loket-test')).vault.set('key', bytes(range(32)))",
        secret_service.environment,
    )
    said = in_new_process(
        "print((await (await open_vault('loket-test')).vault.get('key')).hex())", secret_service.environment
    )
    assert bytes.fromhex(said) == bytes(range(32))


def test_a_pin_set_in_one_process_opens_the_same_data_in_the_next(secret_service, tmp_path):
    begin = f"""
        import datetime, pathlib
        from app.identity.lock import Lock
        from app.storage.storage import Storage
        home = pathlib.Path({str(tmp_path)!r})
        vault = (await open_vault("loket-test")).vault
        lock = Lock(home / "lock.json", vault, now=lambda: datetime.datetime.now(datetime.UTC))
        await lock.load()
    """
    write = """
        storage = await Storage.open(home / "loket.db", await lock.set_pin("481516"))
        await storage.put("drafts", "one", {"kept": True})
    """
    read = """
        storage = await Storage.open(home / "loket.db", await lock.unlock("481516"))
        print(await storage.get("drafts", "one"))
    """
    in_new_process(textwrap.dedent(begin) + textwrap.dedent(write), secret_service.environment)
    said = in_new_process(textwrap.dedent(begin) + textwrap.dedent(read), secret_service.environment)
    assert said == "{'kept': True}"


async def test_a_locked_collection_says_so_and_hangs_nothing(secret_service):
    vault = (await open_vault("loket-test", patience=5)).vault
    await vault.set("key", b"secret")
    secret_service.lock()
    with pytest.raises(VaultLocked) as refusal:
        await vault.get("key")
    assert "Data Anda aman" in str(refusal.value.phrase)


async def test_a_keyring_that_is_locked_at_the_start_leaves_memory_and_a_reason(secret_service):
    secret_service.lock()
    opened = await open_vault("loket-test", patience=5)
    assert opened.vault.kind == "memory"
    assert "Secret Service" in str(opened.warning)


async def test_a_bus_that_vanishes_gives_a_sentence_and_no_traceback_of_d_bus(secret_service):
    vault = (await open_vault("loket-test")).vault
    await vault.set("key", b"secret")
    secret_service.vanish()
    for attempt in (vault.get("key"), vault.set("key", b"x"), vault.delete("key")):
        with pytest.raises(VaultError) as refusal:
            await attempt
        assert "Secret Service" in str(refusal.value.phrase)


async def test_without_a_bus_there_is_only_memory_and_a_reason(monkeypatch, tmp_path):
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path}/nobody")
    opened = await open_vault("loket-test")
    assert opened.vault.kind == "memory"
    assert opened.warning is not None
    assert "tidak tersimpan setelah Loket ditutup" in str(opened.warning)


HOSTILE = [
    "keyring.backends.null.Keyring",
    "keyring.backends.fail.Keyring",
    "keyring.backends.chainer.ChainerBackend",
    "keyrings.alt.file.PlaintextKeyring",
    "thief.Keyring",
    "no.such.module",
    "nonsense",
]


@pytest.mark.parametrize("backend", HOSTILE)
def test_an_environment_variable_cannot_choose_the_keyring(secret_service, tmp_path, backend):
    environment = {**secret_service.environment, "PYTHON_KEYRING_BACKEND": backend}
    assert name_of_vault(environment, tmp_path) == "Secret Service"


@pytest.mark.parametrize("backend", HOSTILE)
def test_an_environment_variable_cannot_force_a_refused_keyring_where_there_is_no_other(tmp_path, backend):
    environment = {
        **os.environ,
        "PYTHON_KEYRING_BACKEND": backend,
        "DBUS_SESSION_BUS_ADDRESS": f"unix:path={tmp_path}/nobody",
    }
    assert name_of_vault(environment, tmp_path) == "memory"


def test_a_configuration_file_cannot_choose_the_keyring(secret_service, tmp_path):
    folder = Path(secret_service.environment["XDG_CONFIG_HOME"]) / "python_keyring"
    folder.mkdir()
    (folder / "keyringrc.cfg").write_text(
        f"[backend]\ndefault-keyring=thief.Keyring\nkeyring-path={tmp_path}\n"
    )
    assert name_of_vault(secret_service.environment, tmp_path) == "Secret Service"


def test_an_installed_plugin_is_never_loaded(secret_service, tmp_path):
    info = tmp_path / "thief-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: thief\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[keyring.backends]\nthief = thief\n")
    assert name_of_vault(secret_service.environment, tmp_path) == "Secret Service"


def test_properties_from_the_environment_are_stripped(secret_service, tmp_path):
    session_only = "/org/freedesktop/secrets/collection/session"
    environment = {
        **secret_service.environment,
        "KEYRING_PROPERTY_PREFERRED_COLLECTION": session_only,
        "KEYRING_PROPERTY_GET_PASSWORD": "not callable",
        "KEYRING_PROPERTY_SCHEME": "KeePassXC",
    }
    in_new_process("await (await open_vault('loket-test')).vault.set('key', b'kept')", environment)
    said = in_new_process(
        "print(await (await open_vault('loket-test')).vault.get('key'))", secret_service.environment
    )
    assert said == "b'kept'"


def name_of_vault(environment: dict[str, str], folder: Path) -> str:
    """What a new process opens while a thieving module lies in wait; fails if it was as much as imported."""
    caught = folder / "caught"
    (folder / "thief.py").write_text(
        "import pathlib, keyring.backend\n"
        f"pathlib.Path({str(caught)!r}).touch()\n"
        "class Keyring(keyring.backend.KeyringBackend):\n"
        "    priority = 99\n"
        "    def get_password(self, service, username): return None\n"
        "    def set_password(self, service, username, password): pass\n"
    )
    environment = {**environment, "PYTHONPATH": str(folder)}
    said = in_new_process("print((await open_vault('loket-test')).vault.name)", environment)
    assert not caught.exists(), "a keyring outside the list was imported"
    return said
