"""A way through a form: what was known, what was answered, what was shown, and how it ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.forms.received import items, mapping


@dataclass(frozen=True, slots=True)
class Ending:
    """How a way ends: sent (no page), or at the `exit`-th exit of `page`."""

    page: str | None = None
    exit: int = 0

    @property
    def sent(self) -> bool:
        """Whether the form was sent."""
        return self.page is None

    def to_json(self) -> Any:
        """`"sent"`, or the page and the number of its exit."""
        return "sent" if self.page is None else {"page": self.page, "exit": self.exit}

    @classmethod
    def from_json(cls, data: Any) -> Ending:
        """The ending that `to_json` wrote. Raises ValueError where it is none."""
        given = mapping(data)
        if data == "sent":
            return cls()
        if given is None or not isinstance(given.get("page"), str) or not isinstance(given.get("exit"), int):
            raise ValueError("a way ends with `sent` or at an exit of a page")
        return cls(given["page"], given["exit"])


@dataclass(frozen=True, slots=True)
class Way:
    """One way.

    `knows` is what the registers say otherwise than of the persona (None: nothing), `answers` what is given
    by hand: the rest was known and confirmed. `shown` holds the visible fields of each page, in their order;
    those of entries and rows as `<section>.<field>`.
    """

    knows: Mapping[str, Any]
    answers: Mapping[str, Any]
    shown: Mapping[str, tuple[str, ...]]
    ends: Ending

    @property
    def pages(self) -> tuple[str, ...]:
        """The pages in the order in which they were shown."""
        return tuple(self.shown)

    @property
    def track(self) -> tuple[tuple[str, ...], Ending]:
        """What makes it another way than others: its pages, and how it ends."""
        return self.pages, self.ends

    def to_json(self) -> dict[str, Any]:
        """This way as JSON."""
        return {
            "ends": self.ends.to_json(),
            "knows": dict(self.knows),
            "shown": {page: list(fields) for page, fields in self.shown.items()},
            "answers": dict(self.answers),
        }

    @classmethod
    def from_json(cls, data: Any) -> Way:
        """The way that `to_json` wrote. Raises ValueError where it is none."""
        given = mapping(data) or {}
        knows, answers, shown = (mapping(given.get(name)) for name in ("knows", "answers", "shown"))
        if knows is None or answers is None or shown is None:
            raise ValueError("a way has `knows`, `answers` and `shown`")
        pages = {page: tuple(str(f) for f in items(fields) or ()) for page, fields in shown.items()}
        return cls(knows, answers, pages, Ending.from_json(given.get("ends")))
