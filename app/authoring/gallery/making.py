"""Takes the pictures: reaches each shot once, then looks at it in every look."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from app.authoring.gallery.page import html_page
from app.authoring.gallery.shots import SIZES, Act, Look, Shot
from app.testing.phone import File

if TYPE_CHECKING:
    from playwright.async_api import CDPSession

    from app.testing.stage import Stage, Window

QUALITY = 62
"""Of the WebP pictures, 0 to 100."""
TALLEST = 3200
"""Least height in dp at which a long screen is cut."""

_PATIENCE = 4.0
"""Seconds within which a screen comes to rest; one that never does is taken as it is."""
_STILL = 0.24
"""Seconds without a change after which a screen counts as at rest: longer than any animation pauses."""

# What can be scrolled, and how much of it is out of sight.
_HIDDEN = """() => Math.max(0, ...[...document.querySelectorAll('flt-semantics-host flt-semantics')]
  .filter(e => getComputedStyle(e).overflowY === 'scroll').map(e => e.scrollHeight - e.clientHeight))"""


class CannotTake(Exception):
    """No picture can be taken; says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A WebP picture of a shot in a look; width and height in dp."""

    shot: Shot
    look: Look
    width: int
    height: int
    data: bytes


Told = Callable[[int, int, Shot], None]
"""Called after each shot: how many pictures are taken, of how many, and the shot."""


def make_gallery(
    services: Path,
    shots: Sequence[Shot],
    looks: Sequence[Look],
    out: Path,
    title: str,
    *,
    today: date | None = None,
    told: Told | None = None,
) -> list[Picture]:
    """Take every shot in every look and write the page `out`; gives the pictures.

    Raises CannotTake where Chromium is missing or a shot cannot be reached.
    """
    pictures = asyncio.run(take(services, shots, looks, today=today, told=told))
    write_gallery(out, title, pictures)
    return pictures


def write_gallery(out: Path, title: str, pictures: Sequence[Picture]) -> None:
    """Write one page that has all pictures in it."""
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(html_page(title, pictures), encoding="utf-8")


async def take(
    services: Path,
    shots: Sequence[Shot],
    looks: Sequence[Look],
    *,
    today: date | None = None,
    told: Told | None = None,
) -> list[Picture]:
    """Take every shot in every look (or in its own), on the day `today` (None: that of tests).

    Raises CannotTake.
    """
    pictures: list[Picture] = []
    total = sum(len(shot.looks or looks) for shot in shots)
    async with _stage(services, today) as stage:
        for shot in shots:
            try:
                pictures += await _taken(stage, shot, shot.looks or looks)
            except Exception as error:
                raise CannotTake(f"“{shot.group}: {shot.title}” cannot be reached. {error}") from error
            if told is not None:
                told(len(pictures), total, shot)
    return pictures


@asynccontextmanager
async def _stage(services: Path, today: date | None) -> AsyncGenerator[Stage]:
    try:
        from app.testing.stage import Stage
    except ImportError as error:
        raise CannotTake(
            f"Pictures need the authoring extra ({error.name} is missing): pip install 'loket[authoring]'"
        ) from error
    async with AsyncExitStack() as stack:
        try:
            stage = await stack.enter_async_context(Stage.up(services, today=today))
        except FileNotFoundError as error:
            raise CannotTake(f"Pictures are taken in Chromium, and there is {error}") from error
        yield stage


async def _taken(stage: Stage, shot: Shot, looks: Sequence[Look]) -> list[Picture]:
    window = await stage.window(shot.persona)
    camera = await window.browser.context.new_cdp_session(window.browser.page)
    try:
        await _look(window, looks[0], SIZES[looks[0].size][1])
        await _reach(window, shot)
        return [await _picture(window, camera, shot, look) for look in looks]
    finally:
        await camera.detach()


async def _reach(window: Window, shot: Shot) -> None:
    """Come to the state from home: what another shot has left on the screen is gone."""
    window.connect(online=True)
    await window.go("/")
    await window.browser.reach("home.search")
    if shot.service:
        await window.begin(shot.service, shot.place)
    await window.go(shot.route)
    if shot.awaited:
        await window.browser.reach(shot.awaited)
    for act in shot.acts:
        await _do(window, act)
    window.connect(online=shot.online)


async def _do(window: Window, act: Act) -> None:
    await window.browser.reach(act.at)
    match act.kind:
        case "tap":
            await window.browser.tap(act.at)
        case "type":
            await window.browser.type(act.at, act.text)
        case "attach":
            file = act.file or File("foto.png", b"")
            await window.browser.pick_file(
                act.at,
                {"name": file.name, "mimeType": "application/octet-stream", "buffer": file.contents()},
            )


async def _look(window: Window, look: Look, height: int) -> None:
    await window.device.settings.set(theme=look.theme, text_scale=look.scale / 100, language=look.language)
    await window.browser.page.set_viewport_size({"width": SIZES[look.size][0], "height": height})


async def _picture(window: Window, camera: CDPSession, shot: Shot, look: Look) -> Picture:
    width, height = SIZES[look.size]
    await _look(window, look, height)
    data = await _still(camera)
    hidden = int(await window.browser.page.evaluate(_HIDDEN))
    if hidden > 0:
        height = min(height + hidden, TALLEST)
        await _look(window, look, height)
        data = await _still(camera)
    return Picture(shot, look, width, height, data)


async def _still(camera: CDPSession) -> bytes:
    """The screen once it has not changed for a while."""
    screen: Any = camera
    wanted = {"format": "webp", "quality": QUALITY}
    began = since = perf_counter()
    last = b""
    while True:
        picture = base64.b64decode((await screen.send("Page.captureScreenshot", wanted))["data"])
        now = perf_counter()
        if picture != last:
            last, since = picture, now
        if now - since >= _STILL or now - began >= _PATIENCE:
            return picture
