"""Home in a small, a whole and a tenfold country: what it draws and sends, and what unlocking to it costs.

The headless client drives the real app; the backend of the country answers in this process, is metered, and
its time is taken off.
"""

from __future__ import annotations

import gc
import shutil
import tempfile
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from app.device import present
from app.testing import clock as clocks
from app.testing.clock import Clock
from app.testing.loket import PIN, LoketCitizen
from app.testing.phone import Phone
from benchmarks import COUNTRY
from benchmarks.metered import metered
from benchmarks.table import Row

SIZES = (270, COUNTRY, 270_000)
TIMES = 9
PATIENCE = 120.0
"""Seconds that a thread may work until the citizen gives up: a tenfold country takes its time to build."""

FIRST = 60_000
"""Bytes that all of the first home may take."""


@dataclass(frozen=True, slots=True)
class Home:
    """Medians of some unlockings: seconds of work and bytes from the last digit to home; controls there."""

    seconds: float
    sent: int
    controls: int


async def measure(catalogue: Path, told: Callable[[str], None]) -> tuple[list[Row], float]:
    """The rows, and the seconds of unlocking in a whole country; its catalogue is kept as `catalogue`."""
    homes: dict[int, Home] = {}
    for number in SIZES:
        told(f"home among {number:,} services …")
        with tempfile.TemporaryDirectory() as folder:
            homes[number] = await _home(number, Path(folder))
            if number == COUNTRY:
                shutil.copy(Path(folder) / "home" / "catalogue.db", catalogue)
    least, most = homes[SIZES[0]], homes[SIZES[-1]]
    return [
        *(
            Row(
                f"home among {number:,} services",
                f"{home.controls} controls · {home.sent:,} bytes · {home.seconds * 1e3:.0f} ms of work",
                f"≤ {FIRST:,} bytes",
                home.sent <= FIRST,
            )
            for number, home in homes.items()
        ),
        Row(
            f"home among {SIZES[-1]:,} ÷ {SIZES[0]}",
            f"{most.controls / least.controls:.2f} × the controls, {most.sent / least.sent:.2f} × the bytes",
            "the same",
            most.controls == least.controls and abs(most.sent / least.sent - 1) < 0.01,
        ),
    ], homes[COUNTRY].seconds


async def _home(number: int, folder: Path) -> Home:
    clocks.DEADLINE = PATIENCE
    clock = Clock()
    async with AsyncExitStack() as stack:
        sandbox, meter = await stack.enter_async_context(metered(clock, synthesised=number))
        citizen = LoketCitizen(sandbox, clock, Phone(folder=folder / "phone"), folder / "home")
        stack.push_async_callback(citizen.leave)
        await citizen.at_home("sari")
        await citizen.device.sync_catalogue()
        if (size := present(citizen.device.catalogue).size) != number:
            raise RuntimeError(f"{size} of {number} services have come")
        seconds: list[float] = []
        sent: list[int] = []
        gc.collect()
        gc.freeze()
        # The first restart imports what is imported late.
        for turn in range(TIMES + 1):
            # The backend lets one citizen ask only so often.
            await clock.advance(60)
            await citizen.restart()
            for digit in PIN[:-1]:
                await citizen.tap(f"pin.{digit}")
            before = meter.seconds
            await citizen.tap(f"pin.{PIN[-1]}")
            cost = citizen.costs[-1]
            if turn:
                seconds.append(cost.seconds - (meter.seconds - before))
                sent.append(cost.bytes)
        citizen.should_see("home.search", "home.directory")
        controls = len(citizen.client.tree.index)
    citizen.check_errors()
    gc.unfreeze()
    return Home(median(seconds), round(median(sent)), controls)
