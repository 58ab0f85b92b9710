"""The App: the parts that a screen may use, typed.

One a session (a window); what sessions share is its `Device`. Screens get it from the context and read and do
everything through it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Coroutine, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal, Protocol, cast

from app.contract.language import Language, device_zone
from app.contract.phrase import N_, Phrase
from app.device import Device, present
from app.faults import log_fault
from app.watchers import Watch, Watchers

if TYPE_CHECKING:
    from app.applications.drafts import Draft
    from app.applications.filing import Filing
    from app.applications.receipts import ReceiptStanding
    from app.applications.sending import OutboxItem
    from app.applications.waiting import Waiting
    from app.catalogue.catalogue import Catalogue
    from app.catalogue.finding import Context
    from app.catalogue.plan import Have, Plan
    from app.contract.applications import Application, Message
    from app.contract.citizen import Me
    from app.contract.definition import ServiceDefinition
    from app.documents.wallet import HeldDocument
    from app.forms.journey import Journey
    from app.marks import Marked, Marks
    from app.storage.settings import LanguageChoice, Theme

log = logging.getLogger("loket.app")

PLACES = ("/", "/activity", "/documents", "/messages", "/account")
"""Routes of the five places."""


class Shell(Protocol):
    """What the window and the system do for a session; `start.py` gives Flet's."""

    def go(self, route: str) -> None:
        """Navigate."""
        ...

    async def open_url(self, url: str) -> None:
        """Open the system browser (or a tab)."""
        ...

    async def pick_file(self) -> tuple[str, bytes] | None:
        """Name and bytes of a file that the citizen chose; None: none."""
        ...

    async def save_file(self, name: str, data: bytes) -> None:
        """Let the citizen keep a file."""
        ...

    async def announce(self, text: str) -> None:
        """Say it to a screen reader."""
        ...

    @property
    def can_locate(self) -> bool:
        """Whether the position of the device can be asked."""
        ...

    async def locate(self) -> Position | Phrase:
        """Where the device is; why that cannot be told."""
        ...


@dataclass(frozen=True, slots=True)
class Position:
    """A point on the earth in degrees (WGS 84), and how exact it is, in metres."""

    latitude: float
    longitude: float
    accuracy: float | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """A service as a screen opens it: definition, a journey over what is known, and the draft, if begun."""

    definition: ServiceDefinition
    journey: Journey
    draft: Draft | None


@dataclass(slots=True)
class Searched:
    """What stands in the search, so that the way back from a result leads to it as it was left."""

    text: str = ""
    most: int = 0
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Region:
    """Where services are looked for. `code`: of a regency or city; None: in the whole country.

    `register`: as the population register has it; `unknown`: it does not say.
    """

    code: str | None
    source: Literal["chosen", "register", "everywhere", "unknown"]


