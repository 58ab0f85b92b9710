"""The outbox: what was sent stays here until the backend has answered, and arrives exactly once.

A submission is frozen with its idempotency key in one transaction; the same bytes go out under the same key
on every try. After a try whose answer was lost it is *uncertain*, never failed: the next try brings the
first answer (Idempotency-Key). What the backend refuses becomes a draft again, with nothing lost.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from app.applications.attachments import AttachmentLost, named_files
from app.applications.drafts import Draft, Drafts
from app.applications.receipts import Receipts
from app.applications.sending import OutboxItem
from app.applications.timelines import Applications
from app.applications.upload import upload
from app.backend_api.errors import BackendError, NotSignedIn, Refused, Unavailable, Unreachable
from app.contract.applications import Application, QuestionAnswer, Submission
from app.contract.canonical import canonical_bytes, sha256_hex
from app.contract.problems import FieldError, Problem, ProblemType
from app.watchers import Watchers

if TYPE_CHECKING:
    from app.backend_api.client import BackendClient
    from app.contract.definition import ServiceDefinition
    from app.storage.storage import Storage

log = logging.getLogger("loket.outbox")

OUTBOX = "outbox"

_FIRST, _MOST = 2.0, 300.0
"""Seconds between tries: from the first bound, doubled each time, up to the last."""

_NOT_DONE = (Unreachable, Unavailable, NotSignedIn)
"""Errors that say for certain that a write was not carried out."""

_OF_THE_WRITE = frozenset(
    {
        ProblemType.INVALID_ANSWERS,
        ProblemType.OUTDATED_DEFINITION,
        ProblemType.ATTACHMENT_MISSING,
        ProblemType.NOT_FOUND,
        ProblemType.NOT_WAITING,
    }
)
"""Refusals of the write itself, which come only where its key was never carried out. Others (a suspended
account) are told before the key is looked at, and say nothing about an earlier try."""

_MENDABLE = frozenset({ProblemType.ATTACHMENT_MISSING, ProblemType.ATTACHMENT_MISMATCH})
"""Refusals that sending the files once more puts right; they are refusals only when it did not."""


class Outbox:
    """Sends what the citizen has sent off. `start` it after unlocking, `stop` it before locking.

    Args:
        sleep: in seconds. random_bytes: for keys and jitter.
    """

    def __init__(
        self,
        storage: Storage,
        client: BackendClient,
        drafts: Drafts,
        receipts: Receipts,
        applications: Applications,
        now: Callable[[], datetime],
        random_bytes: Callable[[int], bytes],
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._storage = storage
        self._client = client
        self._drafts = drafts
        self._receipts = receipts
        self._applications = applications
        self._now = now
        self._random_bytes = random_bytes
        self._sleep = sleep
        self._live: dict[str, OutboxItem] = {}
        self._tries: dict[str, int] = {}
        self._pause: dict[str, float] = {}
        self._mended: set[str] = set()
        self._signed_out = False
        self._kicked = asyncio.Event()
        self._freezing = asyncio.Lock()
        self._runner: asyncio.Task[None] | None = None
        self._watchers = Watchers[[]]()

    # What a screen uses

    async def send(self, draft: Draft, answers: Mapping[str, Any], language: str) -> OutboxItem:
        """Freeze what is sent, with its key, in one transaction, and begin to send it. Durable on return.

        `answers` are `Journey.submission_answers()`. A second call for the same draft (two taps) changes
        nothing and gives the same item.

        Raises:
            AttachmentLost: an answer names a file that is not on the device; nothing was changed.
        """
        async with self._freezing:
            known = await self.get(draft.id)
            if known is not None and known.state != "refused":
                return known
            item = await self._frozen(draft, dict(answers), language)
            async with self._storage.transaction() as t:
                await t.put(OUTBOX, item.id, item.to_json())
                await self._drafts.take(t, item.id)
        self.kick()
        return item

    async def get(self, item_id: str) -> OutboxItem | None:
        """One item, also when it is delivered or refused; None where there is none."""
        kept = await self._storage.get(OUTBOX, item_id)
        return None if kept is None else self._as_it_stands(OutboxItem.from_json(item_id, kept))

    async def all(self) -> list[OutboxItem]:
        """What is on its way, the oldest first."""
        items = [OutboxItem.from_json(key, kept) for key, kept in await self._storage.all(OUTBOX)]
        return [self._as_it_stands(item) for item in items if not item.final]

    def kick(self) -> None:
        """Try again now: there is a network again, somebody signed in, or the citizen asks."""
        self._pause.clear()
        self._signed_out = False
        self._kicked.set()

    def watch(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call `callback` on the loop after each change, progress included; gives what ends it."""
        ends = (self._watchers.watch(callback), self._storage.watch(OUTBOX, callback))

        def both() -> None:
            for end in ends:
                end()

        return both

    # Running

    def start(self) -> None:
        """Begin to send what waits. Does nothing where it runs already."""
        if self._runner is None or self._runner.done():
            self.kick()
            self._runner = asyncio.get_running_loop().create_task(self._run(), name="outbox")

    async def stop(self) -> None:
        """Stop sending. What was under way is taken up again by the next `start`."""
        runner, self._runner = self._runner, None
        if runner is not None:
            runner.cancel()
            await asyncio.gather(runner, return_exceptions=True)
        self._live.clear()

    async def _run(self) -> None:
        await self._tidy()
        while True:
            self._kicked.clear()
            try:
                pause = await self._pass()
            except Exception as error:
                # One bad moment (a full disk) must not end the sending for good. The type alone: what an
                # exception says may be the citizen's.
                log.error("the outbox stumbled: %s", type(error).__name__)
                pause = _MOST
            await self._rest(pause)

    async def _pass(self) -> float | None:
        """Try everything that is due, oldest first, and in order within an application.

        Gives the seconds until something is due again; None: not before a kick.
        """
        held: set[str] = set()
        pauses: list[float] = []
        for item in await self.all():
            if item.reference is not None and item.reference in held:
                continue
            if self._pause.get(item.id, 0.0) <= 0 and await self._try(item):
                continue
            if self._signed_out:
                return None
            pauses.append(self._pause[item.id])
            if item.reference is not None:
                held.add(item.reference)
        return min(pauses, default=None)

    async def _rest(self, seconds: float | None) -> None:
        """Wait for `seconds` (None: for ever), or until a kick."""
        waits: list[asyncio.Future[Any]] = [asyncio.ensure_future(self._kicked.wait())]
        if seconds is not None:
            waits.append(asyncio.ensure_future(self._sleep(seconds)))
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
        if seconds is not None and not self._kicked.is_set():
            self._pause = {item_id: left - seconds for item_id, left in self._pause.items()}

    async def _try(self, item: OutboxItem) -> bool:
        """One try. True where the item needs no other."""
        self._show(item)
        try:
            # An item of unknown fate has its files there, or the answer will say that they are missing.
            if not item.sent:
                await self._upload(item)
            application = await self._post(item)
        except Refused as error:
            kind = error.problem.kind
            if item.sent and kind not in _OF_THE_WRITE:
                self._later(item.id, error)
                return False
            if kind in _MENDABLE and item.id not in self._mended:
                self._mended.add(item.id)
                await self._mark_sent(item, False)
                self._later(item.id, error)
                return False
            await self._refused(item, error.problem)
        except AttachmentLost as error:
            await self._refused(item, _lost(error))
        except BackendError as error:
            self._later(item.id, error)
            return False
        else:
            await self._arrived(item, application)
        return True

    async def _upload(self, item: OutboxItem) -> None:
        arrived: dict[str, int] = {}
        for file in item.attachments:
            data = await self._drafts.file(item.id, file.sha256)

            def progress(received: int, sha256: str = file.sha256) -> None:
                arrived[sha256] = received
                self._show(replace(item, state="uploading", done=sum(arrived.values()), trouble=None))

            try:
                await upload(self._client, file, data, key=self._key, progress=progress)
            except Refused as error:
                raise Refused("upload", _at_its_field(item, file.sha256, error.problem)) from error

    async def _post(self, item: OutboxItem) -> Application:
        first = not item.sent
        if first:
            # Written down before a byte leaves: after a crash, "unknown" must not look like "unsent".
            await self._mark_sent(item, True)
            self._show(replace(item, sent=True, state="sending", done=item.total))
        try:
            if item.kind == "application":
                return await self._client.create_application(item.body, item.key)
            return await self._client.answer_question(item.reference or "", item.body, item.key)
        except _NOT_DONE:
            if first:
                await self._mark_sent(item, False)
            raise

    async def _mark_sent(self, item: OutboxItem, sent: bool) -> None:
        await self._storage.put(OUTBOX, item.id, replace(item, sent=sent).to_json())
        self._show(replace(item, sent=sent, state="uncertain" if sent else "waiting"))

    # What comes of a try

    async def _arrived(self, item: OutboxItem, application: Application) -> None:
        async with self._storage.transaction() as t:
            await t.put(OUTBOX, item.id, item.delivered(application.reference).to_json())
            await self._applications.keep(t, application)
            await self._receipts.keep(
                t,
                application.receipt,
                sent=sha256_hex(item.body) if item.kind == "application" else None,
                previous=item.previous,
            )
            await self._drafts.forget(t, item.id)
        self._done_with(item.id)

    async def _refused(self, item: OutboxItem, problem: Problem) -> None:
        draft = Draft.from_json(item.id, item.draft)
        draft.errors, draft.refusal = problem.errors, problem.detail
        newer = await self._newer(item) if problem.kind is ProblemType.OUTDATED_DEFINITION else None
        async with self._storage.transaction() as t:
            await t.put(OUTBOX, item.id, item.refused(problem).to_json())
            await self._drafts.give_back(t, draft, newer)
        self._done_with(item.id)

    async def _newer(self, item: OutboxItem) -> ServiceDefinition | None:
        """The definition that is published now; with the old one the draft could never be sent."""
        try:
            return await self._client.definition(item.service)
        except BackendError as error:
            log.info("the newer definition cannot be had now: %s", error)
            return None

    def _later(self, item_id: str, error: BackendError) -> None:
        log.info("a submission waits: %s", error)
        if isinstance(error, NotSignedIn):
            self._signed_out = True
        tries = self._tries[item_id] = self._tries.get(item_id, 0) + 1
        bound = min(_MOST, _FIRST * 2 ** (tries - 1))
        pause = bound / 2 + bound / 2 * int.from_bytes(self._random_bytes(7)) / 2**56
        if isinstance(error, Unavailable) and error.retry_after is not None:
            pause = max(pause, error.retry_after)
        self._pause[item_id] = pause
        item = self._live[item_id]
        self._show(replace(item, state="uncertain" if item.sent else "waiting", trouble=error.phrase))

    def _done_with(self, item_id: str) -> None:
        self._live.pop(item_id, None)
        self._tries.pop(item_id, None)
        self._pause.pop(item_id, None)
        self._mended.discard(item_id)

    # Small things

    async def _frozen(self, draft: Draft, answers: dict[str, Any], language: str) -> OutboxItem:
        files = tuple(named_files(answers))
        here = await self._drafts.files(draft.id)
        for named in files:
            if named.file.sha256 not in here:
                raise AttachmentLost(named.file.sha256)
        previous = await self._receipts.last_hash()
        if draft.question is None:
            message = Submission(
                service=draft.service,
                version=draft.version,
                answers=answers,
                language=language,
                previous_receipt=previous,
            )
        else:
            message = QuestionAnswer(question=draft.question.id, answers=answers)
        return OutboxItem(
            id=draft.id,
            kind="application" if draft.question is None else "answer",
            reference=draft.reference,
            service=draft.service,
            title=draft.title,
            icon=draft.icon,
            frozen_at=self._now(),
            key=self._key(),
            body=canonical_bytes(message),
            previous=previous,
            answers=(draft.total or len(answers)) - len({named.path.partition(".")[0] for named in files}),
            files=files,
            draft={**draft.to_json(), "errors": [], "refusal": None},
            total=sum({named.file.sha256: named.file.size for named in files}.values()),
        )

    async def _tidy(self) -> None:
        """Forget what an earlier run has finished: the receipt, or the draft that came back, tells it all."""
        for key, kept in await self._storage.all(OUTBOX):
            if OutboxItem.from_json(key, kept).final:
                await self._storage.delete(OUTBOX, key)

    def _as_it_stands(self, item: OutboxItem) -> OutboxItem:
        return item if item.final else self._live.get(item.id, item)

    def _show(self, item: OutboxItem) -> None:
        self._live[item.id] = item
        self._watchers.tell()

    def _key(self) -> str:
        return self._random_bytes(16).hex()


def _at_its_field(item: OutboxItem, sha256: str, problem: Problem) -> Problem:
    """A problem with a file as a problem with the answers that name it."""
    paths = [named.path for named in item.files if named.file.sha256 == sha256]
    errors = [FieldError(field=path, message=problem.detail) for path in paths]
    return problem.model_copy(update={"errors": errors})


def _lost(error: AttachmentLost) -> Problem:
    return Problem(type="about:blank", title="", status=0, detail=error.phrase.message, errors=[])
