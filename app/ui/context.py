"""What every screen gets: the App, the size of the window, and live readings from storage."""

from __future__ import annotations

import asyncio
import contextvars
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeVar, cast

import flet as ft

from app.app import App
from app.device import DeviceLocked
from app.faults import log_fault
from app.storage.errors import StorageClosed
from app.ui.hooks import use_reference, use_state
from app.ui.tokens import MEDIUM, WIDE
from app.watchers import Watch, Watchers

log = logging.getLogger("loket.ui")

T = TypeVar("T")

Width = Literal["phone", "tablet", "desktop"]


@dataclass(frozen=True, slots=True)
class Frame:
    """The window as far as layout cares: its width class, and how large words are."""

    width: Width = "phone"
    text_scale: float = 1.0

    @classmethod
    def of(cls, dp: float | None, text_scale: float) -> Frame:
        """The frame of a window `dp` wide.

        Larger words need more room, so a window counts as narrower by the text scale.
        """
        room = (dp or 0) / (1 + (text_scale - 1) / 2)
        width: Width = "desktop" if room >= WIDE else "tablet" if room >= MEDIUM else "phone"
        return cls(width, text_scale)


AppContext = ft.create_context(cast("App | None", None))
FrameContext = ft.create_context(Frame())


def use_app() -> App:
    """The App of this session."""
    app = ft.use_context(AppContext)
    if app is None:
        raise RuntimeError("no App in the context: screens are rendered by start.py")
    return app


def use_frame() -> Frame:
    """The window's width class and text scale."""
    return ft.use_context(FrameContext)


def here(callback: Callable[..., None]) -> Callable[..., None]:
    """`callback` as of this window, whoever calls it.

    Flet finds the page in a context variable, and a change is told from the thread of the storage or from
    another window's task: there it is missing, or another page.
    """
    window = contextvars.copy_context()
    return lambda *values: window.copy().run(callback, *values)


def use_watches(app: App, begin: Callable[[], Sequence[Callable[[], None]]], on: Sequence[Any]) -> None:
    """What the component listens to while it is there, begun anew with other values of `on`.

    `begin` gives the ways to stop. Flet runs no cleanup where a window is closed around the component: there
    its App does.
    """
    ends = use_reference(list[Callable[[], None]]())

    def stop() -> None:
        for end in ends.current:
            end()
        ends.current = []

    def start() -> None:
        ends.current = [*begin(), app.closed.watch(stop)]

    ft.use_effect(start, on, cleanup=stop)


class Wake:
    """Whether what is drawn under it can be seen. What is out of sight takes no readings until it is back."""

    def __init__(self) -> None:
        self._awake = True
        self._watchers = Watchers[[]]()

    @property
    def awake(self) -> bool:
        """In sight."""
        return self._awake

    def set(self, awake: bool) -> None:
        """Say that it has come into sight, or gone out of it."""
        was, self._awake = self._awake, awake
        if awake and not was:
            self._watchers.tell()

    def watch(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Be told when it comes back into sight; gives the way to stop."""
        return self._watchers.watch(callback)


WakeContext = ft.create_context(Wake())


def use_wake(route: str) -> Wake:
    """The wake of a screen that others may cover: in sight while its own route is the window's."""
    wake = use_reference(Wake()).current
    wake.set(ft.use_route_location() == route)
    return wake


def use_live(
    read: Callable[[], Awaitable[T]],
    *watches: Watch,
    on: Sequence[Any] = (),
    first: T | None = None,
    wake: Wake | None = None,
) -> T | None:
    """A reading that is taken again at every change; `first` (None: not read yet) until it has come.

    `on` are the values that the reading depends on. Readings never overlap: a change during a reading
    asks for one more after it. Out of sight (`wake`, else that of the place) none is taken; one that was
    missed is made up for on coming back.
    """
    value, set_value = use_state(first)
    around = ft.use_context(WakeContext)
    eyes = wake or around

    def begin() -> list[Callable[[], None]]:
        live = _Live(read, set_value, eyes)
        again = here(live.again)
        live.again()
        return [live.stop, eyes.watch(here(live.rouse)), *(watch(again) for watch in watches)]

    use_watches(use_app(), begin, on)
    return value


class _Live:
    def __init__(self, read: Callable[[], Awaitable[Any]], give: Callable[[Any], None], wake: Wake) -> None:
        self.read = read
        self.give = give
        self.wake = wake
        self.missed = False
        self.task: asyncio.Task[None] | None = None
        self.dirty = False
        self.stopped = False

    def again(self) -> None:
        if self.stopped:
            return
        if not self.wake.awake:
            self.missed = True
            return
        if self.task is not None and not self.task.done():
            self.dirty = True
            return
        self.dirty = False
        self.task = asyncio.get_running_loop().create_task(self._run())
        self.task.add_done_callback(self._ended)

    def rouse(self) -> None:
        if self.missed:
            self.missed = False
            self.again()

    async def _run(self) -> None:
        value = await self.read()
        if self.stopped:
            return
        self.give(value)
        if self.dirty:
            self.task = None
            self.again()

    def _ended(self, task: asyncio.Task[None]) -> None:
        # A reading that fails is a fault of ours: say so, and leave what is shown as it was.
        if task.cancelled() or (error := task.exception()) is None or self.stopped:
            return
        if not isinstance(error, DeviceLocked | StorageClosed):
            log_fault(log, "a reading for the screen failed", error)

    def stop(self) -> None:
        self.stopped = True
