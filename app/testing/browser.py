"""A citizen at a real browser: Chromium, driven through what Flutter tells a screen reader.

Findings that this rests on stand in docs/qa.md, “In a browser”.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import flet as ft
from PIL import Image
from playwright.async_api import (
    BrowserContext,
    ConsoleMessage,
    FilePayload,
    Locator,
    Page,
    Route,
    async_playwright,
    expect,
)

from app.browser import free_port, serve
from app.start import ROOT

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
INSTALL = "sudo apt-get install --yes chromium"
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
# Flet's web client asks a content network for it even when told to use none; nothing here needs it.
UNUSED = "/rive_native.js"
ARTEFACTS = Path(__file__).parents[2] / "artefacts" / "e2e"

# Everything that stands on the screen in words: text, names, and what is typed into fields.
_WORDS = """() => {
  const host = document.querySelector('flt-semantics-host');
  if (!host) return '';
  const parts = [host.innerText || host.textContent];
  for (const e of host.querySelectorAll('[aria-label]')) parts.push(e.getAttribute('aria-label'));
  for (const e of host.querySelectorAll('input, textarea')) parts.push(e.value);
  return parts.join('\\n').replace(/\\u00a0/g, ' ');
}"""

_TREE = """() => {
  const nodes = ['[flt-semantics-identifier]', '[role]', 'h1', 'h2', 'h3', 'span', 'input', 'textarea'];
  const found = document.querySelectorAll(nodes.map(n => 'flt-semantics-host ' + n).join(','));
  return [...found].map(e => {
    const own = [...e.childNodes].filter(n => n.nodeType === 3).map(n => n.textContent).join(' ');
    const identifier = e.getAttribute('flt-semantics-identifier');
    const kind = e.getAttribute('role') || e.tagName.toLowerCase();
    const parts = [kind, identifier && `[${identifier}]`, e.getAttribute('aria-label'), own, e.value];
    return parts.filter(Boolean).join(' ');
  }).filter(line => line !== 'group');
}"""


def chromium() -> str:
    """Where Chromium is. Raises `FileNotFoundError` with the command that installs it."""
    found = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if found is None:
        raise FileNotFoundError(f"no Chromium on this machine; install it with: {INSTALL}")
    return found


class Browser:
    """One window with the app in it."""

    def __init__(self, context: BrowserContext, page: Page, name: str) -> None:
        self.context = context
        self.page = page
        self.name = name
        self.errors: list[str] = []
        self._shots = 0
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.errors.append(f"page error: {error.message}\n{error.stack}"))

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.location.get("url", "").endswith(UNUSED):
            self.errors.append(f"console: {message.text} ({message.location.get('url', '')})")

    async def open(self, address: str) -> None:
        """Open the app and switch its semantics on, as a screen reader does."""
        await self.page.goto(address)
        await self.listen()

    async def beside(self) -> Browser:
        """Another window of the same browser."""
        return Browser(self.context, await self.context.new_page(), self.name)

    async def listen(self) -> None:
        """Switch the semantics tree on, and wait until it stands."""
        placeholder = self.page.locator("flt-semantics-placeholder")
        await placeholder.wait_for(state="attached")
        await placeholder.evaluate("e => e.click()")
        await self.page.locator("flt-semantics-host flt-semantics").first.wait_for(state="attached")

    def at(self, identifier: str) -> Locator:
        """What has this semantics identifier."""
        return self.page.locator(f"[flt-semantics-identifier={_quoted(identifier)}]")

    async def tap(self, identifier: str) -> None:
        """Scroll to it and click it."""
        await self.at(identifier).click()

    async def type(self, identifier: str, text: str) -> None:
        """Put `text` into a field in place of what is there.

        The click comes first: Flutter takes over an input only some frames after it got the focus, and what
        was typed before that is gone. So what was typed is looked at, and typed again.
        """
        field = self.field(identifier)
        await field.click()
        for _ in range(3):
            await self._frames(3)
            await field.fill(text)
            await self._frames(2)
            if await field.input_value() == text:
                break

    async def _frames(self, count: int) -> None:
        """Wait until the browser has painted `count` times."""
        await self.page.evaluate(
            "async n => { while (n--) await new Promise(requestAnimationFrame); }", count
        )

    async def leave(self) -> None:
        """Leave the field at hand, and move the pointer off everything."""
        await self.page.mouse.move(0, 0)
        await self.page.evaluate("() => document.activeElement?.blur()")

    async def press_letters(self, identifier: str, text: str) -> None:
        """Type `text` key by key, as fast as the browser goes."""
        await self.field(identifier).click()
        await self._frames(3)
        await self.page.keyboard.type(text)

    async def sign_in(
        self, persona: str, pin: str, look: Callable[[Page], Awaitable[None]] | None = None
    ) -> None:
        """From the welcome screen through the provider's page, which `look` may look at, to a first PIN."""
        await self.reach("welcome.sign-in")
        async with self.context.expect_page() as opened:
            await self.tap("welcome.sign-in")
        provider = await opened.value
        await provider.locator(f"[data-persona={persona}]").wait_for()
        if look is not None:
            await look(provider)
        await provider.locator(f"[data-persona={persona}]").click()
        await provider.get_by_text("Anda sudah masuk").wait_for()
        await provider.close()
        for _ in range(2):
            await self.enter_pin(pin)

    async def enter_pin(self, pin: str) -> None:
        """Type a PIN on the pad."""
        await self.reach("pin.1")
        for digit in pin:
            await self.tap(f"pin.{digit}")

    def field(self, identifier: str) -> Locator:
        """The input of a field."""
        holder = self.at(identifier)
        return holder.locator("input, textarea").first

    async def holds(self, identifier: str, text: str) -> None:
        """Wait until a field holds `text`. Its value is in the page only while it has the focus."""
        field = self.field(identifier)
        await field.click()
        try:
            await expect(field).to_have_value(text)
        except AssertionError as other:
            raise AssertionError(f"{identifier!r} does not hold {text!r}: {other}") from None

    async def pick_file(self, identifier: str, file: Path | FilePayload) -> None:
        """Click it and choose `file`, by its path or by its bytes, in the file dialog that opens."""
        async with self.page.expect_file_chooser() as dialog:
            await self.tap(identifier)
        await (await dialog.value).set_files(file)

    async def see(self, *words: str, within: float = 15) -> None:
        """Wait until each of `words` is on the screen. Raises `AssertionError` with the screen."""
        shown = f"w => ({_WORDS})().includes(w)"
        for each in words:
            try:
                await self.page.wait_for_function(shown, arg=each, timeout=within * 1000)
            except Exception as late:
                raise AssertionError(f"{each!r} is not on the screen:\n{await self.screen()}") from late

    async def reach(self, identifier: str, within: float = 15) -> None:
        """Wait until `identifier` is on the screen."""
        try:
            await self.at(identifier).first.wait_for(state="attached", timeout=within * 1000)
        except Exception as late:
            raise AssertionError(f"{identifier!r} is not on the screen:\n{await self.screen()}") from late

    async def has(self, identifier: str) -> bool:
        """Whether `identifier` is on the screen now."""
        return await self.at(identifier).count() > 0

    async def words(self) -> str:
        """All words on the screen."""
        return await self.page.evaluate(_WORDS)

    async def screen(self) -> str:
        """The semantics tree in short: role, identifier and words of each node."""
        return "\n".join(await self.page.evaluate(_TREE))

    async def keep(self, name: str) -> None:
        """Keep the window as a picture and its semantics as text, whatever state it is in."""
        picture = await self.shoot(name)
        picture.with_suffix(".txt").write_text(
            "\n".join([await self.screen(), "", *self.errors]), encoding="utf-8"
        )

    async def shoot(self, name: str) -> Path:
        """Keep a picture of the window in artefacts/e2e, once it has been painted.

        The semantics tree is there before the first frame, and during a transition: the picture is taken
        when two in a row are the same and not empty. A blinking cursor never is; then the last one counts.
        """
        picture = b""
        for _ in range(8):
            before, picture = picture, await self.page.screenshot()
            if picture == before and _drawn(picture):
                break
            await self._frames(1)
        path = self.picture(name)
        path.write_bytes(picture)
        return path

    def picture(self, name: str) -> Path:
        """Where the next picture goes."""
        ARTEFACTS.mkdir(parents=True, exist_ok=True)
        self._shots += 1
        return ARTEFACTS / f"{self.name}-{self._shots:02}-{_slug(name)}.png"


