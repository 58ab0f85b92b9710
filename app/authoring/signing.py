"""The key that an agency signs its bundles with: an Ed25519 key in a file that only its owner can read."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from joserfc.jwk import OKPKey

ENVIRONMENT = "LOKET_SIGNING_KEY"
"""Names the file, where it is not `default_path`."""


class KeyUnusable(Exception):
    """The key cannot be read or made. The text names the file and says what to do."""


def default_path() -> Path:
    """Where the key lies unless somebody says otherwise: beside the user's other settings."""
    named = os.environ.get(ENVIRONMENT)
    if named:
        return Path(named)
    import typer

    return Path(typer.get_app_dir("loket")) / "agency-key.pem"


def create_key(path: Path) -> None:
    """Make a new key at `path` (PKCS #8 PEM, mode 600). Raises KeyUnusable where one is there, or none can
    be."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    pem = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise KeyUnusable(
            f"{path} is there already. A new key is written to another file: --key FILE"
        ) from None
    except OSError as error:
        raise KeyUnusable(f"{path} cannot be written: {error.strerror}") from None
    with os.fdopen(file, "wb") as opened:
        opened.write(pem)


def read_key(path: Path) -> OKPKey:
    """The key at `path`. Raises KeyUnusable: none there, readable by others, or not an Ed25519 key."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from joserfc.jwk import OKPKey

    try:
        mode = path.stat().st_mode
        if os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise KeyUnusable(
                f"{path} can be read by others (mode {stat.S_IMODE(mode):04o}). Close it: chmod 600 {path}"
            )
        pem = path.read_bytes()
    except FileNotFoundError:
        raise KeyUnusable(f"There is no signing key at {path}. Make one: loket service key") from None
    except OSError as error:
        raise KeyUnusable(f"{path} cannot be read: {error.strerror}") from None
    try:
        key = serialization.load_pem_private_key(pem, password=None)
    except (ValueError, TypeError):
        raise KeyUnusable(f"{path} is not a private key without a password.") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyUnusable(f"{path} is not an Ed25519 key.")
    return OKPKey.import_key(pem)


def public_jwk(key: OKPKey) -> dict[str, Any]:
    """The public half (RFC 8037), as the portal registers it."""
    return {name: value for name, value in key.as_dict(private=False).items() if name in ("kty", "crv", "x")}
