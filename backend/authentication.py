"""Who asks: access tokens of the identity provider (RFC 9068), bound to the device's key (RFC 9449).

The resource server's side. It trusts a token for what its signature says and for nothing else: not for the
key it names, not for an algorithm it asks for.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import urllib.request
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry, extract_compact
from starlette.requests import Request

from app.contract.phrase import N_
from app.contract.problems import ProblemType
from backend.dpop import ALGORITHMS as PROOF_ALGORITHMS
from backend.dpop import ProofError, Proofs
from backend.problems import ProblemError

ALGORITHMS = ["ES256", "RS256", "PS256", "Ed25519", "EdDSA"]
"""Signatures of access tokens: asymmetric ones alone, so that no public key can serve as a secret."""

LEEWAY = timedelta(seconds=30)
"""How far the clocks of provider and backend may be apart."""

REFETCH = timedelta(minutes=1)
"""An unknown key makes the keys be fetched again, at most this often."""

_ANSWER_MAX_BYTES = 256 * 1024
_FETCH_SECONDS = 10

FetchKeys = Callable[[], Awaitable[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Citizen:
    """Who asks. `subject` is opaque; `scope` is what the citizen's app may do."""

    subject: str
    scope: frozenset[str]


class Authenticator:
    """Finds out who sent a request.

    `public_url` is the backend's address as citizens reach it: a proof must name it, whatever `Host` says.
    `keys` gives the provider's JWK Set; it is asked when it must be, and remembered.
    `nonce_key` (32 bytes) makes the DPoP nonces: the same in all processes of one backend.
    """

    def __init__(
        self,
        *,
        issuer: str,
        audience: str,
        public_url: str,
        keys: FetchKeys,
        nonce_key: bytes,
        now: Callable[[], datetime],
    ) -> None:
        self._issuer = issuer
        self._audience = audience
        self._public_url = public_url
        self._keys = _ProviderKeys(keys, now)
        self._proofs = Proofs(nonce_key, now)
        self._now = now

    async def __call__(self, request: Request) -> Citizen:
        """The citizen who sent `request`.

        Raises:
            ProblemError: `WWW-Authenticate` says what is missing, `DPoP-Nonce` what to prove with.
        """
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "dpop" or not token:
            raise self._refusal()
        claims = await self._verified(token)
        url = self._public_url + request.url.path
        try:
            jkt = self._proofs.check(_only(request, "dpop"), request.method, url, access_token=token)
        except ProofError as error:
            raise self._refusal(error.error, error.description) from error
        if not hmac.compare_digest(jkt, claims["cnf"]["jkt"]):
            raise self._refusal("invalid_token", "the token is bound to another key")
        return Citizen(claims["sub"], frozenset(claims.get("scope", "").split()))

    async def _verified(self, token: str) -> dict[str, Any]:
        """The claims of an access token that holds (RFC 9068 section 4)."""
        try:
            decoded = jwt.decode(
                token, await self._keys.for_token(token), algorithms=ALGORITHMS, registry=_REGISTRY
            )
        except (JoseError, ValueError) as error:
            raise self._refusal("invalid_token", "the token cannot be verified") from error
        if str(decoded.header.get("typ", "")).lower().removeprefix("application/") != "at+jwt":
            raise self._refusal("invalid_token", "typ is not at+jwt")
        wrong = self._wrong_claim(decoded.claims)
        if wrong is not None:
            raise self._refusal("invalid_token", wrong)
        return decoded.claims

    def _wrong_claim(self, claims: dict[str, Any]) -> str | None:
        now, leeway = self._now().timestamp(), LEEWAY.total_seconds()
        audience = claims.get("aud")
        if claims.get("iss") != self._issuer:
            return "iss is not the identity provider of this backend"
        if self._audience not in (audience if isinstance(audience, list) else [audience]):
            return "aud is not this backend"
        if not _is_time(claims.get("exp")) or claims["exp"] <= now - leeway:
            return "the token has expired"
        if not _is_time(claims.get("iat")) or claims["iat"] > now + leeway:
            return "the token is from the future"
        if "nbf" in claims and (not _is_time(claims["nbf"]) or claims["nbf"] > now + leeway):
            return "the token does not count yet"
        subject = claims.get("sub")
        if not isinstance(subject, str) or not 0 < len(subject) <= 255:
            return "sub is missing"
        if not isinstance(claims.get("scope", ""), str):
            return "scope is not text"
        confirmation = claims.get("cnf")
        if not isinstance(confirmation, dict) or not isinstance(confirmation.get("jkt"), str):  # pyright: ignore[reportUnknownMemberType]
            return "the token is not bound to a key"
        return None

    def _refusal(self, error: str | None = None, description: str = "") -> ProblemError:
        challenge = f'DPoP algs="{" ".join(PROOF_ALGORITHMS)}"'
        if error is not None:
            challenge += f', error="{error}", error_description="{description}"'
        return ProblemError(
            ProblemType.NOT_SIGNED_IN,
            N_("Sesi Anda perlu diperbarui. Data di ponsel Anda aman. Masuk lagi untuk melanjutkan."),
            headers={"WWW-Authenticate": challenge, "DPoP-Nonce": self._proofs.nonce()},
        )


