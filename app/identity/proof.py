"""The key of this sign-in, made on the device, and the proofs that it signs (RFC 9449)."""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from joserfc.jwk import ECKey

ALGORITHM = "ES256"


def b64url(data: bytes) -> str:
    """Base64url without padding (RFC 7515 section 2)."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def s256(text: str) -> str:
    """Base64url of SHA-256: the PKCE challenge of a verifier (RFC 7636), the `ath` of a token."""
    return b64url(hashlib.sha256(text.encode()).digest())


class ProofKey:
    """A P-256 key pair. A stolen token is worth nothing without it."""

    def __init__(self, key: ECKey, now: Callable[[], datetime], random_bytes: Callable[[int], bytes]) -> None:
        self._key = key
        self._now = now
        self._random_bytes = random_bytes

    @classmethod
    def generate(cls, now: Callable[[], datetime], random_bytes: Callable[[int], bytes]) -> ProofKey:
        """A fresh key, from the system's own source of randomness."""
        from joserfc.jwk import ECKey

        return cls(ECKey.generate_key("P-256"), now, random_bytes)

    @classmethod
    def restore(
        cls, jwk: dict[str, Any], now: Callable[[], datetime], random_bytes: Callable[[int], bytes]
    ) -> ProofKey:
        """The key of `private_jwk()`. ValueError where `jwk` is no private P-256 key."""
        from joserfc.errors import JoseError
        from joserfc.jwk import ECKey

        try:
            key = ECKey.import_key(jwk)
        except (JoseError, KeyError, TypeError) as error:
            raise ValueError("not a P-256 key") from error
        if not key.is_private or key.curve_name != "P-256":
            raise ValueError("not a private P-256 key")
        return cls(key, now, random_bytes)

    def private_jwk(self) -> dict[str, Any]:
        """The whole key, for the encrypted storage and nothing else."""
        return dict(self._key.as_dict(private=True))

    @property
    def thumbprint(self) -> str:
        """The RFC 7638 thumbprint (`jkt`)."""
        return self._key.thumbprint()

    def proof(
        self, method: str, url: str, *, nonce: str | None = None, access_token: str | None = None
    ) -> str:
        """A proof for one request of `method` to `url` (its query and fragment are left out)."""
        from joserfc import jwt

        claims: dict[str, Any] = {
            "jti": b64url(self._random_bytes(16)),
            "htm": method,
            "htu": url.partition("#")[0].partition("?")[0],
            "iat": int(self._now().timestamp()),
        }
        if nonce is not None:
            claims["nonce"] = nonce
        if access_token is not None:
            claims["ath"] = s256(access_token)
        header = {"alg": ALGORITHM, "typ": "dpop+jwt", "jwk": dict(self._key.as_dict(private=False))}
        return jwt.encode(header, claims, self._key, algorithms=[ALGORITHM])
