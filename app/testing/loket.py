"""The whole of Loket in one process: the real app, the real backend, the sandbox's sign-in.

Nothing here imitates a part of Loket. What the world around would do is done: a network that can fail, a
browser that signs a persona in, a vault like a keyring.
"""

from __future__ import annotations

import asyncio
import contextlib
import shutil
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import httpx

from app.identity.wrap import Scrypt
from app.profile import load_profile
from app.start import ROOT, FletShell, RealParts, compose
from app.testing.citizen import Citizen, Theme
from app.testing.clock import Clock
from app.testing.phone import Phone
from app.testing.provider_page import choose_persona
from app.vault.vault import MemoryVault
from app.windows import show
from backend.application import running
from backend.settings import Settings

if TYPE_CHECKING:
    from fastapi import FastAPI

    from app.device import Device

URL = "http://127.0.0.1:8700"
PIN = "270419"
CHEAP = Scrypt(n=2, r=1, p=1)
"""A PIN's cost in tests; nothing but the cost differs."""


class Pocket(MemoryVault):
    """A vault that outlives the app, as a keyring does, for as long as the test."""

    kind: Literal["keyring", "keystore", "memory"] = "keyring"
    name = "test keyring"


Answer = httpx.Response | Exception | Callable[[httpx.Response], httpx.Response]
"""What a network can bring in place of the backend's answer."""


class Network(httpx.AsyncBaseTransport):
    """The way from the phone to the backend, which a test can break."""

    def __init__(self, backend: httpx.AsyncBaseTransport) -> None:
        self._backend = backend
        self.up = True
        self.asked: list[str] = []
        """Method and path of every request that went out, the latest last."""
        self._lost = 0
        self._open = asyncio.Event()
        self._open.set()
        self._instead: dict[str, Answer] = {}

    def lose_answers(self, count: int = 1) -> None:
        """Let the backend do the next `count` writes and lose its answers on the way back."""
        self._lost = count

    def hold(self) -> None:
        """Let every request wait, until `release`: what the app shows meanwhile is what it shows on a slow
        network."""
        self._open.clear()

    def release(self) -> None:
        """Let requests through again, those that waited first."""
        self._open.set()

    def answer(self, path: str, answer: Answer | None) -> None:
        """Give `answer` to requests whose path begins with `path` (`/v1/me`, or `POST /v1/applications`): a
        response, an exception to raise, or a function of the backend's own response. None: the backend's own
        again."""
        if answer is None:
            self._instead.pop(path, None)
        else:
            self._instead[path] = answer

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Carry one request."""
        await self._open.wait()
        if not self.up:
            raise httpx.ConnectError("the phone is offline", request=request)
        asked = f"{request.method} {request.url.path}"
        self.asked.append(asked)
        names = (asked, request.url.path)
        instead = next(
            (a for path, a in self._instead.items() if any(n.startswith(path) for n in names)), None
        )
        if isinstance(instead, Exception):
            raise instead
        if isinstance(instead, httpx.Response):
            return httpx.Response(instead.status_code, headers=instead.headers, content=instead.content)
        response = await self._backend.handle_async_request(request)
        if instead is not None:
            await response.aread()
            response.request = request
            return instead(response)
        if self._lost and request.method != "GET" and "/v1/" in request.url.path:
            self._lost -= 1
            await response.aclose()
            raise httpx.ReadTimeout("the answer was lost", request=request)
        return response


class Sandbox:
    """The unified backend in this process, with its identity provider, personas and agencies."""

    def __init__(self, app: FastAPI) -> None:
        self.app = app
        self.transport = httpx.ASGITransport(app, client=("127.0.0.1", 51200))

    @property
    def agency(self) -> Any:
        """The sandbox's agency; `await agency.move_due()` lets it do what is due."""
        return self.app.state.backend.agency

    @classmethod
    @asynccontextmanager
    async def up(cls, clock: Clock, **settings: Any) -> AsyncGenerator[Sandbox]:
        """A backend with a database of its own in memory, on the time of `clock`."""
        settings = {"services": ROOT / "services", **settings}
        given = Settings(public_url=URL, **settings)
        async with running(given, now=clock.now) as app:
            yield cls(app)


