"""Tells when something in a folder was saved: by the system's notices, and by looking all the same."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

from watchfiles import awatch  # pyright: ignore[reportUnknownVariableType]

log = logging.getLogger("loket.preview")

LOOK_MS = 500
"""How long the system may give no notice before the files are looked at all the same: some folders (of a
network, of a container) give none, and none is given of a folder that was replaced."""
BURST_MS = 100
STEP_MS = 20
"""Notices that come within so many milliseconds of each other are one, up to the length of a burst."""


async def moments(folder: Path) -> AsyncIterator[None]:
    """The moments at which to look at the files below `folder`: at once at every save, and now and then.

    Goes on while `folder` is gone, or another one stands in its place.
    """
    while True:
        number = _number(folder)
        if number is not None:
            with suppress(OSError):
                # Lets whoever iterates see what was saved before the notices began.
                async for _ in awatch(
                    folder, debounce=BURST_MS, step=STEP_MS, rust_timeout=LOOK_MS, yield_on_timeout=True
                ):
                    yield
                    if _number(folder) != number:
                        break
        yield
        await asyncio.sleep(LOOK_MS / 1000)


def _number(folder: Path) -> int | None:
    """What tells this folder from another one at its place; None where there is none."""
    try:
        return folder.stat().st_ino if folder.is_dir() else None
    except OSError:
        return None
