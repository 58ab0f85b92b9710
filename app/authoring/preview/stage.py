"""The stage of a preview: the whole of Loket in this process, with services that change while they play.

Backend, sandbox and app are the real ones. On each save the files are read anew; what holds is published by
the backend, and brought to the device as any publication is. Only then the preview does more than a backend
may: what has been begun goes on in the new form, and the screens that show it are read anew.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import Any, get_args

from app.app import App
from app.authoring.finding import Finding
from app.authoring.preview.backend import PreviewBackend
from app.authoring.preview.citizen import signed_in
from app.authoring.preview.line import Line, Network
from app.authoring.preview.pointed import Pointed, Stamps
from app.authoring.preview.watching import moments
from app.contract.language import WIB
from app.device import Device, DeviceLocked, present
from app.start import FletShell, system_now
from app.storage.errors import StorageClosed
from app.storage.settings import LanguageChoice, Theme
from app.ui.context import here
from app.windows import show
from backend.application import personas
from backend.sandbox.personas import Persona

log = logging.getLogger("loket.preview")

SETTLE_SECONDS = 0.03
"""How long files must lie still before they are read: an editor may write a file in pieces."""

SIZES: Mapping[str, tuple[int, int]] = {"phone": (412, 892), "tablet": (820, 1180), "desktop": (1366, 820)}
"""Width and height of the app in dp."""
SCALES = (1.0, 1.5, 2.0)
THEMES: tuple[Theme, ...] = get_args(Theme)
LANGUAGES: tuple[LanguageChoice, ...] = get_args(LanguageChoice)
NETWORKS: tuple[Network, ...] = get_args(Network)


@dataclass(slots=True)
class Told:
    """What the panel tells. `revision` grows with every change of it.

    `broken`: the files as they are could not be taken up; what plays is as of `taken_up`. `seconds`: how long
    that took, from the first notice until the device had it.
    """

    revision: int = 0
    findings: list[Finding] = field(default_factory=list[Finding])
    broken: bool = False
    taken_up: datetime | None = None
    seconds: float = 0.0


@dataclass(slots=True)
class _Window:
    """A window of the app. `show` draws it anew for the device of now. `there`: somebody looks at it; a tab
    that was closed may come back for an hour."""

    page: Any
    show: Callable[[], None]
    app: App | None = None
    there: bool = True


class Stage:
    """One preview. Make it with `Stage.up`."""

    def __init__(
        self,
        pointed: Pointed,
        url: str,
        homes: Path,
        now: Callable[[], datetime],
    ) -> None:
        self.told = Told()
        self.service = pointed.services[0]
        self.size = "phone"
        self.network: Network = "online"
        self.personas = personas()
        self.backend = PreviewBackend(pointed, url, homes, now)
        self._pointed = pointed
        self._homes = homes
        self._now = now
        self._device: Device | None = None
        self._line = Line(self.backend.transport())
        self._stops: list[Callable[[], None]] = []
        self._windows: list[_Window] = []
        self._changed = asyncio.Event()
        self._turn = asyncio.Lock()
        self._known: Stamps = {}
        self._unoffered: frozenset[str] | None = None
        self._broken: tuple[Finding, ...] = ()
        self._checking: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    @classmethod
    @asynccontextmanager
    async def up(
        cls,
        pointed: Pointed,
        persona: str,
        url: str,
        *,
        now: Callable[[], datetime] = system_now,
    ) -> AsyncGenerator[Stage]:
        """The stage for what was pointed at, with `persona` signed in. `url`: where the backend is reached.

        What does not hold at first is told like any other save. Raises KeyError where there is no such
        persona, SignInError where the provider lets them not in.
        """
        with TemporaryDirectory(prefix="loket-preview-") as homes:
            stage = cls(pointed, url, Path(homes), now)
            stage.personas[persona]
            try:
                await stage._read()
                await stage._begin(persona)
                await stage._check()
                yield stage
            finally:
                await stage._end()

    # What there is

    @property
    def device(self) -> Device:
        """The device that plays now."""
        return present(self._device)

    @property
    def services(self) -> list[str]:
        """The services that can be shown, by id."""
        return self._pointed.services

    @property
    def persona(self) -> Persona | None:
        """Who is signed in, on the panel or in the app; None: nobody."""
        subject = present(self.device.session).subject
        return next((one for one in self.personas.values() if one.subject == subject), None)

    @property
    def route(self) -> str:
        """The page of the service that is shown."""
        return f"/service/{self.service}"

    # The app

    def main(self, page: Any) -> None:
        """A window of the app, as Flet opens it."""

        def draw() -> None:
            window.app = show(self.device, page, FletShell(page))
            window.app.closed.watch(lambda: self._windows.remove(window))
            self._fit(page)

        window = _Window(page, here(draw))

        def left(_event: Any) -> None:
            window.there = False

        def came_back(_event: Any) -> None:
            window.there = True
            if present(window.app).device is not self.device:
                window.show()

        page.on_disconnect, page.on_connect = left, came_back
        window.show()
        self._windows.append(window)
        if not page.web:
            # A window of its own has no address that says where to begin.
            page.navigate(self.route)

    def _seen(self) -> list[_Window]:
        return [window for window in self._windows if window.there]

    def _fit(self, page: Any) -> None:
        """Give a native window the size that is wanted; a browser's is the panel's to give."""
        if not page.web:
            page.window.width, page.window.height = SIZES[self.size]
            page.update()

    # The panel

    async def become(self, persona: str) -> None:
        """Be somebody else, on a new device.

        Raises KeyError for a persona that is not there, SignInError where the provider lets them not in.
        """
        self.personas[persona]
        async with self._turn:
            await self._sign_in(persona)

    async def start_over(self) -> None:
        """Forget everything that was begun, sent and decided, and be the same persona again."""
        async with self._turn:
            persona = self.persona or next(iter(self.personas.values()))
            await self._begin(persona.id)

    async def set_network(self, network: Network) -> None:
        """Change how good the line is."""
        self.network = self._line.network = network
        self.device.network(network != "offline")
        self._tell()

    async def set_size(self, size: str) -> None:
        """Change the size of the app. Raises KeyError for a size that is not there."""
        SIZES[size]
        self.size = size
        for window in self._windows:
            self._fit(window.page)
        self._tell()

    async def set_service(self, service: str) -> None:
        """Show another of the services. Raises KeyError for one that was not pointed at."""
        if service not in self.services:
            raise KeyError(service)
        self.service = service
        self._go_to_service()
        self._tell()

    def _go_to_service(self) -> None:
        for window in self._seen():
            window.page.navigate(self.route)

    async def after(self, revision: int, patience: float) -> Told:
        """What is told, as soon as it is newer than `revision`, or after `patience` seconds."""
        if self.told.revision <= revision:
            with suppress(TimeoutError):
                async with asyncio.timeout(patience):
                    await self._changed.wait()
        return self.told

    def _tell(self) -> None:
        self.told.revision += 1
        self._changed.set()
        self._changed = asyncio.Event()

    # Saving

    async def watch(self) -> None:
        """Take up every save, until cancelled."""
        async for _ in moments(self._pointed.watched):
            # Whoever writes a service for half an hour has not left the app.
            self.device.touch()
            try:
                if await self._saved():
                    self._check_soon()
            except Exception:
                # Whatever is in the files or came between, the next save is a new chance.
                log.exception("a save could not be taken up")

    async def _saved(self) -> bool:
        """Take up what was saved since the last look; whether there was something."""
        stamps = await asyncio.to_thread(self._pointed.stamps)
        if stamps == self._known:
            return False
        begun = time.perf_counter()
        while True:
            await asyncio.sleep(SETTLE_SECONDS)
            before, stamps = stamps, await asyncio.to_thread(self._pointed.stamps)
            if stamps == before:
                break
        await self._take_up(begun)
        return True

    async def reload(self) -> None:
        """Take up the files as they are now, and check them; where they do not hold, the last that did plays
        on."""
        await self._take_up(time.perf_counter())
        await self._check()

    async def _take_up(self, begun: float) -> None:
        async with self._turn:
            await self._read()
            if self._unoffered is not None:
                await self.backend.publish(self._unoffered)
                await self.backend.bring(self.device, self._unoffered)
                await self._go_on()
                self._unoffered = None
                self.told.taken_up, self.told.seconds = self._now(), time.perf_counter() - begun
            self._tell()

    async def _read(self) -> None:
        """Look at the files; what is new stays to be offered until it has been."""
        self._known = await asyncio.to_thread(self._pointed.stamps)
        look = await asyncio.to_thread(self._pointed.look, self._known)
        if look.anything:
            self._unoffered = (self._unoffered or frozenset()) | look.changed
        self._broken = look.broken
        self.told.broken = bool(look.broken)
        if look.broken:
            self.told.findings = list(look.broken)

    def _check_soon(self) -> None:
        """Check while the next save is already waited for; then what is still being checked is of no use."""
        self._checking.cancel()
        self._checking = asyncio.get_running_loop().create_task(self._check())
        self._checking.add_done_callback(_told_if_failed)

    async def _check(self) -> None:
        today = self._now().astimezone(WIB).date()
        found = await asyncio.to_thread(self._pointed.found, today)
        places = {(one.path, one.line, one.column) for one in found}
        only = [one for one in self._broken if (one.path, one.line, one.column) not in places]
        self.told.findings = [*only, *found]
        self._tell()

    async def _go_on(self) -> None:
        """Let what has been begun go on in the newest form, at the same page, and show it."""
        device = self.device
        try:
            for window in self._windows:
                await present(window.app).settle()
            for draft in await device.holdings.drafts.all():
                written = self._pointed.written.get(draft.service)
                newer = written.definition if written else None
                if newer is None or draft.reference is not None or draft.version == newer.version:
                    continue
                # The author knows that the form has changed: no need to go through its pages again.
                draft.journey = {**draft.journey, "version": newer.version} if draft.journey else {}
                async with device.holdings.storage.transaction() as transaction:
                    await device.holdings.drafts.give_back(transaction, draft, newer)
        except (DeviceLocked, StorageClosed):
            return  # again as soon as it is open
        for window in self._windows:
            present(window.app).reopen_form()

    # Beginning and ending

    async def _begin(self, persona: str) -> None:
        before = await self.backend.begin()
        self._unoffered = None
        try:
            await self._sign_in(persona)
        finally:
            await before.aclose()

    async def _end(self) -> None:
        self._checking.cancel()
        for stop in self._stops:
            stop()
        if self._device is not None:
            await self._device.close()
        await self.backend.close()

    async def _sign_in(self, persona: str) -> None:
        """Put a new device, with `persona`, in the place of the one before."""
        before, line = self._device, Line(self.backend.transport())
        # First: a form that is open would begin a draft for whoever comes.
        self._go_to_service()
        home = Path(await asyncio.to_thread(mkdtemp, dir=self._homes))
        like = before.settings.get() if before else None
        self._device = await signed_in(persona, self.backend, line, home, self._now, like)
        self._line = line
        self._watch_device(self._device)
        await self.set_network(self.network)
        for window in self._seen():
            window.show()
        if before is not None:
            await before.close()

    def _watch_device(self, device: Device) -> None:
        for stop in self._stops:
            stop()
        phase = device.phase

        def changed() -> None:
            nonlocal phase
            was, phase = phase, device.phase
            if phase == "open" and was != "open":
                task = asyncio.get_running_loop().create_task(self._go_on())
                task.add_done_callback(_told_if_failed)
            self._tell()

        self._stops = [device.watch(changed), device.settings.watch(lambda _kept: self._tell())]


def _told_if_failed(done: asyncio.Future[None]) -> None:
    if not done.cancelled() and (error := done.exception()) is not None:
        log.error("what goes on beside the app failed", exc_info=error)
