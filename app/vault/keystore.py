"""The Android Keystore, through Flet's secure-storage extension. The one file of this room that knows Flet.

The extension is in the phone's bundle only; nothing imports this file on a desktop. A SecureStorage service
belongs to a page, so a vault must be opened while a Flet page is in context.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
from collections.abc import Coroutine
from typing import Any, Literal, TypeVar

import flet as ft
from flet_secure_storage import AndroidOptions, SecureStorage

from app.contract.phrase import N_
from app.vault.vault import SecretLost, Vault, VaultError, VaultLocked, check_size

T = TypeVar("T")


def open_keystore(service: str, *, patience: float) -> Vault:
    """The Keystore of this phone, entries filed in the preferences file `service`.

    Raises:
        VaultError: no Flet page is in context, so the phone cannot be asked.
    """
    try:
        page = ft.context.page
    except RuntimeError:
        page = None
    if page is None:
        raise _unreachable()
    # reset_on_error would erase every secret at the first hiccup of the Keystore.
    options = AndroidOptions(reset_on_error=False, shared_preferences_name=service)
    return KeystoreVault(SecureStorage(android_options=options), patience=patience)


class KeystoreVault:
    """Secrets as base64 text, encrypted by a key that does not leave the Android Keystore."""

    kind: Literal["keyring", "keystore", "memory"] = "keystore"
    name = "Android Keystore"

    def __init__(self, storage: SecureStorage, *, patience: float) -> None:
        self._storage = storage
        self._patience = patience

    async def get(self, name: str) -> bytes | None:
        """The secret called `name`, or None.

        Raises:
            VaultLocked: no answer in time.
            SecretLost: the Keystore cannot decrypt it any more; nothing is erased here.
        """
        try:
            text = await self._call(self._storage.get(name))
            return None if text is None else base64.b64decode(text, validate=True)
        except (RuntimeError, binascii.Error, ValueError):
            raise SecretLost(
                N_(
                    "Kunci Loket di ponsel ini tidak terbaca lagi. Masuk kembali untuk membuat kunci baru. "
                    "Yang sudah dikirim tetap aman."
                )
            ) from None

    async def set(self, name: str, value: bytes) -> None:
        """Keep `value` as `name`; raises VaultError."""
        check_size(name, value)
        try:
            await self._call(self._storage.set(name, base64.b64encode(value).decode("ascii")))
        except RuntimeError:
            raise _unreachable() from None

    async def delete(self, name: str) -> None:
        """Forget `name`; raises VaultError."""
        try:
            await self._call(self._storage.remove(name))
        except RuntimeError:
            raise _unreachable() from None

    async def _call(self, call: Coroutine[Any, Any, T]) -> T:
        # Flet's own timeout would write the arguments, so the secret, into its exception.
        try:
            async with asyncio.timeout(self._patience):
                return await call
        except TimeoutError:
            raise VaultLocked(
                N_("Penyimpanan kunci ponsel belum menjawab. Data Anda aman. Tutup Loket, lalu buka lagi.")
            ) from None


def _unreachable() -> VaultError:
    return VaultError(
        N_(
            "Penyimpanan kunci ponsel tidak dapat dipakai. Loket tetap bisa dipakai, tetapi data Anda tidak "
            "tersimpan setelah Loket ditutup. Mulai ulang ponsel Anda, lalu buka Loket lagi."
        )
    )
