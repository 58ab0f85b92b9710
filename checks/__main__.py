"""Run every check and print what each found and how long it took; exit code 1 if anything was found."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

from checks import dependencies, imports, links, packaging, tools, translations, tree
from checks.finding import ROOT, Finding

CHECKS: dict[str, Callable[[Path], list[Finding]]] = {
    "format": tools.formatted,
    "lint": tools.linted,
    "types": tools.typed,
    "floors": tools.floors,
    "imports": imports.check,
    "translations": translations.check,
    "links": links.check,
    "dependencies": dependencies.check,
    "packaging": packaging.check,
    "tree": tree.check,
}


def main() -> int:
    """Run them all; none stops the others."""
    total = 0
    for name, check in CHECKS.items():
        begin = time.perf_counter()
        findings = sorted(check(ROOT))
        seconds = time.perf_counter() - begin
        for finding in findings:
            sys.stdout.write(f"{finding}\n")
        state = f"{len(findings)} found" if findings else "ok"
        sys.stdout.write(f"{name:<14}{state:<12}{seconds:6.1f} s\n")
        sys.stdout.flush()
        total += len(findings)
    sys.stdout.write(f"{len(CHECKS)} checks, {total} findings\n")
    return 1 if total else 0


if __name__ == "__main__":
    sys.exit(main())
