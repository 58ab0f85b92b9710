"""One installed Loket: the parts that all its windows share, and the phases of its day.

Starting, welcome, set PIN, locked, open: `phase` says where it is, and `watch` tells when that changes. What
the device holds of the citizen (`holdings`) is there only while it is open.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeVar

from app.contract.phrase import SOURCE_LANGUAGE, Phrase
from app.faults import log_fault
from app.storage.settings import Settings
from app.watchers import Watchers

if TYPE_CHECKING:
    from app.applications.drafts import Drafts
    from app.applications.inbox import Inbox
    from app.applications.outbox import Outbox
    from app.applications.receipts import Receipts
    from app.applications.timelines import Applications
    from app.backend_api.client import BackendClient
    from app.catalogue.catalogue import Catalogue
    from app.contract.language import Language
    from app.documents.wallet import Wallet
    from app.identity.attributes import Attributes
    from app.identity.lock import Lock
    from app.identity.session import Session
    from app.marks import Marks
    from app.profile import Profile
    from app.storage.storage import Storage
    from app.vault.vault import Opened

log = logging.getLogger("loket.device")

_SOON, _LATER, _NEWS, _LOOK_IDLE = 5.0, 60.0, 1.0, 15.0
"""Seconds: between refreshes while something moves (or the backend is away), else, and after something was
sent; between looks at idleness."""

Phase = Literal["starting", "welcome", "set_pin", "locked", "open"]


@dataclass(eq=False, slots=True)
class Holdings:
    """What the device holds of the citizen, while it is unlocked."""

    storage: Storage
    attributes: Attributes
    drafts: Drafts
    outbox: Outbox
    receipts: Receipts
    applications: Applications
    inbox: Inbox
    wallet: Wallet
    marks: Marks


class Parts(Protocol):
    """Where a device gets its parts. `start.py` gives the real ones, and imports them late."""

    async def open_vault(self) -> Opened:
        """The vault of this device."""
        ...

    def lock(self, opened: Opened) -> Lock:
        """The lock beside the database."""
        ...

    def session(self) -> Session:
        """The sign-in."""
        ...

    def returned(self, query: str) -> bool:
        """Hand over the query of the link that came back from sign-in; whether one was waited for."""
        ...

    def client(self, session: Session) -> BackendClient:
        """The client of the backend."""
        ...

    async def catalogue(self) -> Catalogue:
        """The catalogue on this device."""
        ...

    async def holdings(self, key: bytes, client: BackendClient) -> Holdings:
        """The encrypted database and what is kept in it."""
        ...

    def has_lock(self) -> bool:
        """Whether a PIN was set before, told without opening anything."""
        ...

    async def make_room(self) -> None:
        """Put aside an encrypted database whose key is lost, before a new one is made."""
        ...

    async def erase_storage(self) -> None:
        """Delete the encrypted database, which nobody has open."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait, on the device's clock."""
        ...

    async def close(self) -> None:
        """Everything that runs, stopped."""
        ...


T = TypeVar("T")


class DeviceLocked(Exception):
    """What is held of the citizen is out of reach: it was just locked, or never opened."""


def present(part: T | None) -> T:
    """A part that `Device.start` has made. Raises RuntimeError before it has: `started` is to be awaited."""
    if part is None:
        raise RuntimeError("the device has not started")
    return part


