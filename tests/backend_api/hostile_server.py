"""A server on loopback that lies in every way that a network, a proxy or a broken backend can."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime

from app.backend_api.exchange import Patience

NOW = datetime(2026, 3, 7, 14, 5, tzinfo=UTC)
SHORT = Patience(connect=2, silence=0.15, total=0.6)


@dataclass
class Received:
    method: str
    target: str
    headers: dict[str, str]
    body: bytes


Behaviour = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def answer(
    status: int = 200,
    body: object = None,
    *,
    headers: Mapping[str, str] | None = None,
    kind: str = "application/json",
    raw: bytes | None = None,
    length: int | None = None,
) -> Behaviour:
    """Answers properly framed; `length` lies about the size."""

    async def behave(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        content = raw if raw is not None else json.dumps(body).encode()
        fields = {"content-type": kind, "content-length": str(length or len(content)), "connection": "close"}
        fields |= dict(headers or {})
        head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        writer.write(f"HTTP/1.1 {status} X\r\n{head}\r\n".encode() + content)
        with suppress(ConnectionError):
            await writer.drain()

    return behave


def problem(status: int, kind: str, detail: str = "Kalimat untuk warga.", **headers: str) -> Behaviour:
    body = {
        "type": f"https://loket.example/problems/{kind}",
        "title": "Judul",
        "status": status,
        "detail": detail,
        "errors": [{"page": "child", "field": "full_name", "message": "Paling sedikit dua kata."}],
    }
    return answer(status, body, kind="application/problem+json", headers=headers)


async def hang_up(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Resets the connection without a word."""
    writer.transport.abort()


async def say_nothing(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    """Holds the line until the client gives up."""
    await reader.read()


@dataclass
class Hostile:
    """Serves one behaviour a request, the last one for ever; `received` is what came in."""

    url: str = ""
    behaviours: list[Behaviour] = field(default_factory=list)
    received: list[Received] = field(default_factory=list)

    def will(self, *behaviours: Behaviour) -> None:
        self.behaviours = list(behaviours)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            first, *lines = head.strip().split("\r\n")
            headers = {n.lower(): v.strip() for n, _, v in (line.partition(":") for line in lines)}
            body = await reader.readexactly(int(headers.get("content-length", 0)))
            method, target, _ = first.split(" ")
            self.received.append(Received(method, target, headers, body))
            behave = self.behaviours.pop(0) if len(self.behaviours) > 1 else self.behaviours[0]
            await behave(reader, writer)
        writer.close()


@dataclass
class Signer:
    """A session as the client sees one: signs, and learns from a 401 as often as told."""

    learns: int = 0
    signed: list[tuple[str, str]] = field(default_factory=list)
    refusals: list[dict[str, str]] = field(default_factory=list)

    async def headers(self, method: str, url: str) -> dict[str, str]:
        self.signed.append((method, url))
        return {"Authorization": f"DPoP token-{len(self.refusals)}"}

    async def refused(self, response_headers: Mapping[str, str]) -> bool:
        self.refusals.append(dict(response_headers))
        return len(self.refusals) <= self.learns


@dataclass
class Slept:
    """A clock's sleep that takes no time."""

    seconds: list[float] = field(default_factory=list)

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)
