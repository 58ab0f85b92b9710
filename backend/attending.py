"""Work that looks for itself what is due: again after a pause, or as soon as it is woken."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final, NoReturn

LONGEST_SLEEP_SECONDS: Final = 5.0
"""How soon it is seen what another process has left to do."""


async def attend(
    look: Callable[[], Awaitable[float]], woken: asyncio.Event, log: logging.Logger, trouble: str
) -> NoReturn:
    """Call `look` for as long as this runs: it does what is due and gives the seconds to wait, if nothing
    wakes it before. Where it fails, `trouble` is logged, and it is called again after the longest pause."""
    while True:
        woken.clear()
        try:
            pause = await look()
        except Exception:
            log.exception(trouble)
            pause = LONGEST_SLEEP_SECONDS
        with suppress(TimeoutError):
            # Unlike `wait_for`, it never swallows a cancellation that comes as it is woken.
            async with asyncio.timeout(pause):
                await woken.wait()
