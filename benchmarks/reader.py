"""A process that does nothing but read the catalogue and search in it: `python -m benchmarks.reader FILE`.

Prints the seconds that loading took and the bytes of memory that loading and searching added, as JSON.
"""

from __future__ import annotations

import asyncio
import gc
import json
import resource
import sys
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

from app.catalogue.catalogue import Catalogue
from app.catalogue.finding import Context

QUERIES = Path(__file__).parent / "queries"


def resident(process: int | str = "self") -> int:
    """Bytes of a process (by its number) that are in memory now.

    Where the system does not tell (Linux: proc(5), statm), the most that this one has had.
    """
    told = Path(f"/proc/{process}/statm")
    if told.exists():
        return int(told.read_text().split()[1]) * resource.getpagesize()
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


async def read(file: Path) -> tuple[float, int]:
    """Load, search, and tell."""
    gc.collect()
    before = resident()
    begin = perf_counter()
    catalogue = await Catalogue.load(file, lambda: datetime.now(UTC))
    took = perf_counter() - begin
    for name in ("by_hand", "held_out"):
        for line in (QUERIES / f"{name}.tsv").read_text("utf-8").splitlines():
            if not line.startswith("#"):
                text, region, _ = line.split("\t")
                catalogue.find(text, "id", Context(region))
    after = resident()
    await catalogue.close()
    return took, after - before


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asyncio.run(read(Path(sys.argv[1])))))
