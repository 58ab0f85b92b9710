"""A window in front of a real process: the headless client at the other end of the app's own websocket.

The in-process client knows when the app is at rest; over a wire nobody does, so everything here waits until
the screen shows what is waited for, and fails with the screen.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx
import msgpack
from flet.messaging.protocol import MessageAction, decode_ext_from_msgpack
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin

from app.testing import gestures
from app.testing.client import Client
from app.testing.find import Query, one, tappable
from app.testing.phone import Phone, UnknownMethod
from app.testing.screen import FIELDS, Element, Screen, read
from app.testing.tree import Node

PATIENCE = 30.0
"""Seconds until what is waited for counts as not coming; only a broken app on a busy machine needs more."""

MOMENT = 0.25
PIN = "270419"
_INSETS = {"left": 0, "top": 0, "right": 0, "bottom": 0}
_PAGE = {
    "route": "/",
    "web": True,
    "platform": "linux",
    "platform_brightness": "light",
    "width": 412,
    "height": 892,
    "media": dict.fromkeys(("padding", "view_padding", "view_insets"), _INSETS),
}


class Wire(Client):
    """Flet's client with a websocket in place of a session in this process."""

    def __init__(self, phone: Phone, socket: ClientConnection) -> None:
        super().__init__(phone, dict(_PAGE))
        self._socket = socket
        self._sent: asyncio.Queue[bytes] = asyncio.Queue()
        self.changed = asyncio.Event()

    async def run(self) -> None:
        """Register, then carry messages both ways until the process is gone."""
        self._put(MessageAction.REGISTER_CLIENT, {"session_id": None, "page_name": "", "page": dict(_PAGE)})
        with suppress(ConnectionClosed):
            async with asyncio.TaskGroup() as both:
                both.create_task(self._send())
                both.create_task(self._receive())

    async def _send(self) -> None:
        while True:
            await self._socket.send(await self._sent.get())

    async def _receive(self) -> None:
        async for message in self._socket:
            assert isinstance(message, bytes)
            action, body = msgpack.unpackb(
                message.removeprefix(b"\0"), ext_hook=decode_ext_from_msgpack, strict_map_key=False
            )
            self._take(MessageAction(action), body)
            self.changed.set()

    def _put(self, action: MessageAction, body: dict[str, Any]) -> None:
        self._sent.put_nowait(b"\0" + msgpack.packb([action.value, body]))

    def send_always(self, node: Node, event: str, data: Any = None) -> None:
        self._put(MessageAction.CONTROL_EVENT, {"target": node.id, "name": event, "data": data})

    def set(self, node: Node, props: dict[str, Any]) -> None:
        self.tree.update(node, props)
        self._put(MessageAction.UPDATE_CONTROL_PROPS, {"id": node.id, "props": props})

    async def _invoke(self, body: dict[str, Any]) -> None:
        node = self.tree.index.get(body["control_id"])
        result, error = None, None
        if node is not None:
            try:
                result = self._answer(node, body["name"], body.get("args") or {})
            except UnknownMethod as unknown:
                error = str(unknown)
        answered = {"control_id": body["control_id"], "call_id": body["call_id"]}
        self._put(MessageAction.INVOKE_METHOD, {**answered, "result": result, "error": error})


