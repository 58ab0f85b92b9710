"""A Flet client without Flutter: the only file that knows Flet's internals.

It runs a whole app in this process, packs every message as the wire does, keeps the control tree that
Flutter would hold, and answers as Flutter does: dialogs that open and close, routes, focus, view pops and
the services of the phone.
"""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import traceback
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any, cast

import msgpack
from flet.controls.base_control import BaseControl
from flet.controls.context import _context_page, context  # pyright: ignore[reportPrivateUsage]
from flet.messaging import protocol
from flet.messaging.connection import Connection
from flet.messaging.protocol import (
    Message,
    MessageAction,
    RegisterClientResponseBody,
)
from flet.messaging.session import Session
from flet.pubsub.pubsub_hub import PubSubHub

from app.testing.phone import Phone, UnknownMethod
from app.testing.tree import Node, PatchFault, Tree

# Flet's wire is untyped Python.
_wire: Any = protocol
_msgpack: Any = msgpack
_current_page: Any = _context_page
_encode = _wire.configure_encode_object_for_msgpack(BaseControl)


def _pack(value: Any) -> bytes:
    return _msgpack.packb(value, default=_encode)


def _unpack(data: bytes) -> Any:
    return _msgpack.unpackb(data, ext_hook=_wire.decode_ext_from_msgpack, strict_map_key=False)


_SNACK_BARS = ("SnackBar", "Banner")
PICKERS = ("DatePicker", "TimePicker", "CupertinoDatePicker", "CupertinoTimerPicker", "DateRangePicker")
_FOCUS = ("focus", "request_focus")


@dataclass(slots=True)
class Traffic:
    """What one interaction sent to Flutter."""

    messages: int = 0
    operations: int = 0
    sent: int = 0
    """Bytes on the wire."""
    largest: int = 0
    """Bytes of the largest message."""
    received: float = field(default=0.0)
    """Seconds that this client spent unpacking and keeping the tree, which Flutter would do elsewhere."""


