"""Drafts: what a citizen has begun and not sent yet, safe after every answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from app.applications.attachments import AttachmentLost, content_type, file_name
from app.contract.applications import AttachmentRef, Question
from app.contract.canonical import sha256_hex
from app.contract.problems import FieldError
from app.contract.text import Text

if TYPE_CHECKING:
    from app.contract.definition import ServiceDefinition
    from app.storage.storage import Storage, Transaction

DRAFTS = "drafts"
DEFINITIONS = "drafts.definitions"
FILES = "drafts.files"
"""Collections: records by draft id, except that the blobs of FILES are by `<draft id>/<sha256>`."""


@dataclass(slots=True)
class Draft:
    """One unsent journey. Change it and `Drafts.save` it; `id` lives on as the id of what is sent.

    `journey` is `Journey.to_json()`: answers, pages passed, and the place. `remaining` of `total` answers are
    still to be typed. `errors` are those of a submission that was refused.
    """

    id: str
    service: str
    version: int
    title: Text
    icon: str
    begun_at: datetime
    updated_at: datetime
    journey: dict[str, Any] = field(default_factory=dict[str, Any])
    remaining: int | None = None
    total: int | None = None
    reference: str | None = None
    """The application whose question this draft answers; None for a new application."""
    question: Question | None = None
    errors: list[FieldError] = field(default_factory=list[FieldError])
    refusal: str | None = None
    """The sentence of the refusal, in the citizen's language."""

    def to_json(self) -> dict[str, Any]:
        """This draft as it is kept."""
        return {
            "service": self.service,
            "version": self.version,
            "title": self.title.root,
            "icon": self.icon,
            "begun_at": self.begun_at.isoformat(),
            "updated_at": self.updated_at.isoformat(),
            "journey": self.journey,
            "remaining": self.remaining,
            "total": self.total,
            "reference": self.reference,
            "question": self.question.model_dump(mode="json") if self.question else None,
            "errors": [error.model_dump(mode="json") for error in self.errors],
            "refusal": self.refusal,
        }

    @classmethod
    def from_json(cls, draft_id: str, kept: Any) -> Draft:
        """The draft that `to_json` wrote."""
        return cls(
            id=draft_id,
            service=kept["service"],
            version=kept["version"],
            title=Text(kept["title"]),
            icon=kept["icon"],
            begun_at=datetime.fromisoformat(kept["begun_at"]),
            updated_at=datetime.fromisoformat(kept["updated_at"]),
            journey=kept["journey"],
            remaining=kept["remaining"],
            total=kept["total"],
            reference=kept["reference"],
            question=Question.model_validate(kept["question"]) if kept["question"] else None,
            errors=[FieldError.model_validate(error) for error in kept["errors"]],
            refusal=kept["refusal"],
        )


