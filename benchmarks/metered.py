"""How much of this process's time the backend took, where it answers in the process of the app."""

from __future__ import annotations

import types
from collections.abc import AsyncGenerator, Callable, Coroutine, Generator
from contextlib import asynccontextmanager
from time import perf_counter
from typing import Any

import httpx

from app.testing.clock import Clock
from app.testing.loket import Sandbox


class Metered:
    """An ASGI application that adds up the seconds in which `app` ran, without those in which it waited."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self.seconds = 0.0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """One request, as ASGI has it."""
        await self._step(self._app(scope, receive, send))

    @types.coroutine
    def _step(self, running: Coroutine[Any, Any, None]) -> Generator[Any, Any, None]:
        act: Callable[[Any], Any] = running.send
        given: Any = None
        while True:
            begin = perf_counter()
            try:
                awaited = act(given)
            except StopIteration:
                return
            finally:
                self.seconds += perf_counter() - begin
            try:
                act, given = running.send, (yield awaited)
            except BaseException as error:  # cancelled: the application decides what that means
                act, given = running.throw, error


@asynccontextmanager
async def metered(clock: Clock, **settings: Any) -> AsyncGenerator[tuple[Sandbox, Metered]]:
    """The backend with its sandbox in this process, as `Sandbox.up` has it, and what it takes of the time."""
    async with Sandbox.up(clock, **settings) as sandbox:
        meter = Metered(sandbox.app)
        sandbox.transport = httpx.ASGITransport(meter, client=("127.0.0.1", 51200))
        yield sandbox, meter
