"""The longest stretch of an act: how long the loop, and so the window, could do nothing else."""

from __future__ import annotations

from asyncio import Handle
from collections.abc import Callable, Generator
from contextlib import contextmanager
from time import perf_counter
from typing import Any


class Stretch:
    """Times every callback of the loop, without what `apart` says is not the app's (in seconds so far)."""

    def __init__(self, apart: Callable[[], float]) -> None:
        self._apart = apart
        self.longest = 0.0

    def begin(self) -> None:
        """Begin a new act."""
        self.longest = 0.0

    @contextmanager
    def timing(self) -> Generator[None]:
        """Time callbacks from now on, until the block ends."""
        handles: Any = Handle
        run = handles._run

        def timed(handle: Handle) -> None:
            apart, began = self._apart(), perf_counter()
            run(handle)
            self.longest = max(self.longest, perf_counter() - began - (self._apart() - apart))

        handles._run = timed
        try:
            yield
        finally:
            handles._run = run
