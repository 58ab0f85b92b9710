"""The lock file `lock.json`: the wrapped key and the count of wrong PINs, in a form nobody can edit.

Nothing in it is secret. Its MAC is keyed by the device secret in the vault.
"""

from __future__ import annotations

import base64
import hmac
import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, cast

from app.identity.attempts import Attempts
from app.identity.wrap import Scrypt, Wrap, state_mac

VERSION = 1

RUN_ONLY = json.dumps({"version": VERSION, "vault": None}).encode()
"""What is left behind by a run whose keys lived in memory only."""


@dataclass(frozen=True, slots=True)
class Record:
    """What the lock remembers. `vault` is the name of the vault that holds the device secret."""

    vault: str
    wrapped: Wrap
    attempts: Attempts

    def with_attempts(self, attempts: Attempts) -> Record:
        """The same lock after other attempts."""
        return replace(self, attempts=attempts)


@dataclass(frozen=True, slots=True)
class Unread:
    """A lock file of which only the vault's name was believed so far (None: the run kept keys in memory)."""

    vault: str | None
    body: dict[str, Any]
    mac: bytes

    def proved(self, device_secret: bytes) -> Record | None:
        """The record, or None where the file was altered or made under another device secret."""
        if not hmac.compare_digest(state_mac(device_secret, _bytes_of(self.body)), self.mac):
            return None
        try:
            return _record(self.body)
        except (KeyError, TypeError, ValueError):
            return None


def write(record: Record, device_secret: bytes) -> bytes:
    """`record` as the content of the lock file."""
    wrapped, attempts = record.wrapped, record.attempts
    body: dict[str, Any] = {
        "version": VERSION,
        "vault": record.vault,
        "scrypt": asdict(wrapped.kdf),
        "salt": _text(wrapped.salt),
        "nonce": _text(wrapped.nonce),
        "sealed": _text(wrapped.sealed),
        "wrong": attempts.wrong,
        "last": attempts.last.isoformat() if attempts.last else None,
    }
    return json.dumps({**body, "mac": _text(state_mac(device_secret, _bytes_of(body)))}, indent=1).encode()


def read(content: bytes) -> Unread | None:
    """The lock file, not yet proved; None where it is not one at all."""
    try:
        body: Any = json.loads(content)
        if not isinstance(body, dict):
            return None
        body = cast(dict[str, Any], body)
        vault = body["vault"]
        if body["version"] != VERSION or not isinstance(vault, str | None):
            return None
        mac = b"" if vault is None else base64.b64decode(body.pop("mac"), validate=True)
    except (KeyError, TypeError, ValueError, RecursionError):
        return None
    return Unread(vault, body, mac)


def _record(body: dict[str, Any]) -> Record:
    salt, nonce, sealed = (base64.b64decode(body[n], validate=True) for n in ("salt", "nonce", "sealed"))
    last = datetime.fromisoformat(body["last"]) if body["last"] is not None else None
    if last is not None and last.tzinfo is None:
        raise ValueError
    wrapped = Wrap(Scrypt(**body["scrypt"]), salt, nonce, sealed)
    return Record(body["vault"], wrapped, Attempts(int(body["wrong"]), last))


def _bytes_of(body: dict[str, Any]) -> bytes:
    return json.dumps(body, sort_keys=True, separators=(",", ":")).encode()


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
