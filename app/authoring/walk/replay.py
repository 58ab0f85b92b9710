"""Plays a kept way again, by the same rules as the app and the backend, without a screen."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.authoring.walk.ways import Ending, Way
from app.contract.citizen import Me
from app.contract.definition import ServiceDefinition
from app.contract.language import Language
from app.forms import kinds
from app.forms.answers import Answers
from app.forms.journey import CHECK, Journey
from app.forms.validation import Problem, blocking, check_submission

_INDONESIAN = Language.load("id")
_MOST = 200
"""Pages that are passed at most: more than that is a circle."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that went otherwise than on the way: on which page, at which field (if at one), and what."""

    page: str
    field: str | None
    found: str

    def __str__(self) -> str:
        at = f"{self.page}.{self.field}" if self.field else self.page
        return f"{at}: {self.found}"


def begin(definition: ServiceDefinition, me: Me, today: date, way: Way) -> Journey:
    """The journey of a way at its first page, its answers given."""
    return Journey(definition, me, today, Answers(deepcopy(dict(way.answers))))


def replay(definition: ServiceDefinition, me: Me, today: date, way: Way) -> list[Trouble]:
    """What of a way does not come as it came; nothing where it holds."""
    journey = begin(definition, me, today, way)
    wanted = list(way.pages)
    for _ in range(_MOST):
        here = journey.at
        if here == CHECK:
            return _at_check(journey, way, wanted)
        if not wanted or wanted[0] != here:
            return [Trouble(here, None, f"this page comes, where {_next(wanted)} should.")]
        wanted.pop(0)
        shown = shown_on(journey, here)
        if shown != way.shown[here]:
            return [Trouble(here, None, f"{_difference(shown, way.shown[here])}.")]
        if problems := journey.forward():
            return [_trouble(problem, here) for problem in problems]
        if journey.exit is not None:
            return _at_exit(journey, way, wanted)
        if journey.at == here:
            return [Trouble(here, None, "nothing is wrong, and yet there is no way on.")]
    return [Trouble(journey.at, None, "the pages go round in a circle.")]


def shown_on(journey: Journey, page: str) -> tuple[str, ...]:
    """The visible fields of a page, those of entries and rows as `<section>.<field>`, each once."""
    names: dict[str, None] = {}
    for one in journey.fields(page):
        names[one.id] = None
        for _, cells in kinds.parts_of(one, journey.answers.get(one.id)):
            names.update((f"{one.id}.{f.id}", None) for f in journey.view.entry_fields(one, cells))
    return tuple(names)


def _at_exit(journey: Journey, way: Way, wanted: list[str]) -> list[Trouble]:
    page = journey.page
    ending = journey.exit
    if page is None or ending is None:
        return []
    came = Ending(page.id, page.exits.index(ending))
    if wanted or came != way.ends:
        return [Trouble(page.id, None, f"the form ends here, where {_next(wanted)} should come.")]
    return []


def _at_check(journey: Journey, way: Way, wanted: list[str]) -> list[Trouble]:
    if wanted:
        return [Trouble(CHECK, None, f"all pages are passed, where {_next(wanted)} should come.")]
    if not way.ends.sent:
        return [Trouble(CHECK, None, f"the form does not end at {way.ends.page} any more.")]
    answers: dict[str, Any] = journey.submission_answers()
    found = [*journey.problems(CHECK)]
    found += check_submission(journey.definition, answers, journey.me, journey.today)
    return [_trouble(problem, CHECK) for problem in _once(blocking(found))]


def _once(problems: list[Problem]) -> list[Problem]:
    seen: dict[tuple[str, str], Problem] = {}
    for problem in problems:
        seen.setdefault((problem.field, problem.phrase.message), problem)
    return list(seen.values())


def _trouble(problem: Problem, page: str) -> Trouble:
    told = _INDONESIAN.say(problem.phrase)
    return Trouble(problem.page or page, problem.field, f"the answer is refused: “{told}”.")


def _next(wanted: list[str]) -> str:
    return f"`{wanted[0]}`" if wanted else "the end"


def _difference(shown: tuple[str, ...], before: tuple[str, ...]) -> str:
    more = [name for name in shown if name not in before]
    less = [name for name in before if name not in shown]
    told = [
        f"now asked: {', '.join(more)}" if more else "",
        f"asked no more: {', '.join(less)}" if less else "",
    ]
    return "; ".join(t for t in told if t) or "asked in another order"
