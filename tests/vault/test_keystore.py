"""The Keystore adapter on the real extension's Python side; the phone itself is answered for here."""

from __future__ import annotations

import asyncio
import traceback
from types import SimpleNamespace

import pytest
from flet_secure_storage import SecureStorage

from app.vault import keystore
from app.vault.vault import SecretLost, VaultError, VaultLocked, open_vault, prove


class Phone:
    """What the Dart side would do with `SecureStorage`'s calls, in a dictionary."""

    def __init__(self):
        self.entries: dict[str, str] = {}
        self.failure: Exception | None = None
        self.silent = False
        self.options = None

    async def answer(self, control, method_name, arguments=None, timeout=None):  # noqa: ASYNC109
        assert timeout is None, "flet would write the arguments, so the secret, into its TimeoutError"
        self.options = control.android_options
        if self.silent:
            await asyncio.Event().wait()
        if self.failure:
            raise self.failure
        key = arguments["key"]
        if method_name == "set":
            self.entries[key] = arguments["value"]
        elif method_name == "remove":
            self.entries.pop(key, None)
        else:
            assert method_name == "get", f"{method_name} is not for us to call"
            return self.entries.get(key)
        return None


@pytest.fixture
def phone(monkeypatch):
    phone = Phone()
    monkeypatch.setattr(
        SecureStorage, "_invoke_method", lambda self, *args, **more: phone.answer(self, *args, **more)
    )
    monkeypatch.setattr(keystore.ft, "context", SimpleNamespace(page=object()))
    return phone


async def test_on_android_the_keystore_is_opened_after_a_round_trip(phone):
    opened = await open_vault("loket-test", platform="android")
    assert (opened.vault.kind, opened.vault.name, opened.warning) == ("keystore", "Android Keystore", None)
    assert phone.entries == {}


async def test_an_android_whose_python_calls_itself_linux_is_recognised(phone, monkeypatch):
    monkeypatch.setenv("FLET_PLATFORM", "android")
    assert (await open_vault("loket-test")).vault.kind == "keystore"


async def test_an_error_of_the_keystore_never_erases_everything(phone):
    await open_vault("loket-test", platform="android")
    assert phone.options.reset_on_error is False


async def test_what_is_kept_on_a_phone_comes_back_byte_for_byte(phone):
    vault = (await open_vault("loket-test", platform="android")).vault
    await prove(vault)
    await vault.set("key", bytes(range(256)))
    assert await vault.get("key") == bytes(range(256))
    await vault.delete("key")
    assert await vault.get("key") is None


async def test_a_secret_the_keystore_cannot_decrypt_is_lost_as_after_signing_out(phone):
    vault = (await open_vault("loket-test", platform="android")).vault
    phone.failure = RuntimeError("BadPaddingException")
    with pytest.raises(SecretLost) as lost:
        await vault.get("key")
    assert "Masuk kembali" in str(lost.value.phrase)


async def test_a_keystore_that_fails_at_the_start_leaves_memory_and_a_reason(phone):
    phone.failure = RuntimeError("KeyPermanentlyInvalidatedException")
    opened = await open_vault("loket-test", platform="android")
    assert opened.vault.kind == "memory"
    assert opened.warning is not None


async def test_writing_and_deleting_that_fail_give_a_sentence(phone):
    vault = (await open_vault("loket-test", platform="android")).vault
    phone.failure = RuntimeError("no")
    for attempt in (vault.set("key", b"x"), vault.delete("key")):
        with pytest.raises(VaultError):
            await attempt


async def test_a_phone_that_does_not_answer_hangs_nothing_and_shows_no_secret(phone):
    vault = (await open_vault("loket-test", platform="android", patience=0.05)).vault
    phone.silent = True
    with pytest.raises(VaultLocked) as refusal:
        await vault.set("key", b"a secret of sorts")
    shown = "".join(traceback.format_exception(refusal.value))
    assert "YSBzZWNyZXQ" not in shown
    assert "a secret" not in str(refusal.value)


async def test_without_a_page_there_is_only_memory_and_a_reason():
    opened = await open_vault("loket-test", platform="android")
    assert opened.vault.kind == "memory"
    assert "ponsel" in str(opened.warning)
