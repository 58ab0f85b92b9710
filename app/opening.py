"""Opening Loket on a computer: a native window where one can be had, else the local browser."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import importlib.util
import logging
import os
import subprocess
import sys
import webbrowser
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import flet as ft
from flet.utils import is_embedded

from app.device import Device
from app.profile import ProfileError, load_profile
from app.start import ROOT, FletShell, RealParts, compose, home_folder
from app.windows import show

log = logging.getLogger("loket.opening")

_CLIENT_PATIENCE = 180


def open_loket() -> None:
    """What `make run` does. Reads `PORT` (0: any free one), `OPEN` (`no`: open nothing), `LOKET_PROFILE`.

    Ends the process with status 2 and one clear line where it cannot open.
    """
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    # Inside what `flet build` made the window is there already, and the backend is elsewhere.
    bundled = is_embedded()
    try:
        profile = load_profile(ROOT / "flet.toml", os.environ.get("LOKET_PROFILE"), bundled=bundled)
    except ProfileError as error:
        _refuse(f"Loket cannot read its profile. {error}")
    home = home_folder()
    only_one = _alone(home)
    opens = os.environ.get("OPEN", "yes").lower() != "no"
    port = _port(os.environ.get("PORT", "0"))
    device = compose(RealParts(profile, home))
    _without_pauses(device)

    def main(page: ft.Page) -> None:
        show(device, page, FletShell(page))

    native = bundled or window_can_open(port, opens=opens)
    with only_one:
        if native:
            if not bundled:
                print("Loket is open at its own window", flush=True)  # noqa: T201 - as below
            asyncio.run(in_window(main))
            return
        # Ctrl+C is how this program is meant to be ended in a terminal.
        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(_in_browser(device, main, port, opens=opens))


_NOBODY_YET = 2.0
"""Seconds for which a first window has the processor to itself."""


def _without_pauses(device: Device) -> None:
    """Let Python's collector leave alone what is there once Loket is open: modules, the catalogue, the home.

    It would go through all of it every few seconds of scrolling, and the window would stand still for a tenth
    of a second each time.
    """

    def opened() -> None:
        if device.phase == "open":
            stop()
            gc.freeze()

    stop = device.watch(opened)


def window_can_open(port: int, *, opens: bool) -> bool:
    """Whether Loket opens in a native window: where there is a screen and a client for it, and nobody asked
    for a `port` or for nothing to open. Blocks while the client is brought."""
    return opens and port == 0 and _has_display() and _desktop_client()


async def in_window(main: Callable[[ft.Page], Any]) -> None:
    """Show `main` in a native window until it is closed."""
    await ft.run_async(main, view=ft.AppView.FLET_APP, assets_dir=str(ROOT / "assets"))


async def _in_browser(device: Device, main: Callable[[ft.Page], Any], port: int, *, opens: bool) -> None:
    from app.browser import free_port, serve

    try:
        port = free_port(port)
    except OSError:
        _refuse(f"Port {port} is taken by another program. Choose another: make run PORT={port + 1}")

    def opened(address: str) -> None:
        print(f"Loket is open at {address}", flush=True)  # noqa: T201 - the one line that this program prints
        if opens:
            webbrowser.open(address)
        # The backend that is embedded serves agencies too, who may come before any citizen has a window.
        asyncio.get_running_loop().call_later(_NOBODY_YET, device.start)

    try:
        await serve(
            main,
            port=port,
            assets=ROOT / "assets",
            random_bytes=os.urandom,
            reusable=not opens,
            opened=opened,
        )
    finally:
        await device.close()


def _alone(home: Path) -> contextlib.AbstractContextManager[Any]:
    """Hold `home` for this process: two Lokets on one database would write over each other."""
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = (home / "in-use").open("a+")
    try:
        _hold(file.fileno())
    except OSError:
        _refuse(
            f"Loket is already open on this computer, with its data in {home}. "
            "Close it first, or set LOKET_HOME to another folder."
        )
    return contextlib.closing(file)


def _hold(descriptor: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _port(text: str) -> int:
    if not text.isdigit() or int(text) > 65535:
        _refuse(f"PORT must be a number from 0 to 65535; it is {text!r}.")
    return int(text)


def _has_display() -> bool:
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _desktop_client() -> bool:
    """Whether Flet's desktop client is here, or can be brought now.

    Its first use downloads it, in a process of its own: no network, or one that swallows packets, must end in
    the browser and not in a window that never comes.
    """
    if importlib.util.find_spec("flet_desktop") is None:
        return False
    if os.environ.get("FLET_VIEW_PATH"):
        return True
    try:
        brought = subprocess.run(
            [sys.executable, "-c", "import flet_desktop; flet_desktop.ensure_client_cached()"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=_CLIENT_PATIENCE,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return brought.returncode == 0


def _refuse(sentence: str) -> NoReturn:
    print(sentence, file=sys.stderr)  # noqa: T201
    raise SystemExit(2)
