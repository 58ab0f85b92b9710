"""Whether a delivery comes from the backend: Standard Webhooks 1.0.0 with Ed25519 (`v1a`)."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

TOLERANCE_SECONDS: Final = 300
MOST_SIGNATURES: Final = 8
FETCH_AT_MOST_EVERY: Final = 60.0
KEEP_SECONDS: Final = 3600.0

Fetch = Callable[[], Awaitable[dict[str, Any]]]
"""Gets the JWK set of the backend. Raises OSError where it cannot be had."""


class NotGenuine(Exception):
    """It cannot be shown that the backend sent this now. The text says why."""


def verify(headers: Mapping[str, str], body: bytes, keys: Iterable[Ed25519PublicKey], now: float) -> str:
    """The identifier of a delivery that one of `keys` has signed just now.

    Raises:
        NotGenuine: not signed, by none of them, or too long ago.
    """
    identifier, sent = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", identifier) or not re.fullmatch(r"[0-9]{1,12}", sent):
        raise NotGenuine("webhook-id or webhook-timestamp is missing")
    if abs(now - int(sent)) > TOLERANCE_SECONDS:
        raise NotGenuine("webhook-timestamp is too far from this clock")
    content = f"{identifier}.{sent}.".encode() + body
    known = list(keys)
    for entry in headers.get("webhook-signature", "").split()[:MOST_SIGNATURES]:
        version, _, text = entry.partition(",")
        if version == "v1a" and any(_signed(key, text, content) for key in known):
            return identifier
    raise NotGenuine("no signature is by a key of the backend")


def _signed(key: Ed25519PublicKey, signature: str, content: bytes) -> bool:
    try:
        key.verify(base64.b64decode(signature, validate=True), content)
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True


class Keys:
    """The backend's keys: fetched when they are needed, kept for an hour, and fetched again, at most once a
    minute, for a signature by none of them, because the backend may have changed its key."""

    def __init__(self, fetch: Fetch, now: Callable[[], float]) -> None:
        self._fetch = fetch
        self._now = now
        self._keys: list[Ed25519PublicKey] = []
        self._fetched: float | None = None

    async def verify(self, headers: Mapping[str, str], body: bytes) -> str:
        """As `verify`, with the keys of the backend.

        Raises:
            NotGenuine: as `verify`.
            OSError: there are no keys yet, and they cannot be had now.
        """
        if self._age() > KEEP_SECONDS:
            await self._renew()
        try:
            return verify(headers, body, self._keys, self._now())
        except NotGenuine:
            if self._age() < FETCH_AT_MOST_EVERY:
                raise
        await self._renew()
        return verify(headers, body, self._keys, self._now())

    def _age(self) -> float:
        return float("inf") if self._fetched is None else self._now() - self._fetched

    async def _renew(self) -> None:
        try:
            found = (await self._fetch())["keys"]
            keys = [_key(one) for one in found if one.get("crv") == "Ed25519"]
        except (OSError, KeyError, TypeError, ValueError) as error:
            if not self._keys:
                raise OSError("the backend's keys cannot be had") from error
            return
        self._keys, self._fetched = keys, self._now()


def _key(jwk: Mapping[str, Any]) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(base64.urlsafe_b64decode(str(jwk["x"]) + "=="))
