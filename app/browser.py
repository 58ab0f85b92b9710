"""Browser mode: the app in a local browser, for one person on one machine.

Bound to loopback; opened by a secret in the link, which a cookie (`HttpOnly`, `SameSite=Strict`) replaces at
once; host and websocket origin are checked, so that no other site and no other user of the network gets in.
This is not a public web portal.
"""

from __future__ import annotations

import base64
import contextlib
import hmac
import logging
import socket
from collections.abc import Callable, MutableMapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import flet as ft

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

log = logging.getLogger("loket.browser")

COOKIE = "loket"
KEY = "key"
HOST = "127.0.0.1"

_REFUSED = """<!doctype html><html lang="id"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>Loket</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:32rem;margin:20vh auto;padding:0 16px;
background:#F6F5F1;color:#14211F}
@media(prefers-color-scheme:dark){body{background:#0D1312;color:#E8EEEC}}</style>
<h1>Buka Loket dari tautannya</h1><p>Loket di komputer ini hanya terbuka lewat tautan yang ditampilkannya
saat dinyalakan, dan hanya sekali. Data Anda aman. Nyalakan lagi Loket, lalu buka tautan yang baru.</p>
<p lang="en">Loket on this computer opens only from the link that it showed when it started, and only once.
Your data is safe. Start Loket again and open the new link.</p></html>"""


class Gate:
    """ASGI middleware that lets one browser in.

    `reusable` links open any number of browsers of this machine during this run (for unattended tests, which
    start several); else the link is spent when the first browser has connected. The link leads to `landing`.
    `framed`: pages behind this gate may show each other in a frame; no other site ever may.
    """

    def __init__(
        self,
        app: ASGIApp,
        port: int,
        random_bytes: Callable[[int], bytes],
        *,
        reusable: bool,
        landing: str = "/",
        framed: bool = False,
    ) -> None:
        self._app = app
        self._landing = landing.encode()
        self._frames = b"SAMEORIGIN" if framed else b"DENY"
        self._origins = {f"http://{HOST}:{port}", f"http://localhost:{port}"}
        self._hosts = {origin.removeprefix("http://") for origin in self._origins}
        self._link = _token(random_bytes)
        self._cookie = _token(random_bytes)
        self._reusable = reusable
        self._spent = False
        self.address = f"http://{HOST}:{port}/?{KEY}={self._link}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request through, open the gate for the link, or refuse."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        known = headers.get("host") in self._hosts
        inside = known and self._has_cookie(headers.get("cookie", ""))
        if scope["type"] == "websocket":
            if not inside or headers.get("origin") not in self._origins:
                await send({"type": "websocket.close", "code": 4403})
                return
            self._spent = True
            from starlette.websockets import WebSocketDisconnect

            # A tab that is closed while something is on its way to it is no fault of anybody.
            with contextlib.suppress(WebSocketDisconnect):
                await self._app(scope, receive, send)
            return
        if known and self._opens(scope):
            await _answer(
                send,
                303,
                [
                    (b"location", self._landing),
                    (
                        b"set-cookie",
                        f"{COOKIE}={self._cookie}; Path=/; HttpOnly; SameSite=Strict".encode(),
                    ),
                ],
            )
            return
        if not inside:
            await _answer(
                send, 403 if known else 421, [(b"content-type", b"text/html; charset=utf-8")], _REFUSED
            )
            return
        await self._app(scope, receive, _guarded(send, self._frames))

    def _opens(self, scope: MutableMapping[str, Any]) -> bool:
        given = parse_qs(scope["query_string"].decode("latin-1")).get(KEY, [""])[0]
        if not given or (self._spent and not self._reusable):
            return False
        return hmac.compare_digest(given.encode(), self._link.encode())

    def _has_cookie(self, header: str) -> bool:
        for part in header.split(";"):
            name, _, value = part.strip().partition("=")
            if name == COOKIE and hmac.compare_digest(value.encode(), self._cookie.encode()):
                return True
        return False


def _token(random_bytes: Callable[[int], bytes]) -> str:
    return base64.urlsafe_b64encode(random_bytes(24)).decode()


def _guarded(send: Send, frames: bytes) -> Send:
    async def guarded(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            # Flet's server allows any origin to read; only our own may.
            kept = [
                (n, v) for n, v in message.get("headers", []) if n.lower() != b"access-control-allow-origin"
            ]
            message["headers"] = [*kept, (b"x-frame-options", frames), *_HEADERS]
        await send(message)

    return guarded


_HEADERS = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
]


async def _answer(send: Send, status: int, headers: list[tuple[bytes, bytes]], body: str = "") -> None:
    data = body.encode()
    start = {
        "type": "http.response.start",
        "status": status,
        "headers": [
            *headers,
            (b"x-frame-options", b"DENY"),
            *_HEADERS,
            (b"cache-control", b"no-store"),
            (b"content-length", str(len(data)).encode()),
        ],
    }
    await send(start)
    await send({"type": "http.response.body", "body": data})


def free_port(wanted: int) -> int:
    """`wanted`, or a free loopback port where it is 0. Raises OSError where `wanted` is taken."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((HOST, wanted))
        return probe.getsockname()[1]


async def serve(
    main: Callable[[ft.Page], Any],
    *,
    port: int,
    assets: Path,
    random_bytes: Callable[[int], bytes],
    reusable: bool,
    opened: Callable[[str], None],
    beside: Callable[[ASGIApp], ASGIApp] | None = None,
    landing: str = "/",
) -> None:
    """Serve `main` to a local browser until the process is told to stop, or this is cancelled; `opened` gets
    the address.

    `beside` puts more pages beside the app, behind the same gate: they may frame it, and the link leads to
    `landing`.
    """
    import asyncio

    import uvicorn

    app = ft.run(main, export_asgi_app=True, no_cdn=True, assets_dir=str(assets))
    inside: ASGIApp = beside(app) if beside else app  # pyright: ignore[reportArgumentType, reportAssignmentType]
    gate = Gate(inside, port, random_bytes, reusable=reusable, landing=landing, framed=beside is not None)
    config = uvicorn.Config(gate, host=HOST, port=port, log_level="warning", access_log=False, lifespan="on")

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                opened(gate.address)

    server = Server(config)
    serving = asyncio.ensure_future(server.serve())
    try:
        await asyncio.shield(serving)
    except asyncio.CancelledError:
        server.should_exit = True
        await serving
        raise
