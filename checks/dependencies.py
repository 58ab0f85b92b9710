"""Dependencies: each has its reason in docs/dependencies.md, and the locks hold all of them and their hashes.

The lock is made by `make lock`. It names no index, so each machine installs from its own.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from checks.finding import Finding, run

PAGE = "docs/dependencies.md"
TO_RUN = ("desktop", "backend")
"""The extras that `make run` needs; the others are for work, and in the larger lock only."""
LOCK, LOCK_DEV = "requirements.lock", "requirements-dev.lock"
ROW = re.compile(r"^\|\s*`([A-Za-z0-9._-]+)`\s*\|\s*(.*?)\s*\|\s*$")
PIN = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)")


def check(root: Path) -> list[Finding]:
    """pyproject.toml against the page and against both locks."""
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
    run_time = dict(_requirements(project["project"].get("dependencies", [])))
    extras: dict[str, list[Any]] = project["project"].get("optional-dependencies", {})
    for name in TO_RUN:
        run_time |= dict(_requirements(extras.get(name, [])))
    groups: dict[str, list[Any]] = project.get("dependency-groups", {})
    rest = [*groups.values(), *(extra for name, extra in extras.items() if name not in TO_RUN)]
    for_work = {name: spec for group in rest for name, spec in _requirements(group)}
    phone = project.get("tool", {}).get("flet", {}).get("android", {}).get("dependencies", [])
    return [
        *_page(root, {**run_time, **for_work, **dict(_requirements(phone))}),
        *_lock(root, LOCK, {**run_time, **dict(_requirements(groups.get("build", [])))}),
        *_lock(root, LOCK_DEV, {**run_time, **for_work}),
        *_alike(root),
    ]


def _requirements(specifications: list[Any]) -> Iterator[tuple[str, Requirement]]:
    for text in specifications:
        if isinstance(text, str):
            requirement = Requirement(text)
            yield canonicalize_name(requirement.name), requirement


def _page(root: Path, wanted: dict[str, Requirement]) -> Iterator[Finding]:
    file = root / PAGE
    if not file.exists():
        yield Finding(PAGE, 0, "there is no such file")
        return
    rows: dict[str, int] = {}
    for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
        if row := ROW.match(line):
            name = canonicalize_name(row[1])
            if name in rows:
                yield Finding(PAGE, number, f"{row[1]} is on line {rows[name]} already")
            if not row[2]:
                yield Finding(PAGE, number, f"{row[1]} has no reason")
            if name not in wanted:
                yield Finding(PAGE, number, f"{row[1]} is no dependency of pyproject.toml")
            rows[name] = number
    for name in wanted.keys() - rows.keys():
        yield Finding(PAGE, 0, f"{name} has no line `| \\`{name}\\` | why |`")


def _pins(file: Path) -> dict[str, tuple[int, str, bool]]:
    """Each pin of a lock: its line, its version, and whether a hash follows."""
    lines = file.read_text("utf-8").splitlines()
    pins: dict[str, tuple[int, str, bool]] = {}
    for number, line in enumerate(lines, 1):
        if pin := PIN.match(line):
            hashed = number < len(lines) and lines[number].strip().startswith("--hash=sha256:")
            pins[canonicalize_name(pin[1])] = (number, pin[2], hashed)
    return pins


def _lock(root: Path, name: str, wanted: dict[str, Requirement]) -> Iterator[Finding]:
    file = root / name
    if not file.exists():
        yield Finding(name, 0, "there is no such file; run make lock")
        return
    for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
        if re.search(r"--(extra-)?index-url|--find-links|://", line):
            yield Finding(name, number, "names an index; run make lock")
    pins = _pins(file)
    for package, (number, _, hashed) in pins.items():
        if not hashed:
            yield Finding(name, number, f"{package} has no hash; run make lock")
    for package, requirement in wanted.items():
        if package not in pins:
            yield Finding(name, 0, f"{package} is missing; run make lock")
        elif not requirement.specifier.contains(pins[package][1], prereleases=True):
            number, version, _ = pins[package]
            yield Finding(name, number, f"{package} {version} is not {requirement.specifier}; run make lock")


def _alike(root: Path) -> Iterator[Finding]:
    """What is tested is what runs: a package in both locks has one version."""
    if not ((root / LOCK).exists() and (root / LOCK_DEV).exists()):
        return
    run_time, for_work = _pins(root / LOCK), _pins(root / LOCK_DEV)
    for package, (_, version, _) in run_time.items():
        number, other, _ = for_work.get(package, (0, "missing", False))
        if other != version:
            yield Finding(
                LOCK_DEV, number, f"{package} is {other} here and {version} in {LOCK}; run make lock"
            )


if __name__ == "__main__":
    sys.exit(run(check))