class _ProviderKeys:
    """The provider's keys, fetched once and again when a token names a key that is not among them."""

    def __init__(self, fetch: FetchKeys, now: Callable[[], datetime]) -> None:
        self._fetch = fetch
        self._now = now
        self._lock = asyncio.Lock()
        self._known: KeySet | None = None
        self._fetched_at: datetime | None = None

    async def for_token(self, token: str) -> KeySet:
        """The key set that should verify `token`.

        Raises:
            ProblemError: the provider's keys cannot be had just now, so nobody can be told from anybody.
        """
        kid = _kid_of(token)
        async with self._lock:
            if self._known is None or (self._is_unknown(kid) and self._may_refetch()):
                self._fetched_at = self._now()
                try:
                    self._known = KeySet.import_key_set(await self._fetch())  # pyright: ignore[reportArgumentType]
                except (OSError, JoseError, ValueError, KeyError, TypeError) as error:
                    if self._known is None:
                        raise ProblemError(
                            ProblemType.UNAVAILABLE,
                            N_(
                                "Layanan masuk sedang tidak dapat dihubungi. Data Anda aman. "
                                "Coba lagi beberapa menit lagi."
                            ),
                            headers={"Retry-After": "60"},
                        ) from error
            return self._known

    def _is_unknown(self, kid: str | None) -> bool:
        return self._known is not None and all(key.kid != kid for key in self._known)

    def _may_refetch(self) -> bool:
        return self._fetched_at is None or self._now() - self._fetched_at >= REFETCH


_REGISTRY = JWSRegistry(algorithms=ALGORITHMS)
# Providers may put certificate chains or private headers into their tokens; what counts is checked by name.
_REGISTRY.strict_check_header = False
_REGISTRY.max_header_length = 4096


def fetch_keys(issuer: str) -> FetchKeys:
    """Fetches the JWK Set of the production provider `issuer` by its metadata (OpenID Connect Discovery 1.0).

    It is needed once a key change, so a thread and the standard library do.
    """

    def fetch() -> dict[str, Any]:
        metadata = _fetch_json(f"{issuer}/.well-known/openid-configuration")
        if metadata.get("issuer") != issuer:
            raise ValueError("the metadata is of another issuer")
        return _fetch_json(metadata["jwks_uri"])

    return lambda: asyncio.to_thread(fetch)


def _fetch_json(url: str) -> dict[str, Any]:
    if not url.startswith("https://"):
        raise ValueError("expected an https address of the identity provider")
    with urllib.request.urlopen(url, timeout=_FETCH_SECONDS) as answer:  # noqa: S310 (https, see above)
        return json.loads(answer.read(_ANSWER_MAX_BYTES))


def _kid_of(token: str) -> str | None:
    try:
        kid = extract_compact(token.encode()).protected.get("kid")
    except (JoseError, ValueError):
        return None
    return kid if isinstance(kid, str) else None


def _is_time(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _only(request: Request, name: str) -> str | None:
    """The one header `name`; none where it is there twice (RFC 9449 section 4.3, check 1)."""
    values = request.headers.getlist(name)
    return values[0] if len(values) == 1 else None