class Device:
    """One device and its citizen."""

    def __init__(
        self, parts: Parts, profile: Profile, settings: Settings, now: Callable[[], datetime]
    ) -> None:
        self.profile = profile
        self.settings = settings
        self.now = now
        self.notices: list[Phrase] = []
        """What the citizen must know before signing in (no vault, data of before is gone)."""
        self._parts = parts
        self._phase: Phase = "locked" if parts.has_lock() else "welcome"
        self._watchers = Watchers[[]]()
        self._starting: asyncio.Task[None] | None = None
        self._running: list[asyncio.Task[None]] = []
        self._holdings: Holdings | None = None
        self._reachable = True
        self._network = True
        self.language = SOURCE_LANGUAGE
        """Tag (BCP 47) of what the windows speak, which the backend answers in."""
        self.guessable: set[str] = set()
        """Digits that no PIN should be, while one is being set."""
        self.synced_at: datetime | None = None
        self.opened: Opened | None = None
        self.lock: Lock | None = None
        self.session: Session | None = None
        self.client: BackendClient | None = None
        self.catalogue: Catalogue | None = None

    # Phases

    @property
    def phase(self) -> Phase:
        """Where this device is in its day."""
        return self._phase

    @property
    def holdings(self) -> Holdings:
        """What is held of the citizen. Raises DeviceLocked."""
        if self._holdings is None:
            raise DeviceLocked
        return self._holdings

    @property
    def online(self) -> bool:
        """Whether there is a network and the backend answered the last time."""
        return self._network and self._reachable

    def watch(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Be told of every change of phase, network or catalogue; gives the way to stop."""
        return self._watchers.watch(callback)

    def told(self) -> None:
        """Tell the watchers."""
        self._watchers.tell()

    # Starting

    def start(self) -> asyncio.Task[None]:
        """Begin to get ready: vault, lock, sign-in, client, catalogue. The first frame does not wait."""
        if self._starting is None:
            self._starting = asyncio.get_running_loop().create_task(self._start(), name="start")
            # Why it failed stands in the notices; who needs the start hears of it from `started`.
            self._starting.add_done_callback(lambda task: task.cancelled() or task.exception())
        return self._starting

    async def started(self) -> None:
        """Wait until the device is ready."""
        await asyncio.shield(self.start())

    async def _start(self) -> None:
        from app.storage.errors import StorageError
        from app.vault.vault import VaultError

        self.opened = opened = await self._parts.open_vault()
        if opened.warning is not None:
            self.notices.append(opened.warning)
        lock = self._parts.lock(opened)
        try:
            await lock.load()
        except (VaultError, StorageError) as error:
            # Nothing is decided: the next who waits for the start tries again.
            self.notices.append(error.phrase)
            self._starting = None
            self.told()
            raise
        self.lock = lock
        if lock.state == "unset" and self._phase == "locked":
            self._phase = "welcome"
        if lock.leftover is not None:
            self.notices.append(lock.leftover)
        self.session = self._parts.session()
        self.session.watch(self.told)
        self.client = self._parts.client(self.session)
        self.catalogue = await self._parts.catalogue()
        self.catalogue.watch(self.told)
        self.told()
        self._run(self.sync_catalogue())

    async def sync_catalogue(self) -> None:
        """Bring the catalogue up to date, if the backend can be reached. It is public."""
        from app.backend_api.errors import BackendError

        try:
            await self._look_at_notices()
            await self._look_at_catalogue()
        except BackendError as error:
            self._reached(error)
        else:
            self._reached(None)

    async def _look_at_notices(self) -> None:
        if self.catalogue is not None and self.client is not None:
            await self.catalogue.board.sync(self.client)

    async def _look_at_catalogue(self) -> None:
        if self.catalogue is not None and self.client is not None:
            await self.catalogue.sync(self.client)

    # Signing in and out

    async def sign_in(
        self, open_browser: Callable[[str], Awaitable[None]], language: Language | None = None
    ) -> None:
        """Sign in through the system browser, in `language`. Raises SignInError, or VaultError."""
        await self.started()
        session = present(self.session)
        await session.sign_in(open_browser, language=language)
        if self._holdings is None:
            self._enter("set_pin")
            self._run(self._learn_guessable())
            return
        await session.attach(self._holdings.storage)
        self.told()
        self._holdings.outbox.kick()
        self._run(self.refresh())

    async def _learn_guessable(self) -> None:
        """What others may guess a PIN by: birth date, and the numbers that stand on cards."""
        from app.backend_api.errors import BackendError
        from app.identity.pin import birth_date_digits

        try:
            me = await present(self.client).me()
        except BackendError:
            return
        if born := me.get("person.birth_date"):
            self.guessable |= birth_date_digits(date.fromisoformat(born.value))
        for concept in ("person.nik", "person.phone", "family.card_number"):
            if attribute := me.get(concept):
                self.guessable.add(str(attribute.value))

    def returned(self, query: str) -> bool:
        """The system opened Loket with the link that ends a sign-in; whether one was waited for."""
        return self._parts.returned(query)

    async def set_pin(self, pin: str) -> None:
        """Set the first PIN and open. Raises PinRefused, VaultError, StorageError."""
        lock = present(self.lock)
        session = present(self.session)
        key = await lock.set_pin(pin, forbidden=self.guessable)
        await self._parts.make_room()
        await self._open(key)
        await session.attach(self.holdings.storage)
        self.guessable.clear()
        self._enter("open")
        self._go_on()

    async def unlock(self, pin: str) -> None:
        """Open with the PIN. Raises LockError and its kinds, VaultError, StorageError."""
        from app.identity.lock import Erased

        await self.started()
        lock = present(self.lock)
        session = present(self.session)
        try:
            key = await lock.unlock(pin)
        except Erased as erased:
            self.notices.append(erased.phrase)
            await self._erase()
            raise
        try:
            await self._open(key)
        except Exception:
            lock.lock()
            raise
        await session.restore(self.holdings.storage)
        self._enter("open")
        self._go_on()

    async def lock_now(self) -> None:
        """Lock: the keys are dropped and what is held is out of reach until the PIN is given."""
        if self._phase != "open" or self.lock is None:
            return
        self._enter("locked")
        await self._close()
        present(self.session).lock()
        self.lock.lock()

    async def sign_out(self) -> None:
        """Sign out: nothing of the citizen stays on the device."""
        await self.started()
        session = present(self.session)
        await session.sign_out()
        self.notices.clear()
        await self._erase()

    async def _erase(self) -> None:
        lock = present(self.lock)
        holdings, self._holdings = self._holdings, None
        self._enter("welcome")
        await self._stop_running()
        # The keys first: without them, what is left on the disk is noise.
        await lock.erase()
        if holdings is not None:
            await holdings.outbox.stop()
            await holdings.storage.erase()
        else:
            await self._parts.erase_storage()

    async def _open(self, key: bytes) -> None:
        self._holdings = await self._parts.holdings(key, present(self.client))
        self.synced_at = await self._holdings.applications.as_of()

    async def _close(self) -> None:
        holdings, self._holdings = self._holdings, None
        await self._stop_running()
        if holdings is not None:
            await holdings.outbox.stop()
            await holdings.storage.close()

    async def close(self) -> None:
        """Stop everything that runs, before the process ends."""
        if self._starting is not None:
            self._starting.cancel()
            await asyncio.gather(self._starting, return_exceptions=True)
        await self._close()
        if self.catalogue is not None:
            await self.catalogue.close()
        await self._parts.close()

    # While open

    def _go_on(self) -> None:
        self.holdings.outbox.start()
        self._run(self._keep_fresh())
        self._run(self._lock_when_idle())

    async def refresh(self) -> None:
        """Bring all that is kept here up to date, as far as there is a network.

        What is urgent comes first, and the catalogue last: what is published is found while Loket is open.
        """
        from app.backend_api.errors import BackendError
        from app.storage.errors import StorageError

        holdings = self._holdings
        if holdings is None:
            return
        failed: BackendError | None = None
        for look in (
            self._look_at_notices,
            holdings.applications.refresh,
            holdings.inbox.refresh,
            holdings.wallet.refresh,
            holdings.attributes.refresh,
            self._look_at_catalogue,
        ):
            try:
                await look()
            except BackendError as error:
                failed = error
            except StorageError as error:
                log.warning("what is new could not be kept: %s", type(error).__name__)
                return
        if failed is None:
            self.synced_at = self.now()
        self._reached(failed)

    async def _keep_fresh(self) -> None:
        news = asyncio.Event()
        stop = self.holdings.outbox.watch(news.set)
        try:
            while True:
                news.clear()
                await self.refresh()
                moving = await self.holdings.applications.moving()
                await self._pause(_SOON if moving or not self._reachable else _LATER, news)
        finally:
            stop()

    async def _pause(self, seconds: float, news: asyncio.Event) -> None:
        """Wait, or until something was sent: its application is on the move then."""
        waits: list[asyncio.Future[Any]] = [
            asyncio.ensure_future(self._parts.sleep(seconds)),
            asyncio.ensure_future(news.wait()),
        ]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
            await asyncio.gather(*waits, return_exceptions=True)
        if news.is_set():
            await self._parts.sleep(_NEWS)

    async def _lock_when_idle(self) -> None:
        while True:
            await self._parts.sleep(_LOOK_IDLE)
            if self.lock is not None and self.lock.due(self.now()):
                asyncio.get_running_loop().create_task(self.lock_now())
                return

    def touch(self) -> None:
        """The citizen is there: put off the automatic lock."""
        if self.lock is not None:
            self.lock.touch()

    def network(self, available: bool) -> None:
        """What the system says about the network."""
        if available == self._network:
            return
        self._network = available
        if available and self._holdings is not None:
            self._holdings.outbox.kick()
            self._run(self.refresh())
        elif available and self.catalogue is not None:
            self._run(self.sync_catalogue())
        self.told()

    def _reached(self, error: Exception | None) -> None:
        from app.backend_api.errors import Unavailable, Unreachable

        if error is not None:
            log.info("the backend did not answer: %s", error)
        reachable = not isinstance(error, Unreachable | Unavailable)
        if reachable != self._reachable:
            self._reachable = reachable
            if reachable and self._holdings is not None:
                self._holdings.outbox.kick()
            self.told()

    def _enter(self, phase: Phase) -> None:
        self._phase = phase
        self.told()

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._running.append(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        if task in self._running:
            self._running.remove(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log_fault(log, "work in the background ended", error)

    async def _stop_running(self) -> None:
        running, self._running = self._running, []
        current = asyncio.current_task()
        others = [task for task in running if task is not current]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
