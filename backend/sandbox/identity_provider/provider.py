"""The rules of the sandbox identity provider, apart from HTTP: what it offers, accepts and issues."""

from __future__ import annotations

import hashlib
import re
from asyncio import Lock
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlencode, urlsplit

from joserfc import jwt
from joserfc.errors import JoseError

from app.contract.language import LANGUAGES, Language
from app.contract.phrase import N_, Phrase
from backend.database import Database
from backend.dpop import ALGORITHMS, Proofs
from backend.sandbox.identity_provider.clients import CLIENTS, Client
from backend.sandbox.identity_provider.grants import Granted, GrantError, Grants, Pushed
from backend.sandbox.identity_provider.keys import ALGORITHM, Keys, load_keys
from backend.sandbox.personas import Personas

ACCESS_LIFE = timedelta(minutes=5)
ID_TOKEN_LIFE = timedelta(minutes=5)
REQUEST_URI = "urn:ietf:params:oauth:request_uri:"
SCOPES = ("openid", "profile", "offline_access")

_SUSPENDED = N_("Akun ini ditangguhkan. Datanglah ke kantor Dukcapil dengan membawa KTP.")

_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")


class SandboxRefused(Exception):
    """The sandbox identity provider must not run here. The text says why."""


class OAuthError(Exception):
    """An error answer of OAuth. `description` is for developers, except with `access_denied`."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(f"{error}: {description}")
        self.error = error
        self.description = description
        self.status = status


def is_loopback(host: str | None) -> bool:
    """Whether `host` (a name or an address, no port) is this machine itself."""
    if host == "localhost":
        return True
    try:
        return host is not None and ip_address(host).is_loopback
    except ValueError:
        return False


class IdentityProvider:
    """One provider on one database. `now` is aware UTC; `random_bytes(n)` gives n random bytes.

    Raises:
        SandboxRefused: `profile` is not the sandbox, or `issuer` is not on loopback: anybody can be
            anybody here, so nobody else may reach it.
    """

    def __init__(
        self,
        *,
        issuer: str,
        profile: str,
        database: Database,
        personas: Personas,
        now: Callable[[], datetime],
        random_bytes: Callable[[int], bytes],
    ) -> None:
        if profile != "sandbox":
            raise SandboxRefused(
                f"The sandbox identity provider lets anybody be anybody; it does not start in {profile}."
            )
        if not is_loopback(urlsplit(issuer).hostname):
            raise SandboxRefused(
                f"The sandbox identity provider serves this machine alone; {issuer} is not on loopback."
            )
        self.issuer = issuer
        self.personas = personas
        self._database = database
        self._now = now
        self._random_bytes = random_bytes
        self._grants = Grants(database, now, self._new_secret)
        self._loading = Lock()
        self._loaded: tuple[Keys, Proofs] | None = None

    def _new_secret(self) -> str:
        return urlsafe_b64encode(self._random_bytes(32)).rstrip(b"=").decode()

    async def _keys_and_proofs(self) -> tuple[Keys, Proofs]:
        async with self._loading:
            if self._loaded is None:
                keys = await load_keys(self._database, self._random_bytes)
                self._loaded = keys, Proofs(keys.nonce_key, self._now)
        return self._loaded

    def metadata(self) -> dict[str, Any]:
        """The provider's metadata (OpenID Connect Discovery 1.0, RFC 8414)."""
        at = self.issuer
        return {
            "issuer": at,
            "authorization_endpoint": f"{at}/authorize",
            "pushed_authorization_request_endpoint": f"{at}/par",
            "require_pushed_authorization_requests": True,
            "token_endpoint": f"{at}/token",
            "revocation_endpoint": f"{at}/revoke",
            "end_session_endpoint": f"{at}/logout",
            "jwks_uri": f"{at}/jwks",
            "scopes_supported": list(SCOPES),
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": ["authorization_code", "refresh_token"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": [ALGORITHM],
            "token_endpoint_auth_methods_supported": ["none"],
            "revocation_endpoint_auth_methods_supported": ["none"],
            "code_challenge_methods_supported": ["S256"],
            "dpop_signing_alg_values_supported": ALGORITHMS,
            "authorization_response_iss_parameter_supported": True,
            "claims_supported": ["sub", "name", "auth_time", "sid", "nonce", "at_hash"],
            "ui_locales_supported": list(LANGUAGES),
        }

    async def jwks(self) -> dict[str, Any]:
        """The public keys that tokens are signed with."""
        return (await self._keys_and_proofs())[0].public()

    async def proofs(self) -> Proofs:
        """The checks of DPoP proofs, and the nonces."""
        return (await self._keys_and_proofs())[1]

    async def push(self, parameters: Mapping[str, str], proof_jkt: str | None) -> tuple[str, int]:
        """Accept a pushed authorization request; gives its URI and its life in seconds (RFC 9126).

        Raises:
            OAuthError: what is wrong, and with which parameter.
        """
        client = _client(parameters)
        redirect_uri = parameters.get("redirect_uri", "")
        if not client.may_redirect_to(redirect_uri):
            raise OAuthError("invalid_request", "redirect_uri is not one of this client's")
        if parameters.get("response_type") != "code":
            raise OAuthError("unsupported_response_type", "response_type must be code")
        if parameters.get("response_mode", "query") != "query":
            raise OAuthError("invalid_request", "response_mode must be query")
        if "request" in parameters or "request_uri" in parameters:
            raise OAuthError("request_not_supported", "request objects are not supported")
        if parameters.get("code_challenge_method") != "S256":
            raise OAuthError("invalid_request", "code_challenge_method must be S256")
        if not _CHALLENGE.fullmatch(parameters.get("code_challenge", "")):
            raise OAuthError("invalid_request", "code_challenge must be 43 characters of base64url")
        scope = parameters.get("scope", "").split()
        if "openid" not in scope or not set(scope) <= set(SCOPES):
            raise OAuthError("invalid_scope", f"scope must hold openid and may hold {' '.join(SCOPES[1:])}")
        jkt = parameters.get("dpop_jkt")
        if jkt and proof_jkt and jkt != proof_jkt:
            raise OAuthError("invalid_dpop_proof", "dpop_jkt is not the key of the proof")
        secret = await self._grants.push(
            Pushed(
                client_id=client.id,
                redirect_uri=redirect_uri,
                scope=" ".join(scope),
                state=_text(parameters, "state"),
                nonce=_text(parameters, "nonce"),
                code_challenge=parameters["code_challenge"],
                jkt=jkt or proof_jkt,
                ui_locales=parameters.get("ui_locales", "")[:256],
            )
        )
        return REQUEST_URI + secret, 600

    async def waiting(self, request_uri: str, client_id: str) -> Pushed | None:
        """The request that waits under `request_uri`, or None where there is none of this client."""
        request = await self._grants.pushed(request_uri.removeprefix(REQUEST_URI))
        return request if request and request.client_id == client_id else None

    async def choose(self, request_uri: str, persona_id: str) -> tuple[Pushed, str] | None:
        """The citizen chose: gives the request and the address to send the browser to. None: it is gone.

        Raises:
            KeyError: there is no such persona.
        """
        persona = self.personas[persona_id]
        secret = request_uri.removeprefix(REQUEST_URI)
        if persona.account == "suspended":
            request = await self._grants.close_request(secret)
            return (request, self._denied(request, _SUSPENDED)) if request else None
        answered = await self._grants.grant_code(secret, persona.subject)
        if answered is None:
            return None
        request, code = answered
        return request, self._redirect(request, {"code": code})

    async def cancel(self, request_uri: str) -> tuple[Pushed, str] | None:
        """The citizen went back: as `choose`, with `access_denied` and no description."""
        request = await self._grants.close_request(request_uri.removeprefix(REQUEST_URI))
        return (request, self._denied(request, None)) if request else None

    def _denied(self, request: Pushed, why: Phrase | None) -> str:
        # The app shows the description to the citizen; OAuth allows ASCII alone here (RFC 6749, 4.1.2.1).
        said = Language.load(request.ui_locales).say(why).encode("ascii", "replace").decode() if why else None
        return self._redirect(
            request, {"error": "access_denied"} | ({"error_description": said} if said else {})
        )

    def _redirect(self, request: Pushed, answer: Mapping[str, str]) -> str:
        # `iss` names who answered (RFC 9207), so that two providers cannot be mixed up.
        return f"{request.redirect_uri}?{urlencode({**answer, 'state': request.state, 'iss': self.issuer})}"

    async def token(self, parameters: Mapping[str, str], proof: str | None) -> dict[str, Any]:
        """The token endpoint's answer.

        Raises:
            OAuthError: as of RFC 6749 section 5.2.
            ProofError: the DPoP proof is missing or wrong: every token is bound to a key here.
        """
        client = _client(parameters)
        keys, proofs = await self._keys_and_proofs()
        jkt = proofs.check(proof, "POST", f"{self.issuer}/token")
        try:
            match parameters.get("grant_type"):
                case "authorization_code":
                    verifier = parameters.get("code_verifier", "")
                    if not _VERIFIER.fullmatch(verifier):
                        raise OAuthError("invalid_request", "code_verifier must be 43 to 128 characters")
                    granted = await self._grants.redeem(
                        parameters.get("code", ""),
                        client.id,
                        parameters.get("redirect_uri", ""),
                        verifier,
                        jkt,
                    )
                case "refresh_token":
                    granted = await self._grants.refresh(parameters.get("refresh_token", ""), client.id, jkt)
                case _:
                    raise OAuthError(
                        "unsupported_grant_type", "authorization_code and refresh_token are supported"
                    )
        except GrantError as error:
            raise OAuthError("invalid_grant", str(error)) from error
        persona = self.personas.of_subject(granted.subject)
        if persona is None or persona.account == "suspended":
            await self._grants.revoke_session(granted.sid)
            raise OAuthError("invalid_grant", "this account is gone or suspended")
        return self._tokens(keys, granted, persona.name)

    def _tokens(self, keys: Keys, granted: Granted, name: str) -> dict[str, Any]:
        now = int(self._now().timestamp())
        expires_in = int(ACCESS_LIFE.total_seconds())
        access_token = keys.sign(
            "at+jwt",
            {
                "iss": self.issuer,
                "aud": "loket-backend",
                "sub": granted.subject,
                "client_id": granted.client_id,
                "iat": now,
                "exp": now + expires_in,
                "jti": self._new_secret(),
                "scope": granted.scope,
                "auth_time": int(granted.auth_time.timestamp()),
                "sid": granted.sid,
                "cnf": {"jkt": granted.jkt},
            },
        )
        answer: dict[str, Any] = {
            "access_token": access_token,
            "token_type": "DPoP",
            "expires_in": expires_in,
            "scope": granted.scope,
            "refresh_token": granted.refresh_token,
        }
        if granted.nonce is not None:
            half = hashlib.sha256(access_token.encode()).digest()[:16]
            answer["id_token"] = keys.sign(
                "JWT",
                {
                    "iss": self.issuer,
                    "aud": granted.client_id,
                    "sub": granted.subject,
                    "iat": now,
                    "exp": now + int(ID_TOKEN_LIFE.total_seconds()),
                    "auth_time": int(granted.auth_time.timestamp()),
                    "nonce": granted.nonce,
                    "at_hash": urlsafe_b64encode(half).rstrip(b"=").decode(),
                    "sid": granted.sid,
                    "name": name,
                },
            )
        return answer

    async def revoke(self, parameters: Mapping[str, str]) -> None:
        """End the sign-in of a refresh token (RFC 7009).

        Raises:
            OAuthError: the client is unknown.
        """
        client = _client(parameters)
        await self._grants.revoke_token(parameters.get("token", ""), client.id)

    async def log_out(self, parameters: Mapping[str, str]) -> str | None:
        """End the citizen's sign-in (RP-Initiated Logout 1.0); gives where to send the browser, if anywhere.

        The sign-in is known by `id_token_hint`, or by its `sid` as `logout_hint`, which nobody can guess.

        Raises:
            OAuthError: the hint is not ours, or the redirect is not the client's.
        """
        sid = parameters.get("logout_hint")
        client_id = parameters.get("client_id")
        if hint := parameters.get("id_token_hint"):
            keys, _ = await self._keys_and_proofs()
            try:
                # An expired ID token is still a hint (section 2); its signature is what counts.
                claims = jwt.decode(hint, keys.signing, algorithms=[ALGORITHM]).claims
            except (JoseError, ValueError) as error:
                raise OAuthError("invalid_request", "id_token_hint is not one of this provider's") from error
            if client_id not in (None, claims.get("aud")):
                raise OAuthError("invalid_request", "client_id is not that of id_token_hint")
            client_id, sid = claims.get("aud"), claims.get("sid")
        target = parameters.get("post_logout_redirect_uri")
        client = CLIENTS.get(client_id or "")
        if target is not None and (client is None or target != client.post_logout_redirect):
            raise OAuthError("invalid_request", "post_logout_redirect_uri is not one of this client's")
        if sid:
            await self._grants.revoke_session(sid)
        if target is None:
            return None
        state = parameters.get("state")
        return f"{target}?{urlencode({'state': state})}" if state else target


def _client(parameters: Mapping[str, str]) -> Client:
    client = CLIENTS.get(parameters.get("client_id", ""))
    if client is None:
        raise OAuthError("invalid_client", "client_id is unknown", 401)
    return client


def _text(parameters: Mapping[str, str], name: str) -> str:
    value = parameters.get(name, "")
    if not 8 <= len(value) <= 512:
        raise OAuthError("invalid_request", f"{name} must be 8 to 512 characters")
    return value
