"""The backend's private keys: what it signs with, and what it seals personal data with.

Keys live in a folder that only the backend's user can read, never in the database: a stolen backup of the
database tells nothing and signs nothing. Two kinds of file are in the folder; the last of a kind, by name, is
used for new work, and all earlier ones still verify or open what they made (rotation: add a file, restart):

- `signing-<time>.pem`: an Ed25519 private key (PKCS #8). One that has been cut down to its public half
  (SubjectPublicKeyInfo) still verifies, and signs nothing any more.
- `sealing-<time>.key`: 32 random bytes for AES-256-GCM.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from joserfc import jws
from joserfc.jwk import OKPKey

from app.contract.applications import SIGNATURE_ALGORITHM
from app.contract.canonical import canonical_bytes

NONCE_BYTES = 12
KEY_ID_BYTES = 4


class KeysError(Exception):
    """The folder of keys cannot be used. The text names the file and says what to do."""


class SigningKeys:
    """Ed25519 keys (RFC 8037, RFC 9864). The last private one signs; all are published."""

    def __init__(self, keys: list[OKPKey]) -> None:
        self._keys = keys
        private = [key for key in keys if key.is_private]
        if not private:
            raise KeysError("No private signing key: every signing-*.pem is a public half only.")
        self._signing = private[-1]

    def sign(self, payload: bytes, *, type_: str, header: Mapping[str, Any] | None = None) -> str:
        """`payload` as a compact JWS (RFC 7515) with `typ` and the `kid` of the key."""
        protected = {
            "alg": SIGNATURE_ALGORITHM,
            "typ": type_,
            "kid": self._signing.thumbprint(),
            **(header or {}),
        }
        return jws.serialize_compact(protected, payload, self._signing, algorithms=[SIGNATURE_ALGORITHM])

    def public(self) -> dict[str, Any]:
        """The public halves as a JWK set (RFC 7517); `kid` is the thumbprint (RFC 7638)."""
        return {
            "keys": [
                {
                    **key.as_dict(private=False),
                    "kid": key.thumbprint(),
                    "use": "sig",
                    "alg": SIGNATURE_ALGORITHM,
                }
                for key in self._keys
            ]
        }


class Seal:
    """Seals what says something about a person: AES-256-GCM, bound to its place by the associated data."""

    def __init__(self, keys: list[bytes], random_bytes: Callable[[int], bytes]) -> None:
        if not keys:
            raise KeysError("No sealing key.")
        self._ciphers = {_key_id(key): AESGCM(key) for key in keys}
        self._current = _key_id(keys[-1])
        self._random_bytes = random_bytes

    def close(self, data: bytes, *place: str | int) -> bytes:
        """`data` sealed for `place` (table, column, row): key id, nonce, ciphertext with tag."""
        nonce = self._random_bytes(NONCE_BYTES)
        return self._current + nonce + self._ciphers[self._current].encrypt(nonce, data, _associated(place))

    def open(self, sealed: bytes, *place: str | int) -> bytes:
        """What was sealed for `place`.

        Raises:
            KeysError: sealed by a key that is not in the folder, or not for this place, or changed.
        """
        cipher = self._ciphers.get(sealed[:KEY_ID_BYTES])
        if cipher is None:
            raise KeysError(
                "A sealing key is missing from the folder of keys: bring the old sealing-*.key back."
            )
        nonce, data = sealed[KEY_ID_BYTES : KEY_ID_BYTES + NONCE_BYTES], sealed[KEY_ID_BYTES + NONCE_BYTES :]
        try:
            return cipher.decrypt(nonce, data, _associated(place))
        except InvalidTag:
            raise KeysError(f"A sealed value of {place[0]} was changed or moved.") from None


@dataclass(frozen=True, slots=True)
class Keys:
    """Everything that is in the folder of keys."""

    signing: SigningKeys
    seal: Seal
    nonce: bytes
    """32 bytes that make the nonces of DPoP: alike in all processes that share the folder."""


def ephemeral_keys(random_bytes: Callable[[int], bytes]) -> Keys:
    """Keys that live as long as the process: the sandbox in memory."""
    signing = Ed25519PrivateKey.from_private_bytes(random_bytes(32))
    return _keys([_okp(signing)], [random_bytes(32)], random_bytes)


def add_signing_key(folder: Path, now: datetime, random_bytes: Callable[[int], bytes]) -> Path:
    """Write a new signing key to `folder`, to be used from the next start on."""
    pem = Ed25519PrivateKey.from_private_bytes(random_bytes(32)).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return _write(folder / f"signing-{_stamp(now)}.pem", pem)


def add_sealing_key(folder: Path, now: datetime, random_bytes: Callable[[int], bytes]) -> Path:
    """Write a new sealing key to `folder`, to be used from the next start on."""
    return _write(folder / f"sealing-{_stamp(now)}.key", random_bytes(32))


def create_keys(folder: Path, now: datetime, random_bytes: Callable[[int], bytes]) -> None:
    """Make `folder` with one key of each kind, where it has none yet."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not any(folder.glob("signing-*.pem")):
        add_signing_key(folder, now, random_bytes)
    if not any(folder.glob("sealing-*.key")):
        add_sealing_key(folder, now, random_bytes)


