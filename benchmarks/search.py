"""Search: what a keystroke costs, how good its answers are, and what the catalogue takes to keep.

python -m benchmarks.search      this section alone
"""

from __future__ import annotations

import gc
import json
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from time import perf_counter
from typing import Any

from app.catalogue.building import build
from app.catalogue.shelf import Edition, PartOf, Shelf
from app.contract.parts import compressed, content_bytes, digest, digest_of_parts
from backend.editions import changes_between
from backend.sandbox.country import Country
from backend.services import read_folder
from benchmarks import COUNTRY
from benchmarks.engines import Engine, Loket, all_engines, services_of
from benchmarks.queries import Query, by_hand, by_rules, rank
from benchmarks.table import Row, markdown, percentile

SIZES = (2_700, COUNTRY, 270_000)
TIMES = 3
"""Each keystroke is measured so often, and the best counts: what else the machine does is not search."""

PATIENCE = 10.0
"""Seconds that the keystrokes of one engine at one size may take; then the ones so far count."""

EACH = 60
"""Queries a rule, for quality."""

SERVICES = Path(__file__).parents[1] / "services"


def parts_of(number: int) -> Any:
    """The parts of a country with `number` services."""
    written = read_folder(SERVICES)
    return written.within(Country(number, 1, written=frozenset(written.ids()))).parts({})


def measure(told: Callable[[str], None]) -> str:
    """The section of the page."""
    sizes: dict[int, list[Row]] = {}
    keystrokes: dict[tuple[str, int], list[float]] = {}
    quality: list[str] = []
    kept: list[Row] = []
    for number in SIZES:
        parts = parts_of(number)
        queries = by_rules(services_of(parts), EACH) + by_hand("by_hand") + by_hand("held_out")
        rows = sizes[number] = []
        for engine in all_engines():
            if number > engine.largest:
                continue
            told(f"search {number:,}: {engine.name} …")
            begin = perf_counter()
            engine.build(parts)
            took = perf_counter() - begin
            spent = keystrokes[engine.name, number] = _keystrokes(engine, queries)
            rows.append(
                Row(
                    engine.name,
                    f"p50 {percentile(spent, 0.5):.2f} · p95 {percentile(spent, 0.95):.2f} · "
                    f"p99 {percentile(spent, 0.99):.2f} ms of {len(spent):,}; "
                    f"build {took:.1f} s; {engine.size() / 1e6:.1f} MB",
                    *_budget(engine, number, spent, keystrokes),
                )
            )
            if number == COUNTRY:
                quality += _quality(engine, queries)
        if number == COUNTRY:
            kept = _kept(parts, told)
    tables = [
        markdown(
            f"Search: {number:,} services",
            "One keystroke with all that the search screen asks for; typos included.",
            rows,
        )
        for number, rows in sizes.items()
    ]
    return "\n".join([*tables, _quality_table(quality), markdown("Catalogue", _ON_DEVICE, kept)])


_ON_DEVICE = "27,000 services, from the backend's own parts."


def _budget(
    engine: Engine, number: int, spent: Sequence[float], all_: dict[tuple[str, int], list[float]]
) -> tuple[str, bool | None]:
    if not isinstance(engine, Loket):
        return "", None
    p99 = percentile(spent, 0.99)
    if number == COUNTRY:
        return "p99 ≤ 5 ms", p99 <= 5
    if number > COUNTRY:
        ratio = p99 / percentile(all_[engine.name, COUNTRY], 0.99)
        return f"≤ 3 × that of 27,000 (is {ratio:.2f} ×)", ratio <= 3
    return "", None


