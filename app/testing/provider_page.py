"""The system browser at the sandbox's sign-in page, where somebody chooses a persona."""

from __future__ import annotations

import re
from urllib.parse import urljoin

import httpx

from app.testing.find import NotSeen

_PERSONA = re.compile(r'<button[^>]*\bdata-persona="([^"]+)"')
_REQUEST = re.compile(r'name="request_uri" value="([^"]+)"')


async def choose_persona(
    address: str, persona: str | None, backend_url: str, backend: httpx.AsyncBaseTransport
) -> None:
    """Open the provider's page at `address`, choose `persona` on it, and go where it sends.

    `backend` carries what goes to `backend_url`. None leaves the page open, as a page without personas is
    left. Raises NotSeen where it offers others only.
    """
    async with httpx.AsyncClient(mounts={backend_url: backend}, trust_env=False) as browser:
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
