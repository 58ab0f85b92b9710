"""An identity provider on a real loopback port that lies in whatever way a test asks it to."""

from __future__ import annotations

import asyncio
import hashlib
import json
from base64 import urlsafe_b64encode
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey

CLIENT_ID = "loket-app"


@dataclass
class Request:
    method: str
    path: str
    headers: dict[str, str]
    form: dict[str, str]


@dataclass
class Reply:
    status: int = 200
    body: Any = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    drop: bool = False
    """Close the connection after reading the request: done, but never said."""
    hang: bool = False

    def encoded(self) -> bytes:
        body = self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()
        headers = {"Content-Type": "application/json", "Content-Length": str(len(body)), **self.headers}
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        return f"HTTP/1.1 {self.status} X\r\n{head}Connection: close\r\n\r\n".encode() + body


Answer = Callable[[Request], Reply | Awaitable[Reply]]


class HostileProvider:
    """Honest until `answers`, `metadata`, `claims`, `header` or `redirected` are changed."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self.key = ECKey.generate_key("P-256", {"kid": "one"})
        self.signing_key: ECKey | OctKey = self.key
        self.requests: list[Request] = []
        self.reached = asyncio.Event()
        self.answers: dict[str, Answer] = {}
        self.metadata: dict[str, Any] = {}
        self.claims: dict[str, Any] = {}
        """Over the ID token's claims; None takes one away."""
        self.header: dict[str, Any] = {"alg": "ES256", "kid": "one"}
        self.redirected: dict[str, str | None] = {}
        """Over the authorization response's parameters."""
        self.pushed: dict[str, str] = {}
        self.count = 0
        self._waiting: list[asyncio.Task[Any]] = []

    async def __aenter__(self) -> HostileProvider:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        port = self._server.sockets[0].getsockname()[1]
        self.issuer = f"http://127.0.0.1:{port}/idp"
        self.metadata = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "pushed_authorization_request_endpoint": f"{self.issuer}/par",
            "token_endpoint": f"{self.issuer}/token",
            "revocation_endpoint": f"{self.issuer}/revoke",
            "end_session_endpoint": f"{self.issuer}/logout",
            "jwks_uri": f"{self.issuer}/jwks",
            "code_challenge_methods_supported": ["S256"],
            "dpop_signing_alg_values_supported": ["ES256"],
            "id_token_signing_alg_values_supported": ["ES256", "RS256", "none", "HS256"],
            "authorization_response_iss_parameter_supported": True,
        }
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for task in self._waiting:
            task.cancel()
        await asyncio.gather(*self._waiting, return_exceptions=True)

    async def browser(self, url: str) -> None:
        """What a citizen's browser does: shows the page, and is sent back at once."""
        self.seen_url = url
        request = {**self.pushed, **dict(parse_qsl(urlsplit(url).query))}
        answer: dict[str, str | None] = {
            "code": "the-code",
            "state": request["state"],
            "iss": self.issuer,
            **self.redirected,
        }
        query = urlencode({name: value for name, value in answer.items() if value is not None})
        self._in_background(self._visit(f"{request['redirect_uri']}?{query}"))

    async def _visit(self, url: str) -> None:
        async with httpx.AsyncClient() as http:
            self.page = await http.get(url)

    def _in_background(self, work: Any) -> None:
        self._waiting.append(asyncio.create_task(work))

    def paths(self) -> list[str]:
        return [request.path for request in self.requests]

    def id_token(self, access_token: str) -> str:
        now = int(self._now().timestamp())
        half = hashlib.sha256(access_token.encode()).digest()[:16]
        claims = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "sub": "citizen-1",
            "iat": now,
            "exp": now + 300,
            "nonce": self.pushed.get("nonce"),
            "at_hash": urlsafe_b64encode(half).rstrip(b"=").decode(),
            "name": "Sari Contoh",
            "sid": "session-1",
            **self.claims,
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        if self.header["alg"] == "none":
            parts = (json.dumps(part).encode() for part in (self.header, claims))
            return ".".join(urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts) + "."
        return jwt.encode(self.header, claims, self.signing_key, algorithms=[self.header["alg"]])

    def tokens(self, **over: Any) -> dict[str, Any]:
        self.count += 1
        access_token = f"access-{self.count}"
        body = {
            "access_token": access_token,
            "token_type": "DPoP",
            "expires_in": 300,
            "refresh_token": f"refresh-{self.count}",
            "id_token": self.id_token(access_token),
            **over,
        }
        return {name: value for name, value in body.items() if value is not None}

    def _honest(self, request: Request) -> Reply:
        match request.path.removeprefix("/idp"):
            case "/.well-known/openid-configuration":
                return Reply(body=self.metadata)
            case "/par":
                self.pushed = request.form
                return Reply(201, {"request_uri": "urn:ietf:params:oauth:request_uri:x", "expires_in": 60})
            case "/jwks":
                return Reply(body={"keys": [self.key.as_dict(private=False)]})
            case "/token" if request.form["grant_type"] == "authorization_code":
                return Reply(body=self.tokens())
            case "/token":
                return Reply(body=self.tokens(id_token=None))
            case "/revoke":
                return Reply(body=b"")
            case _:
                return Reply(404, {"error": "not_found"})

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._waiting.append(task)
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            first, *lines = head.split("\r\n")
            method, target, _ = first.split(" ")
            headers = {n.lower(): v.strip() for n, _, v in (line.partition(":") for line in lines if line)}
            body = await reader.readexactly(int(headers.get("content-length", "0")))
            request = Request(method, urlsplit(target).path, headers, dict(parse_qsl(body.decode())))
            self.requests.append(request)
            self.reached.set()
            answer = self.answers.get(request.path.removeprefix("/idp"), self._honest)(request)
            reply = answer if isinstance(answer, Reply) else await answer
            if reply.hang:
                await asyncio.Event().wait()
            if not reply.drop:
                writer.write(reply.encoded())
                await writer.drain()
        writer.close()