@asynccontextmanager
async def browsing(
    name: str,
    *,
    width: int = 412,
    height: int = 892,
    dark: bool = False,
    language: str = "id-ID",
    still: bool = False,
) -> AsyncGenerator[Browser]:
    """A Chromium window with a new profile; anything it asks of the internet is refused and noted.

    `still` asks for little motion, as a citizen may ask of their system.
    """
    async with async_playwright() as playwright:
        engine = await playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        try:
            context = await engine.new_context(
                viewport={"width": width, "height": height},
                locale=language,
                timezone_id="Asia/Jakarta",
                color_scheme="dark" if dark else "light",
                reduced_motion="reduce" if still else "no-preference",
            )
            context.set_default_timeout(15_000)
            browser = Browser(context, await context.new_page(), name)

            async def guard(route: Route) -> None:
                if _is_here(route.request.url):
                    await route.continue_()
                    return
                if not route.request.url.endswith(UNUSED):
                    browser.errors.append(f"asked the internet for {route.request.url}")
                await route.abort()

            await context.route(re.compile("^https?:"), guard)
            yield browser
        finally:
            await engine.close()


@asynccontextmanager
async def served(main: Callable[[ft.Page], Any], **more: Any) -> AsyncGenerator[str]:
    """`main` as `make run` serves it to a local browser, in this loop; gives its address. `more`: as
    `app.browser.serve` has it."""
    address: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    serving = asyncio.create_task(
        serve(
            main,
            port=free_port(0),
            assets=ROOT / "assets",
            random_bytes=os.urandom,
            reusable=True,
            opened=address.set_result,
            **more,
        )
    )
    try:
        yield await address
    finally:
        serving.cancel()
        with suppress(asyncio.CancelledError):
            await serving


def _drawn(picture: bytes) -> bool:
    """Whether a picture shows anything: more than one shade."""
    darkest, lightest = Image.open(BytesIO(picture)).convert("L").getextrema()
    return darkest != lightest


def _is_here(url: str) -> bool:
    return urlsplit(url).hostname in ("127.0.0.1", "localhost", "::1")


def _quoted(identifier: str) -> str:
    return '"' + identifier.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-")
