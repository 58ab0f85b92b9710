"""Requests, codes and refresh families in the database: each step is one transaction, good once.

Rotation follows RFC 9700 section 4.14.2: every use of a refresh token gives a new one. Whoever comes with a
spent token ends the whole family. One exception keeps honest apps signed in: the token right before the
current one may come once more, because the answer to its first use can be lost on the way.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.database import Database
from backend.dpop import b64url_sha256
from backend.sandbox.identity_provider.tables import Code, Family, PushedRequest, RefreshToken

REQUEST_LIFE = timedelta(minutes=10)
"""How long a citizen may look at the page of personas."""
CODE_LIFE = timedelta(seconds=60)
FAMILY_LIFE = timedelta(days=90)
"""How long an app stays signed in that is not used at all."""


class GrantError(Exception):
    """The code or refresh token does not count (any more): `invalid_grant` of RFC 6749. The text says why."""


@dataclass(frozen=True, slots=True)
class Granted:
    """What tokens may be made for. `nonce` only for the first ones (OpenID Connect Core 12.2)."""

    sid: str
    subject: str
    client_id: str
    scope: str
    auth_time: datetime
    jkt: str
    refresh_token: str
    nonce: str | None = None


@dataclass(frozen=True, slots=True)
class Pushed:
    """An authorization request as the client pushed it."""

    client_id: str
    redirect_uri: str
    scope: str
    state: str
    nonce: str
    code_challenge: str
    jkt: str | None
    ui_locales: str


class Grants:
    """`new_secret` gives 256 random bits as text."""

    def __init__(
        self, database: Database, now: Callable[[], datetime], new_secret: Callable[[], str]
    ) -> None:
        self._database = database
        self._now = now
        self._new_secret = new_secret

    async def push(self, request: Pushed) -> str:
        """Keep `request`; gives the secret that names it."""
        secret = self._new_secret()
        now = self._now()
        async with self._database.writing() as session:
            await session.execute(delete(PushedRequest).where(PushedRequest.expires_at < now))
            await session.execute(delete(Family).where(Family.expires_at < now))
            session.add(
                PushedRequest(
                    uri_sha256=_digest(secret),
                    client_id=request.client_id,
                    redirect_uri=request.redirect_uri,
                    scope=request.scope,
                    state=request.state,
                    nonce=request.nonce,
                    code_challenge=request.code_challenge,
                    jkt=request.jkt,
                    ui_locales=request.ui_locales,
                    expires_at=now + REQUEST_LIFE,
                )
            )
        return secret

    async def pushed(self, secret: str) -> Pushed | None:
        """The request that `secret` names, or None where there is none (any more)."""
        async with self._database.reading() as session:
            row = await session.get(PushedRequest, _digest(secret))
        return _as_pushed(row) if row and row.expires_at > self._now() else None

    async def close_request(self, secret: str) -> Pushed | None:
        """Take the request away; None where it is gone: of two answers to one request the first counts."""
        async with self._database.writing() as session:
            return await self._take(session, secret)

    async def grant_code(self, secret: str, subject: str) -> tuple[Pushed, str] | None:
        """Answer the request with a code for `subject`; None where the request is gone."""
        code, sid = self._new_secret(), self._new_secret()
        now = self._now()
        async with self._database.writing() as session:
            request = await self._take(session, secret)
            if request is None:
                return None
            session.add(
                Family(
                    id=sid,
                    client_id=request.client_id,
                    subject=subject,
                    scope=request.scope,
                    auth_time=now,
                    jkt=None,
                    retry_left=False,
                    revoked=False,
                    expires_at=now + CODE_LIFE,
                )
            )
            await session.flush()
            session.add(
                Code(
                    code_sha256=_digest(code),
                    family=sid,
                    redirect_uri=request.redirect_uri,
                    nonce=request.nonce,
                    code_challenge=request.code_challenge,
                    jkt=request.jkt,
                    used=False,
                    expires_at=now + CODE_LIFE,
                )
            )
        return request, code

    async def redeem(self, code: str, client_id: str, redirect_uri: str, verifier: str, jkt: str) -> Granted:
        """The first tokens for `code`.

        Raises:
            GrantError: unknown, late, used before (which revokes what it gave), or another client, redirect,
                PKCE verifier (RFC 7636) or DPoP key.
        """
        refused: GrantError | None = None
        granted: Granted | None = None
        async with self._database.writing() as session:
            row = await session.get(Code, _digest(code), with_for_update=True)
            family = await session.get(Family, row.family, with_for_update=True) if row else None
            if row is None or family is None:
                refused = GrantError("the code is unknown")
            elif row.used:
                # RFC 6749 section 4.1.2: somebody else has this code too.
                family.revoked = True
                refused = GrantError("the code was used before")
            else:
                row.used = True
                refused = _why_not(row, family, client_id, redirect_uri, verifier, jkt, self._now())
                if refused is None:
                    family.jkt = jkt
                    granted = self._issue(session, family, row.nonce)
        if granted is None:
            raise refused or GrantError("the code is unknown")
        return granted

    async def refresh(self, token: str, client_id: str, jkt: str) -> Granted:
        """New tokens for a refresh token, which is worth nothing afterwards (see the module's words).

        Raises:
            GrantError: unknown, ended, spent (which ends the family), or another client's or key's.
        """
        refused: GrantError | None = None
        granted: Granted | None = None
        async with self._database.writing() as session:
            row = await session.get(RefreshToken, _digest(token))
            # The family's lock orders two refreshes that come at the same time.
            family = await session.get(Family, row.family, with_for_update=True) if row else None
            if row is None or family is None:
                refused = GrantError("the refresh token is unknown")
            elif family.client_id != client_id or family.jkt != jkt:
                refused = GrantError("the refresh token belongs to another client or key")
            elif family.revoked or family.expires_at < self._now():
                refused = GrantError("this sign-in has ended")
            else:
                await session.refresh(row)
                if row.standing == "current":
                    await self._restand(session, family.id, "previous", "spent")
                    row.standing = "previous"
                    family.retry_left = True
                    granted = self._issue(session, family)
                elif row.standing == "previous" and family.retry_left:
                    await self._restand(session, family.id, "current", "spent")
                    family.retry_left = False
                    granted = self._issue(session, family)
                else:
                    family.revoked = True
                    refused = GrantError("the refresh token was used before: this sign-in has ended")
        if granted is None:
            raise refused or GrantError("the refresh token is unknown")
        return granted

    async def revoke_token(self, token: str, client_id: str) -> None:
        """End the sign-in of a refresh token (RFC 7009); an unknown token is no error."""
        async with self._database.writing() as session:
            row = await session.get(RefreshToken, _digest(token))
            family = await session.get(Family, row.family, with_for_update=True) if row else None
            if family is not None and family.client_id == client_id:
                family.revoked = True

    async def revoke_session(self, sid: str) -> None:
        """End the sign-in `sid`; an unknown one is no error."""
        async with self._database.writing() as session:
            await session.execute(update(Family).where(Family.id == sid).values(revoked=True))

    async def _take(self, session: AsyncSession, secret: str) -> Pushed | None:
        row = await session.get(PushedRequest, _digest(secret), with_for_update=True)
        if row is None or row.expires_at <= self._now():
            return None
        await session.delete(row)
        return _as_pushed(row)

    def _issue(self, session: AsyncSession, family: Family, nonce: str | None = None) -> Granted:
        token = self._new_secret()
        session.add(RefreshToken(token_sha256=_digest(token), family=family.id, standing="current"))
        family.expires_at = self._now() + FAMILY_LIFE
        return Granted(
            sid=family.id,
            subject=family.subject,
            client_id=family.client_id,
            scope=family.scope,
            auth_time=family.auth_time,
            jkt=family.jkt or "",
            refresh_token=token,
            nonce=nonce,
        )

    @staticmethod
    async def _restand(session: AsyncSession, family: str, old: str, new: str) -> None:
        await session.execute(
            update(RefreshToken)
            .where(RefreshToken.family == family, RefreshToken.standing == old)
            .values(standing=new)
        )


def _why_not(
    row: Code, family: Family, client_id: str, redirect_uri: str, verifier: str, jkt: str, now: datetime
) -> GrantError | None:
    if row.expires_at < now:
        return GrantError("the code came too late")
    if family.client_id != client_id or row.redirect_uri != redirect_uri:
        return GrantError("the code belongs to another client or redirect_uri")
    if not hmac.compare_digest(b64url_sha256(verifier), row.code_challenge):
        return GrantError("code_verifier is not the one of code_challenge")
    if row.jkt is not None and row.jkt != jkt:
        return GrantError("the code is bound to another DPoP key")
    return None


def _as_pushed(row: PushedRequest) -> Pushed:
    return Pushed(
        client_id=row.client_id,
        redirect_uri=row.redirect_uri,
        scope=row.scope,
        state=row.state,
        nonce=row.nonce,
        code_challenge=row.code_challenge,
        jkt=row.jkt,
        ui_locales=row.ui_locales,
    )


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
