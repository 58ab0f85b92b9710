"""What the sandbox identity provider keeps: a signed-in app stays so when the backend restarts.

Codes, request URIs and refresh tokens are kept as SHA-256 alone: they carry 256 random bits.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.tables import Table


class ProviderKeys(Table):
    """The one row of keys: `jwk` signs tokens, `nonce_key` (32 bytes) makes DPoP nonces."""

    __tablename__ = "idp_keys"

    id: Mapped[int] = mapped_column(primary_key=True)
    jwk: Mapped[dict[str, Any]]
    nonce_key: Mapped[bytes]


class PushedRequest(Table):
    """An authorization request (RFC 9126) that waits for its citizen. `jkt`: the DPoP key it is bound to."""

    __tablename__ = "idp_requests"
    __table_args__ = (Index(None, "expires_at"),)

    uri_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    client_id: Mapped[str] = mapped_column(String(64))
    redirect_uri: Mapped[str] = mapped_column(String(512))
    scope: Mapped[str] = mapped_column(String(256))
    state: Mapped[str] = mapped_column(String(512))
    nonce: Mapped[str] = mapped_column(String(512))
    code_challenge: Mapped[str] = mapped_column(String(64))
    jkt: Mapped[str | None] = mapped_column(String(64))
    ui_locales: Mapped[str] = mapped_column(String(256))
    expires_at: Mapped[datetime]


class Family(Table):
    """One sign-in and all the tokens that came of it; its id is the `sid` of the ID token.

    `jkt` is set with the first tokens. `retry_left`: whether the token before the current one may come again.
    """

    __tablename__ = "idp_families"
    __table_args__ = (Index(None, "expires_at"),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    client_id: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str] = mapped_column(String(255))
    scope: Mapped[str] = mapped_column(String(256))
    auth_time: Mapped[datetime]
    jkt: Mapped[str | None] = mapped_column(String(64))
    retry_left: Mapped[bool]
    revoked: Mapped[bool]
    expires_at: Mapped[datetime]


class Code(Table):
    """An authorization code: good once, for a minute."""

    __tablename__ = "idp_codes"
    __table_args__ = (Index(None, "family"),)

    code_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    family: Mapped[str] = mapped_column(ForeignKey("idp_families.id", ondelete="CASCADE"))
    redirect_uri: Mapped[str] = mapped_column(String(512))
    nonce: Mapped[str] = mapped_column(String(512))
    code_challenge: Mapped[str] = mapped_column(String(64))
    jkt: Mapped[str | None] = mapped_column(String(64))
    used: Mapped[bool]
    expires_at: Mapped[datetime]


class RefreshToken(Table):
    """One refresh token of a family. `standing`: `current`, `previous` (may be retried once) or `spent`."""

    __tablename__ = "idp_refresh_tokens"
    __table_args__ = (Index(None, "family"),)

    token_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    family: Mapped[str] = mapped_column(ForeignKey("idp_families.id", ondelete="CASCADE"))
    standing: Mapped[str] = mapped_column(String(8))
