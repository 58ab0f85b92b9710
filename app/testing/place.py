"""A place in a form, and the answers that lead there: a draft at it needs no typing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.contract.citizen import Attribute
from app.contract.language import Language
from app.forms.journey import CHECK, Journey
from app.testing.find import NotSeen
from app.testing.phone import File


@dataclass(frozen=True, slots=True)
class Place:
    """A page of a form (its id; `check` for the last), with these answers on it and on those before it.

    `answers` are canonical, by field; those of other pages may be among them, those of files name `files` by
    their hash. `ended`: the citizen has gone on from there, and the form has ended early. `registers` is what
    the state knows of the citizen otherwise than of the persona (a value of None: nothing).
    """

    page: str
    answers: Mapping[str, Any] = field(default_factory=dict[str, Any])
    files: tuple[File, ...] = ()
    ended: bool = False
    registers: tuple[Attribute, ...] = ()

    def reach(self, journey: Journey) -> None:
        """Answer page after page up to this one. Raises `NotSeen` where the answers do not lead there."""
        while True:
            here = journey.at
            self._answer(journey)
            if here == self.page and not self.ended:
                return
            problems = journey.forward()
            if problems or here == CHECK:
                say = Language.load("en").say
                told = "; ".join(f"{p.field}: {say(p.phrase)}" for p in problems) or "that is the last page"
                raise NotSeen(f"the answers lead to the page {here!r}, not to {self.page!r}: {told}")
            if journey.exit is not None:
                if here == self.page:
                    return
                raise NotSeen(f"the form ends at the page {here!r}, before {self.page!r}")
            if here == self.page:
                raise NotSeen(f"the form does not end at the page {here!r}")

    def _answer(self, journey: Journey) -> None:
        """Answer what is visible on the page at hand, and what becomes visible by that."""
        given: set[str] = set()
        while fresh := [f.id for f in journey.fields() if f.id in self.answers and f.id not in given]:
            given.update(fresh)
            for name in fresh:
                journey.answer(name, self.answers[name])
