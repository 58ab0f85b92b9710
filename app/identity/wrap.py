"""How the master key is wrapped by the PIN and the device together.

KEK = HKDF-SHA256(scrypt(PIN, salt) || device secret); wrap = AES-256-GCM(KEK, master key). The PIN alone (six
digits) is worth nothing against somebody who holds the file: they also need the 32-byte device secret, which
never leaves the vault. scrypt (RFC 7914) at the cost that OWASP's Password Storage Cheat Sheet asks for makes
each guess expensive for somebody who has both. All functions here compute for long: call them in a thread.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
SALT_BYTES = 16
NONCE_BYTES = 12


@dataclass(frozen=True, slots=True)
class Scrypt:
    """Cost of one guess: 128 * n * r bytes of memory, p times over."""

    n: int = 2**17
    r: int = 8
    p: int = 1

    def derive(self, pin: str, salt: bytes) -> bytes:
        """32 bytes from `pin`. MemoryError where the device has not the memory."""
        room = 128 * self.r * (self.n + self.p + 2) + (1 << 20)
        try:
            return hashlib.scrypt(
                pin.encode(), salt=salt, n=self.n, r=self.r, p=self.p, maxmem=room, dklen=KEY_BYTES
            )
        except ValueError as error:
            raise MemoryError from error

    def between(self, floor: Scrypt, ceiling: Scrypt) -> bool:
        """Whether no part is cheaper than `floor` or dearer than `ceiling`, and n is a power of two."""
        return (
            floor.n <= self.n <= ceiling.n
            and floor.r <= self.r <= ceiling.r
            and floor.p <= self.p <= ceiling.p
            and self.n & (self.n - 1) == 0
        )


FLOOR = Scrypt(n=2**17, r=8, p=1)
"""The least that a lock file may ask for; stays when the default rises, so that older locks still open."""

CEILING = Scrypt(n=2**20, r=16, p=4)
"""Beyond this a lock file is not believed: it would only exhaust the device."""


@dataclass(frozen=True, slots=True)
class Wrap:
    """A wrapped master key. None of it is secret."""

    kdf: Scrypt
    salt: bytes
    nonce: bytes
    sealed: bytes


def wrap(master: bytes, pin: str, device_secret: bytes, kdf: Scrypt, salt: bytes, nonce: bytes) -> Wrap:
    """`master` wrapped by `pin` and `device_secret`."""
    kek = _kek(pin, device_secret, kdf, salt)
    return Wrap(kdf, salt, nonce, AESGCM(kek).encrypt(nonce, master, _bound(kdf, salt)))


def unwrap(wrapped: Wrap, pin: str, device_secret: bytes) -> bytes | None:
    """The master key, or None where PIN or device secret is another. Takes equally long either way."""
    kek = _kek(pin, device_secret, wrapped.kdf, wrapped.salt)
    try:
        return AESGCM(kek).decrypt(wrapped.nonce, wrapped.sealed, _bound(wrapped.kdf, wrapped.salt))
    except InvalidTag:
        return None


def state_mac(device_secret: bytes, state: bytes) -> bytes:
    """Authenticates the lock file, so that its counter of wrong PINs cannot be edited without the vault."""
    key = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=b"loket/lock/state/1").derive(
        device_secret
    )
    return hmac.digest(key, state, "sha256")


def _kek(pin: str, device_secret: bytes, kdf: Scrypt, salt: bytes) -> bytes:
    stretched = kdf.derive(pin, salt)
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=salt, info=b"loket/lock/kek/1").derive(
        stretched + device_secret
    )


def _bound(kdf: Scrypt, salt: bytes) -> bytes:
    return f"loket/lock/1 scrypt {kdf.n} {kdf.r} {kdf.p} ".encode() + salt
