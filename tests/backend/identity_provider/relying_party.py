"""A client of the provider, written for the tests alone: every parameter can be bent."""

from __future__ import annotations

import hashlib
import re
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

BASE = "http://127.0.0.1:8700"
ISSUER = f"{BASE}/idp"
REDIRECT = "http://127.0.0.1:51234/signed-in"


def b64url_sha256(text: str) -> str:
    return urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()


class RelyingParty:
    def __init__(self, http: httpx.AsyncClient, now: Callable[[], datetime]) -> None:
        self.http = http
        self.now = now
        self.key = ECKey.generate_key("P-256")
        self.verifier = secrets.token_urlsafe(48)
        self.nonce = "nonce-of-the-id-token"
        self.dpop_nonce: str | None = None

    def proof(self, method: str, url: str, *, header: dict[str, Any] | None = None, **claims: Any) -> str:
        """A proof; `header` and `claims` are bent as a test wants, None takes one away."""
        body = {
            "jti": secrets.token_urlsafe(12),
            "htm": method,
            "htu": url,
            "iat": int(self.now().timestamp()),
            "nonce": self.dpop_nonce,
            **claims,
        }
        head = {
            "alg": "ES256",
            "typ": "dpop+jwt",
            "jwk": self.key.as_dict(private=False),
            **(header or {}),
        }
        return jwt.encode(
            {n: v for n, v in head.items() if v is not None},
            {n: v for n, v in body.items() if v is not None},
            self.key,
            algorithms=["ES256"],
            default_type=None,
        )

    async def push(self, headers: dict[str, str] | None = None, **over: Any) -> httpx.Response:
        form = {
            "client_id": "loket-app",
            "response_type": "code",
            "redirect_uri": REDIRECT,
            "scope": "openid profile offline_access",
            "state": "state-of-the-app",
            "nonce": self.nonce,
            "code_challenge": b64url_sha256(self.verifier),
            "code_challenge_method": "S256",
            **over,
        }
        return await self.http.post(
            f"{ISSUER}/par", data={n: v for n, v in form.items() if v is not None}, headers=headers
        )

    async def request_uri(self, **over: Any) -> str:
        answer = await self.push(**over)
        assert answer.status_code == 201, answer.text
        return answer.json()["request_uri"]

    async def page(self, request_uri: str, client_id: str = "loket-app", **headers: str) -> httpx.Response:
        return await self.http.get(
            f"{ISSUER}/authorize",
            params={"client_id": client_id, "request_uri": request_uri},
            headers=headers,
        )

    async def choose(self, request_uri: str, persona: str | None = "sari") -> httpx.Response:
        form = {"request_uri": request_uri} | ({"persona": persona} if persona else {})
        return await self.http.post(f"{ISSUER}/authorize", data=form)

    async def code(self, persona: str = "sari", **over: Any) -> str:
        answer = await self.choose(await self.request_uri(**over), persona)
        return answered(answer)["code"]

    async def token(self, proof: str | None = "", **form: Any) -> httpx.Response:
        """The token endpoint; learns its nonce and comes again, unless a `proof` is given."""
        form = {"client_id": "loket-app", **form}
        for _ in range(2):
            made = self.proof("POST", f"{ISSUER}/token") if proof == "" else proof
            headers = {"DPoP": made} if made else {}
            answer = await self.http.post(
                f"{ISSUER}/token", data={n: v for n, v in form.items() if v is not None}, headers=headers
            )
            self.dpop_nonce = answer.headers.get("dpop-nonce", self.dpop_nonce)
            if proof != "" or answer.json().get("error") != "use_dpop_nonce":
                break
        return answer

    async def redeem(self, issued: str, **over: Any) -> httpx.Response:
        form = {
            "grant_type": "authorization_code",
            "code": issued,
            "redirect_uri": REDIRECT,
            "code_verifier": self.verifier,
            **over,
        }
        return await self.token(**form)

    async def refresh(self, refresh_token: str, **over: Any) -> httpx.Response:
        return await self.token(grant_type="refresh_token", refresh_token=refresh_token, **over)

    async def sign_in(self, persona: str = "sari") -> dict[str, Any]:
        answer = await self.redeem(await self.code(persona))
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def keys(self) -> KeySet:
        return KeySet.import_key_set((await self.http.get(f"{ISSUER}/jwks")).json())


def answered(response: httpx.Response) -> dict[str, str]:
    """The parameters that the browser is sent back with."""
    assert response.status_code == 303, response.text
    return {n: v[0] for n, v in parse_qs(urlsplit(response.headers["location"]).query).items()}


def data_personas(html: str) -> list[str]:
    return re.findall(r'data-persona="([^"]+)"', html)
