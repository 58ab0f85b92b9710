"""Takes the pictures: reaches each shot once, then looks at it in every look."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from app.authoring.gallery.page import html_page
from app.authoring.gallery.shots import Look, Shot

if TYPE_CHECKING:
    from app.authoring.gallery.camera import Picture
    from app.testing.stage import Stage


class CannotTake(Exception):
    """No picture can be taken; says why, and what to do."""


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


def told(taken: int, of: int, shot: Shot) -> None:
    """Say on a terminal how far it is; elsewhere nothing."""
    if sys.stderr.isatty():
        typer.echo(f"\r\x1b[K{taken} of {of}: {shot.group}, {shot.title}", err=True, nl=taken == of)


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
    from app.authoring.gallery.camera import Camera

    window = await stage.window(shot.persona)
    session = await window.browser.context.new_cdp_session(window.browser.page)
    camera = Camera(window, session)
    try:
        await camera.reach(shot, looks[0])
        return [await camera.take(shot, look) for look in looks]
    finally:
        await session.detach()
