"""The citizen of a preview: a persona on a device of their own, signed in for the author."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Literal

import httpx

from app.authoring.preview.backend import PreviewBackend
from app.contract.language import Language
from app.device import Device
from app.identity.wrap import Scrypt
from app.profile import load_profile
from app.start import ROOT, RealParts, compose
from app.storage.settings import Preferences
from app.testing.provider_page import choose_persona
from app.vault.vault import MemoryVault

PIN = "270419"
CHEAP = Scrypt(n=2, r=1, p=1)
"""What a PIN costs where nothing of anybody real is kept."""


class _Pocket(MemoryVault):
    """A vault that lives as long as its device, as a keyring does: what is locked can be opened again."""

    kind: Literal["keyring", "keystore", "memory"] = "keyring"
    name = "preview"


async def signed_in(
    persona: str,
    backend: PreviewBackend,
    line: httpx.AsyncBaseTransport,
    home: Path,
    now: Callable[[], datetime],
    like: Preferences | None,
) -> Device:
    """A new device, open, with `persona` signed in at the sandbox's own page and a PIN set.

    It keeps its files in `home`, asks the `backend` through `line`, and looks `like` the one before. Raises
    SignInError where the provider lets the persona not in.
    """
    device = compose(
        RealParts(
            load_profile(ROOT / "flet.toml", "sandbox"),
            home,
            now=now,
            vault=_Pocket(),
            kdf=CHEAP,
            transport=line,
            backend_url=backend.url,
        )
    )
    if like is not None:
        await device.settings.set(language=like.language, theme=like.theme, text_scale=like.text_scale)
    browsing: list[asyncio.Task[None]] = []

    async def browser(address: str) -> None:
        # A browser goes its own way: the app waits for it to come back, not for it to end.
        page = choose_persona(address, persona, backend.url, backend.transport())
        browsing.append(asyncio.get_running_loop().create_task(page))

    try:
        await device.sign_in(browser, Language.load("en"))
        await asyncio.gather(*browsing)
        await device.set_pin(PIN)
        await device.sync_catalogue()
    except BaseException:
        await device.close()
        raise
    return device