class Client(Connection):
    """One session of an app, seen from Flutter's side."""

    def __init__(self, phone: Phone, page: dict[str, Any]) -> None:
        super().__init__()
        self.phone = phone
        self.loop = asyncio.get_running_loop()
        self.executor = ThreadPoolExecutor(max_workers=2, thread_name_prefix="flet")
        self.pubsubhub = PubSubHub(self.loop, self.executor)
        self.page_url = "http://loket.test"
        self.tree = Tree(page)
        self.traffic = Traffic()
        self.crash: str | None = None
        self.faults: list[str] = []
        self.focused: int | None = None
        self.left_app = False
        self._first_page = page
        self._tasks: set[asyncio.Task[Any]] = set()
        self._open: list[int] = []
        self._looking = False
        self._session: Session | None = None
        self._route: str = page["route"]

    # The session

    async def start(self, main: Callable[..., Any]) -> None:
        """Register as a new client and run `main(page)`, as Flet's own servers do."""
        # In a task of its own, as there: what the test does later belongs to no window.
        await self._do(self._begin(main))

    async def _begin(self, main: Callable[..., Any]) -> None:
        session = self._session = Session(self)
        _current_page.set(session.page)
        session.apply_page_patch(dict(self._first_page))
        self.send_message(
            Message(
                MessageAction.REGISTER_CLIENT,
                RegisterClientResponseBody(
                    session_id=session.id, page_patch=session.get_page_patch(), error=""
                ),
            )
        )
        self._do(self._run_main(session, main))

    async def _run_main(self, session: Session, main: Callable[..., Any]) -> None:
        _current_page.set(session.page)
        context.reset_auto_update()
        try:
            if inspect.iscoroutinefunction(main):
                await main(session.page)
            else:
                main(session.page)
            await session.after_event(session.page)
        except Exception as error:
            session.error(f"{error}\n{traceback.format_exc()}")

    async def stop(self) -> None:
        """Close the window: the session ends and its handlers run."""
        if self._session is not None:
            self._session.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self.executor.shutdown(wait=False)

    def _do(self, work: Any) -> asyncio.Task[Any]:
        task = self.loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    # What the app sends

    def send_message(self, message: Message) -> None:
        """Pack `message` as the wire does, count it, and take it in as Flutter does."""
        data = _pack([message.action, message.body])
        began = perf_counter()
        self.traffic.messages += 1
        self.traffic.sent += len(data) + 1
        self.traffic.largest = max(self.traffic.largest, len(data) + 1)
        action, body = _unpack(data)
        try:
            self._take(MessageAction(action), body)
        except PatchFault as fault:
            self.faults.append(str(fault))
        self.traffic.received += perf_counter() - began

    def _take(self, action: MessageAction, body: dict[str, Any]) -> None:
        if action is MessageAction.PATCH_CONTROL:
            self.traffic.operations += self.tree.patch(body["id"], body["patch"])
            self._look_soon()
        elif action is MessageAction.INVOKE_METHOD:
            self._do(self._invoke(body))
        elif action is MessageAction.REGISTER_CLIENT:
            self.tree.update(self.tree.page, body["page_patch"])
            self._look_soon()
        elif action is MessageAction.SESSION_CRASHED:
            self.crash = body["message"]

    async def _invoke(self, body: dict[str, Any]) -> None:
        result: Any = None
        error: str | None = None
        node = self.tree.index.get(body["control_id"])
        if node is None:
            error = f"Calling {body['name']} method of inexistent control: {body['control_id']}"
        else:
            try:
                result = self._answer(node, body["name"], body.get("args") or {})
            except UnknownMethod as unknown:
                error = str(unknown)
        session = self._session
        if session is not None:
            with contextlib.suppress(RuntimeError):  # the control has gone meanwhile
                session.handle_invoke_method_results(body["control_id"], body["call_id"], result, error)

    def _answer(self, node: Node, name: str, args: dict[str, Any]) -> Any:
        if node.type == "Page" and name == "push_route":
            self.route(args["route"])
            return None
        if node.type == "View" and name == "confirm_pop":
            if args["should_pop"]:
                self._pop(node)
            return None
        if name in _FOCUS:
            self.focus(node)
            return None
        if name == "scroll_to":
            return None
        return self.phone.answer(node.type, name, args)

    # What Flutter does by itself after a change

    def _look_soon(self) -> None:
        if not self._looking:
            self._looking = True
            self.loop.call_soon(self._look)

    def _look(self) -> None:
        """After a frame: open and close dialogs, check the stack of views."""
        self._looking = False
        for dialog in self.dialogs_host():
            is_open, was_open = dialog.props.get("open") is True, dialog.props.get("_open") is True
            if is_open and not was_open:
                if dialog.type in _SNACK_BARS:
                    for other in self.dialogs_host():
                        if other is not dialog and other.type == dialog.type and other.props.get("_open"):
                            self.close_dialog(other)
                dialog.props["_open"] = True
                self.tree.revision += 1
                if dialog.type in _SNACK_BARS and (seconds := _lasts(dialog)) is not None:
                    self.loop.call_later(seconds, self._time_out, dialog)
            elif was_open and not is_open:
                self.close_dialog(dialog)
        routes = [view.get("route", "/") for view in self.views()]
        doubled = {route for route in routes if routes.count(route) > 1}
        if doubled:
            self.faults.append(f"two views share a route, which Flutter's Navigator refuses: {doubled}")
        if self.focused is not None and self.focused not in self.tree.index:
            self.focused = None

    def _time_out(self, dialog: Node) -> None:
        if dialog.props.get("_open") and self.tree.index.get(dialog.id) is dialog:
            self.close_dialog(dialog)

    def dialogs_host(self) -> list[Node]:
        """All dialogs that the page holds, open or not, the latest last."""
        host = self.tree.page.get("_dialogs")
        return host.nodes("controls") if isinstance(host, Node) else []

    def close_dialog(self, dialog: Node, **props: Any) -> None:
        """Close a dialog as if its animation had ended; `props` are a picker's new value."""
        dialog.props["_open"] = False
        self.tree.revision += 1
        changed = props.get("value")
        self.set(dialog, {**props, "open": False})
        picker = dialog.type in PICKERS
        if changed is not None:
            self.send(dialog, "change", changed)
        self.send(dialog, "dismiss", (changed is None) if picker else None)

    def views(self) -> list[Node]:
        """The stack of views, the topmost last."""
        return self.tree.page.nodes("views")

    # What Flutter sends

    def send(self, node: Node, event: str, data: Any = None) -> bool:
        """Send an event if Python listens to it; False if nobody does."""
        if not node.handles(event):
            return False
        self.send_always(node, event, data)
        return True

    def send_always(self, node: Node, event: str, data: Any = None) -> None:
        """Send an event that Flutter sends unasked: of the page, mostly."""
        session = self._session
        if session is not None:
            self._do(session.dispatch_event(node.id, event, _over_the_wire(data)))

    def set(self, node: Node, props: dict[str, Any]) -> None:
        """Change properties of a control on both sides, as typing or choosing does."""
        self.tree.update(node, props)
        if self._session is not None:
            self._session.apply_patch(node.id, _over_the_wire(props))

    def focus(self, node: Node | None) -> None:
        """Move the keyboard's focus; the control left behind hears of it first."""
        new = node.id if node is not None else None
        if new == self.focused:
            return
        old = self.tree.index.get(self.focused) if self.focused is not None else None
        self.focused = new
        if old is not None:
            self.send(old, "blur")
        if node is not None:
            self.send(node, "focus")

    def route(self, route: str) -> None:
        """Go to a route, from Python or from the address bar."""
        if route != self._route:
            self._route = route
            self.focused = None
            self.set(self.tree.page, {"route": route})
            self.send_always(self.tree.page, "route_change", {"route": route})

    def back(self) -> None:
        """The back button of Android: a dialog first, then a view, then out of the app."""
        for dialog in reversed(self.dialogs_host()):
            if dialog.props.get("_open") and dialog.type not in _SNACK_BARS:
                self.close_dialog(dialog)
                return
        views = self.views()
        top = views[-1]
        if top.handles("confirm_pop"):
            self.send(top, "confirm_pop")
        elif top.get("can_pop", True) is False:
            return
        else:
            self._pop(top)

    def _pop(self, view: Node) -> None:
        if len(self.views()) > 1:
            self.send_always(self.tree.page, "view_pop", {"route": view.get("route", "/")})
        else:
            self.left_app = True

    @contextlib.contextmanager
    def counting(self) -> Generator[Traffic]:
        """Count what is sent while the block runs."""
        before = self.traffic
        self.traffic = Traffic()
        try:
            yield self.traffic
        finally:
            spent, self.traffic = self.traffic, before
            before.messages += spent.messages
            before.operations += spent.operations
            before.sent += spent.sent
            before.largest = max(before.largest, spent.largest)
            before.received += spent.received


def _lasts(dialog: Node) -> float | None:
    """Seconds that a snack bar stays; None if it waits for the citizen, as one with an action does."""
    if dialog.type == "Banner" or dialog.get("persist", dialog.get("action") is not None):
        return None
    value = dialog.get("duration", {"milliseconds": 4000})
    if isinstance(value, (int, float)):
        return value / 1000
    units = {
        "days": 86400,
        "hours": 3600,
        "minutes": 60,
        "seconds": 1,
        "milliseconds": 1e-3,
        "microseconds": 1e-6,
    }
    return sum(cast("dict[str, float]", value).get(unit, 0) * size for unit, size in units.items())


def _over_the_wire(value: Any) -> Any:
    """`value` as Python gets it after msgpack: a tuple has become a list, a date aware UTC."""
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    return _unpack(_pack(value))
