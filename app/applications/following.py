"""Following: news of applications, messages and documents arrives by itself while the app is open."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence

from app.applications.resting import rest
from app.backend_api.errors import BackendError

log = logging.getLogger("loket.following")

MOVING, QUIET, FAILED = 15.0, 300.0, 30.0
"""Seconds between looks: while an agency works on something, while none does, and after a failure."""


class Following:
    """Looks for news at a pace, and at once after `kick`.

    Args:
        looks: each brings one thing up to date (`Applications.refresh`, `Inbox.refresh`, …).
        moving: whether news may come soon (`Applications.moving`).
        active: whether to look at all: signed in, and the app in the foreground. Coming back is a `kick`.
        told: called after each round with what went wrong first, or None: online or not.
        sleep: in seconds.
    """

    def __init__(
        self,
        looks: Sequence[Callable[[], Awaitable[None]]],
        moving: Callable[[], Awaitable[bool]],
        active: Callable[[], bool],
        told: Callable[[BackendError | None], None],
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._looks = looks
        self._moving = moving
        self._active = active
        self._told = told
        self._sleep = sleep
        self._kicked = asyncio.Event()
        self._runner: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to look. Does nothing where it runs already."""
        if self._runner is None or self._runner.done():
            self._runner = asyncio.get_running_loop().create_task(self._run(), name="following")

    async def stop(self) -> None:
        """Look no more."""
        runner, self._runner = self._runner, None
        if runner is not None:
            runner.cancel()
            await asyncio.gather(runner, return_exceptions=True)

    def kick(self) -> None:
        """Look now: something was sent, the network came back, the citizen asks."""
        self._kicked.set()

    async def look(self) -> BackendError | None:
        """One round; gives what went wrong first. What one look cannot get, the others still may."""
        trouble: BackendError | None = None
        for look in self._looks:
            try:
                await look()
            except BackendError as error:
                log.info("no news: %s", error)
                trouble = trouble or error
        self._told(trouble)
        return trouble

    async def _run(self) -> None:
        while True:
            self._kicked.clear()
            pause: float | None = None
            if self._active():
                try:
                    trouble = await self.look()
                    pause = FAILED if trouble else MOVING if await self._moving() else QUIET
                except Exception as error:
                    # A bug in one look must not end the following; the type alone, as values may be personal.
                    log.error("following stumbled: %s", type(error).__name__)
                    pause = QUIET
            await rest(self._kicked, pause, self._sleep)
