"""Each interaction: handler, diff and encoding, counted by the headless client on the real app.

A citizen walks the same way many times. The real backend answers in this process; it is metered, and its
time is taken off, as is waiting for threads.
"""

from __future__ import annotations

import gc
import tempfile
from collections import defaultdict
from collections.abc import Awaitable
from dataclasses import replace
from pathlib import Path
from statistics import median

from app.testing.citizen import Cost
from app.testing.clock import Clock
from app.testing.loket import PIN, LoketCitizen, Sandbox
from app.testing.phone import Phone
from benchmarks.metered import Metered, metered
from benchmarks.stretch import Stretch
from benchmarks.table import Row, percentile

ROUNDS = 30
MILLISECONDS = 16
BYTES = 4096
NAME = "Arka Contoh Putra"
SERVICE = "dukcapil/birth-registration"


async def measure() -> list[Row]:
    """A row an act."""
    costs: dict[str, list[tuple[Cost, float]]] = defaultdict(list)
    clock = Clock()
    async with metered(clock) as (sandbox, meter):
        # The first walk imports what is imported late; nobody's second tap pays that.
        for counted in range(ROUNDS + 1):
            # The backend lets one citizen ask only so often.
            await clock.advance(60)
            with tempfile.TemporaryDirectory() as folder:
                walk = await _walk(sandbox, meter, clock, Path(folder))
            if counted:
                for name, one in walk:
                    costs[name].append(one)
    return [_row(name, found) for name, found in costs.items()]


async def _walk(
    sandbox: Sandbox, meter: Metered, clock: Clock, folder: Path
) -> list[tuple[str, tuple[Cost, float]]]:
    """One citizen's way: unlock, look around, find a service, read it, begin its form."""
    seen: list[tuple[str, tuple[Cost, float]]] = []
    # As the app does once it is open: no act pays for looking through all that was there before.
    gc.collect()
    gc.freeze()
    citizen = LoketCitizen(sandbox, clock, Phone(folder=folder / "phone"), folder / "home")

    def apart() -> float:
        # What Flutter and the backend would do elsewhere.
        return meter.seconds + (citizen.client.traffic.received if citizen.is_open else 0.0)

    stretch = Stretch(apart)

    async def count(name: str, act: Awaitable[None]) -> None:
        before = meter.seconds
        stretch.begin()
        with stretch.timing():
            await act
        cost = citizen.costs[-1]
        own = replace(cost, seconds=cost.seconds - (meter.seconds - before))
        seen.append((name, (own, stretch.longest)))

    async def tap(name: str, target: str) -> None:
        await count(name, citizen.tap(target))

    try:
        await citizen.at_home("sari")
        await citizen.restart()
        for digit in PIN[:-1]:
            await tap("digit of the PIN", f"pin.{digit}")
        await tap("last digit of the PIN: home", f"pin.{PIN[-1]}")
        for place in ("activity", "documents", "messages", "account", "home"):
            await tap("another of the five places", f"nav.{place}")
        await tap("search: open", "home.search")
        for length in range(1, len("akta lahir") + 1):
            await count("search: keystroke", citizen.type("search.field", "akta lahir"[:length]))
        await tap("service: open", f"search.result.{SERVICE}")
        await tap("form: begin", "service.start")
        for _ in range(2):
            await tap("form: next page", "form.next")
        for length in range(1, len(NAME) + 1):
            await count("form: keystroke", citizen.type("field.full_name", NAME[:length]))
        await tap("form: next page", "form.next")
        await tap("form: page before", "form.back")
        for _ in range(3):
            await tap("form: next page", "form.next")
        await tap("check: tick", "field.declaration")
    finally:
        await citizen.leave()
    citizen.check_errors()
    return seen


def _row(name: str, costs: list[tuple[Cost, float]]) -> Row:
    stretches = [stretch * 1e3 for _, stretch in costs]
    whole = median(cost.seconds * 1e3 for cost, _ in costs)
    worst = percentile(stretches, 0.99)
    sent = max(cost.largest for cost, _ in costs)
    return Row(
        name,
        f"p50 {median(stretches):.1f} ms · p99 {worst:.1f} ms · largest patch {sent:,} bytes · "
        f"all of it {whole:.1f} ms · {len(costs)} times",
        f"p99 ≤ {MILLISECONDS} ms, ≤ {BYTES:,} bytes",
        worst <= MILLISECONDS and sent <= BYTES,
    )
