"""The whole of Loket in this process, shown in Chromium: the real app and backend, for pictures.

    async with Stage.up(services) as stage:
        window = await stage.window("sari")       # signed in and unlocked, at home
        await window.go("/service/dukcapil/birth-registration")
        await window.browser.tap("service.start")

Signing in, the PIN's cost and the clock are those of headless tests; what is on the screen is Flutter's.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

from app.contract.citizen import Attribute
from app.contract.language import WIB
from app.device import Device, present
from app.forms.journey import Journey
from app.profile import load_profile
from app.start import ROOT, FletShell, RealParts, compose
from app.testing.browser import Browser, browsing, served
from app.testing.clock import Clock
from app.testing.loket import CHEAP, PIN, URL, Network, Pocket, Sandbox
from app.testing.place import Place
from app.testing.provider_page import signed_in_as
from app.windows import show

if TYPE_CHECKING:
    import flet as ft


class Window:
    """A citizen's device, open, in a tab of Chromium."""

    def __init__(
        self, sandbox: Sandbox, device: Device, network: Network, browser: Browser, page: ft.Page
    ) -> None:
        self._sandbox = sandbox
        self._usual: dict[str, Attribute] | None = None
        self._told: dict[str, Attribute] = {}
        self._changed: set[str] = set()
        self.device = device
        self.network = network
        self.browser = browser
        self._page = page

    async def go(self, route: str) -> None:
        """Follow a link into the app."""
        await self._page.push_route(route)

    async def connect(self, *, online: bool) -> None:
        """Put the device on a network, or off it."""
        self.network.up = online
        self.device.network(online)
        if not self.device.online and online:
            await self.device.refresh()

    async def begin(self, service: str, place: Place | None) -> None:
        """Put a draft of `service` on the device that stands at `place`, instead of what was begun there.

        None leaves the service as one that was never begun. Raises `NotSeen` where the answers do not lead
        to the place.
        """
        holdings, client = self.device.holdings, present(self.device.client)
        while (old := await holdings.drafts.of_service(service)) is not None:
            await holdings.drafts.delete(old.id)
        await self._enter(place.registers if place else ())
        if place is None:
            return
        definition = await client.definition(service)
        me = await holdings.attributes.for_service(service)
        journey = Journey(definition, me, self.device.now().astimezone(WIB).date())
        place.reach(journey)
        draft = await holdings.drafts.begin(definition)
        for file in place.files:
            await holdings.drafts.attach(draft.id, file.name, file.contents())
        draft.journey = journey.to_json()
        await holdings.drafts.save(draft)

    async def _enter(self, registers: Sequence[Attribute]) -> None:
        """Let the registers say `registers` of this citizen, and of all else what they said at first."""
        from backend.registers import seed

        if not registers and not self._changed:
            return
        client, session = present(self.device.client), present(self.device.session)
        if self._usual is None:
            self._usual = {a.concept: a for a in (await client.me()).attributes}
        now = {a.concept: a for a in registers}
        said = list(now.values())
        for concept in self._changed - set(now):
            before = self._usual.get(concept)
            said.append(before or self._told[concept].model_copy(update={"value": None}))
        self._told.update(now)
        self._changed = set(now)
        backend = self._sandbox.app.state.backend
        await seed(backend.database, backend.keys.seal, {present(session.subject): said})
        await self.device.holdings.attributes.refresh()


class Stage:
    """The backend, the app's server and Chromium; a window for each persona that is asked for."""

    def __init__(self, sandbox: Sandbox, clock: Clock, browser: Browser) -> None:
        self._sandbox = sandbox
        self._clock = clock
        self._browser = browser
        self._windows: dict[str, Window] = {}
        self._devices: list[Device] = []
        self._coming: Device | None = None
        self._opened: asyncio.Future[ft.Page] | None = None
        self.address = ""

    @classmethod
    @asynccontextmanager
    async def up(cls, services: Path, *, today: date | None = None) -> AsyncGenerator[Stage]:
        """Everything, on the `services` of a folder of agencies, in the morning of `today` (None: the day of
        tests).

        Raises FileNotFoundError, with what to install, where there is no Chromium.
        """
        clock = Clock(datetime.combine(today, time(9, 5), WIB)) if today else Clock()
        async with (
            Sandbox.up(clock, services=services) as sandbox,
            browsing("stage", still=True) as browser,
        ):
            stage = cls(sandbox, clock, browser)
            try:
                async with served(stage._main) as stage.address:
                    try:
                        yield stage
                    finally:
                        await browser.page.goto("about:blank")
            finally:
                for device in stage._devices:
                    await device.close()

    def _main(self, page: ft.Page) -> None:
        if self._coming is None or self._opened is None or self._opened.done():
            raise RuntimeError("a window opened that nobody asked for")
        show(self._coming, page, FletShell(page))
        self._opened.set_result(page)

    async def window(self, persona: str) -> Window:
        """The window of `persona`, signed in. Raises `NotSeen` where the sandbox has no such persona."""
        if persona in self._windows:
            window = self._windows[persona]
            await window.browser.page.bring_to_front()
            return window
        network = Network(self._sandbox.transport)
        device = compose(
            RealParts(
                load_profile(ROOT / "flet.toml", "sandbox"),
                None,
                now=self._clock.now,
                vault=Pocket(),
                kdf=CHEAP,
                transport=network,
                backend_url=URL,
            )
        )
        self._devices.append(device)
        await signed_in_as(persona, device.sign_in, URL, network)
        await device.set_pin(PIN)
        self._coming = device
        self._opened = asyncio.get_running_loop().create_future()
        browser = self._browser if not self._windows else await self._browser.beside()
        await browser.open(self.address)
        await browser.reach("home.search")
        window = self._windows[persona] = Window(self._sandbox, device, network, browser, await self._opened)
        return window
