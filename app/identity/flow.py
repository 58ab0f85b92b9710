"""One sign-in, from the button to the tokens: code and PKCE in the system's browser (RFC 8252, RFC 7636)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from urllib.parse import urlencode

from app.contract.language import Language
from app.identity.errors import SignInError, cancelled, denied, late, no_browser, untrusted
from app.identity.id_token import Identity, UnknownKey, check_id_token
from app.identity.proof import ProofKey, b64url, s256
from app.identity.provider import Provider, ProviderClient
from app.identity.redirect import Redirect
from app.identity.tokens import Tokens, read_access_token

SCOPE = "openid profile offline_access"

OpenBrowser = Callable[[str], Awaitable[None]]


class SignIn:
    """Everything that one attempt needs. `deadline` comes back when the citizen has waited long enough."""

    def __init__(
        self,
        client: ProviderClient,
        provider: Provider,
        redirect: Redirect,
        *,
        client_id: str,
        now: Callable[[], datetime],
        random_bytes: Callable[[int], bytes],
        deadline: Callable[[], Awaitable[None]],
        language: Language,
    ) -> None:
        self._client = client
        self._provider = provider
        self._redirect = redirect
        self._client_id = client_id
        self._now = now
        self._deadline = deadline
        self._language = language
        # Three secrets, each for one party: the browser, the ID token, the token endpoint.
        self._state, self._nonce, self._verifier = (b64url(random_bytes(32)) for _ in range(3))
        self._key = ProofKey.generate(now, random_bytes)

    async def run(self, open_browser: OpenBrowser) -> Tokens:
        """The tokens of whoever signed in. SignInError says why there are none."""
        outcome = "failed"
        redirect_uri = await self._redirect.open(self._state, self._language)
        try:
            address = await self._authorization_address(redirect_uri)
            try:
                await open_browser(address)
            except (OSError, RuntimeError) as error:
                raise no_browser(type(error).__name__) from error
            code = self._code(await self._before_deadline(self._redirect.answer()))
            tokens = await self._redeem(code, redirect_uri)
            outcome = "signed_in"
            return tokens
        except SignInError as error:
            outcome = "cancelled" if error.reason == "cancelled" else "failed"
            raise
        finally:
            await self._redirect.close(outcome)

    async def _authorization_address(self, redirect_uri: str) -> str:
        request = {
            "client_id": self._client_id,
            "response_type": "code",
            "redirect_uri": redirect_uri,
            "scope": SCOPE,
            # A refresh token is only given with consent (OpenID Connect Core 11).
            "prompt": "consent",
            "state": self._state,
            "nonce": self._nonce,
            "code_challenge": s256(self._verifier),
            "code_challenge_method": "S256",
            "dpop_jkt": self._key.thumbprint,
            "ui_locales": self._language.tag,
        }
        if self._provider.par_endpoint is not None:
            request = await self._push(self._provider.par_endpoint, request)
        endpoint = self._provider.authorization_endpoint
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(request)}"

    async def _push(self, endpoint: str, request: Mapping[str, str]) -> dict[str, str]:
        """Send the request ahead (RFC 9126), so that the address in the browser tells nothing."""
        answer = await self._client.ask("POST", endpoint, request)
        request_uri = answer.body.get("request_uri")
        if answer.status != 201 or not isinstance(request_uri, str):
            raise untrusted(f"pushed request: status {answer.status}, error {_code_only(answer.error)}")
        return {"client_id": self._client_id, "request_uri": request_uri}

    async def _before_deadline(self, answer: Awaitable[Mapping[str, str]]) -> Mapping[str, str]:
        waiting = asyncio.ensure_future(answer)
        clock = asyncio.ensure_future(self._deadline())
        try:
            await asyncio.wait((waiting, clock), return_when=asyncio.FIRST_COMPLETED)
            if not waiting.done():
                raise late()
            return waiting.result()
        finally:
            waiting.cancel()
            clock.cancel()

    def _code(self, answer: Mapping[str, str]) -> str:
        issuer = answer.get("iss")
        if issuer is None and self._provider.names_issuer:
            raise untrusted("authorization response: iss is missing")
        if issuer is not None and issuer != self._provider.issuer:
            raise untrusted("authorization response: iss is another issuer")
        error = answer.get("error")
        if error == "access_denied":
            said = _plain(answer.get("error_description", ""))
            raise denied(said) if said else cancelled()
        if error is not None:
            raise untrusted(f"authorization response: error {_code_only(error)}")
        code = answer.get("code")
        if not code:
            raise untrusted("authorization response: code is missing")
        return code

    async def _redeem(self, code: str, redirect_uri: str) -> Tokens:
        form = {
            "grant_type": "authorization_code",
            "client_id": self._client_id,
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": self._verifier,
        }
        answer = await self._client.ask_with_proof(self._provider.token_endpoint, form, self._key)
        if answer.status != 200:
            raise untrusted(f"token answer: status {answer.status}, error {_code_only(answer.error)}")
        access_token, expires_at = read_access_token(answer, self._now())
        id_token, refresh_token = answer.body.get("id_token"), answer.body.get("refresh_token")
        if not isinstance(id_token, str):
            raise untrusted("token answer: id_token is missing")
        if not isinstance(refresh_token, str) or not refresh_token:
            raise untrusted("token answer: refresh_token is missing")
        identity = await self._identity(id_token, access_token)
        return Tokens(
            issuer=self._provider.issuer,
            subject=identity.subject,
            name=identity.name,
            sid=identity.sid,
            key=self._key,
            access_token=access_token,
            expires_at=expires_at,
            refresh_token=refresh_token,
        )

    async def _identity(self, id_token: str, access_token: str) -> Identity:
        # A provider may change its keys between two requests: an unknown one is worth a second look.
        for last in (False, True):
            keys = await self._client.keys(self._provider)
            try:
                return check_id_token(
                    id_token,
                    keys,
                    provider=self._provider,
                    client_id=self._client_id,
                    nonce=self._nonce,
                    access_token=access_token,
                    now=self._now(),
                )
            except UnknownKey:
                if last:
                    raise untrusted("id token: signed with a key that the provider does not have") from None
        raise AssertionError("the second look decides")


def _plain(text: str) -> str:
    """`text` as one line of at most 200 printable characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in text[:200]).split())


def _code_only(error: str | None) -> str:
    """An OAuth error code fit for a log: what does not look like one is left out."""
    return error if error and len(error) <= 64 and error.replace("_", "").isalnum() else "none"
