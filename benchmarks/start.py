"""Start-up: from the start of the process to the first interactive frame, against an empty Flet app."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median

from benchmarks.empty_app import MARK
from benchmarks.first_frame import Start, start
from benchmarks.table import Row

RUNS = 9
BUDGET = 1.3
"""Times an empty Flet app."""


def measure(unlock: float, catalogue: Path, told: Callable[[str], None]) -> list[Row]:
    """`RUNS` starts of each, in turns, so that what else the machine does falls on both alike.

    `unlock`: seconds of work from the last digit of the PIN to home, without the key derivation.
    `catalogue`: the file of a whole country, which Loket starts with.
    The first run of each warms the machine's caches and is not counted.
    """
    empty: list[Start] = []
    loket: list[Start] = []
    for run in range(RUNS + 1):
        with tempfile.TemporaryDirectory() as home:
            shutil.copy(catalogue, Path(home) / "catalogue.db")
            first = start(["-m", "benchmarks.empty_app"], MARK, Path(home))
            second = start(["main.py"], "welcome.sign-in", Path(home))
        if run:
            empty.append(first)
            loket.append(second)
            told(f"start {run}/{RUNS}: empty {first.frame * 1e3:.0f} ms, Loket {second.frame * 1e3:.0f} ms")
    nothing = median(one.frame for one in empty)
    welcome = median(one.frame for one in loket)
    ratios = [ours.frame / bare.frame for ours, bare in zip(loket, empty, strict=True)]
    whole = (welcome + unlock) / nothing
    return [
        Row("empty Flet app: first frame", _spread(empty)),
        Row("Loket, 27,000 services: first frame (welcome)", f"{_spread(loket)}, {loket[0].sent:,} bytes"),
        Row(
            "Loket ÷ empty, median of the pairs",
            f"{median(ratios):.2f} ×",
            f"≤ {BUDGET} ×",
            median(ratios) <= BUDGET,
        ),
        Row("unlock to home among them, without the key derivation", f"{unlock * 1e3:.0f} ms of work"),
        Row("first frame + unlock to home ÷ empty", f"{whole:.2f} ×", f"≤ {BUDGET} ×", whole <= BUDGET),
    ]


def _spread(starts: list[Start]) -> str:
    frames = [one.frame * 1e3 for one in starts]
    return f"{median(frames):.0f} ms (from {min(frames):.0f} to {max(frames):.0f})"
