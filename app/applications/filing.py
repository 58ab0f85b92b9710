"""Filing: a journey through a form, kept in its draft after every answer."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from app.applications.attachments import AttachmentRefused
from app.contract.form import DocumentField, RepeatField
from app.contract.phrase import N_, Phrase, Size
from app.forms.answers import field_at
from app.forms.kinds.files import limits_of, wrong_type
from app.forms.received import mapping, mappings
from app.forms.validation import Problem, blocking
from app.watchers import Watchers

if TYPE_CHECKING:
    from app.applications.drafts import Draft, Drafts
    from app.contract.applications import Question
    from app.forms.journey import Journey

log = logging.getLogger("loket.applications")

_BLINK = 0.4
"""Seconds within which an answer is kept so soon that nobody needs to be told it was not yet."""


class Filing:
    """One form being filled in. Every change is on its way to the disk when the method returns.

    `saved` tells whether all of them have arrived there.
    """

    def __init__(self, journey: Journey, draft: Draft, drafts: Drafts) -> None:
        self.journey = journey
        self.draft = draft
        self._drafts = drafts
        self._saving: asyncio.Task[None] | None = None
        self._dirty = False
        self._failed = False
        self._slow = False
        self._refused: dict[str, Phrase] = {}
        self._watchers = Watchers[[]]()

    @property
    def id(self) -> str:
        """The id of the draft."""
        return self.draft.id

    @property
    def question(self) -> Question | None:
        """The agency's question that this answers; None for a new application."""
        return self.draft.question

    @property
    def saved(self) -> bool:
        """Whether every answer is on the disk."""
        return not self._failed and (self._saving is None or self._saving.done())

    @property
    def slow(self) -> bool:
        """Whether answers have been on their way to the disk for longer than a blink."""
        return self._slow

    @property
    def failed(self) -> bool:
        """Whether the last attempt to keep the answers did not succeed; the next change tries again."""
        return self._failed

    def watch(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Be told when the answers have reached the disk, or are slow to; gives the way to stop."""
        return self._watchers.watch(callback)

    # The citizen's doing

    def answer(self, path: str, raw: Any) -> None:
        """Keep `raw` as the answer at `path`; entries that are shown but not begun are made."""
        section, *rest = path.split(".")
        if rest and rest[0].isdecimal():
            while len(self.journey.entries(section)) <= int(rest[0]):
                self.journey.add_entry(section)
        self.journey.answer(path, raw)
        self._refused.pop(path, None)
        self.draft.errors = [
            e for e in self.draft.errors if e.field != path and not e.field.startswith(f"{path}.")
        ]
        self._keep()

    def add_entry(self, section: str) -> None:
        """Add an entry to a repeating section, after the least that it wants (shown from the start)."""
        field = field_at(self.journey.definition.form, section)
        least = field.minimum if isinstance(field, RepeatField) else 0
        while len(self.journey.entries(section)) < least:
            self.journey.add_entry(section)
        self.journey.add_entry(section)
        self._keep()

    def remove_entry(self, section: str, index: int) -> None:
        """Remove an entry of a repeating section."""
        if index < len(self.journey.entries(section)):
            self.journey.remove_entry(section, index)
        self._keep()

    def forward(self) -> list[Problem]:
        """Pass the page at hand; the problems that hold it up, or [] once moved."""
        here = self.journey.at
        held = self.refusals(here) or self.journey.forward()
        self._keep()
        return held

    def back(self) -> bool:
        """Go to the page before; False on the first."""
        moved = self.journey.back()
        self._keep()
        return moved

    def change(self, page_id: str) -> None:
        """Follow a change link of the check page."""
        self.journey.change(page_id)
        self._keep()

    async def attach(self, path: str, name: str, data: bytes) -> Phrase | None:
        """Take a file in as (part of) the answer at `path`; why not, where it cannot be."""
        field = field_at(self.journey.definition.form, path)
        limits = limits_of(field)
        if limits is None:
            raise KeyError(path)
        if len(data) > limits.max_bytes:
            return N_(
                "{name} terlalu besar: {size}. Paling besar {most}. Kecilkan dulu, atau pilih berkas lain.",
                name=name,
                size=Size(len(data)),
                most=Size(limits.max_bytes),
            )
        try:
            ref = await self._drafts.attach(self.draft.id, name, data)
        except AttachmentRefused as refused:
            return refused.phrase
        if ref.media_type not in limits.accept:
            return wrong_type(limits.accept, name)
        value = self.journey.value(path)
        inside = isinstance(field, DocumentField)
        files = mappings((mapping(value) or {}).get("files") if inside else value)
        kept = [f for f in files if f.get("sha256") != ref.sha256] if limits.max_count > 1 else []
        every = [*kept[-(limits.max_count - 1) :], ref.model_dump(mode="json")]
        self.answer(path, {"files": every} if inside else every)
        return None

    async def file(self, sha256: str) -> bytes:
        """The bytes of a file that was taken in. Raises AttachmentLost where it is not on the device."""
        return await self._drafts.file(self.draft.id, sha256)

    # What is wrong

    def refuse(self, path: str, phrase: Phrase) -> None:
        """Let `phrase` stand at `path` until its answer changes (a file that was not taken in)."""
        self._refused[path] = phrase

    def refusals(self, page_id: str) -> list[Problem]:
        """What the backend refused on this page, until the answers change."""
        shown = {field.id for field in self.journey.fields(page_id)}
        return [
            Problem(page_id, error.field, Phrase("{words}", {"words": error.message}))
            for error in self.draft.errors
            if error.field.split(".")[0] in shown
        ]

    def all_refusals(self) -> list[Problem]:
        """What the backend refused anywhere in the form, until the answers change."""
        return [problem for page in self.journey.pages for problem in self.refusals(page.id)]

    def go_to_refusal(self) -> None:
        """Go to the first page with something that the backend refused, if there is one."""
        refused = self.all_refusals()
        if refused and refused[0].page is not None and self.journey.at != refused[0].page:
            self.change(refused[0].page)

    def remarks(self, page_id: str) -> list[Problem]:
        """What is to be said on a page: refused files, refusals of the backend, and the form's own rules."""
        files = [Problem(None, path, phrase) for path, phrase in self._refused.items()]
        return [*files, *self.refusals(page_id), *self.journey.problems(page_id)]

    def blocking(self) -> list[Problem]:
        """What keeps the answers from being sent."""
        from app.forms.journey import CHECK

        return blocking([*self.journey.problems(CHECK), *self.journey.problems()])

    # Keeping

    async def settled(self) -> None:
        """Wait until every answer is on the disk, or has failed to get there."""
        while self._saving is not None and not self._saving.done():
            await asyncio.shield(self._saving)

    def _keep(self) -> None:
        self.draft.journey = self.journey.to_json()
        self.draft.remaining = self.journey.remaining()
        self.draft.total = self.journey.total()
        self._dirty = True
        if self._saving is None or self._saving.done():
            self._saving = asyncio.get_running_loop().create_task(self._save())

    def _tell(self) -> None:
        for callback in self._watchers:
            asyncio.get_running_loop().call_soon(callback)

    def _drags_on(self) -> None:
        self._slow = True
        self._tell()

    async def _save(self) -> None:
        from app.storage.errors import StorageError

        soon = asyncio.get_running_loop().call_later(_BLINK, self._drags_on)
        while self._dirty:
            self._dirty = False
            try:
                await self._drafts.save(self.draft)
                self._failed = False
            except StorageError as error:
                log.warning("a draft could not be kept: %s", type(error).__name__)
                self._failed = True
        soon.cancel()
        self._slow = False
        self._tell()
