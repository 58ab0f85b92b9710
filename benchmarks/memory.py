"""What Loket takes of the device's memory with a whole country on it, against an empty Flet app.

Both are processes of their own with a Chromium window before them. The citizen signs in, waits for the whole
catalogue, searches, and goes through the list of all services; then what is resident is read. The embedded
backend is a process of its own and does not count: in production it is elsewhere.
"""

from __future__ import annotations

import tempfile
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from app.testing.browser import Browser, browsing
from app.testing.loket import PIN
from benchmarks import COUNTRY, empty_app
from benchmarks.first_frame import running
from benchmarks.reader import resident
from benchmarks.table import Row

BUDGET = 60e6
"""Bytes over an empty app."""

TYPED = ("akte lahr", "perpanjang sim", "pajak motor", "skck bandung", "sekolah anak")


async def measure() -> list[Row]:
    """Both, one after the other."""
    with tempfile.TemporaryDirectory() as folder:
        empty = await _empty(Path(folder))
        rows = [Row("empty Flet app", f"{empty / 1e6:.0f} MB")]
        for start in ("first start, which brings the catalogue", "next start, which has it"):
            home, used = await _loket(Path(folder))
            over = used - empty
            rows.append(
                Row(
                    f"{start}: over the empty app",
                    f"{over / 1e6:.0f} MB (at home {home / 1e6:.0f} MB; after five searches and a walk "
                    f"through {COUNTRY:,} services {used / 1e6:.0f} MB)",
                    f"≤ {BUDGET / 1e6:.0f} MB",
                    over <= BUDGET,
                )
            )
    return rows


async def _empty(home: Path) -> int:
    async with _opened(["-m", "benchmarks.empty_app"], home, {}) as (pid, browser):
        await browser.see(empty_app.MARK)
        return resident(pid)


async def _loket(home: Path) -> tuple[int, int]:
    country = {"LOKET_BACKEND_SYNTHESISED": str(COUNTRY)}
    async with _opened(["main.py"], home, country) as (pid, browser):
        await browser.sign_in("sari", PIN)
        await browser.reach("home.directory", within=60)
        # Home says how many services have come.
        await browser.see(f"{COUNTRY:,}".replace(",", "."), within=60)
        at_home = resident(pid)
        await browser.tap("home.search")
        await _used(browser)
        return at_home, resident(pid)


@asynccontextmanager
async def _opened(
    program: list[str], home: Path, environment: dict[str, str]
) -> AsyncGenerator[tuple[int, Browser]]:
    """A running program with a window before it; gives the number of its process, and the window."""
    with running(program, home, environment) as (process, address):
        async with browsing("memory") as browser:
            await browser.open(address)
            yield process.pid, browser


async def _used(browser: Browser) -> None:
    for text in TYPED:
        await browser.type("search.field", text)
        await browser.reach("search.count")
    await browser.tap("search.back")
    await browser.tap("home.directory")
    await browser.tap("directory.services")
    await browser.reach("directory.agencies")
    await browser.at("directory.agencies").hover()
    for _ in range(20):
        await browser.page.mouse.wheel(0, 900)
        await browser.page.wait_for_timeout(60)
