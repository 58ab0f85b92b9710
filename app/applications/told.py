"""Answer once: what the citizen has told one service, to be offered in the next.

Kept on the device alone, encrypted, by concept, when a submission is sent. A service is given only the
concepts that it declares in its `permissions`, as with what the state knows; the citizen sees which service
they told and when, and confirms or changes it. Files, promises and appointments belong to one submission and
are not kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from app.contract.citizen import Attribute, Me
from app.contract.language import LANGUAGES, Language
from app.contract.phrase import N_
from app.contract.text import Text
from app.forms.received import mapping

if TYPE_CHECKING:
    from app.contract.definition import ServiceDefinition
    from app.storage.storage import Storage

TOLD = "told"
"""Collection: the last answer for each concept, with its service and day."""

_WHERE = N_("Anda, di {service}")


class Told:
    """What the citizen has told services."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def keep(self, definition: ServiceDefinition, answers: Mapping[str, Any], on: date) -> None:
        """Keep `answers` (by concept, `Journey.told_elsewhere`) that were sent to a service `on` a day.

        A later answer for the same concept takes the place of the one before.
        """
        if not answers:
            return
        async with self._storage.transaction() as t:
            for concept, value in answers.items():
                kept = {
                    "value": value,
                    "service": definition.id,
                    "title": dict(definition.title.root),
                    "on": on.isoformat(),
                }
                await t.put(TOLD, concept, kept)

    async def for_service(self, definition: ServiceDefinition) -> Me:
        """What may be offered in a service: answers for the concepts that it declares."""
        declared = {permission.concept for permission in definition.permissions}
        kept = await self._storage.all(TOLD)
        found = [_attribute(concept, value) for concept, value in kept if concept in declared]
        return Me(subject="", attributes=[attribute for attribute in found if attribute is not None])

    async def forget(self, concept: str) -> None:
        """Offer the answer for a concept no longer. None there is no error."""
        await self._storage.delete(TOLD, concept)


def _attribute(concept: str, kept: Any) -> Attribute | None:
    """A kept answer in the shape of an attribute, or None where it has another shape (an older version)."""
    given = mapping(kept) or {}
    try:
        title = Text.read(given.get("title"))
        return Attribute(
            concept=concept,
            value=given.get("value"),
            source="citizen",
            source_title=Text(
                {tag: Language.load(tag).text(_WHERE.message, service=title) for tag in LANGUAGES}
            ),
            as_of=date.fromisoformat(str(given.get("on"))),
        )
    except ValueError:
        return None
