"""A citizen at the app: opens it, looks, taps, types and reads, in this process and in milliseconds.

Learnt from NiceGUI's `User` and Textual's `Pilot`. Every act waits until the app is at rest, so a test
has no sleeps; every failure shows the screen.
"""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, time
from itertools import cycle
from time import perf_counter
from typing import Any, Literal

from app.testing import gestures
from app.testing.client import PICKERS, Client, Traffic
from app.testing.clock import PATIENCE, Clock, Rest
from app.testing.find import NotSeen, Query, one, tappable
from app.testing.phone import File, Phone
from app.testing.reader import Reader
from app.testing.screen import FIELDS, Element

Main = Callable[[Any], Any]
Theme = Literal["light", "dark"]


class AppFailed(AssertionError):
    """The app crashed, logged an error that nobody expected, or sent what Flutter cannot show."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one act cost the app: handler, diff and encoding, without waiting for threads."""

    act: str
    seconds: float
    messages: int
    operations: int
    bytes: int
    largest: int
    """Bytes of the largest message."""


class _Errors(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


class Citizen(Reader):
    """Somebody who uses the app `main` on a phone of their own."""

    def __init__(self, main: Main, *, clock: Clock | None = None, phone: Phone | None = None) -> None:
        super().__init__(phone or Phone())
        self.main = main
        self.clock = clock or Clock()
        self.costs: list[Cost] = []
        self._rest: Rest | None = None
        self._errors = _Errors()

    # Opening and closing

    async def open(
        self,
        route: str = "/",
        *,
        width: float = 412,
        height: float = 892,
        theme: Theme = "light",
        language: str = "id",
        platform: str = "android",
    ) -> Citizen:
        """Open the app in a window of `width` × `height` dp and wait until it is at rest."""
        if self._client is not None:
            raise RuntimeError("the app is open already: close it first")
        self._watch()
        self._client = Client(
            self.phone,
            {
                "route": route,
                "web": self.phone.web,
                "pwa": False,
                "debug": False,
                "wasm": False,
                "test": False,
                "multi_view": False,
                "pyodide": False,
                "platform": platform,
                "platform_brightness": theme,
                "width": width,
                "height": height,
                "media": _media(width, height),
            },
        )
        await self._act("open", self._client.start(self.main))
        if language != "id":
            await self.set_language(language)
        return self

    def _watch(self) -> None:
        """Take over the loop's time and listen to logged errors, once."""
        if self._rest is None:
            self._rest = Rest(self.clock)
            logging.getLogger().addHandler(self._errors)

    async def close(self) -> None:
        """Close the app; `open` starts it anew, on the same phone."""
        if self._client is not None:
            client, self._client, self._screen = self._client, None, None
            await client.stop()
            await self._at_rest()
            self._failures(client)

    async def leave(self) -> None:
        """Close the app and give the event loop back its own time."""
        try:
            await self.close()
        finally:
            if self._rest is not None:
                self._rest.release()
                self._rest = None
            logging.getLogger().removeHandler(self._errors)

    # Acting

    async def tap(self, target: str | None = None, **query: str) -> None:
        """Tap what `target` names.

        Raises `NotSeen` if it is not there, covered, disabled, or takes no taps.
        """
        wanted = Query(target, **query)
        element = one(wanted, self.see(), tappable)
        if not element.tappable:
            raise self._failed(f"{element.line()} takes no taps: nobody listens to it")
        await self._now(f"tap {wanted}", lambda: gestures.tap(self.client, element))

    async def long_press(self, target: str) -> None:
        """Press long on what `target` names."""
        element = self.find(target)
        await self._now(f"long press {target!r}", lambda: gestures.long_press(self.client, element))

    async def type(self, target: str, text: str, *, submit: bool = False, keystrokes: bool = False) -> None:
        """Put `text` into the field `target` in place of what is there.

        It is one change, as pasting is. With `keystrokes` it is one a letter, each typed before the answer to
        the one before has come: a field whose value the app sends back loses letters, and the test fails.
        `submit` presses the keyboard's action key afterwards.
        """
        field = self._within(target, lambda e: e.node.type in FIELDS, "a field")

        async def act() -> None:
            gestures.enter(self.client, field)
            if keystrokes:
                await self._type_letters(field, text)
            else:
                gestures.fill(self.client, field.node, text)
            if submit:
                gestures.submit(self.client, field.node)

        await self._act(f"type into {target!r}", act())

    async def _type_letters(self, field: Element, text: str) -> None:
        client = self.client
        gestures.fill(client, field.node, "")
        await self._at_rest(0)
        expected = ""
        # Few turns of the loop between two letters: the app has begun to answer the last one, not ended.
        for letter, turns in zip(text, cycle((1, 2, 3)), strict=False):
            node = client.tree.index.get(field.node.id)
            if node is None:
                raise NotSeen(f"{field.line()} was replaced while it was typed into")
            expected = gestures.accepted(node, expected + letter)
            gestures.fill(client, node, node.get("value", "") + letter)
            for _ in range(turns):
                await asyncio.sleep(0)
        await self._at_rest(0)
        node = client.tree.index.get(field.node.id, field.node)
        if node.get("value", "") != expected:
            raise NotSeen(
                f"{field.line()} lost letters while it was typed into: {expected!r} became "
                f"{node.get('value', '')!r}. Python sent back a value older than what had been typed."
            )

    async def choose(self, target: str, choice: str | bool | Sequence[str]) -> None:
        """Choose by its words or key in a dropdown, radio group or segments; set a checkbox or switch."""
        element = self.find(target)
        await self._now(f"choose {choice!r}", lambda: gestures.choose(self.client, element, choice))

    async def pick(self, value: date | time | None) -> None:
        """Choose in the open date or time picker and confirm; None cancels."""
        client = self.client
        picker = next(
            (d for d in reversed(client.dialogs_host()) if d.props.get("_open") and d.type in PICKERS), None
        )
        if picker is None:
            raise self._failed("no date or time picker is open")
        await self._now(f"pick {value}", lambda: gestures.pick(client, picker, value))

    async def pick_files(self, target: str, *files: File) -> None:
        """Tap `target` and pick `files` in the file dialog that it opens; none cancels the dialog."""
        self.phone.next_files = list(files)
        asked = len(self.phone.asked)
        await self.tap(target)
        if len(self.phone.asked) == asked:
            raise self._failed(f"{target!r} opened no file dialog")

    async def scroll(self, target: str | None = None, *, to: float = 0.0, extent: float = 10_000.0) -> None:
        """Scroll the list around `target` (or the view's own) to `to` dp of `extent`."""
        start = self.find(target).node if target is not None else self.client.views()[-1]
        nodes = [start, *start.above()]
        if target is None:
            nodes = [e.node for e in self.see().layers[0].walk()]
            nodes = [n for n in self.client.tree.index.values() if n.handles("scroll")] or nodes
        holder = next((n for n in nodes if n.handles("scroll")), None)
        if holder is None:
            raise self._failed(f"nothing around {target!r} listens to scrolling")
        data = {
            "event_type": "update",
            "pixels": to,
            "min_scroll_extent": 0.0,
            "max_scroll_extent": extent,
            "viewport_dimension": self.client.tree.page.get("height"),
        }
        await self._now("scroll", lambda: self.client.send(holder, "scroll", data))

    async def back(self) -> None:
        """Press Android's back button."""
        await self._now("back", self.client.back)

    async def go(self, route: str) -> None:
        """Follow a link into the app: a deep link, or the browser's address bar."""
        await self._now(f"go {route}", lambda: self.client.route(route))

    async def press_key(
        self, key: str, *, ctrl: bool = False, shift: bool = False, alt: bool = False, meta: bool = False
    ) -> None:
        """Press a key of a keyboard; Enter in a field submits it, Escape closes a dialog."""
        client = self.client

        def act() -> None:
            focused = client.tree.index.get(client.focused) if client.focused is not None else None
            if key == "Enter" and focused is not None and not focused.get("multiline", False):
                gestures.submit(client, focused)
            if key == "Escape" and len(self.see().layers) > 1:
                client.back()
            data = {"key": key, "ctrl": ctrl, "shift": shift, "alt": alt, "meta": meta}
            client.send(client.tree.page, "keyboard_event", data)

        await self._now(f"press {key}", act)

    # The world around

    async def set_size(self, width: float, height: float) -> None:
        """Turn the phone, or drag the window's corner."""
        client = self.client

        def act() -> None:
            size = {"width": width, "height": height}
            client.set(client.tree.page, size)
            client.send_always(client.tree.page, "resize", size)
            media = _media(width, height)
            client.set(client.tree.page, {"media": media})
            client.send_always(client.tree.page, "media_change", media)

        await self._now("resize", act)

    async def set_theme(self, theme: Theme) -> None:
        """Switch the phone between light and dark."""
        client = self.client

        def act() -> None:
            client.set(client.tree.page, {"platform_brightness": theme})
            client.send_always(client.tree.page, "platform_brightness_change", theme)

        await self._now("theme", act)

    async def set_language(self, *languages: str) -> None:
        """Set the languages of the phone, in order of preference."""
        client = self.client
        locales = [{"language_code": language} for language in languages]
        await self._now(
            "language", lambda: client.send(client.tree.page, "locale_change", {"locales": locales})
        )

    async def set_connectivity(self, *kinds: str) -> None:
        """Change the phone's network: `wifi`, `mobile`, … ; nothing means offline."""
        self.phone.connectivity = list(kinds) or ["none"]
        client = self.client

        def act() -> None:
            for node in list(client.tree.index.values()):
                if node.type == "Connectivity":
                    client.send(node, "change", {"connectivity": self.phone.connectivity})

        await self._now("network", act)

    async def set_lifecycle(self, state: str) -> None:
        """Put the app into the background (`pause`, `hide`) or back (`show`, `resume`)."""
        client = self.client
        await self._now(
            state,
            lambda: client.send_always(client.tree.page, "app_lifecycle_state_change", {"state": state}),
        )

    async def settle(self, patience: float = PATIENCE) -> None:
        """Wait until the app is at rest; timers due within `patience` seconds of its time fire."""
        await self._at_rest(patience)
        self._failures(self.client)

    # Errors

    def expect_errors(self, *words: str) -> list[str]:
        """Take the logged errors that contain one of `words` as expected; gives their messages.

        Raises `AssertionError` if there are none.
        """
        records = self._errors.records
        taken = [r for r in records if any(w in r.getMessage() for w in words)]
        if not taken:
            raise AssertionError(
                f"no error with {words} was logged; there are: {[r.getMessage() for r in records]}"
            )
        self._errors.records = [r for r in records if r not in taken]
        return [r.getMessage() for r in taken]

    # Inside

    def _within(self, target: str, fits: Callable[[Element], bool], what: str) -> Element:
        element = self.find(target)
        found = [e for e in element.walk() if fits(e)] or [e for e in element.above() if fits(e)][:1]
        if len(found) != 1:
            raise self._failed(f"{element.line()} holds {len(found)} of {what}")
        return found[0]

    async def _now(self, act: str, do: Callable[[], object]) -> None:
        async def work() -> None:
            do()

        await self._act(act, work())

    async def _act(self, act: str, work: Any) -> None:
        client = self.client
        waited = self._waited()
        began = perf_counter()
        try:
            with client.counting() as traffic:
                await work
                await self._at_rest()
        except NotSeen as failure:
            raise self._failed(str(failure)) from None
        spent = perf_counter() - began - (self._waited() - waited) - traffic.received
        self.costs.append(_cost(act, spent, traffic))
        self._failures(client)

    def _waited(self) -> float:
        return self._rest.waited if self._rest is not None else 0.0

    async def _at_rest(self, patience: float = PATIENCE) -> None:
        if self._rest is not None:
            try:
                await self._rest.come(patience)
            except AssertionError as failure:
                raise self._failed(str(failure)) from None

    def _failures(self, client: Client) -> None:
        if client.crash is not None:
            crash, client.crash = client.crash, None
            raise AppFailed(f"the app crashed:\n{crash}")
        if self.phone.troubles:
            raise self.phone.troubles.pop()
        if self._rest is not None and (lost := self._rest.lost()):
            told = "\n".join("".join(traceback.format_exception(error)) for error in lost)
            raise AppFailed(f"a task of the app failed, and nobody looked:\n{told}")
        if client.faults:
            faults, client.faults = client.faults, []
            raise AppFailed("\n".join(faults))

    def check_errors(self) -> None:
        """Fail on an error that was logged and not expected.

        Raises `AppFailed` with the messages and their tracebacks.
        """
        records, self._errors.records = self._errors.records, []
        if records:
            form = logging.Formatter("%(name)s: %(message)s")
            raise AppFailed("the app logged errors:\n" + "\n".join(form.format(r) for r in records))


def _cost(act: str, seconds: float, traffic: Traffic) -> Cost:
    return Cost(act, seconds, traffic.messages, traffic.operations, traffic.sent, traffic.largest)


def _media(width: float, height: float) -> dict[str, Any]:
    none = {"left": 0.0, "top": 0.0, "right": 0.0, "bottom": 0.0}
    return {
        "padding": none,
        "view_padding": none,
        "view_insets": none,
        "device_pixel_ratio": 2.625,
        "orientation": "landscape" if width > height else "portrait",
        "always_use_24_hour_format": True,
    }
