"""Where a way has no end: what was found there, and what to do, in words."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from typing import Any

from app.authoring.texts import Steps
from app.contract.form import AnyField, PersonField
from app.forms.conditions import Situation, applies


class DeadEnd(Exception):
    """There is no way on. `steps` lead to what is at fault in the definition, `found` says what it is."""

    def __init__(self, page: str, steps: Steps, found: str, remedy: str, knows: Mapping[str, Any]) -> None:
        super().__init__(found)
        self.page = page
        self.steps = steps
        self.found = found
        self.remedy = remedy
        self.knows = dict(knows)
        self.pages: tuple[str, ...] = ()
        self.answers: dict[str, Any] = {}


def no_answer(one: AnyField, situation: Situation) -> tuple[str, str]:
    """Why no answer of a field is right, and what to do, in sentences."""
    options: Any = getattr(one, "options", getattr(one, "methods", getattr(one, "places", None)))
    if options is not None and not any(applies(o.when, situation) for o in options):
        return "nothing can be chosen: no option applies.", "Leave one option without a condition."
    if isinstance(one, PersonField) and not one.other:
        return (
            "nobody can be chosen: nobody on the family card fits, or the state does not know the card.",
            "Say what to do then (a `when` here, and an exit beside it), or allow somebody else "
            "(`other: true`).",
        )
    if one.type == "slot":
        return "no day can be chosen.", "Open more weekdays, or a longer time from `earliest` to `latest`."
    if one.type == "document" and not getattr(one, "or_file", True):
        return (
            "needs a document that a citizen may not have, and takes nothing else.",
            "Allow a photo in its place (`or_file: true`).",
        )
    if getattr(one, "pattern", None):
        return (
            "no text could be made up for its pattern and its other rules.",
            "Make them agree, and write the pattern of characters and classes alone.",
        )
    return "no answer is right: its rules contradict each other or what was answered before.", (
        "Make its bounds, checks and conditions agree."
    )


def crash(error: Exception) -> tuple[str, str]:
    """What of the app fails on a way, and what to do, in sentences."""
    at = traceback.extract_tb(error.__traceback__)[-1]
    told = f"the app fails here: {type(error).__name__}: {error} ({at.name}, line {at.lineno})."
    return told, "Tell the makers of Loket, with this definition."