class LoketCitizen(Citizen):
    """A citizen with Loket on their phone."""

    def __init__(self, sandbox: Sandbox, clock: Clock, phone: Phone, home: Path | None = None) -> None:
        super().__init__(self._main, clock=clock, phone=phone)
        self.sandbox = sandbox
        self.network = Network(sandbox.transport)
        self.home = home
        self.persona: str | None = None
        """Who is chosen on the provider's page; None: the page stays open."""
        self.vault = Pocket()
        self._device: Device | None = None
        phone.browser = self._browse

    @property
    def device(self) -> Device:
        """The open app's device, for checks of what the screen does not show."""
        if self._device is None:
            self._device = self._compose()
        return self._device

    def _compose(self) -> Device:
        return compose(
            RealParts(
                load_profile(ROOT / "flet.toml", "sandbox"),
                self.home,
                now=self.clock.now,
                vault=self.vault,
                kdf=CHEAP,
                transport=self.network,
                backend_url=URL,
            )
        )

    def _main(self, page: Any) -> None:
        show(self.device, page, FletShell(page))

    async def open(
        self,
        route: str = "/",
        *,
        width: float = 412,
        height: float = 892,
        theme: Theme = "light",
        language: str | None = None,
        platform: str = "android",
        text_scale: float | None = None,
    ) -> LoketCitizen:
        """Open Loket; `language` and `text_scale` as if chosen on the account screen, if given."""
        self._watch()
        given: dict[str, Any] = {"language": language, "text_scale": text_scale}
        choice = {name: value for name, value in given.items() if value is not None}
        if choice:
            await self.device.settings.set(**choice)
        await super().open(route, width=width, height=height, theme=theme, platform=platform)
        return self

    async def close(self) -> None:
        """Close the window and end the app."""
        await super().close()
        if self._device is not None:
            device, self._device = self._device, None
            await device.close()

    async def sign_in(self, persona: str = "sari", *, pin: str = PIN) -> None:
        """Sign in on the welcome screen as `persona` through the sandbox's page, and set the first PIN."""
        self.persona = persona
        await self.tap("welcome.sign-in")
        for _ in range(2):
            await self.enter_pin(pin)

    async def enter_pin(self, pin: str = PIN) -> None:
        """Type a PIN on the pad."""
        for digit in pin:
            await self.tap(f"pin.{digit}")

    async def at_home(self, persona: str = "sari", route: str = "/", **options: Any) -> LoketCitizen:
        """Open Loket already signed in and unlocked: the real code, without the screens before."""
        self._watch()
        self.persona = persona

        async def open_browser(url: str) -> None:
            self.phone.open(url)

        signing = asyncio.ensure_future(self.device.sign_in(open_browser))
        await self._at_rest()
        if self.phone.troubles:
            signing.cancel()
            raise self.phone.troubles.pop()
        await signing
        await self.device.set_pin(PIN)
        return await self.open(route, **options)

    async def restart(self, **options: Any) -> LoketCitizen:
        """End the app and start it again on the same phone: it asks for the PIN."""
        await self.close()
        return await self.open(**options)

    async def lose_power(self, **options: Any) -> LoketCitizen:
        """Let the phone die now and start it again: what was on the disk at this moment is what there is."""
        if self.home is None:
            raise RuntimeError("a phone that keeps everything in memory has nothing after a power loss")
        left = self.home.with_name(f"{self.home.name}+")
        await asyncio.to_thread(shutil.copytree, self.home, left)
        await self.close()
        self.home = left
        return await self.open(**options)

    async def set_connectivity(self, *kinds: str) -> None:
        """Change the phone's network; nothing means offline."""
        self.network.up = bool(kinds)
        await super().set_connectivity(*kinds)

    async def let_agency_work(self, seconds: float = 60) -> None:
        """Let `seconds` go by in steps, with the sandbox's agency deciding what is due."""
        for _ in range(max(1, round(seconds / 5))):
            await self.clock.advance(5)
            await self.sandbox.agency.move_due()
        await self.settle()

    async def _browse(self, url: str) -> None:
        """The system browser: chooses `persona` on the provider's page and goes where it is sent."""
        with self._rest.working() if self._rest is not None else contextlib.nullcontext():
            await choose_persona(url, self.persona, URL, self.network)
