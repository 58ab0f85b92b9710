"""The system browser at the sandbox's sign-in page, where somebody chooses a persona."""

from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import Awaitable, Callable
from urllib.parse import urljoin

import httpx

from app.testing.find import NotSeen

_PERSONA = re.compile(r'<button[^>]*\bdata-persona="([^"]+)"')
_REQUEST = re.compile(r'name="request_uri" value="([^"]+)"')

_NOBODY = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Trusts no certificate: all of this is on loopback, and reading the usual ones takes its time."""


async def choose_persona(
    address: str, persona: str | None, backend_url: str, backend: httpx.AsyncBaseTransport
) -> None:
    """Open the provider's page at `address`, choose `persona` on it, and go where it sends.

    `backend` carries what goes to `backend_url`. None leaves the page open, as a page without personas is
    left. Raises NotSeen where it offers others only.
    """
    async with httpx.AsyncClient(mounts={backend_url: backend}, trust_env=False, verify=_NOBODY) as browser:
        page = await browser.get(address)
        offered = _PERSONA.findall(page.text)
        if not offered or persona is None:
            return
        if persona not in offered:
            raise NotSeen(f"no persona {persona!r}; there are: {', '.join(offered)}")
        request = _REQUEST.search(page.text)
        form = {"request_uri": request[1] if request else "", "persona": persona}
        chosen = await browser.post(urljoin(address, "authorize"), data=form)
        while chosen.is_redirect:
            chosen = await browser.get(chosen.headers["location"])


async def signed_in_as(
    persona: str,
    sign_in: Callable[[Callable[[str], Awaitable[None]]], Awaitable[None]],
    backend_url: str,
    backend: httpx.AsyncBaseTransport,
) -> None:
    """Run `sign_in`, with a browser that chooses `persona`. Raises what `sign_in` raises, or NotSeen."""
    chosen: list[asyncio.Task[None]] = []
    refused: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def done(task: asyncio.Task[None]) -> None:
        if not refused.done() and not task.cancelled() and (error := task.exception()):
            refused.set_exception(error)

    async def open_browser(address: str) -> None:
        # A browser goes its own way: the app waits for it to come back, not for it to end.
        chosen.append(asyncio.create_task(choose_persona(address, persona, backend_url, backend)))
        chosen[-1].add_done_callback(done)

    signing = asyncio.ensure_future(sign_in(open_browser))
    try:
        ended, _ = await asyncio.wait({signing, refused}, return_when=asyncio.FIRST_COMPLETED)
        if signing in ended:
            await asyncio.gather(*chosen, return_exceptions=True)
    finally:
        for task in (signing, refused, *chosen):
            task.cancel()
    await ended.pop()
