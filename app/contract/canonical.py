"""One byte form for what is stored, hashed, signed or sent: JSON as of RFC 8785 (JCS)."""

from __future__ import annotations

import hashlib
from typing import Any

import rfc8785
from pydantic import BaseModel


def canonical_bytes(value: BaseModel | Any) -> bytes:
    """`value` as RFC 8785 canonical JSON; models are dumped in JSON mode without unset defaults.

    Raises:
        rfc8785.CanonicalizationError: the value has no JSON form (NaN, integers beyond 2**53).
    """
    if isinstance(value, BaseModel):
        value = value.model_dump(mode="json", by_alias=True, exclude_none=True)
    return rfc8785.dumps(value)


def sha256_hex(data: bytes) -> str:
    """SHA-256 of `data` in lower-case hexadecimal (64 characters)."""
    return hashlib.sha256(data).hexdigest()
