"""What a signed-in session holds, and its form in the encrypted storage."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from app.identity.errors import untrusted
from app.identity.proof import ProofKey
from app.identity.provider import Answer

_SHORTEST, _LONGEST = 1, 24 * 3600


@dataclass(frozen=True, slots=True, repr=False)
class Tokens:
    """The tokens of one sign-in. `subject` and `sid` are the provider's; `name` is for the greeting."""

    issuer: str
    subject: str
    name: str | None
    sid: str | None
    key: ProofKey
    access_token: str
    expires_at: datetime
    refresh_token: str

    def renewed(self, answer: Answer, now: datetime) -> Tokens:
        """These tokens after a refresh. A provider that does not rotate leaves the refresh token out."""
        access_token, expires_at = read_access_token(answer, now)
        rotated = answer.body.get("refresh_token", self.refresh_token)
        return replace(
            self,
            access_token=access_token,
            expires_at=expires_at,
            refresh_token=rotated if isinstance(rotated, str) and rotated else self.refresh_token,
        )

    def to_json(self) -> dict[str, Any]:
        """All of it, secrets included."""
        return {
            "issuer": self.issuer,
            "subject": self.subject,
            "name": self.name,
            "sid": self.sid,
            "key": self.key.private_jwk(),
            "access_token": self.access_token,
            "expires_at": self.expires_at.timestamp(),
            "refresh_token": self.refresh_token,
        }

    @classmethod
    def from_json(
        cls, value: Mapping[str, Any], now: Callable[[], datetime], random_bytes: Callable[[int], bytes]
    ) -> Tokens:
        """The tokens of `to_json()`. ValueError where something is missing or of another kind."""
        try:
            name, sid = value["name"], value["sid"]
            texts = (value["issuer"], value["subject"], value["access_token"], value["refresh_token"])
            if not all(isinstance(text, str) for text in texts):
                raise ValueError("a token is not text")
            return cls(
                issuer=value["issuer"],
                subject=value["subject"],
                name=name if isinstance(name, str) else None,
                sid=sid if isinstance(sid, str) else None,
                key=ProofKey.restore(value["key"], now, random_bytes),
                access_token=value["access_token"],
                expires_at=datetime.fromtimestamp(float(value["expires_at"]), UTC),
                refresh_token=value["refresh_token"],
            )
        except (KeyError, TypeError, OverflowError, OSError) as error:
            raise ValueError(f"the stored session is incomplete ({type(error).__name__})") from error


def read_access_token(answer: Answer, now: datetime) -> tuple[str, datetime]:
    """Access token and when it ends, from a token answer (RFC 6749 section 5.1, RFC 9449 section 5).

    Raises:
        SignInError: something is missing, or the token is not bound to our key.
    """
    token, kind, life = (answer.body.get(name) for name in ("access_token", "token_type", "expires_in"))
    if not isinstance(token, str) or not token or not token.isascii() or not token.isprintable():
        raise untrusted("token answer: access_token is missing")
    if not isinstance(kind, str) or kind.lower() != "dpop":
        raise untrusted("token answer: token_type is not DPoP")
    if isinstance(life, bool) or not isinstance(life, int | float) or life < _SHORTEST:
        raise untrusted("token answer: expires_in is missing")
    return token, now + timedelta(seconds=min(life, _LONGEST))
