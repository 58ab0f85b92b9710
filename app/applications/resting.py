"""Resting between two rounds of work: a while, or until somebody kicks."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any


async def rest(
    kicked: asyncio.Event, seconds: float | None, sleep: Callable[[float], Awaitable[None]]
) -> None:
    """Return after `seconds` (None: never) as `sleep` counts them, or as soon as `kicked` is set."""
    waits: list[asyncio.Future[Any]] = [asyncio.ensure_future(kicked.wait())]
    if seconds is not None:
        waits.append(asyncio.ensure_future(sleep(seconds)))
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
