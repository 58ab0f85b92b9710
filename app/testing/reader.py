"""What a citizen reads of the open app: looking for things, and the gates over what they find."""

from __future__ import annotations

from typing import Any

from app.testing import gates
from app.testing.client import Client
from app.testing.find import NotSeen, Query, missing, one
from app.testing.phone import Phone
from app.testing.screen import Element, Screen, read


class Reader:
    """Looks at the screen of the open app; never acts."""

    def __init__(self, phone: Phone) -> None:
        self.phone = phone
        self._client: Client | None = None
        self._screen: Screen | None = None

    @property
    def is_open(self) -> bool:
        """Whether the app is open."""
        return self._client is not None

    @property
    def client(self) -> Client:
        """The client of the open app."""
        if self._client is None:
            raise RuntimeError("the app is not open: await citizen.open() first")
        return self._client

    def see(self) -> Screen:
        """The screen as it is now."""
        client = self.client
        if self._screen is None or self._screen.revision != client.tree.revision:
            self._screen = read(client)
        return self._screen

    def screen(self) -> str:
        """The visible screen as an indented tree of text."""
        return self.see().text()

    def find(
        self,
        target: str | None = None,
        *,
        identifier: str | None = None,
        text: str | None = None,
        label: str | None = None,
        kind: str | None = None,
    ) -> Element:
        """The one thing that fits; see `Query`. Raises `NotSeen` with the screen and near misses."""
        return one(Query(target, identifier, text, label, kind), self.see())

    def should_see(self, *targets: str, **query: str) -> None:
        """Each of `targets` (identifier, or else words) is on the screen; or one thing that fits `query`."""
        screen = self.see()
        for wanted in [Query(t, **query) for t in targets] or [Query(**query)]:
            if not wanted.matches(screen):
                raise NotSeen(missing(wanted, screen))

    def should_not_see(self, *targets: str, **query: str) -> None:
        """None of `targets` is on the screen."""
        screen = self.see()
        for unwanted in [Query(t, **query) for t in targets] or [Query(**query)]:
            if unwanted.matches(screen):
                raise NotSeen(f"{unwanted} is on the screen:\n\n{screen.text()}")

    def value(self, target: str) -> Any:
        """The value of the field, choice or toggle that `target` names."""
        element = self.find(target)
        for inner in element.walk():
            if inner.kind in ("field", "dropdown", "checkbox", "switch", "slider"):
                return inner.node.get("value", "" if inner.kind == "field" else None)
            if inner.kind == "segments":
                return inner.node.get("selected")
            if inner.kind == "radio":
                return next(n for n in inner.node.above() if n.type == "RadioGroup").get("value")
        raise NotSeen(f"{element.line()} has no value\n\n{self.screen()}")

    @property
    def announcements(self) -> list[str]:
        """What the screen reader was told to say, the latest last."""
        return self.phone.announcements

    @property
    def last_url(self) -> str | None:
        """The address that the app opened last in the browser."""
        return self.phone.opened[-1] if self.phone.opened else None

    @property
    def route(self) -> str:
        """The route that the app is at."""
        return self.client.tree.page.get("route")

    @property
    def focused(self) -> Element | None:
        """The element that has the keyboard's focus."""
        at = self.client.focused
        return next((e for e in self.see().elements() if e.node.id == at), None)

    def nameless_controls(self) -> list[gates.Lack]:
        """Usable controls on the screen without a name or an identifier."""
        return gates.nameless(self.see())

    def small_targets(self) -> list[gates.Lack]:
        """Usable controls with an explicit side under 48 dp."""
        return gates.small(self.see())

    def _failed(self, why: str) -> NotSeen:
        if self._client is None or "\n\n" in why:
            return NotSeen(why)
        return NotSeen(f"{why}\n\n{self.screen()}")
