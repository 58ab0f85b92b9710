"""Who is told of a change: how a part of the app says that something is new, without knowing to whom."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Generic, ParamSpec

P = ParamSpec("P")

Watch = Callable[[Callable[[], None]], Callable[[], None]]
"""Subscribe a callback to changes; gives the function that unsubscribes it."""


class Watchers(Generic[P]):
    """Callbacks in the order in which they came. One may end its watch, or another's, while they are told."""

    def __init__(self) -> None:
        self._callbacks: list[Callable[P, None]] = []

    def watch(self, callback: Callable[P, None]) -> Callable[[], None]:
        """Tell `callback` from now on; gives the way to stop, which may be called more than once."""
        self._callbacks.append(callback)

        def stop() -> None:
            if callback in self._callbacks:
                self._callbacks.remove(callback)

        return stop

    def tell(self, *news: P.args, **more: P.kwargs) -> None:
        """Call them all."""
        for callback in self:
            callback(*news, **more)

    def __iter__(self) -> Iterator[Callable[P, None]]:
        return iter(tuple(self._callbacks))
