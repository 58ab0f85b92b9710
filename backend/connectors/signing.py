"""What deliveries are signed with: one Ed25519 key for each connector, and while it is changed, two.

A key of its own for each receiver, as Standard Webhooks asks: what one agency was sent cannot be passed off
as sent to another. The private halves are sealed in the database; the sealing keys are not in there.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc.jwk import OKPKey

from app.contract.applications import SIGNATURE_ALGORITHM
from app.contract.canonical import canonical_bytes
from app.contract.deliveries import (
    ID_HEADER,
    SIGNATURE_HEADER,
    SIGNATURE_VERSION,
    TIMESTAMP_HEADER,
    signed_content,
)
from backend.keys import Seal


@dataclass(frozen=True, slots=True)
class DeliveryKey:
    """One key. `until`: when it signs no more; None for the newest, which signs until it is changed."""

    seed: bytes
    until: datetime | None = None

    @property
    def private(self) -> Ed25519PrivateKey:
        """The key itself."""
        return Ed25519PrivateKey.from_private_bytes(self.seed)


def new_key(random_bytes: Callable[[int], bytes]) -> DeliveryKey:
    """A fresh key."""
    return DeliveryKey(random_bytes(32))


def changed(
    keys: Sequence[DeliveryKey], new: DeliveryKey, now: datetime, until: datetime
) -> list[DeliveryKey]:
    """`new`, and those that sign beside it until `until` at the latest."""
    kept = [DeliveryKey(key.seed, min(until, key.until or until)) for key in in_use(keys, now)]
    return [new, *(key for key in kept if key.until and key.until > now)]


def in_use(keys: Sequence[DeliveryKey], now: datetime) -> list[DeliveryKey]:
    """Those of `keys` that sign now, the newest first."""
    return [key for key in keys if key.until is None or key.until > now]


def headers(keys: Sequence[DeliveryKey], identifier: str, at: datetime, body: bytes) -> dict[str, str]:
    """What goes with one attempt, made at `at`."""
    timestamp = int(at.timestamp())
    content = signed_content(identifier, timestamp, body)
    signatures = [base64.b64encode(key.private.sign(content)).decode() for key in in_use(keys, at)]
    return {
        "Content-Type": "application/json",
        ID_HEADER: identifier,
        TIMESTAMP_HEADER: str(timestamp),
        SIGNATURE_HEADER: " ".join(f"{SIGNATURE_VERSION},{signature}" for signature in signatures),
    }


def public(keys: Sequence[DeliveryKey], now: datetime) -> dict[str, Any]:
    """The public halves as a JWK set (RFC 7517); `kid` is the thumbprint (RFC 7638)."""
    published: list[dict[str, Any]] = []
    for key in in_use(keys, now):
        raw = key.private.public_key().public_bytes(
            serialization.Encoding.Raw, serialization.PublicFormat.Raw
        )
        x = base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
        jwk = OKPKey.import_key({"kty": "OKP", "crv": "Ed25519", "x": x})
        published.append(
            {
                **jwk.as_dict(private=False),
                "kid": jwk.thumbprint(),
                "use": "sig",
                "alg": SIGNATURE_ALGORITHM,
            }
        )
    return {"keys": published}


def sealed(keys: Sequence[DeliveryKey], agency: str, seal: Seal) -> bytes:
    """`keys` as the table keeps them."""
    listed = [{"seed": key.seed.hex(), "until": key.until.isoformat() if key.until else None} for key in keys]
    return seal.close(canonical_bytes(listed), "connectors.keys", agency)


def opened(kept: bytes, agency: str, seal: Seal) -> list[DeliveryKey]:
    """The keys that the table keeps.

    Raises:
        KeysError: the sealing key is gone.
    """
    return [
        DeliveryKey(
            bytes.fromhex(entry["seed"]), datetime.fromisoformat(entry["until"]) if entry["until"] else None
        )
        for entry in json.loads(seal.open(kept, "connectors.keys", agency))
    ]
