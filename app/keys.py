"""The keyboard of a computer: what is pressed, for the screen that is in sight."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

Key = Literal["Arrow Down", "Arrow Up", "Enter", "Escape"]
"""The keys that screens listen to, as Flutter names them."""

Listener = Callable[[str], None]


class Keys:
    """Tells every listener what is pressed. A listener decides by itself whether it is in sight."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []

    def pressed(self, key: str) -> None:
        """A key went down."""
        for listener in list(self._listeners):
            listener(key)

    def watch(self, listener: Listener) -> Callable[[], None]:
        """Be told of every key; gives the way to stop."""
        self._listeners.append(listener)

        def stop() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return stop
