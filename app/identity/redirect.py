"""How the browser gets back to the app: a loopback port, or the app's own scheme on a phone (RFC 8252, 7)."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Mapping
from contextlib import suppress
from typing import Protocol
from urllib.parse import parse_qsl, urlsplit

from app.contract.language import Language
from app.identity.returned import Outcome, headers, page

LOOPBACK_PATH = "/signed-in"

_HEAD_MAX_BYTES = 16 * 1024
_HEAD_SECONDS = 10
_REASONS = {200: "OK", 400: "Bad Request", 404: "Not Found", 405: "Method Not Allowed", 410: "Gone"}


class Redirect(Protocol):
    """One way back, for one sign-in."""

    async def open(self, state: str, language: Language) -> str:
        """Begin to wait for the answer to `state`; gives the `redirect_uri`."""
        ...

    async def answer(self) -> Mapping[str, str]:
        """The parameters that the browser brought, once."""
        ...

    async def close(self, outcome: Outcome) -> None:
        """Tell the browser what became of it, and stop waiting."""
        ...


class LoopbackRedirect:
    """Waits on an ephemeral port of 127.0.0.1 (RFC 8252, 7.3). Takes one answer, and only to its own `state`.

    The browser's request stays open until the tokens are there, so that its page says what really happened.
    """

    def __init__(self) -> None:
        self._state = ""
        self._language = Language.load("id")
        self._port = 0
        self._server: asyncio.Server | None = None
        self._answer: asyncio.Future[Mapping[str, str]] | None = None
        self._outcome: asyncio.Future[Outcome] | None = None
        self._talks: set[asyncio.Task[None]] = set()

    async def open(self, state: str, language: Language) -> str:
        """Listen; gives the `redirect_uri` with the port that the system chose."""
        self._state, self._language = state, language
        loop = asyncio.get_running_loop()
        self._answer, self._outcome = loop.create_future(), loop.create_future()
        self._server = await asyncio.start_server(self._talk, "127.0.0.1", 0, limit=_HEAD_MAX_BYTES)
        self._port = self._server.sockets[0].getsockname()[1]
        return f"http://127.0.0.1:{self._port}{LOOPBACK_PATH}"

    async def answer(self) -> Mapping[str, str]:
        """The parameters of the request that carried our `state`."""
        assert self._answer is not None  # noqa: S101 (open comes first)
        return await self._answer

    async def close(self, outcome: Outcome) -> None:
        """Answer the browser, let it read the page, and free the port."""
        if self._server is None or self._outcome is None:
            return
        self._server.close()
        answered = self._answer is not None and self._answer.done() and not self._answer.cancelled()
        if answered and not self._outcome.done():
            self._outcome.set_result(outcome)
            await asyncio.wait(self._talks, timeout=1) if self._talks else None
        for talk in self._talks:
            talk.cancel()
        await asyncio.gather(*self._talks, return_exceptions=True)
        await self._server.wait_closed()
        self._server = None

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talk = asyncio.current_task()
        assert talk is not None  # noqa: S101 (a coroutine runs in a task)
        self._talks.add(talk)
        try:
            async with asyncio.timeout(_HEAD_SECONDS):
                head = await reader.readuntil(b"\r\n\r\n")
            status, outcome = await self._reply_to(head.decode("latin-1"))
            writer.write(await asyncio.to_thread(_response, status, outcome, self._language))
            await writer.drain()
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # A browser that opens a spare connection, or closes the tab: nothing to tell anybody.
        finally:
            self._talks.discard(talk)
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    async def _reply_to(self, head: str) -> tuple[int, Outcome]:
        assert self._answer is not None and self._outcome is not None  # noqa: S101, PT018 (open comes first)
        request, *lines = head.split("\r\n")
        method, _, rest = request.partition(" ")
        target, _, version = rest.rpartition(" ")
        hosts = [line[5:].strip() for line in lines if line[:5].lower() == "host:"]
        path, _, query = target.partition("?")
        # The name too: a page elsewhere can point its own name at this port (DNS rebinding).
        if not version.startswith("HTTP/1.") or hosts != [f"127.0.0.1:{self._port}"] or path != LOOPBACK_PATH:
            return 404, "foreign"
        if method != "GET":
            return 405, "foreign"
        parameters = _parameters(query)
        if parameters is None or not _same(parameters.get("state"), self._state):
            # Somebody else knocked. The citizen's own answer may still come.
            return 400, "foreign"
        if self._answer.done():
            return 410, "used"
        self._answer.set_result(parameters)
        return 200, await asyncio.shield(self._outcome)


class SchemeRedirect:
    """Waits for the system to hand over a link with the app's own scheme (RFC 8252, 7.1)."""

    def __init__(self, uri: str) -> None:
        self._uri = uri
        self._state = ""
        self._answer: asyncio.Future[Mapping[str, str]] | None = None

    async def open(self, state: str, language: Language) -> str:  # noqa: ARG002 (the app itself is what one returns to)
        """Begin to wait; gives the fixed `redirect_uri`."""
        self._state = state
        self._answer = asyncio.get_running_loop().create_future()
        return self._uri

    async def answer(self) -> Mapping[str, str]:
        """The parameters of the link that carried our `state`."""
        assert self._answer is not None  # noqa: S101 (open comes first)
        return await self._answer

    async def close(self, outcome: Outcome) -> None:  # noqa: ARG002 (the app's own screen tells it)
        """Stop waiting."""
        self._answer = None

    def deliver(self, url: str) -> bool:
        """Hand over a link that the system opened the app with; whether it was the awaited one."""
        try:
            parts = urlsplit(url)
        except ValueError:
            return False
        if (
            self._answer is None
            or self._answer.done()
            or parts._replace(query="", fragment="").geturl() != self._uri
        ):
            return False
        parameters = _parameters(parts.query)
        if parameters is None or not _same(parameters.get("state"), self._state):
            return False
        self._answer.set_result(parameters)
        return True


def _parameters(query: str) -> dict[str, str] | None:
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=32, errors="strict")
    except ValueError:
        return None
    parameters = dict(pairs)
    return parameters if len(parameters) == len(pairs) else None


def _same(given: str | None, expected: str) -> bool:
    return given is not None and hmac.compare_digest(given.encode(), expected.encode())


def _response(status: int, outcome: Outcome, language: Language) -> bytes:
    body = page(outcome, language).encode()
    lines = {**headers(), "Content-Length": str(len(body)), "Connection": "close"}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"HTTP/1.1 {status} {_REASONS[status]}\r\n{head}\r\n".encode() + body
