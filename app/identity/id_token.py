"""The checks of an ID token: OpenID Connect Core 3.1.3.7, one by one, none left to a library's defaults."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from app.identity.errors import clock, untrusted
from app.identity.proof import b64url
from app.identity.provider import Provider

LEEWAY_SECONDS = 300
"""How far the device's clock may be off."""
OLDEST_SECONDS = 600
"""How long ago a fresh ID token may have been issued, leeway apart."""

_HASHES = {"ES256": "sha256", "RS256": "sha256", "PS256": "sha256", "Ed25519": "sha512", "EdDSA": "sha512"}


class UnknownKey(Exception):
    """The token names a key that is not in the set: the provider may have a new one."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who signed in. `sid` names the session at the provider, where it says so."""

    subject: str
    name: str | None
    sid: str | None


def check_id_token(
    token: str,
    keys: dict[str, Any],
    *,
    provider: Provider,
    client_id: str,
    nonce: str | None,
    access_token: str,
    now: datetime,
) -> Identity:
    """Who `token` says signed in, once every check has passed.

    `nonce` is the one that was sent; None for the token of a refresh, which needs none (Core 12.2).

    Raises:
        UnknownKey: fetch the keys again, once.
        SignInError: which check failed.
    """
    claims, algorithm = _verified(token, keys, provider)
    if claims.get("iss") != provider.issuer:
        raise untrusted("id token: iss is another issuer")
    # Audiences beside us are not trusted (check 3), and `azp` never stands in for `aud`: a token for
    # somebody else that names us as the authorized party is still a token for somebody else.
    if claims.get("aud") not in (client_id, [client_id]):
        raise untrusted("id token: aud is not this app alone")
    if claims.get("azp", client_id) != client_id:
        raise untrusted("id token: azp is another party")
    _check_times(claims, now)
    if nonce is not None:
        given = claims.get("nonce")
        if not isinstance(given, str) or not hmac.compare_digest(given.encode(), nonce.encode()):
            raise untrusted("id token: nonce is missing or another one")
    if "at_hash" in claims:
        digest = hashlib.new(_HASHES[algorithm], access_token.encode()).digest()
        if claims["at_hash"] != b64url(digest[: len(digest) // 2]):
            raise untrusted("id token: at_hash is of another access token")
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= 255:
        raise untrusted("id token: sub is missing or too long")
    return Identity(subject, _text(claims, "name"), _text(claims, "sid"))


def _verified(token: str, keys: dict[str, Any], provider: Provider) -> tuple[dict[str, Any], str]:
    from joserfc import jwt
    from joserfc.errors import JoseError
    from joserfc.jwk import KeySet
    from joserfc.jws import JWSRegistry, extract_compact

    registry = JWSRegistry(algorithms=list(provider.algorithms))
    registry.strict_check_header = False
    registry.max_header_length = 8192
    try:
        header = extract_compact(token.encode(), registry=registry).protected
        if header.get("alg") not in provider.algorithms:
            raise untrusted("id token: its signature is of a kind that is not accepted")
        usable = _usable_keys(keys, header.get("kid"))
        if not usable:
            raise UnknownKey
        key_set = KeySet.import_key_set(cast("Any", {"keys": usable}))
        decoded = jwt.decode(token, key_set, algorithms=list(provider.algorithms), registry=registry)
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise untrusted(f"id token: cannot be verified ({type(error).__name__})") from error
    return decoded.claims, str(decoded.header["alg"])


def _usable_keys(keys: dict[str, Any], kid: object) -> list[dict[str, Any]]:
    """The public signature keys among `keys`; with `kid`, only those of that name."""
    found = keys.get("keys")
    listed = (
        [cast("dict[str, Any]", k) for k in cast("list[Any]", found) if isinstance(k, dict)]
        if isinstance(found, list)
        else []
    )
    return [
        key
        for key in listed
        if key.get("kty") in ("EC", "RSA", "OKP")
        and key.get("use", "sig") == "sig"
        and kid in (None, key.get("kid"))
    ]


def _check_times(claims: dict[str, Any], now: datetime) -> None:
    moment = now.timestamp()
    expires, issued = _time(claims, "exp"), _time(claims, "iat")
    if expires <= moment - LEEWAY_SECONDS:
        raise clock("id token: expired")
    if issued > moment + LEEWAY_SECONDS:
        raise clock("id token: issued in the future")
    if issued < moment - LEEWAY_SECONDS - OLDEST_SECONDS:
        raise clock("id token: issued too long ago")


def _time(claims: dict[str, Any], name: str) -> float:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise untrusted(f"id token: {name} is missing")
    return value


def _text(claims: dict[str, Any], name: str) -> str | None:
    value = claims.get(name)
    return value if isinstance(value, str) and 0 < len(value) <= 255 else None
