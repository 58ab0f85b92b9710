"""On a phone the browser ends a sign-in with a link of the app's own scheme (RFC 8252, 7.1)."""

from __future__ import annotations

import asyncio
import re
from urllib.parse import urljoin, urlsplit

import httpx

from app.device import Device
from app.profile import load_profile
from app.start import ROOT, RealParts, compose
from app.testing.clock import Clock
from app.testing.loket import CHEAP, URL, Sandbox
from app.vault.vault import MemoryVault


def phone(sandbox: Sandbox, clock: Clock) -> Device:
    return compose(
        RealParts(
            load_profile(ROOT / "flet.toml", "sandbox"),
            None,
            now=clock.now,
            vault=MemoryVault(),
            kdf=CHEAP,
            transport=sandbox.transport,
            backend_url=URL,
            platform="android",
        )
    )


async def choose(sandbox: Sandbox, url: str) -> str:
    """Choose Sari on the provider's page; the link that the browser is sent to."""
    async with httpx.AsyncClient(transport=sandbox.transport) as browser:
        page = await browser.get(url)
        [request, *_] = re.findall(r'name="request_uri" value="([^"]+)"', page.text)
        form = {"request_uri": request, "persona": "sari"}
        answer = await browser.post(urljoin(url, "authorize"), data=form)
    return answer.headers["location"]


async def test_a_link_with_the_apps_scheme_ends_the_sign_in() -> None:
    clock = Clock()
    async with Sandbox.up(clock) as sandbox:
        device = phone(sandbox, clock)
        opened: asyncio.Future[str] = asyncio.get_running_loop().create_future()

        async def open_browser(url: str) -> None:
            opened.set_result(url)

        signing = asyncio.ensure_future(device.sign_in(open_browser))
        link = await choose(sandbox, await opened)
        assert link.startswith("id.loket.app://app/sign-in?")
        assert not device.returned("code=stolen&state=guessed"), "a link with another state is not ours"
        assert device.returned(urlsplit(link).query)
        await signing
        assert device.session is not None
        assert device.session.name == "Sari Contoh"
        assert device.phase == "set_pin"
        await device.close()
