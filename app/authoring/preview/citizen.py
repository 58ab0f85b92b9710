"""The citizen of a preview: a persona on a device of their own, signed in for the author."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import httpx

from app.authoring.preview.backend import PreviewBackend
from app.contract.language import Language
from app.device import Device
from app.profile import load_profile
from app.start import ROOT, RealParts, compose
from app.storage.settings import Preferences
from app.testing.loket import CHEAP, PIN, Pocket
from app.testing.provider_page import signed_in_as


class _Pocket(Pocket):
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
    try:
        await signed_in_as(
            persona,
            lambda browser: device.sign_in(browser, Language.load("en")),
            backend.url,
            backend.transport(),
        )
        await device.set_pin(PIN)
        await device.sync_catalogue()
    except BaseException:
        await device.close()
        raise
    return device
