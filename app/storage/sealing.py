"""The cryptography of the database: how a record is sealed and how names are hidden.

Keys: two subkeys of the 32-byte master key by HKDF-SHA256 (RFC 5869), salted per database. A record is
AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce; its associated data binds the form of the record,
the schema, the collection and the record id, so that no record can be moved to another place. Collection and
key stand in the file only as HMAC-SHA256.
"""

from __future__ import annotations

import hmac
import json
import struct
from collections.abc import Callable, Mapping, Sequence
from typing import Literal, cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

JSON = Mapping[str, "JSON"] | Sequence["JSON"] | str | int | float | bool | None
"""A value that JSON can say."""

Kind = Literal["record", "blob"]

KEY_BYTES = 32
NONCE_BYTES = 12
SEAL_VERSION = 1
"""Version of the form of a sealed record; part of what every record authenticates."""

_CHECK = b"loket storage key check"


class Unsealable(Exception):
    """A record is not what this key sealed at this place."""


def encode(value: JSON) -> bytes:
    """`value` as compact JSON.

    Raises:
        TypeError, ValueError: the value has no JSON form (bytes, dates, NaN, a cycle).
    """
    return json.dumps(value, allow_nan=False, separators=(",", ":")).encode("ascii")


def decode(text: bytes) -> JSON:
    """What `encode` wrote."""
    return cast(JSON, json.loads(text))


class Seal:
    """Seals and unseals the records of one database."""

    def __init__(self, master: bytes, salt: bytes, random_bytes: Callable[[int], bytes]) -> None:
        if len(master) != KEY_BYTES:
            raise ValueError(f"the master key has {len(master)} bytes; it must have {KEY_BYTES}")
        self._records = AESGCM(_subkey(master, salt, b"loket/storage/records/1"))
        self._names = _subkey(master, salt, b"loket/storage/names/1")
        self._random_bytes = random_bytes

    def collection(self, kind: Kind, name: str) -> bytes:
        """The 32 bytes that stand for a collection; records and blobs of one name are apart."""
        return hmac.digest(self._names, b"collection\0" + kind.encode() + b"\0" + _text(name), "sha256")

    def record_id(self, collection: bytes, key: str) -> bytes:
        """The 32 bytes that stand for `key` in `collection` (a result of `collection()`)."""
        return hmac.digest(self._names, b"record\0" + collection + _text(key), "sha256")

    def seal(self, collection: bytes, record_id: bytes, key: str, content: bytes) -> bytes:
        """`key` and `content` as nonce | ciphertext | tag."""
        name = _text(key)
        nonce = self._random_bytes(NONCE_BYTES)
        plain = struct.pack(">I", len(name)) + name + content
        return nonce + self._records.encrypt(nonce, plain, _bound(collection, record_id))

    def unseal(self, collection: bytes, record_id: bytes, sealed: bytes) -> tuple[str, bytes]:
        """The key and content that `seal` took. Raises Unsealable."""
        try:
            plain = self._records.decrypt(
                sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], _bound(collection, record_id)
            )
        except (InvalidTag, ValueError):
            raise Unsealable from None
        (length,) = struct.unpack_from(">I", plain)
        return plain[4 : 4 + length].decode("utf-8", "surrogatepass"), plain[4 + length :]

    def check(self) -> bytes:
        """A sealed constant, by which a later `opens` knows the key."""
        return self.seal(b"", b"", "", _CHECK)

    def opens(self, check: bytes) -> bool:
        """Whether `check` was made under this key and salt."""
        try:
            return self.unseal(b"", b"", check)[1] == _CHECK
        except Unsealable:
            return False


def _bound(collection: bytes, record_id: bytes) -> bytes:
    return b"loket/storage" + struct.pack(">H", SEAL_VERSION) + collection + record_id


def _subkey(master: bytes, salt: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=salt, info=purpose).derive(master)


def _text(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
