"""A finding: something wrong, and where."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """`path` is relative to the root; `line` counts from one, zero where the whole file is meant."""

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}" if self.line else f"{self.path}: {self.message}"


def python_files(root: Path, *places: str) -> Iterator[Path]:
    """The Python files under `places`, in a steady order; tests and their `conftest.py` are left out."""
    for place in places:
        path = root / place
        found = [path] if path.is_file() else sorted(path.rglob("*.py"))
        yield from (
            file for file in found if not {"tests", "conftest.py"} & set(file.relative_to(root).parts)
        )


def run(check: Callable[[Path], list[Finding]]) -> int:
    """Run one check on this tree and print what it found; the exit code."""
    findings = sorted(check(ROOT))
    for finding in findings:
        sys.stdout.write(f"{finding}\n")
    return 1 if findings else 0
