"""The identity provider as its metadata describes it, and the one way in which Loket asks it anything."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from app.identity.errors import SignInError, busy, unreachable, untrusted
from app.identity.proof import ALGORITHM, ProofKey

if TYPE_CHECKING:
    import httpx

ID_TOKEN_ALGORITHMS = ("ES256", "RS256", "PS256", "Ed25519", "EdDSA")
"""Signatures that an ID token may have: asymmetric ones alone."""

_ANSWER_MAX_BYTES = 256 * 1024
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class AnswerLost(SignInError):
    """The request went out and its answer did not come back: it may have been carried out."""

    def __init__(self, detail: str) -> None:
        known = unreachable(detail)
        super().__init__(known.reason, known.phrase, detail)


@dataclass(frozen=True, slots=True)
class Provider:
    """What Loket uses of the metadata (OpenID Connect Discovery 1.0, RFC 8414)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    par_endpoint: str | None
    revocation_endpoint: str | None
    end_session_endpoint: str | None
    algorithms: tuple[str, ...]
    names_issuer: bool
    """Whether every authorization response carries `iss` (RFC 9207)."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A JSON answer of the provider. `body` is empty where there was none."""

    status: int
    headers: Mapping[str, str]
    body: dict[str, Any]

    @property
    def error(self) -> str | None:
        """The OAuth error code, if this is an error."""
        code = self.body.get("error")
        return code if isinstance(code, str) else None


class ProviderClient:
    """Asks the provider. `patience`: seconds that one answer may take, all in all."""

    def __init__(self, http: httpx.AsyncClient, patience: float = 20.0) -> None:
        self._http = http
        self._patience = patience
        self._nonce: str | None = None

    async def discover(self, issuer: str) -> Provider:
        """The metadata of `issuer`.

        Raises:
            SignInError: it cannot be had, or is not that of a provider that Loket can rely on.
        """
        answer = await self.ask("GET", f"{issuer}/.well-known/openid-configuration")
        if answer.status != 200:
            raise busy(f"metadata: status {answer.status}")
        return read_provider(issuer, answer.body)

    async def keys(self, provider: Provider) -> dict[str, Any]:
        """The provider's JWK Set, as it is. SignInError as for `discover`."""
        answer = await self.ask("GET", provider.jwks_uri)
        if answer.status != 200:
            raise busy(f"keys: status {answer.status}")
        return answer.body

    async def ask_with_proof(self, url: str, form: Mapping[str, str], key: ProofKey) -> Answer:
        """POST `form` with a proof of `key`; once more where its nonce is wanted (RFC 9449, 8)."""
        answer = await self._prove_once(url, form, key)
        if answer.error == "use_dpop_nonce" and self._nonce is not None:
            answer = await self._prove_once(url, form, key)
        return answer

    async def _prove_once(self, url: str, form: Mapping[str, str], key: ProofKey) -> Answer:
        answer = await self.ask("POST", url, form, {"DPoP": key.proof("POST", url, nonce=self._nonce)})
        self._nonce = answer.headers.get("dpop-nonce", self._nonce)
        return answer

    async def ask(
        self,
        method: str,
        url: str,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """One request, never redirected, bounded in time and size.

        Raises:
            SignInError: unreachable, in trouble (5xx), or not JSON. `AnswerLost` where it may have been done.
        """
        import httpx

        where = urlsplit(url).path
        try:
            async with (
                asyncio.timeout(self._patience),
                self._http.stream(
                    method,
                    url,
                    data=form,
                    headers={"Accept": "application/json", **(headers or {})},
                    follow_redirects=False,
                    timeout=self._patience,
                ) as response,
            ):
                body = bytearray()
                async for piece in response.aiter_bytes():
                    body += piece
                    if len(body) > _ANSWER_MAX_BYTES:
                        raise untrusted(f"{where}: more than {_ANSWER_MAX_BYTES} bytes")
                return _read(where, response.status_code, response.headers, bytes(body))
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError) as error:
            raise unreachable(f"{where}: {type(error).__name__}") from error
        except httpx.DecodingError as error:
            raise untrusted(f"{where}: cannot be decompressed") from error
        except (httpx.TransportError, TimeoutError) as error:
            raise AnswerLost(f"{where}: {type(error).__name__}") from error


def _read(where: str, status: int, headers: Mapping[str, str], body: bytes) -> Answer:
    if status >= 500 or status == 429:
        raise busy(f"{where}: status {status}")
    if 300 <= status < 400:
        raise untrusted(f"{where}: redirect {status} refused")
    if not body:
        return Answer(status, headers, {})
    try:
        content = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise untrusted(f"{where}: not JSON") from error
    if not isinstance(content, dict):
        raise untrusted(f"{where}: not a JSON object")
    return Answer(status, headers, cast("dict[str, Any]", content))


def read_provider(issuer: str, metadata: Mapping[str, Any]) -> Provider:
    """The metadata, checked: of this issuer, safe addresses, and able to do what Loket needs.

    Raises:
        SignInError: what is wrong, and with which field.
    """
    if metadata.get("issuer") != issuer:
        # Discovery 1.0 section 4.3: else anybody's metadata could be served for this issuer.
        raise untrusted("metadata: issuer is another one")
    _require(metadata, "code_challenge_methods_supported", "S256")
    _require(metadata, "dpop_signing_alg_values_supported", ALGORITHM)
    offered = _list(metadata, "id_token_signing_alg_values_supported")
    algorithms = tuple(a for a in ID_TOKEN_ALGORITHMS if a in offered)
    if not algorithms:
        raise untrusted("metadata: id_token_signing_alg_values_supported has none that Loket accepts")
    plain_allowed = urlsplit(issuer).scheme == "http"

    def address(name: str) -> str:
        found = optional(name)
        if found is None:
            raise untrusted(f"metadata: {name} is missing")
        return found

    def optional(name: str) -> str | None:
        value = metadata.get(name)
        if value is None:
            return None
        if not isinstance(value, str) or not _is_safe(value, plain_allowed):
            raise untrusted(f"metadata: {name} is not a safe address")
        return value

    return Provider(
        issuer=issuer,
        authorization_endpoint=address("authorization_endpoint"),
        token_endpoint=address("token_endpoint"),
        jwks_uri=address("jwks_uri"),
        par_endpoint=optional("pushed_authorization_request_endpoint"),
        revocation_endpoint=optional("revocation_endpoint"),
        end_session_endpoint=optional("end_session_endpoint"),
        algorithms=algorithms,
        names_issuer=metadata.get("authorization_response_iss_parameter_supported") is True,
    )


def _is_safe(url: str, plain_allowed: bool) -> bool:
    """TLS, or plain HTTP on loopback where the issuer itself is reached that way."""
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return False
    if parts.fragment or parts.username is not None or not host:
        return False
    return parts.scheme == "https" or (plain_allowed and parts.scheme == "http" and host in _LOOPBACK)


def _list(metadata: Mapping[str, Any], name: str) -> list[Any]:
    value = metadata.get(name)
    return cast("list[Any]", value) if isinstance(value, list) else []


def _require(metadata: Mapping[str, Any], name: str, value: str) -> None:
    if value not in _list(metadata, name):
        raise untrusted(f"metadata: {name} lacks {value}")