class Window:
    """A citizen in front of it."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire

    def screen(self) -> Screen:
        """What is to be seen now."""
        return read(self.wire)

    def find(self, target: str) -> list[Element]:
        """What is on the screen now by this identifier, or else by these words."""
        return Query(target).matches(self.screen()) if self.wire.views() else []

    async def until(self, fits: Callable[[], Any], what: str) -> None:
        """Wait for the screen to fit. Raises AssertionError with the screen."""
        try:
            async with asyncio.timeout(PATIENCE):
                while not fits():
                    self.wire.changed.clear()
                    await self.wire.changed.wait()
        except TimeoutError:
            raise AssertionError(f"{what} did not come:\n{self.screen().text()}") from None
        assert self.wire.crash is None, self.wire.crash

    async def see(self, *targets: str) -> None:
        """Wait until each of `targets` is on the screen."""
        for target in targets:
            await self.until(lambda target=target: self.find(target), repr(target))

    async def see_no(self, target: str) -> None:
        """Wait until `target` is no longer on the screen."""
        await self.until(lambda: not self.find(target), f"the end of {target!r}")

    async def tap(self, target: str) -> None:
        """Wait for it, and tap it."""
        await self.see(target)
        gestures.tap(self.wire, one(Query(target), self.screen(), tappable))

    async def enter_pin(self) -> None:
        """Type the PIN."""
        await self.see("pin.1")
        for digit in PIN:
            await self.tap(f"pin.{digit}")

    async def field(self, target: str) -> Node:
        """The input of a field, as soon as it is there."""
        await self.see(target)
        return next(e.node for e in self.find(target)[0].walk() if e.node.type in FIELDS)

    async def type(self, target: str, text: str) -> None:
        """Put `text` into a field."""
        node = await self.field(target)
        self.wire.focus(node)
        gestures.fill(self.wire, node, text)

    async def rest(self) -> None:
        """Wait until the app has sent nothing for a moment, as somebody does who looks before going on."""
        with suppress(TimeoutError):
            while True:
                self.wire.changed.clear()
                await asyncio.wait_for(self.wire.changed.wait(), MOMENT)

    def go(self, route: str) -> None:
        """Follow a link into the app."""
        self.wire.route(route)


@asynccontextmanager
async def window(address: str, persona: str | None = None) -> AsyncIterator[Window]:
    """Open the link that the app printed; in the system's browser `persona` is chosen."""
    async with httpx.AsyncClient(trust_env=False) as http:
        await http.get(address)
        cookies = "; ".join(f"{name}={value}" for name, value in http.cookies.items())
    place = urlsplit(address)
    phone = Phone(web=True, browser=_browser(persona) if persona else None)
    async with connect(
        f"ws://{place.netloc}/ws",
        origin=Origin(f"http://{place.netloc}"),
        additional_headers={"Cookie": cookies},
        max_size=None,
    ) as socket:
        wire = Wire(phone, socket)
        running = asyncio.create_task(wire.run())
        try:
            yield Window(wire)
        finally:
            running.cancel()
            await asyncio.gather(running, *phone.errands, return_exceptions=True)
            wire.executor.shutdown(wait=False)


def _browser(persona: str) -> Callable[[str], Any]:
    async def visit(url: str) -> None:
        async with httpx.AsyncClient(trust_env=False, follow_redirects=True) as browser:
            page = await browser.get(url)
            request = re.search(r'name="request_uri" value="([^"]+)"', page.text)
            assert request is not None, page.text
            form = {"request_uri": unescape(request[1]), "persona": persona}
            (await browser.post(urljoin(str(page.url), "authorize"), data=form)).raise_for_status()

    return visit


def copies_of(secret: str) -> dict[str, bytes]:
    """The ways in which `secret` could lie about in clear, by name."""
    import base64

    plain = secret.encode()
    found = {
        "UTF-8": plain,
        "UTF-16 LE": secret.encode("utf-16-le"),
        "UTF-16 BE": secret.encode("utf-16-be"),
        "hex": plain.hex().encode(),
        "HEX": plain.hex().upper().encode(),
    }
    for shift in range(3):
        # Which letters of base64 a text gives depends on where in three bytes it begins; the edges are open.
        letters = base64.b64encode(b"\0" * shift + plain)
        inner = letters[(0, 2, 3)[shift] : len(plain + b"\0" * shift) // 3 * 4]
        found[f"base64, {shift} bytes in"] = inner
        found[f"base64url, {shift} bytes in"] = inner.translate(bytes.maketrans(b"+/", b"-_"))
    return found


def in_clear(secrets: dict[str, str], content: bytes, where: str) -> list[str]:
    """Which of `secrets` stand in `content`, and how."""
    return [
        f"{name} stands in {where} ({how})"
        for name, secret in secrets.items()
        for how, copy in copies_of(secret).items()
        if copy in content
    ]


def files(home: Path) -> dict[str, bytes]:
    """Everything that lies under `home`, but for the backend's folder of keys."""
    return {
        path.relative_to(home).as_posix(): path.read_bytes()
        for path in sorted(home.rglob("*"))
        if path.is_file() and "keys" not in path.parts
    }