def read_keys(folder: Path, random_bytes: Callable[[int], bytes]) -> Keys:
    """The keys in `folder`.

    Raises:
        KeysError: none there, readable by others, or not a key; the text names the file.
    """
    signing = [_read_signing(path) for path in sorted(folder.glob("signing-*.pem"))]
    sealing = [_read_sealing(path) for path in sorted(folder.glob("sealing-*.key"))]
    if not signing or not sealing:
        raise KeysError(
            f"{folder} has no signing-*.pem or no sealing-*.key. Make them: loket backend new-keys {folder}"
        )
    return _keys(signing, sealing, random_bytes)


def _keys(signing: list[OKPKey], sealing: list[bytes], random_bytes: Callable[[int], bytes]) -> Keys:
    nonce = HKDF(hashes.SHA256(), 32, salt=None, info=b"loket dpop nonces").derive(sealing[-1])
    return Keys(SigningKeys(signing), Seal(sealing, random_bytes), nonce)


def _read_signing(path: Path) -> OKPKey:
    pem = _read_private(path)
    try:
        key = (
            serialization.load_pem_public_key(pem)
            if b"PUBLIC KEY" in pem
            else serialization.load_pem_private_key(pem, password=None)
        )
    except (ValueError, TypeError) as error:
        raise KeysError(f"{path} is not a PEM key without a password: {error}") from None
    if not isinstance(key, Ed25519PrivateKey | Ed25519PublicKey):
        raise KeysError(f"{path} is not an Ed25519 key.")
    return _okp(key)


def _read_sealing(path: Path) -> bytes:
    key = _read_private(path)
    if len(key) != 32:
        raise KeysError(f"{path} has {len(key)} bytes; a sealing key has 32.")
    return key


def _read_private(path: Path) -> bytes:
    try:
        mode = path.stat().st_mode
        if os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise KeysError(
                f"{path} can be read by others (mode {stat.S_IMODE(mode):04o}). Close it: chmod 600 {path}"
            )
        return path.read_bytes()
    except OSError as error:
        raise KeysError(f"{path} cannot be read: {error.strerror}") from None


def _write(path: Path, content: bytes) -> Path:
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    file = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(file, "wb") as opened:
        opened.write(content)
    draft.replace(path)
    return path


def _okp(key: Ed25519PrivateKey | Ed25519PublicKey) -> OKPKey:
    if isinstance(key, Ed25519PrivateKey):
        return OKPKey.import_key(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
    return OKPKey.import_key(
        key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )


def _associated(place: tuple[str | int, ...]) -> bytes:
    return canonical_bytes(list(place))


def _key_id(key: bytes) -> bytes:
    return hashlib.sha256(b"loket sealing key id" + key).digest()[:KEY_ID_BYTES]


def _stamp(now: datetime) -> str:
    return now.strftime("%Y%m%dT%H%M%SZ")