class App:
    """One session of Loket."""

    def __init__(self, device: Device, shell: Shell, language: Language) -> None:
        self.device = device
        self.language = language
        self._shell = shell
        self._trail = ["/"]
        self._filing: Filing | None = None
        self._form_watchers = Watchers[[]]()
        self._doing: set[asyncio.Task[None]] = set()
        self._signing_in: asyncio.Task[None] | None = None
        self.sign_in_address: str | None = None
        """Where the citizen signs in, while that goes on."""
        self.unread = 0
        self.first_name = ""
        self.keys = Watchers[[str]]()
        """Told of keys that are pressed, by Flutter's names (`Arrow Down`): whoever listens knows by itself
        whether it is in sight."""
        self.searched = Searched()
        self.closed = Watchers[[]]()
        """Told once the window is gone for good."""

    # Ways

    def go(self, route: str) -> None:
        """Go to a route of Loket, and remember the way back. The five places are beginnings of ways."""
        self.device.touch()
        if route == "/search":
            self.searched = Searched()
        if route in PLACES:
            self._trail = [route]
        elif route in self._trail:
            del self._trail[self._trail.index(route) + 1 :]
        else:
            self._trail.append(route)
        self._shell.go(route)

    def enter(self, place: str, route: str) -> None:
        """Go to a route as if from one of the five places: back leads to the place."""
        self._trail = [place]
        self.go(route)

    def back(self) -> None:
        """Back along the way; home from the beginning of one."""
        self.device.touch()
        if len(self._trail) > 1:
            self._trail.pop()
        self._shell.go(self._trail[-1])

    def arrived(self, route: str) -> None:
        """Note where the window is without having been sent there: a deep link, the browser's buttons.

        Back leads from there to what it belongs to, and on to its place.
        """
        if route in self._trail:
            del self._trail[self._trail.index(route) + 1 :]
            return
        place = next((place for place in PLACES[1:] if route.startswith(f"{place}/")), PLACES[0])
        above = route.rpartition("/")[0] if route.endswith(("/form", "/answer", "/services")) else place
        self._trail = list(dict.fromkeys([place, above, route]))

    def open_web(self, address: str) -> None:
        """Open a page outside Loket, in the system's browser."""
        self.device.touch()
        self._do(self._shell.open_url(address))

    def go_home(self) -> None:
        """To the home screen."""
        self.go("/")

    async def announce(self, text: str) -> None:
        """Say it to a screen reader."""
        await self._shell.announce(text)

    @property
    def can_locate(self) -> bool:
        """Whether the position of the device can be asked: on a phone."""
        return self._shell.can_locate

    async def locate(self) -> Position | Phrase:
        """Where the device is, asked because the citizen tapped for it; why that cannot be told."""
        self.device.touch()
        return await self._shell.locate()

    # How things stand

    @property
    def catalogue(self) -> Catalogue:
        """The catalogue on this device. Screens are shown once it is loaded."""
        return present(self.device.catalogue)

    @property
    def online(self) -> bool:
        """Whether the backend can be reached."""
        return self.device.online

    @property
    def synced_at(self) -> datetime | None:
        """When applications, messages and documents were last brought up to date, in local time."""
        at = self.device.synced_at
        return self.to_local(at) if at else None

    @property
    def notices(self) -> Sequence[Phrase]:
        """What the citizen must know before signing in."""
        return self.device.notices

    def to_local(self, at: datetime) -> datetime:
        """A moment in the zone of this device."""
        return at.astimezone(device_zone())

    def local_now(self) -> datetime:
        """Now, in the zone of this device."""
        return self.to_local(self.device.now())

    def agency_name(self, agency_id: str) -> str:
        """The short name of an agency; its id where the catalogue does not have it."""
        found = self.catalogue.agency(agency_id)
        return self.language.say(found.short_name) if found else agency_id

    def watches(self, *names: str) -> list[Watch]:
        """How to be told of changes of what is named."""
        holdings = self.device.holdings
        ways: dict[str, Watch] = {
            "drafts": holdings.drafts.watch,
            "form": self._form_watchers.watch,
            "outbox": holdings.outbox.watch,
            "applications": holdings.applications.watch,
            "receipts": holdings.receipts.watch,
            "messages": holdings.inbox.watch,
            "documents": holdings.wallet.watch,
            "attributes": holdings.attributes.watch,
            "marks": self.marks.watch,
            "catalogue": self.catalogue.watch,
            "notices": self.catalogue.board.watch,
        }
        return [ways[name] for name in names]

    # Sign-in and lock

    async def sign_in(self) -> Phrase | None:
        """Sign in through the system browser; why not, where it did not succeed."""
        from app.identity.session import SignInError
        from app.vault.vault import VaultError

        async def open_browser(url: str) -> None:
            self.sign_in_address = url
            self.device.told()
            await self._shell.open_url(url)

        self._signing_in = asyncio.get_running_loop().create_task(
            self.device.sign_in(open_browser, self.language)
        )
        try:
            await self._signing_in
        except (SignInError, VaultError) as error:
            return error.phrase
        except asyncio.CancelledError:
            if not self._signing_in.cancelled():
                raise
            return N_("Anda belum masuk. Tidak ada yang berubah. Tekan Masuk kapan saja.")
        finally:
            self._signing_in = None
            self.sign_in_address = None
        return None

    def cancel_sign_in(self) -> None:
        """Give up signing in."""
        if self._signing_in is not None:
            self._signing_in.cancel()

    def open_sign_in_again(self) -> None:
        """Open the sign-in page once more (its tab was closed, or was kept from opening)."""
        if self.sign_in_address is not None:
            self._do(self._shell.open_url(self.sign_in_address))

    def weak_pin(self, pin: str) -> Phrase | None:
        """Why `pin` is too easy to guess, or None."""
        from app.identity.pin import weakness

        return weakness(pin, self.device.guessable)

    async def set_pin(self, pin: str) -> Phrase | None:
        """Set the PIN and open; why not, where it cannot be."""
        return await self._guarded(self.device.set_pin(pin))

    async def unlock(self, pin: str) -> Phrase | None:
        """Open with the PIN; why not, where it cannot be."""
        return await self._guarded(self.device.unlock(pin))

    async def _guarded(self, work: Awaitable[None]) -> Phrase | None:
        from app.identity.lock import LockError
        from app.storage.errors import StorageError
        from app.vault.vault import VaultError

        try:
            await work
        except (LockError, StorageError, VaultError) as error:
            return error.phrase
        return None

    def lock_trouble(self) -> Phrase | None:
        """What stands on the lock screen from the start: how many tries are left, or until when to wait."""
        lock = self.device.lock
        if lock is None:
            return None
        if lock.locked_until is not None:
            return N_("Anda bisa mencoba lagi pada {until}.", until=lock.locked_until)
        if lock.attempts_left < 10:
            return N_("Sisa {left} kali percobaan.", left=lock.attempts_left)
        return None

    def lock_now(self) -> None:
        """Lock at once, with every answer kept."""
        self._do(self._lock())

    async def _lock(self) -> None:
        await self.settle()
        await self.device.lock_now()

    async def sign_out(self) -> None:
        """Sign out and remove everything of the citizen from this device."""
        self._filing = None
        self.searched = Searched()
        await self.device.sign_out()
        self.go("/")

    def sign_out_warning(self) -> str:
        """What signing out does, in words."""
        return self.language.text(
            "Semua data Anda dihapus dari perangkat ini, juga draf yang belum dikirim. "
            "Permohonan yang sudah diterima tetap aman."
        )

    @property
    def vault_name(self) -> str:
        """Where the keys of this device are kept, in words."""
        return self.device.opened.vault.name if self.device.opened else ""

    @property
    def vault_warning(self) -> Phrase | None:
        """Why the keys are kept in memory only, if so."""
        return self.device.opened.warning if self.device.opened else None

    @property
    def auto_lock_minutes(self) -> int:
        """After how many idle minutes Loket locks itself."""
        from app.identity.lock import IDLE

        return round(IDLE.total_seconds() / 60)

    # Preferences

    @property
    def theme(self) -> str:
        """`system`, `light` or `dark`."""
        return self.device.settings.get().theme

    @property
    def text_scale(self) -> float:
        """1.0 to 2.0."""
        return self.device.settings.get().text_scale

    def speak(self, language: str) -> None:
        """Change the language of the interface."""
        self._do(self.device.settings.set(language=cast("LanguageChoice", language)))

    def set_theme(self, theme: str) -> None:
        """Change the theme."""
        self._do(self.device.settings.set(theme=cast("Theme", theme)))

    def set_text_scale(self, scale: float) -> None:
        """Change the size of the words."""
        self._do(self.device.settings.set(text_scale=scale))

    @property
    def for_developers(self) -> bool:
        """Whether this build offers what developers look at."""
        return "developer-view" in self.device.profile.features

    @property
    def signed_out(self) -> bool:
        """Whether the citizen has to sign in again before anything can be sent or brought up to date."""
        session = self.device.session
        return session is not None and session.state == "signed_out"

    # Services

    @property
    def marks(self) -> Marks:
        """What the citizen marked and did on this device."""
        return self.device.holdings.marks

    async def region(self, marked: Marked | None = None) -> Region:
        """The region that services are looked for in: as chosen, else as the population register has it."""
        from app.marks import EVERYWHERE

        chosen = (marked or await self.marks.read()).region
        if chosen is not None:
            return Region(chosen or None, "everywhere" if chosen == EVERYWHERE else "chosen")
        registered = await self.registered_region()
        return Region(registered, "register" if registered else "unknown")

    async def registered_region(self) -> str | None:
        """The code of the regency or city that the citizen lives in, as the population register has it."""
        me = await self.me()
        address = me.get("person.address") if me else None
        value = address.value if address else None
        code = cast("dict[str, Any]", value).get("region_code") if isinstance(value, dict) else None
        return str(code)[:5] if code else None

    @property
    def life_event(self) -> str | None:
        """The life event on the way here, if the citizen came by one."""
        on_the_way = [route for route in self._trail if route.startswith("/event/")]
        return on_the_way[-1].split("/")[2] if on_the_way else None

    async def search_context(self) -> Context:
        """What a search goes by besides its words. It stays on the device."""
        from app.catalogue.finding import Context

        marked = await self.marks.read()
        applied = [application.service for application in await self.applications()]
        used = frozenset([*marked.pinned, *marked.recent, *applied])
        return Context((await self.region(marked)).code, used, self.life_event)

    async def have(self) -> Have:
        """What the citizen has, as far as plans go: documents that are good, services that ended well."""
        from app.catalogue.plan import Have

        documents: dict[str, date] = {}
        for held in await self.documents():
            if held.valid:
                issued = self.to_local(held.issued_at).date()
                documents[held.type] = max(issued, documents.get(held.type, issued))
        applications = await self.applications()
        return Have(
            documents,
            {a.service: self.to_local(a.updated_at).date() for a in applications if a.state == "accepted"},
            frozenset(a.service for a in applications if a.state in ("received", "in_review", "question")),
        )

    async def plan(self, event_id: str) -> Plan:
        """The plan of a life event: in the citizen's region, with what they have."""
        from app.catalogue.plan import plan

        have = await self.have()
        services = self.catalogue.by_life_event(event_id, (await self.region()).code)
        return await asyncio.to_thread(plan, services, have, self.local_now().date())

    async def definition(self, service_id: str, version: int | None = None) -> ServiceDefinition | None:
        """A definition, from the device or the backend; None where it cannot be had now."""
        from app.backend_api.errors import BackendError

        try:
            return await self.catalogue.definition(service_id, present(self.device.client), version)
        except BackendError:
            return None

    async def service(self, service_id: str) -> Opened | Phrase:
        """A service with what is known for it; why not, where it cannot be opened now."""
        from app.applications.told import Told
        from app.backend_api.errors import BackendError
        from app.forms.journey import Journey

        holdings = self.device.holdings
        draft = await holdings.drafts.of_service(service_id)
        try:
            definition = await holdings.drafts.definition(draft.id) if draft else None
            if definition is None:
                definition = await self.catalogue.definition(service_id, present(self.device.client))
            me = await holdings.attributes.for_service(service_id)
        except BackendError as error:
            return error.phrase
        today = self.local_now().date()
        told = await Told(holdings.storage).for_service(definition)
        if draft is not None and draft.journey:
            journey = Journey.from_json(definition, draft.journey, me, today, told=told)
        else:
            journey = Journey(definition, me, today, told=told)
        return Opened(definition, journey, draft)

    def refresh(self) -> None:
        """Try the backend again now."""
        self._do(self.device.refresh())

    def begin(self, service_id: str) -> None:
        """To the form of a service."""
        self.go(f"/service/{service_id}/form")

    async def filing(self, service_id: str, reference: str | None) -> Filing | Phrase:
        """The form being filled in: of a service, or of the question about an application."""
        from app.applications.filing import Filing

        if reference is not None:
            return await self._answering(reference)
        opened = await self.service(service_id)
        if isinstance(opened, Phrase):
            return opened
        drafts = self.device.holdings.drafts
        if self._filing is not None and opened.draft is not None and self._filing.id == opened.draft.id:
            return self._filing
        draft = opened.draft or await drafts.begin(opened.definition)
        self._filing = Filing(opened.journey, draft, drafts)
        self._filing.go_to_refusal()
        return self._filing

    def reopen_form(self) -> None:
        """Let the form that is shown be read anew: its draft goes on in another definition."""
        self._form_watchers.tell()

    async def _answering(self, reference: str) -> Filing | Phrase:
        from app.applications.filing import Filing
        from app.backend_api.errors import BackendError
        from app.forms.answers import Answers
        from app.forms.journey import Journey

        holdings = self.device.holdings
        application = await holdings.applications.get(reference)
        if application is None or application.question is None:
            return N_("Pertanyaan ini sudah dijawab. Lihat perkembangannya di Aktivitas.")
        question = application.question
        definition = await self.definition(application.service, application.version)
        if definition is None:
            return N_("Formulirnya belum bisa diambil. Coba lagi begitu ada jaringan.")
        try:
            me = await holdings.attributes.for_service(application.service)
        except BackendError as error:
            return error.phrase
        today = self.local_now().date()
        draft = await holdings.drafts.of_question(reference, question.id)
        if draft is not None and self._filing is not None and self._filing.id == draft.id:
            return self._filing
        if draft is not None and draft.journey:
            journey = Journey.from_json(definition, draft.journey, me, today)
        else:
            given = dict(application.answers)
            # What was declared then was about other answers.
            given.pop(definition.form.declaration.id if definition.form.declaration else "", None)
            journey = Journey(definition, me, today, Answers(given), only=question.page)
        if draft is None:
            draft = await holdings.drafts.begin(definition, reference=reference, question=question)
        self._filing = Filing(journey, draft, holdings.drafts)
        self._filing.go_to_refusal()
        return self._filing

    def answer_question(self, application: Application) -> None:
        """To the one page that an agency asks about."""
        self.go(f"/activity/{application.reference}/answer")

    def begin_again(self, application: Application) -> None:
        """To the service of an application that was not accepted."""
        self.go(f"/service/{application.service}")

    async def present(self, document: HeldDocument, claims: Sequence[str]) -> dict[str, Any] | Phrase:
        """A document as the answer of a form, with these claims of it alone; why not, where it cannot be."""
        from app.documents.presenting import presented
        from app.documents.sd_jwt import CredentialInvalid

        try:
            return await presented(self.device.holdings.wallet, document, claims)
        except (CredentialInvalid, KeyError):
            return N_("Dokumen ini belum dapat dibuktikan, jadi tidak dibagikan. Pilih yang lain.")

    async def attach(self, filing: Filing, path: str) -> Phrase | None:
        """Let the citizen choose a file for the answer at `path`; why not, where it was not taken in."""
        picked = await self._shell.pick_file()
        if picked is None:
            return None
        return await filing.attach(path, *picked)

    async def send(self, filing: Filing) -> Phrase | None:
        """Send what was filled in, and follow it; why not, where it cannot be sent."""
        from app.applications.attachments import AttachmentLost
        from app.applications.told import Told
        from app.storage.errors import StorageError

        await filing.settled()
        holdings, journey = self.device.holdings, filing.journey
        try:
            item = await holdings.outbox.send(filing.draft, journey.submission_answers(), self.language.tag)
            await Told(holdings.storage).keep(journey.definition, journey.told_elsewhere(), journey.today)
        except (AttachmentLost, StorageError) as error:
            return error.phrase
        self._filing = None
        self.enter("/", f"/sent/{item.id}")
        return None

    async def sending(self, item_id: str) -> tuple[OutboxItem, Application | None, bool] | None:
        """What is being sent, the application it became, and whether its receipt is proved."""
        holdings = self.device.holdings
        item = await holdings.outbox.get(item_id)
        if item is None:
            return None
        application = None
        if item.state == "delivered" and item.reference is not None:
            application = await holdings.applications.get(item.reference)
        signed = False
        if application is not None:
            signed = (await holdings.receipts.standing(application)).verified
        return item, application, signed

    def mend(self, item: OutboxItem) -> None:
        """Back to the form of what was refused."""
        self._filing = None
        if item.kind == "answer":
            self.go(f"/activity/{item.reference}/answer")
        else:
            self.begin(item.service)

    async def settle(self) -> None:
        """Wait until every answer is kept; the form is read anew when it is asked for next."""
        if self._filing is not None:
            await self._filing.settled()
            self._filing = None

    # What is held

    async def waiting(self) -> list[Waiting]:
        """What waits for the citizen."""
        from app.applications.waiting import waiting

        holdings = self.device.holdings
        return await waiting(
            holdings.drafts, holdings.outbox, holdings.applications, self.device.now(), online=self.online
        )

    async def applications(self) -> list[Application]:
        """All applications."""
        return await self.device.holdings.applications.all()

    async def application(self, reference: str) -> Application | None:
        """One application."""
        return await self.device.holdings.applications.get(reference)

    async def receipt_standing(self, application: Application) -> ReceiptStanding:
        """What the receipt of an application is worth."""
        return await self.device.holdings.receipts.standing(application)

    def save_receipt(self, application: Application) -> None:
        """Let the citizen keep the receipt as a file."""
        from app.applications.receipts import export

        self._do(self._shell.save_file(f"loket-{application.reference}.json", export(application.receipt)))

    async def documents(self) -> list[HeldDocument]:
        """The documents, newest first."""
        return await self.device.holdings.wallet.all()

    def is_new(self, held: HeldDocument) -> bool:
        """Whether a document was issued in the last seven days."""
        return (self.device.now() - held.issued_at).days < 7

    async def messages(self) -> list[Message]:
        """The messages, newest first."""
        return await self.device.holdings.inbox.all()

    def open_message(self, message: Message) -> None:
        """Mark a message as read and go to what it is about."""
        self._do(self.device.holdings.inbox.mark_read(message.id))
        if message.reference is not None:
            self.go(f"/activity/{message.reference}")

    # Doing

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something that no screen waits for; a fault in it is logged by its kind."""
        task = asyncio.get_running_loop().create_task(work)
        self._doing.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._doing.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log_fault(log, "what was asked for failed", error)

    async def me(self) -> Me | None:
        """What the state knows of the citizen, for the citizen."""
        return await self.device.holdings.attributes.own()
