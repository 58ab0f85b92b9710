"""Running the checks, and telling what came of them."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from connector.kit.bench import Bench
from connector.kit.checks import CHECKS, Check


@dataclass(frozen=True, slots=True)
class Result:
    """What one check came to."""

    name: str
    passed: bool
    expected: str
    came: str
    advice: str
    ms: float


async def run(bench: Bench, checks: Sequence[Check] = CHECKS) -> list[Result]:
    """All checks, one after the other."""
    results: list[Result] = []
    for one in checks:
        begun = time.perf_counter()
        verdict = await one.run(bench)
        ms = round((time.perf_counter() - begun) * 1000, 1)
        results.append(Result(one.name, verdict.passed, one.expected, verdict.came, one.advice, ms))
    return results


def in_words(results: Sequence[Result]) -> Iterator[str]:
    """The results for a person, line by line."""
    for result in results:
        yield f"{'pass' if result.passed else 'FAIL'}  {result.name}  ({result.came})"
        if not result.passed:
            yield f"      expected: {result.expected}"
            yield f"      do this:  {result.advice}"
    failed = sum(not result.passed for result in results)
    yield f"{len(results)} checks, {failed} failed" if failed else f"{len(results)} checks, all passed"


def as_json(url: str, results: Sequence[Result]) -> dict[str, Any]:
    """The results for a program."""
    return {
        "url": url,
        "passed": all(result.passed for result in results),
        "checks": [asdict(result) for result in results],
    }
