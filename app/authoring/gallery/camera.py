"""Reaches a shot in a window of the app, and takes its picture in a look, once the screen is at rest."""

from __future__ import annotations

import asyncio
import base64
from dataclasses import dataclass
from io import BytesIO
from time import perf_counter
from typing import Any

from PIL import Image

from app.authoring.gallery.shots import SIZES, Act, Look, Shot
from app.testing.stage import Window

SHADES = 64
"""Colours of a picture: a screen of the app has few, and without loss it is small and its words are sharp."""
TALLEST = 3200
"""Height in dp at which a long screen is cut."""

_PATIENCE = 4.0
"""Seconds within which a screen comes to rest; one that never does is taken as it is."""
_LOOKS = 6
"""How many looks in a row must be alike."""
_STILL = 0.24
"""Seconds without a change after which a screen counts as at rest: longer than any animation pauses."""

# What can be scrolled, and how much of it is out of sight: `scroll`, or `hidden` while a pointer moves.
_HIDDEN = """() => Math.max(0, ...[...document.querySelectorAll('flt-semantics-host flt-semantics')]
  .filter(e => getComputedStyle(e).overflowY !== 'visible').map(e => e.scrollHeight - e.clientHeight))"""


@dataclass(frozen=True, slots=True)
class Picture:
    """A WebP picture of a shot in a look; width and height in dp."""

    shot: Shot
    look: Look
    width: int
    height: int
    data: bytes


class Camera:
    """In front of one window. What it has seen last tells it whether the screen has taken on another look."""

    def __init__(self, window: Window, session: Any) -> None:
        """`session` is Playwright's, of the DevTools protocol, to the window's page."""
        self._window = window
        self._session = session
        self._seen = b""
        self._worn: Look | None = None

    async def reach(self, shot: Shot, look: Look) -> None:
        """Come to the shot from home, in `look`: what another shot has left on the screen is gone."""
        window, browser = self._window, self._window.browser
        await window.connect(online=True)
        await window.go("/")
        await browser.reach("home.search")
        if shot.service:
            await window.begin(shot.service, shot.place)
        await self._wear(look, SIZES[look.size][1])
        self._worn = look
        await window.go(shot.route)
        if shot.awaited:
            await browser.reach(shot.awaited)
        # During a transition, what is tapped is not there yet, nor is what can be scrolled.
        await self._at_rest()
        for act in shot.acts:
            await self._do(act)
        if shot.shows:
            await browser.reach(shot.shows)
        await window.connect(online=shot.online)
        await browser.leave()

    async def take(self, shot: Shot, look: Look) -> Picture:
        """The whole screen in `look`, what has to be scrolled to included."""
        width, height = SIZES[look.size]
        await self._wear(look, height)
        await (self._at_rest() if look == self._worn else self._another())
        self._worn = look
        # What is semantically there comes in pieces, and more of a long column with more room.
        for _ in range(3):
            hidden = int(await self._window.browser.page.evaluate(_HIDDEN))
            if hidden <= 0 or height >= TALLEST:
                break
            height = min(height + hidden, TALLEST)
            await self._wear(look, height)
            await self._another()
        return Picture(shot, look, width, height, await asyncio.to_thread(_small, self._seen))

    async def _do(self, act: Act) -> None:
        browser = self._window.browser
        await browser.reach(act.at)
        if act.kind == "tap":
            await browser.tap(act.at)
        elif act.kind == "type":
            await browser.type(act.at, act.text)
        elif act.file is not None:
            kind = "application/octet-stream"
            await browser.pick_file(
                act.at, {"name": act.file.name, "mimeType": kind, "buffer": act.file.contents()}
            )

    async def _wear(self, look: Look, height: int) -> None:
        await self._window.device.settings.set(
            theme=look.theme, text_scale=look.scale / 100, language=look.language
        )
        await self._window.browser.page.set_viewport_size({"width": SIZES[look.size][0], "height": height})

    async def _another(self) -> None:
        """Wait until the screen is another than it was, and at rest; two looks are never alike."""
        before, began = self._seen, perf_counter()
        while await self._look() == before and perf_counter() - began < _PATIENCE:
            pass
        await self._at_rest()

    async def _at_rest(self) -> None:
        """Wait until the screen has not changed for a while."""
        began = since = perf_counter()
        alike = 0
        # Counted too: on a busy machine the next frame is late, and so are the looks.
        while (alike < _LOOKS or perf_counter() - since < _STILL) and perf_counter() - began < _PATIENCE:
            before = self._seen
            if await self._look() == before:
                alike += 1
            else:
                since, alike = perf_counter(), 0

    async def _look(self) -> bytes:
        wanted = {"format": "png", "optimizeForSpeed": True}
        answer = await self._session.send("Page.captureScreenshot", wanted)
        self._seen = base64.b64decode(answer["data"])
        return self._seen


def _small(png: bytes) -> bytes:
    """A picture of a screen as a WebP of few colours, without further loss."""
    few = Image.open(BytesIO(png)).convert("RGB").quantize(SHADES, dither=Image.Dither.NONE)
    data = BytesIO()
    few.convert("RGB").save(data, "WEBP", lossless=True, method=3)
    return data.getvalue()
