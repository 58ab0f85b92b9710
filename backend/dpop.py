"""Proof of possession, the server's side (RFC 9449): a token is worth nothing without its key.

Nonces are stateless: every process that shares `key` accepts what another one gave out. Replays are kept
in memory for as long as a proof could be used again, per process: a replay that reaches another process
within one nonce window still needs the access token *and* a proof for the same method and address.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import urlsafe_b64encode
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime
from typing import Literal
from urllib.parse import unquote, urlsplit

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey
from joserfc.jws import extract_compact

ALGORITHMS = ["ES256"]
"""What a proof may be signed with; named in the metadata and in every challenge."""

NONCE_SECONDS = 120
"""A nonce is good for its own window and the next one."""

IAT_SECONDS = 300
"""How far a device's clock may be off."""

_REMEMBERED = 100_000


class ProofError(Exception):
    """The proof is missing or wrong. `error` is the code of RFC 9449; the text never quotes the proof."""

    def __init__(self, error: Literal["invalid_dpop_proof", "use_dpop_nonce"], description: str) -> None:
        super().__init__(description)
        self.error = error
        self.description = description


def b64url_sha256(value: str | bytes) -> str:
    """Base64url (no padding) of SHA-256: the form of `ath` and of S256 challenges."""
    data = value.encode() if isinstance(value, str) else value
    return urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()


class Proofs:
    """Checks proofs. `key` (32 bytes) makes the nonces; share it between the processes of one server."""

    def __init__(self, key: bytes, now: Callable[[], datetime]) -> None:
        self._key = key
        self._now = now
        self._seen: OrderedDict[bytes, float] = OrderedDict()

    def nonce(self) -> str:
        """The nonce to give out now, as the `DPoP-Nonce` header (RFC 9449 section 8)."""
        return self._nonce_of(int(self._now().timestamp()) // NONCE_SECONDS)

    def _nonce_of(self, window: int) -> str:
        digest = hmac.digest(self._key, window.to_bytes(8, "big"), "sha256")
        return urlsafe_b64encode(digest[:18]).decode()

    def check(self, proof: str | None, method: str, url: str, *, access_token: str | None = None) -> str:
        """The thumbprint (`jkt`) of the key that signed `proof` for this request (RFC 9449 section 4.3).

        `url` is compared without query and fragment. With `access_token` the proof must name it (`ath`).

        Raises:
            ProofError: as of RFC 9449; `use_dpop_nonce` asks the client to come again with `nonce()`.
        """
        if not proof:
            raise ProofError("invalid_dpop_proof", "a DPoP proof is needed")
        key = _key_of(proof)
        try:
            claims = jwt.decode(proof, key, algorithms=ALGORITHMS).claims
        except (JoseError, ValueError) as error:
            raise ProofError("invalid_dpop_proof", "the proof's signature does not hold") from error
        if claims.get("htm") != method:
            raise ProofError("invalid_dpop_proof", "htm is not this request's method")
        if not _same_address(claims.get("htu"), url):
            raise ProofError("invalid_dpop_proof", "htu is not this request's address")
        if access_token is not None and claims.get("ath") != b64url_sha256(access_token):
            raise ProofError("invalid_dpop_proof", "ath is not the hash of the access token")
        now = self._now().timestamp()
        issued = claims.get("iat")
        if isinstance(issued, bool) or not isinstance(issued, int | float) or abs(now - issued) > IAT_SECONDS:
            raise ProofError("invalid_dpop_proof", "iat is too far from the server's clock")
        self._check_nonce(claims.get("nonce"))
        jkt = key.thumbprint()
        self._remember(jkt, claims.get("jti"), now)
        return jkt

    def _check_nonce(self, nonce: object) -> None:
        window = int(self._now().timestamp()) // NONCE_SECONDS
        if not isinstance(nonce, str) or not any(
            hmac.compare_digest(nonce.encode(), self._nonce_of(w).encode()) for w in (window, window - 1)
        ):
            raise ProofError("use_dpop_nonce", "come again with the nonce of this answer")

    def _remember(self, jkt: str, jti: object, now: float) -> None:
        if not isinstance(jti, str) or not 8 <= len(jti) <= 256:
            raise ProofError("invalid_dpop_proof", "jti is missing or not of 8 to 256 characters")
        while self._seen and (next(iter(self._seen.values())) < now or len(self._seen) >= _REMEMBERED):
            self._seen.popitem(last=False)
        mark = hashlib.sha256(f"{jkt} {jti}".encode()).digest()
        if mark in self._seen:
            raise ProofError("invalid_dpop_proof", "this proof was used before")
        # No proof outlives its nonce: two windows later it can be forgotten.
        self._seen[mark] = now + 2 * NONCE_SECONDS


def _key_of(proof: str) -> ECKey:
    try:
        header = extract_compact(proof.encode()).protected
        jwk = header["jwk"]
        if header.get("typ") != "dpop+jwt":
            raise ProofError("invalid_dpop_proof", "typ is not dpop+jwt")
        if not isinstance(jwk, dict) or "d" in jwk or jwk.get("kty") != "EC" or jwk.get("crv") != "P-256":  # pyright: ignore[reportUnknownMemberType]
            raise ProofError("invalid_dpop_proof", "jwk is not a public P-256 key")
        return ECKey.import_key(json.loads(json.dumps(jwk)))
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise ProofError("invalid_dpop_proof", "the proof cannot be read") from error


def _same_address(htu: object, url: str) -> bool:
    if not isinstance(htu, str):
        return False
    try:
        return _address(htu) == _address(url)
    except ValueError:
        return False


def _address(url: str) -> tuple[str, str | None, int | None, str]:
    """Scheme, host, port and path, normalised (RFC 3986 sections 6.2.2 and 6.2.3)."""
    parts = urlsplit(url)
    port = parts.port or {"https": 443, "http": 80}.get(parts.scheme)
    return parts.scheme, parts.hostname, port, unquote(parts.path) or "/"