class Drafts:
    """The drafts on the device. After `save` an answer survives the end of the process, after `attach` a
    file survives a power cut."""

    def __init__(
        self, storage: Storage, now: Callable[[], datetime], random_bytes: Callable[[int], bytes]
    ) -> None:
        self._storage = storage
        self._now = now
        self._random_bytes = random_bytes
        self._gone: set[str] = set()
        self._attaching = asyncio.Lock()

    async def begin(
        self, definition: ServiceDefinition, *, reference: str | None = None, question: Question | None = None
    ) -> Draft:
        """A new draft of a service, or of the answer to the `question` about the application `reference`.

        The definition is kept with it: a publication that comes later does not change a form under the
        citizen's hands.
        """
        now = self._now()
        draft = Draft(
            id=self._random_bytes(8).hex(),
            service=definition.id,
            version=definition.version,
            title=definition.title,
            icon=definition.icon,
            begun_at=now,
            updated_at=now,
            reference=reference,
            question=question,
        )
        async with self._storage.transaction() as t:
            await t.put(DEFINITIONS, draft.id, _plain(definition))
            await t.put(DRAFTS, draft.id, draft.to_json())
        return draft

    async def save(self, draft: Draft) -> None:
        """Keep the draft as it is now. Call it at every answer: calls that come faster than the disk are one.

        A draft that was sent or deleted meanwhile stays gone.
        """
        if draft.id in self._gone:
            return
        draft.updated_at = self._now()
        await self._storage.put_latest(DRAFTS, draft.id, draft.to_json())

    async def get(self, draft_id: str) -> Draft | None:
        """One draft, or None where there is none."""
        kept = await self._storage.get(DRAFTS, draft_id)
        return None if kept is None else Draft.from_json(draft_id, kept)

    async def all(self) -> list[Draft]:
        """All drafts, the last touched first."""
        drafts = [Draft.from_json(key, kept) for key, kept in await self._storage.all(DRAFTS)]
        return sorted(drafts, key=lambda draft: draft.updated_at, reverse=True)

    async def of_service(self, service_id: str) -> Draft | None:
        """The last touched draft of a new application for a service."""
        return next((d for d in await self.all() if d.service == service_id and d.reference is None), None)

    async def of_question(self, reference: str, question_id: str) -> Draft | None:
        """The draft that answers a question about an application."""
        return next(
            (
                d
                for d in await self.all()
                if d.reference == reference and d.question and d.question.id == question_id
            ),
            None,
        )

    async def definition(self, draft_id: str) -> ServiceDefinition | None:
        """The definition that the draft was begun with; None where there is no such draft."""
        from app.contract.definition import ServiceDefinition

        kept = await self._storage.get(DEFINITIONS, draft_id)
        return None if kept is None else ServiceDefinition.model_validate(kept)

    async def delete(self, draft_id: str) -> None:
        """Delete a draft with its files. None there is no error."""
        self._gone.add(draft_id)
        async with self._storage.transaction() as t:
            await t.delete(DRAFTS, draft_id)
            await self.forget(t, draft_id)

    def watch(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call `callback` on the loop after each change; gives what ends it."""
        return self._storage.watch(DRAFTS, callback)

    # Files

    async def attach(self, draft_id: str, name: str, data: bytes) -> AttachmentRef:
        """Keep a file that the citizen chose, and give what the answer names it by.

        The type is read from the bytes, never from the name; a path in the name is cut off.

        Raises:
            AttachmentRefused: empty, or neither photo nor PDF.
        """
        media_type = content_type(name, data)
        ref = AttachmentRef(
            name=file_name(name, media_type),
            media_type=media_type,
            size=len(data),
            sha256=await asyncio.to_thread(sha256_hex, data),
        )
        async with self._attaching:
            files = await self.files(draft_id)
            files[ref.sha256] = ref
            async with self._storage.transaction() as t:
                await t.put_blob(FILES, f"{draft_id}/{ref.sha256}", data)
                await t.put(FILES, draft_id, [file.model_dump(mode="json") for file in files.values()])
        return ref

    async def files(self, draft_id: str) -> dict[str, AttachmentRef]:
        """The files that were chosen for a draft, by hash; also those that no answer names any more."""
        kept = cast("list[Mapping[str, Any]]", await self._storage.get(FILES, draft_id) or [])
        files = [AttachmentRef.model_validate(file) for file in kept]
        return {file.sha256: file for file in files}

    async def file(self, draft_id: str, sha256: str) -> bytes:
        """The bytes of a file. Raises AttachmentLost where it is not on the device."""
        data = await self._storage.get_blob(FILES, f"{draft_id}/{sha256}")
        if data is None:
            raise AttachmentLost(sha256)
        return data

    # For the outbox

    async def take(self, transaction: Transaction, draft_id: str) -> None:
        """Take a draft away because it is being sent; its definition and files stay until it has arrived."""
        self._gone.add(draft_id)
        await transaction.delete(DRAFTS, draft_id)

    async def give_back(
        self, transaction: Transaction, draft: Draft, newer: ServiceDefinition | None = None
    ) -> None:
        """Put back a draft that was taken; with a `newer` definition it goes on in that one.

        `Journey.from_json` then keeps all answers and goes through the pages again.
        """
        self._gone.discard(draft.id)
        if newer is not None:
            draft.version, draft.title, draft.icon = newer.version, newer.title, newer.icon
            await transaction.put(DEFINITIONS, draft.id, _plain(newer))
        await transaction.put(DRAFTS, draft.id, draft.to_json())

    async def forget(self, transaction: Transaction, draft_id: str) -> None:
        """Delete what belongs to a draft that is gone."""
        for sha256 in await self.files(draft_id):
            await transaction.delete(FILES, f"{draft_id}/{sha256}")
        await transaction.delete(FILES, draft_id)
        await transaction.delete(DEFINITIONS, draft_id)


def _plain(definition: ServiceDefinition) -> dict[str, Any]:
    return definition.model_dump(mode="json", by_alias=True, exclude_none=True)
