"""The session: who is signed in, and what a request must carry to say so.

Tokens live in memory until the citizen has a PIN (`attach`), then in the encrypted storage as well. Refresh
tokens rotate: each is good once. The old one stays in storage until the new one takes its place, so a crash
in between loses nothing: the provider accepts the token before the current one once more (RFC 9700, 4.14.2).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal, cast

from app.backend_api.errors import NotSignedIn, Unreachable
from app.contract.language import Language
from app.identity.errors import SignInError, somebody_else
from app.identity.redirect import LoopbackRedirect, Redirect
from app.watchers import Watchers

if TYPE_CHECKING:
    import httpx

    from app.identity.tokens import Tokens
    from app.identity.upkeep import Upkeep
    from app.storage.storage import Storage

__all__ = ["Session", "SignInError"]

log = logging.getLogger("loket.identity")

COLLECTION, RECORD, OWNER = "session", "tokens", "owner"

EARLY = timedelta(seconds=30)
"""A token that ends sooner than this is renewed before it is used."""
JUST_NOW = timedelta(seconds=10)
"""A token this young was refused for another reason than its age."""
SIGN_IN_SECONDS = 600


async def _ten_minutes() -> None:
    await asyncio.sleep(SIGN_IN_SECONDS)


class Session:
    """One citizen's sign-in on this device; the `Authoriser` of the backend's client.

    Args:
        issuer: the identity provider's address; awaited, since an embedded one may still be starting.
        client_id: who this app is to the provider.
        http: see `backend_api.exchange.http_client`.
        now: aware UTC. random_bytes: `n` random bytes.
        redirect: a fresh way back for each sign-in; a `SchemeRedirect` on a phone.
        deadline: comes back when a citizen who has not returned from the browser is given up.
        patience: seconds that one answer of the provider may take.
    """

    def __init__(
        self,
        *,
        issuer: Callable[[], Awaitable[str]],
        client_id: str,
        http: httpx.AsyncClient,
        now: Callable[[], datetime],
        random_bytes: Callable[[int], bytes],
        redirect: Callable[[], Redirect] = LoopbackRedirect,
        deadline: Callable[[], Awaitable[None]] = _ten_minutes,
        patience: float = 20.0,
    ) -> None:
        self._issuer = issuer
        self._client_id = client_id
        self._http = http
        self._now = now
        self._random_bytes = random_bytes
        self._redirect = redirect
        self._deadline = deadline
        self._patience = patience
        self._tokens: Tokens | None = None
        self._renewed_at: datetime | None = None
        self._storage: Storage | None = None
        self._saved = False
        self._nonce: str | None = None
        self._asks: Upkeep | None = None
        self._refreshing: asyncio.Task[None] | None = None
        self._watchers = Watchers[[]]()

    @property
    def state(self) -> Literal["signed_out", "signed_in"]:
        """Whether somebody is signed in; true without a network too."""
        return "signed_in" if self._tokens else "signed_out"

    @property
    def subject(self) -> str | None:
        """The provider's opaque identifier of the citizen."""
        return self._tokens.subject if self._tokens else None

    @property
    def name(self) -> str | None:
        """The citizen's full name, where the provider told it."""
        return self._tokens.name if self._tokens else None

    def watch(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call `callback` whenever somebody was signed in or out; gives the function that ends the watch."""
        return self._watchers.watch(callback)

    async def sign_in(
        self, open_browser: Callable[[str], Awaitable[None]], *, language: Language | None = None
    ) -> None:
        """Sign a citizen in through the system's browser, in `language` (Indonesian if not given).

        Raises:
            SignInError: why nobody was signed in; whoever was before, still is. A storage that keeps the data
                of one citizen is not opened to another one.
        """
        from app.identity.flow import SignIn

        upkeep = self._upkeep()
        attempt = SignIn(
            upkeep.client,
            await upkeep.discover(await self._issuer()),
            self._redirect(),
            client_id=self._client_id,
            now=self._now,
            random_bytes=self._random_bytes,
            deadline=self._deadline,
            language=language or Language.load("id"),
        )
        tokens = await attempt.run(open_browser)
        if await self._belongs_to_another(tokens):
            await self._upkeep().say_goodbye(tokens)
            raise somebody_else()
        await self._accept(tokens)
        self._tell()

    async def attach(self, storage: Storage) -> None:
        """Keep the session in `storage` from now on.

        Raises:
            SignInError: `storage` keeps the data of another citizen; nobody is signed in any more.
        """
        self._storage = storage
        tokens = self._tokens
        if tokens is not None and await self._belongs_to_another(tokens):
            self._tokens = None
            await self._upkeep().say_goodbye(tokens)
            self._tell()
            raise somebody_else()
        await self._save()

    async def restore(self, storage: Storage) -> None:
        """Take up the session that `storage` keeps, if any; no network is needed.

        A record that cannot be read counts as signed out: the citizen signs in again, and loses nothing else.
        """
        from app.identity.tokens import Tokens

        self._storage = storage
        if self._tokens is not None and not self._saved:
            await self._save()
            return
        record = await storage.get(COLLECTION, RECORD)
        restored: Tokens | None = None
        if isinstance(record, dict):
            try:
                restored = Tokens.from_json(cast("dict[str, Any]", record), self._now, self._random_bytes)
            except ValueError as error:
                log.warning("the stored session cannot be used: %s", error)
                await storage.delete(COLLECTION, RECORD)
        self._tokens, self._saved = restored, restored is not None
        self._tell()

    def lock(self) -> None:
        """Leave the session to the encrypted storage alone, until `restore` takes it up again."""
        if self._saved:
            self._tokens, self._storage, self._nonce, self._saved = None, None, None, False
            self._tell()

    async def sign_out(self) -> None:
        """End the session: at the provider as far as it can be reached now, on this device in any case."""
        if self._refreshing is not None:
            self._refreshing.cancel()
        tokens, storage = self._tokens, self._storage
        self._tokens, self._storage, self._nonce, self._saved = None, None, None, False
        if storage is not None:
            await self._forget(storage, RECORD, OWNER)
        if tokens is not None:
            await self._upkeep().say_goodbye(tokens)
        self._tell()

    async def headers(self, method: str, url: str) -> dict[str, str]:
        """`Authorization` and `DPoP` for one request of `method` to `url` (RFC 9449 section 7.1).

        A token that is about to end is renewed first, once for all who ask at the same time.

        Raises:
            NotSignedIn: nobody is signed in, or the provider has ended the session.
            Unreachable: the token has ended and the provider cannot be reached to renew it.
        """
        tokens = self._signed_in()
        if tokens.expires_at - self._now() < EARLY:
            try:
                await self._refresh()
            except Unreachable:
                if self._signed_in().expires_at <= self._now():
                    raise
            tokens = self._signed_in()
        proof = tokens.key.proof(method, url, nonce=self._nonce, access_token=tokens.access_token)
        return {"Authorization": f"DPoP {tokens.access_token}", "DPoP": proof}

    async def refused(self, response_headers: Mapping[str, str]) -> bool:
        """Learn from a 401 of the backend; True: the same request is worth one more try.

        Raises:
            Unreachable: the token must be renewed, and the provider cannot be reached.
        """
        headers = {name.lower(): value for name, value in response_headers.items()}
        self._nonce = headers.get("dpop-nonce", self._nonce)
        if self._tokens is None:
            return False
        if "use_dpop_nonce" in headers.get("www-authenticate", ""):
            return "dpop-nonce" in headers
        if self._renewed_at is None or self._now() - self._renewed_at > JUST_NOW:
            try:
                await self._refresh()
            except NotSignedIn:
                return False
        return True

    def _signed_in(self) -> Tokens:
        if self._tokens is None:
            raise NotSignedIn
        return self._tokens

    def _upkeep(self) -> Upkeep:
        from app.identity.provider import ProviderClient
        from app.identity.upkeep import Upkeep

        if self._asks is None:
            self._asks = Upkeep(ProviderClient(self._http, self._patience), self._client_id, self._now)
        return self._asks

    async def _refresh(self) -> None:
        # A task of its own: whoever asked may be cancelled, and a rotated token must not be lost with them.
        if self._refreshing is None:
            self._refreshing = asyncio.create_task(self._renew(self._signed_in()), name="refresh")
            self._refreshing.add_done_callback(self._refreshed)
        task = self._refreshing
        await asyncio.wait((task,))
        if task.cancelled():
            raise NotSignedIn("signed out in the meantime")
        task.result()

    def _refreshed(self, task: asyncio.Task[None]) -> None:
        self._refreshing = None
        if not task.cancelled():
            task.exception()  # Whoever waited has it; without anybody waiting it is no news.

    async def _renew(self, tokens: Tokens) -> None:
        try:
            moved = tokens.issuer != await self._issuer()
            # A refresh token goes to the provider that gave it, or to nobody (RFC 9700 section 4.4).
            renewed = None if moved else await self._upkeep().renewed(tokens)
        except SignInError as error:
            raise Unreachable(f"refresh: {error}") from error
        if self._tokens is not tokens:
            return  # Signed out, or in as somebody else, in the meantime.
        if renewed is None:
            log.info("the provider has ended the session")
            await self._end()
            raise NotSignedIn("refresh: the provider has ended the session")
        await self._accept(renewed)

    async def _belongs_to_another(self, tokens: Tokens) -> bool:
        from app.storage.errors import StorageClosed

        owner = None
        if self._storage is not None:
            with suppress(StorageClosed):
                owner = await self._storage.get(COLLECTION, OWNER)
        return owner is not None and owner != tokens.subject

    async def logout_address(self) -> str | None:
        """Where a browser ends the citizen's session at the provider (RP-Initiated Logout 1.0), if it can.

        Ask before `sign_out`. The address carries the session's `sid`, and no token: addresses get around.
        """
        return await self._upkeep().logout_address(self._signed_in())

    async def _accept(self, tokens: Tokens) -> None:
        self._tokens, self._renewed_at, self._saved = tokens, self._now(), False
        await self._save()

    async def _save(self) -> None:
        from app.storage.errors import StorageError

        if self._tokens is None or self._storage is None:
            return
        try:
            async with self._storage.transaction() as changes:
                await changes.put(COLLECTION, RECORD, self._tokens.to_json())
                await changes.put(COLLECTION, OWNER, self._tokens.subject)
            self._saved = True
        except StorageError as error:
            # In memory the session goes on; the next chance to save comes with the next token.
            log.warning("the session could not be saved: %s", type(error).__name__)

    async def _end(self) -> None:
        self._tokens, self._saved = None, False
        if self._storage is not None:
            await self._forget(self._storage, RECORD)
        self._tell()

    @staticmethod
    async def _forget(storage: Storage, *keys: str) -> None:
        from app.storage.errors import StorageError

        try:
            for key in keys:
                await storage.delete(COLLECTION, key)
        except StorageError as error:
            log.warning("the session could not be deleted: %s", type(error).__name__)

    def _tell(self) -> None:
        self._watchers.tell()
