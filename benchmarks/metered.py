"""How much of this process's time the backend took, where it answers in the process of the app."""

from __future__ import annotations

import types
from collections.abc import Callable, Coroutine, Generator
from time import perf_counter
from typing import Any


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
