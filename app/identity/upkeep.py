"""What a session asks of its provider once somebody is signed in: to renew it, and to end it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from urllib.parse import urlencode

from app.identity.errors import SignInError, busy, untrusted
from app.identity.id_token import UnknownKey, check_id_token
from app.identity.provider import Answer, AnswerLost, Provider, ProviderClient
from app.identity.tokens import Tokens

GOODBYE_SECONDS = 5
"""How long signing out waits for the provider."""

_ENDED = frozenset({"invalid_grant", "invalid_client", "unauthorized_client"})


class Upkeep:
    """Remembers the provider's metadata and its last nonce. All raise SignInError where they can not tell."""

    def __init__(self, client: ProviderClient, client_id: str, now: Callable[[], datetime]) -> None:
        self.client = client
        self._client_id = client_id
        self._now = now
        self._provider: Provider | None = None

    async def discover(self, issuer: str) -> Provider:
        """The metadata of `issuer`, fresh."""
        self._provider = await self.client.discover(issuer)
        return self._provider

    async def renewed(self, tokens: Tokens) -> Tokens | None:
        """Fresh tokens for those that end; None where the provider has ended the session."""
        provider = await self._provider_of(tokens)
        answer = await self._refresh(provider, tokens)
        if answer.status == 200:
            renewed = tokens.renewed(answer, self._now())
            await self._check_identity(provider, tokens, renewed, answer)
            return renewed
        if answer.error in _ENDED:
            return None
        raise busy(f"status {answer.status}")

    async def say_goodbye(self, tokens: Tokens) -> None:
        """End the session at the provider (RFC 7009), as far as it can be reached soon."""
        with suppress(SignInError, TimeoutError):
            async with asyncio.timeout(GOODBYE_SECONDS):
                await self._revoke(tokens)

    async def logout_address(self, tokens: Tokens) -> str | None:
        """Where a browser ends its own session at the provider; None where it cannot, or none can tell."""
        with suppress(SignInError):
            provider = await self._provider_of(tokens)
            if provider.end_session_endpoint is not None:
                hint = {"logout_hint": tokens.sid} if tokens.sid else {}
                return f"{provider.end_session_endpoint}?{urlencode({'client_id': self._client_id, **hint})}"
        return None

    async def _refresh(self, provider: Provider, tokens: Tokens) -> Answer:
        form = {
            "grant_type": "refresh_token",
            "client_id": self._client_id,
            "refresh_token": tokens.refresh_token,
        }
        try:
            return await self.client.ask_with_proof(provider.token_endpoint, form, tokens.key)
        except AnswerLost:
            # The provider may have rotated already: it accepts the token before the current one once more.
            return await self.client.ask_with_proof(provider.token_endpoint, form, tokens.key)

    async def _check_identity(
        self, provider: Provider, tokens: Tokens, renewed: Tokens, answer: Answer
    ) -> None:
        """The ID token of a refresh, where there is one, must be of the same citizen (Core 12.2)."""
        id_token = answer.body.get("id_token")
        if id_token is None:
            return
        try:
            identity = check_id_token(
                str(id_token),
                await self.client.keys(provider),
                provider=provider,
                client_id=self._client_id,
                nonce=None,
                access_token=renewed.access_token,
                now=self._now(),
            )
        except UnknownKey as error:
            raise untrusted("id token: signed with a key that the provider does not have") from error
        if identity.subject != tokens.subject:
            raise untrusted("id token: another citizen than before")

    async def _revoke(self, tokens: Tokens) -> None:
        provider = await self._provider_of(tokens)
        if provider.revocation_endpoint is not None:
            form = {
                "client_id": self._client_id,
                "token": tokens.refresh_token,
                "token_type_hint": "refresh_token",
            }
            await self.client.ask("POST", provider.revocation_endpoint, form)

    async def _provider_of(self, tokens: Tokens) -> Provider:
        if self._provider is None or self._provider.issuer != tokens.issuer:
            return await self.discover(tokens.issuer)
        return self._provider
