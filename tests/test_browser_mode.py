"""Browser mode lets the one in who has the link, and nobody else."""

from __future__ import annotations

import asyncio
from itertools import count
from types import SimpleNamespace
from typing import Any
from unittest.mock import AsyncMock

import httpx
import pytest

from app import opening
from app.browser import COOKIE, Gate

PORT = 8550


def tokens() -> Any:
    numbers = count(1)
    return lambda n: bytes([next(numbers)]) * n


async def inner(scope: Any, receive: Any, send: Any) -> None:
    """What stands behind the gate: an app that says what reached it."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
        return
    headers = [(b"content-type", b"text/plain"), (b"access-control-allow-origin", b"*")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"inside"})


def gate(*, reusable: bool = False) -> Gate:
    return Gate(inner, PORT, tokens(), reusable=reusable)


def door(g: Gate, host: str = f"127.0.0.1:{PORT}") -> httpx.AsyncClient:
    """A browser with its own cookies."""
    return httpx.AsyncClient(transport=httpx.ASGITransport(g), base_url=f"http://{host}")


async def connect(g: Gate, cookie: str, origin: str, host: str = f"127.0.0.1:{PORT}") -> list[dict[str, Any]]:
    sent: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "websocket.connect"}

    headers = [(b"host", host.encode()), (b"origin", origin.encode()), (b"cookie", cookie.encode())]
    await g({"type": "websocket", "path": "/ws", "headers": headers, "query_string": b""}, receive, send)
    return sent


async def opened(g: Gate, browser: httpx.AsyncClient) -> str:
    answer = await browser.get(g.address)
    assert answer.status_code == 303
    return f"{COOKIE}={browser.cookies[COOKIE]}"


async def test_the_link_gives_a_cookie_that_no_script_and_no_other_site_can_use() -> None:
    g = gate()
    async with door(g) as browser:
        answer = await browser.get(g.address)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/"
    assert {"HttpOnly", "SameSite=Strict"} <= {p.strip() for p in answer.headers["set-cookie"].split(";")}
    assert "key=" not in answer.headers["set-cookie"]


async def test_without_the_link_a_browser_is_told_where_to_find_it() -> None:
    async with door(gate()) as browser:
        answer = await browser.get("/")
    assert answer.status_code == 403
    assert "tautan" in answer.text
    assert "inside" not in answer.text


async def test_a_wrong_key_opens_nothing() -> None:
    async with door(gate()) as browser:
        answer = await browser.get("/?key=AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBx")
    assert answer.status_code == 403


async def test_with_the_cookie_the_app_is_there_and_no_other_origin_may_read_it() -> None:
    g = gate()
    async with door(g) as browser:
        await opened(g, browser)
        answer = await browser.get("/")
    assert answer.text == "inside"
    assert "access-control-allow-origin" not in answer.headers
    assert answer.headers["x-frame-options"] == "DENY"


async def test_another_host_name_for_this_machine_is_refused() -> None:
    g = gate()
    async with door(g, host="loket.attacker.example") as browser:
        answer = await browser.get(f"/?key={g.address.partition('key=')[2]}")
    assert answer.status_code == 421


async def test_the_link_is_spent_once_a_browser_has_connected() -> None:
    g = gate()
    async with door(g) as first, door(g) as second:
        cookie = await opened(g, first)
        await connect(g, cookie, f"http://127.0.0.1:{PORT}")
        assert (await second.get(g.address)).status_code == 403
        assert (await first.get("/")).text == "inside"


async def test_looking_whether_the_app_is_up_does_not_spend_the_link() -> None:
    g = gate()
    async with door(g) as probe, door(g) as browser:
        await probe.get(g.address)
        assert (await browser.get(g.address)).status_code == 303


async def test_a_reusable_link_opens_several_browsers_for_unattended_tests() -> None:
    g = gate(reusable=True)
    async with door(g) as first, door(g) as second:
        await connect(g, await opened(g, first), f"http://127.0.0.1:{PORT}")
        assert (await second.get(g.address)).status_code == 303


@pytest.mark.parametrize(
    ("cookie", "origin"),
    [
        ("", f"http://127.0.0.1:{PORT}"),
        (f"{COOKIE}=guess", f"http://127.0.0.1:{PORT}"),
        (None, "http://attacker.example"),
        (None, "null"),
        (None, f"http://127.0.0.1:{PORT + 1}"),
    ],
    ids=["no cookie", "a guessed cookie", "another site", "a file", "another port"],
)
async def test_a_websocket_needs_the_cookie_and_our_own_origin(cookie: str | None, origin: str) -> None:
    g = gate()
    async with door(g) as browser:
        ours = await opened(g, browser)
    sent = await connect(g, ours if cookie is None else cookie, origin)
    assert sent == [{"type": "websocket.close", "code": 4403}]
    assert (await connect(g, ours, f"http://127.0.0.1:{PORT}"))[0]["type"] == "websocket.accept"


async def test_a_tab_closed_in_the_middle_of_a_message_is_no_error() -> None:
    from starlette.websockets import WebSocketDisconnect

    async def gone(scope: Any, receive: Any, send: Any) -> None:
        raise WebSocketDisconnect(1006)

    g = Gate(gone, PORT, tokens(), reusable=False)
    async with door(g) as browser:
        assert await connect(g, await opened(g, browser), f"http://127.0.0.1:{PORT}") == []


async def test_the_embedded_backend_starts_though_nobody_opens_a_window(monkeypatch) -> None:
    begun = asyncio.Event()
    device = SimpleNamespace(start=begun.set, close=AsyncMock())
    monkeypatch.setattr(opening, "_NOBODY_YET", 0)
    running = asyncio.create_task(opening._in_browser(device, lambda _page: None, 0, opens=False))
    try:
        async with asyncio.timeout(20):
            await begun.wait()
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    device.close.assert_awaited_once()