def _keystrokes(engine: Engine, queries: Sequence[Query]) -> list[float]:
    """Milliseconds of each keystroke of some queries, letter by letter."""
    spent: list[float] = []
    until = perf_counter() + PATIENCE
    some = queries[:: max(1, len(queries) // 90)]
    gc.collect()
    for query in some:
        for end in range(1, len(query.text) + 1):
            best = float("inf")
            for _ in range(TIMES):
                begin = perf_counter()
                engine.find(query.text[:end], query.region)
                best = min(best, perf_counter() - begin)
            spent.append(best * 1e3)
            if perf_counter() > until:
                return spent
    return spent


def _quality(engine: Engine, queries: Sequence[Query]) -> list[str]:
    """A line of the table: hit in the first three, by rule; and the mean reciprocal rank of all."""
    ranks: defaultdict[str, list[int | None]] = defaultdict(list)
    for query in queries:
        ranks[query.rule].append(rank(query, iter(engine.find(query.text, query.region))))
    shares = [sum(1 for r in found if r and r <= 3) / len(found) for found in ranks.values()]
    every = [r for found in ranks.values() for r in found]
    mean = sum(1 / r for r in every if r) / len(every)
    head = ["| engine | " + " | ".join(f"{rule} ({len(f)})" for rule, f in ranks.items()) + " | MRR of all |"]
    head.append("|---" * (len(ranks) + 2) + "|")
    line = f"| {engine.name} | " + " | ".join(f"{share:.1%}" for share in shares) + f" | {mean:.3f} |"
    return [*(head if isinstance(engine, Loket) else []), line]


def _quality_table(lines: Sequence[str]) -> str:
    return "\n".join(
        [
            "## Search: quality at 27,000",
            "",
            "The right service in the first three results. Budgets: one typo ≥ 95 %, everyday words ≥ 90 %.",
            "`held_out` was written by hand with `by_hand`, and never looked at while weights were chosen.",
            "",
            *lines,
            "",
        ]
    )


def _kept(parts: Any, told: Callable[[str], None]) -> list[Row]:
    """What the catalogue takes to bring, to keep, to read."""
    told("catalogue …")
    contents = {name: content_bytes(part) for name, part in parts.items()}
    bodies = {name: compressed(content) for name, content in contents.items()}
    wire = sum(map(len, bodies.values()))
    changed = {**parts}
    services = services_of(parts)
    for service in services[:: len(services) // 100][:100]:
        code = (service.get("regions") or ["national"])[0][:2] if service.get("regions") else "national"
        part = changed[code]
        renewed = {
            **service,
            "version": 2,
            "title": {**service["title"], "id": f"{service['title']['id']} baru"},
        }
        changed[code] = {
            **part,
            "services": [renewed if one["id"] == service["id"] else one for one in part["services"]],
        }
    delta = len(compressed(content_bytes(changes_between(parts, changed))))
    begin = perf_counter()
    packed = build(parts.values())
    building = perf_counter() - begin
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "catalogue.db"
        _shelve(file, contents, bodies, packed)
        disk = sum(one.stat().st_size for one in file.parent.iterdir())
        told("catalogue: a process that reads it …")
        load, memory = _read_in_a_process(file)
    return [
        Row("over the wire, the first time", f"{wire / 1e6:.2f} MB", "≤ 6 MB", wire <= 6e6),
        Row("over the wire, 100 changes", f"{delta / 1e3:.1f} KB", "≤ 20 KB", delta <= 20e3),
        Row("on disk, journal included", f"{disk / 1e6:.1f} MB", "≤ 40 MB", disk <= 40e6),
        Row("build on the device", f"{building:.2f} s", "≤ 3 s", building <= 3),
        Row("load at a start", f"{load * 1e3:.0f} ms", "≤ 150 ms", load <= 0.15),
        Row(
            "memory, after 190 searches",
            f"{memory / 1e6:.1f} MB",
            "≤ 60 MB over an empty app",
            memory <= 60e6,
        ),
    ]


def _shelve(file: Path, contents: dict[str, bytes], bodies: dict[str, bytes], packed: bytes) -> None:
    from datetime import UTC, datetime

    shelf = Shelf(file)
    parts = tuple(PartOf(name, digest(content), len(content)) for name, content in contents.items())
    shelf.keep_parts({part.sha256: bodies[part.name] for part in parts})
    whole = digest_of_parts(part.sha256 for part in parts)
    shelf.replace(Edition(1, whole, datetime.now(UTC), parts, packed))
    shelf.close()


def _read_in_a_process(file: Path) -> tuple[float, float]:
    """Seconds to load, and bytes of memory that loading and searching added, in a process of its own."""
    found = subprocess.run(
        [sys.executable, "-m", "benchmarks.reader", str(file)], capture_output=True, text=True, check=True
    )
    load, memory = json.loads(found.stdout)
    return load, memory


if __name__ == "__main__":
    sys.stdout.write(measure(lambda line: print(line, file=sys.stderr)))
