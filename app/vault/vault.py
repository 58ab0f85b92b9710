"""What a vault is, the vault that lives in memory only, and how the right one is chosen."""

from __future__ import annotations

import os
import secrets
import sys
from dataclasses import dataclass
from typing import Literal, Protocol

from app.contract.phrase import N_, Phrase

LARGEST_SECRET = 960
"""Bytes of the largest secret: 1,280 characters of base64, the most that Windows takes."""

PATIENCE = 30.0
"""Seconds a vault may take to answer; long enough to type a password into the system's own prompt."""


class VaultError(Exception):
    """The vault did not do what it was asked; `phrase` is the sentence for the citizen."""

    def __init__(self, phrase: Phrase) -> None:
        super().__init__(phrase.message)
        self.phrase = phrase


class VaultLocked(VaultError):
    """The vault is there but closed, or its prompt waits for an answer: nothing is lost, try again later."""


class SecretLost(VaultError):
    """The vault holds the secret but can never read it again: as if the citizen had signed out."""


class Vault(Protocol):
    """Small secrets by name. All three methods raise `VaultError`; none blocks the event loop."""

    kind: Literal["keyring", "keystore", "memory"]
    name: str
    """The vault in words for the account screen: "Secret Service"."""

    async def get(self, name: str) -> bytes | None:
        """The secret called `name`, or None where there is none."""
        ...

    async def set(self, name: str, value: bytes) -> None:
        """Keep `value` (at most `LARGEST_SECRET` bytes; more is a ValueError) as `name`, replacing any."""
        ...

    async def delete(self, name: str) -> None:
        """Forget `name`; a name that is not there is no error."""
        ...


class MemoryVault:
    """Secrets for this run only; nothing touches the disk."""

    kind: Literal["keyring", "keystore", "memory"] = "memory"
    name = "memory"

    def __init__(self) -> None:
        self._secrets: dict[str, bytes] = {}

    async def get(self, name: str) -> bytes | None:
        """The secret called `name`, or None."""
        return self._secrets.get(name)

    async def set(self, name: str, value: bytes) -> None:
        """Keep `value` as `name` until the process ends."""
        check_size(name, value)
        self._secrets[name] = bytes(value)

    async def delete(self, name: str) -> None:
        """Forget `name`."""
        self._secrets.pop(name, None)


@dataclass(frozen=True, slots=True)
class Opened:
    """The vault to use, and why it is only memory where it is."""

    vault: Vault
    warning: Phrase | None


def check_size(name: str, value: bytes) -> None:
    """Raise ValueError for a secret that Windows could not keep: a mistake of ours, the same everywhere."""
    if len(value) > LARGEST_SECRET:
        raise ValueError(
            f"the secret {name!r} has {len(value)} bytes; a vault keeps at most {LARGEST_SECRET}"
        )


def running_on() -> str:
    """The platform as `sys.platform` names it; Android also where its Python calls itself Linux."""
    return "android" if os.environ.get("FLET_PLATFORM") == "android" else sys.platform


async def open_vault(service: str, *, platform: str | None = None, patience: float = PATIENCE) -> Opened:
    """The safest vault of this device, proved by a round trip; else memory, with the reason.

    Args:
        service: what the entries are filed under in the system's keyring, e.g. "loket".
        platform: as `sys.platform`; default: this machine. On Android a Flet page must be in context.
        patience: seconds to wait for each answer (a locked keyring may prompt the citizen).

    Never raises for what the device lacks: see `Opened.warning`.
    """
    try:
        vault = await _find(service, platform or running_on(), patience)
        await prove(vault)
    except VaultError as error:
        return Opened(MemoryVault(), error.phrase)
    return Opened(vault, None)


async def _find(service: str, platform: str, patience: float) -> Vault:
    if platform == "android":
        from app.vault.keystore import open_keystore

        return open_keystore(service, patience=patience)
    from app.vault.keyrings import open_keyring

    return await open_keyring(service, platform=platform, patience=patience)


async def prove(vault: Vault) -> None:
    """Write, read back and delete a random secret; a vault that fails this is not trusted.

    Raises:
        VaultError: it refused, did not answer, or gave something else back (`null` backends do).
    """
    name, value = f"probe-{secrets.token_hex(4)}", secrets.token_bytes(32)
    await vault.set(name, value)
    kept = await vault.get(name)
    await vault.delete(name)
    if kept is None or not secrets.compare_digest(kept, value) or await vault.get(name) is not None:
        raise VaultError(
            N_(
                "Penyimpanan kunci {vault} tidak menyimpan dengan benar, jadi tidak dipakai. Loket tetap "
                "bisa dipakai, tetapi data Anda tidak tersimpan setelah Loket ditutup. Periksa penyimpanan "
                "kunci itu, lalu buka Loket lagi.",
                vault=vault.name,
            )
        )
