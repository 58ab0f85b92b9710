"""Time that stands still until somebody moves it, and a loop that knows when it has nothing to do.

A test never sleeps: the wall clock (`now`) and the timers of the event loop are one time, and it moves
only when a test says so or when the app is at rest and its next timer is near. Whether the app is at rest
is known, not guessed: nothing is ready on the loop, and no thread works for it.
"""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from time import perf_counter
from typing import Any, cast

PATIENCE = 1.0
"""Seconds of the app's time that a citizen waits after each thing they do: debounces and short retries
come to their end, polling every half minute does not."""

DEADLINE = 10.0
"""Real seconds after which an app that never comes to rest fails the test."""

_LOOK_EVERY = 0.5

TURNS = 50_000
"""Turns of the loop after which an app that never stops rendering fails the test."""

# Libraries that answer a bare future from a thread of their own, unseen by `run_in_executor`.
_WORKERS = ("aiosqlite", "sqlalchemy.dialects.sqlite.aiosqlite")


class NeverAtRest(AssertionError):
    """The app was still working at the deadline."""


class Clock:
    """The time of one test: aware UTC for the app, seconds for the loop."""

    def __init__(self, start: datetime = datetime(2026, 3, 7, 2, 5, tzinfo=UTC)) -> None:
        self._start = start
        self.elapsed = 0.0
        self._rest: Rest | None = None

    def now(self) -> datetime:
        """The wall clock, aware UTC: what the app gets as `now`."""
        return self._start + timedelta(seconds=self.elapsed)

    def attach(self, rest: Rest) -> None:
        """Let `advance` also move the timers of the loop that `rest` watches."""
        self._rest = rest

    async def advance(self, by: timedelta | float) -> None:
        """Move time on by a duration or by seconds; every timer on the way fires at its moment."""
        target = self.elapsed + (by.total_seconds() if isinstance(by, timedelta) else by)
        if self._rest is None:
            self.elapsed = target
            return
        await self._rest.until(target)


class Rest:
    """Watches one event loop: what works for it, and when it comes to rest."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._loop = cast("asyncio.BaseEventLoop", asyncio.get_running_loop())
        self._working = 0
        self._progress = asyncio.Event()
        self._base = self._loop.time() - clock.elapsed
        self._run_in_executor = self._loop.run_in_executor
        self._create_future = self._loop.create_future
        self.waited = 0.0
        self._waiting_since: float | None = None
        self._late = False
        self._released = threading.Event()
        threading.Thread(target=self._watch_over, name="watchdog", daemon=True).start()
        self._failed: list[asyncio.Task[Any]] = []
        self._task_factory = self._loop.get_task_factory()
        self._loop.set_task_factory(self._watched_task)
        loop: Any = self._loop
        loop.time = self._time
        loop.run_in_executor = self._watched_executor
        loop.create_future = self._watched_future
        clock.attach(self)

    def release(self) -> None:
        """Give the loop back its own time."""
        self._released.set()
        loop: Any = self._loop
        del loop.time, loop.run_in_executor, loop.create_future
        self._loop.set_task_factory(self._task_factory)

    def _time(self) -> float:
        return self._base + self._clock.elapsed

    def lost(self) -> list[BaseException]:
        """What failed in tasks that nobody looked at, since the last call."""
        failed, self._failed = self._failed, []
        # asyncio would only say so when the task is collected, perhaps in another test.
        return [e for t in failed if cast("Any", t)._log_traceback and (e := t.exception()) is not None]

    def _watched_task(self, loop: asyncio.AbstractEventLoop, work: Any, **options: Any) -> Any:
        given: Any = self._task_factory
        task: Any = given(loop, work, **options) if given else asyncio.Task(work, loop=loop, **options)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[Any]) -> None:
        if not task.cancelled() and cast("Any", task)._exception is not None:
            self._failed.append(task)

    def _watched_executor(self, executor: Any, func: Callable[..., Any], *args: Any) -> Any:
        return self._watch(self._run_in_executor(executor, func, *args))

    def _watched_future(self) -> Any:
        future = self._create_future()
        if sys._getframe(1).f_globals.get("__name__", "").startswith(_WORKERS):  # pyright: ignore[reportPrivateUsage]
            self._watch(future)
        return future

    @contextmanager
    def working(self) -> Generator[None]:
        """Count the block as work for the app: it is not at rest until the block is left."""
        self._working += 1
        try:
            yield
        finally:
            self._worked()

    def _watch(self, future: asyncio.Future[Any]) -> asyncio.Future[Any]:
        self._working += 1
        future.add_done_callback(lambda _: self._worked())
        return future

    def _worked(self) -> None:
        self._working -= 1
        self._progress.set()

    async def come(self, patience: float = PATIENCE) -> None:
        """Wait until the app is at rest, letting timers fire that are due within `patience` seconds.

        Raises `NeverAtRest` after `DEADLINE` real seconds or `TURNS` turns of the loop.
        """
        await self._settle(self._clock.elapsed + patience)

    async def until(self, target: float) -> None:
        """Let every timer up to `target` (seconds since the clock's start) fire, and stand there."""
        await self._settle(target)
        self._clock.elapsed = max(self._clock.elapsed, target)
        await self._settle(target)

    async def _settle(self, target: float) -> None:
        while True:
            await self._quiet()
            due = self._next_timer()
            if due is None or due > target:
                return
            self._clock.elapsed = max(self._clock.elapsed, due)

    async def _quiet(self) -> None:
        """Turn the loop until nothing is ready and no thread works."""
        ready = cast("Any", self._loop)._ready
        quiet = 0
        for _ in range(TURNS):
            await asyncio.sleep(0)
            if len(ready):
                quiet = 0
            elif self._working:
                quiet = 0
                await self._thread_progress()
            else:
                # One more turn, in which the selector hands over what sockets have brought.
                quiet += 1
                if quiet == 2:
                    return
        raise NeverAtRest(f"the app was still busy after {TURNS} turns of the loop")

    async def _thread_progress(self) -> None:
        self._progress.clear()
        self._late = False
        start = self._waiting_since = perf_counter()
        try:
            await self._progress.wait()
        finally:
            self._waiting_since = None
            self.waited += perf_counter() - start
        if self._late:
            raise NeverAtRest(f"a thread was still working for the app after {DEADLINE:g} seconds")

    def _watch_over(self) -> None:
        """Wake who has waited for a thread too long; the loop's own timers follow the test's clock."""
        while not self._released.wait(min(DEADLINE, _LOOK_EVERY)):
            since = self._waiting_since
            if since is not None and perf_counter() - since > DEADLINE:
                self._late = True
                self._loop.call_soon_threadsafe(self._progress.set)

    def _next_timer(self) -> float | None:
        timers = cast("list[asyncio.TimerHandle]", cast("Any", self._loop)._scheduled)
        whens = [timer.when() for timer in timers if not timer.cancelled()]
        return min(whens) - self._base if whens else None
