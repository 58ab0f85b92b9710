"""What home suggests: from what registers say, what the citizen has and did. It stays on the device."""

from __future__ import annotations

import asyncio
from collections.abc import Container
from datetime import date
from typing import TYPE_CHECKING, Any, cast

from app.catalogue.suggesting import DUE, Facts, Suggesting, Suggestion

if TYPE_CHECKING:
    from app.app import App
    from app.contract.citizen import Me
    from app.marks import Marked

_PARENTS = ("head", "wife", "husband")


async def suggested(app: App, marked: Marked, shown: Container[str]) -> tuple[Suggestion, ...]:
    """What the citizen may want to do next, none of `shown`; nothing where they switched it off."""
    if not marked.suggests or not app.catalogue.size:
        return ()
    me = await app.me()
    made = Suggesting(
        offered=app.catalogue,
        region=(await app.region(marked)).code,
        facts=facts(me) if me else Facts(),
        have=await app.have(),
        recent=marked.recent,
        today=app.local_now().date(),
    )
    return await asyncio.to_thread(made.suggestions, shown)


def facts(me: Me) -> Facts:
    """What of a citizen's own data suggestions go by. What has another shape counts as not known."""
    due = {concept: day for concept in DUE if (day := _day(_value(me, concept))) is not None}
    reported = _value(me, "birth.notification")
    birth = _day(cast("dict[str, Any]", reported).get("date")) if isinstance(reported, dict) else None
    return Facts(due, birth, tuple(_children(me)))


def _children(me: Me) -> list[tuple[str, date]]:
    members = _value(me, "family.members")
    if not isinstance(members, list):
        return []
    people = [cast("dict[str, Any]", one) for one in cast("list[Any]", members) if isinstance(one, dict)]
    own = _value(me, "person.nik")
    # Relations are seen from the head of the card: who is a child there has no children by it.
    if not any(one.get("nik") == own and one.get("relation") in _PARENTS for one in people):
        return []
    return [
        (str(one.get("full_name", "")).partition(" ")[0], born)
        for one in people
        if one.get("relation") == "child" and (born := _day(one.get("birth_date"))) is not None
    ]


def _value(me: Me, concept: str) -> Any:
    attribute = me.get(concept)
    return attribute.value if attribute else None


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None
