"""Measure everything and write RESULTS.md."""

from __future__ import annotations

import asyncio
import os
import platform
import sys
import tempfile
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from benchmarks import forms, headless, home, interaction, memory, search, start, submission
from benchmarks.first_frame import NoFrame
from benchmarks.table import markdown

RESULTS = Path(__file__).parent / "RESULTS.md"


def _busy() -> str:
    """What else the machine did just before, where the system tells: a busy one makes every figure worse."""
    return f" (load {os.getloadavg()[0]:.1f} at the start)" if hasattr(os, "getloadavg") else ""


def main() -> int:
    """Print progress to standard error, the page to standard output, and write it beside this file."""

    def told(line: str) -> None:
        sys.stderr.write(f"{line}\n")

    machine = f"{os.cpu_count()} cores{_busy()}, {platform.system()} {platform.machine()}"
    told("interactions …")
    interactions = asyncio.run(interaction.measure())
    with tempfile.TemporaryDirectory() as folder:
        catalogue = Path(folder) / "catalogue.db"
        homes, unlock = asyncio.run(home.measure(catalogue, told))
        try:
            starts = start.measure(unlock, catalogue, told)
        except NoFrame as failure:
            told(f"Not measured: {failure}")
            return 1
    told("memory …")
    remembered = asyncio.run(memory.measure())
    told("forms …")
    filled = forms.measure()
    told("submissions …")
    submissions = asyncio.run(submission.measure())
    told("headless tests …")
    tests = asyncio.run(headless.measure())
    # Last: it leaves hundreds of megabytes behind.
    found = search.measure(told)
    made = (
        f"{datetime.now(UTC):%Y-%m-%d}, {machine}, Python {platform.python_version()}, Flet {version('flet')}"
    )
    page = "\n".join(
        [
            f"# Figures\n\n{made}. Made by `make bench`; how: [README](README.md).\n",
            markdown("Start", "Medians; both apps in turns in one run.", starts),
            markdown("Home", "From the last digit of the PIN; medians of nine.", homes),
            markdown("Memory", "Resident, with a Chromium window before each.", remembered),
            markdown(
                "Interactions", "Handler, diff and encoding. Bytes: the largest mean of an act.", interactions
            ),
            markdown("Forms", "Pure logic: read, answered, taken on; nothing drawn.", filled),
            found,
            markdown("Backend", "One process, SQLite, over loopback, in turns.", submissions),
            markdown("Tests", "A widget test in plain pytest, without a device.", tests),
        ]
    )
    RESULTS.write_text(page, "utf-8")
    sys.stdout.write(page)
    return 0


if __name__ == "__main__":
    sys.exit(main())
