"""Documents as verifiable credentials: SD-JWT VC (draft-ietf-oauth-sd-jwt-vc), on SD-JWT (RFC 9901).

Each claim is a disclosure of its own, salted, so the holder can show one without the others.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from app.contract.canonical import canonical_bytes
from backend.keys import SigningKeys

TYPE = "dc+sd-jwt"
RESERVED_CLAIMS = frozenset(
    {"iss", "iat", "nbf", "exp", "vct", "vct#integrity", "cnf", "status", "sub", "_sd", "_sd_alg", "..."}
)
"""Claims with a meaning of their own in a credential (section 3.2.2.2 of the draft, RFC 9901 section 4.1)."""
SALT_BYTES = 16
"""128 bits, as RFC 9901 section 9.3 recommends."""


def issue_credential(
    keys: SigningKeys,
    *,
    issuer: str,
    type_: str,
    claims: Mapping[str, Any],
    issued_at: datetime,
    valid_until: datetime | None,
    random_bytes: Callable[[int], bytes],
) -> str:
    """A credential with all its disclosures: `<issuer-signed JWT>~<disclosure>~…~`.

    `type_` is the `vct`; `iss`, `iat`, `exp` and `vct` are always visible (section 3.2.2.2 of the draft),
    every claim of `claims` is selectively disclosable as a whole.
    """
    disclosures = [_disclosure(random_bytes(SALT_BYTES), name, value) for name, value in claims.items()]
    payload: dict[str, Any] = {
        "iss": issuer,
        "iat": int(issued_at.timestamp()),
        "vct": type_,
        "_sd_alg": "sha-256",
        # Sorted, so that their order tells nothing of the claims' order (RFC 9901 section 4.2.4.1).
        "_sd": sorted(_encode(hashlib.sha256(disclosure.encode()).digest()) for disclosure in disclosures),
    }
    if valid_until:
        payload["exp"] = int(valid_until.timestamp())
    signed = keys.sign(canonical_bytes(payload), type_=TYPE)
    return "~".join([signed, *disclosures, ""])


def _disclosure(salt: bytes, name: str, value: Any) -> str:
    return _encode(json.dumps([_encode(salt), name, value], ensure_ascii=False).encode())


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")
