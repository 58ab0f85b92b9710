"""The tree: no words of one machine, no registry's address, nothing unfinished, nothing that is too large."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from checks.finding import Finding, run

FORBIDDEN: dict[str, str] = {
    # Written in parts, or this file would find itself.
    r"/" r"work/|/home/[a-z]|/ro" r"ot/|/tm" r"p/bash": "a path of one machine",
    r"pypi"
    r"\.org|files\.pythonhosted|registry\.npm"
    r"js|deb\.debian"
    r"\.org": "the address of a package registry",
    r"\b(TO" r"DO|FIX" r"ME|XX" r"X)\b": "something unfinished",
    r"^(<<<<" r"<<<|>>>>" r">>>) ": "a mark of an unfinished merge",
}

LARGEST = 2_000_000
"""Bytes of the largest file that the tree may hold."""

TEXT = frozenset(
    {
        *(".cfg", ".css", ".html", ".ini", ".js", ".json", ".lock", ".md", ".mako", ".po"),
        *(".py", ".sh", ".svg", ".toml", ".txt", ".yaml", ".yml"),
    }
)
BARE = frozenset({"Makefile", "LICENSE", "run", "prepare", ".gitignore"})


def check(root: Path) -> list[Finding]:
    """Every file that git knows, or would take."""
    findings: list[Finding] = []
    for path in _files(root):
        file = root / path
        if file.stat().st_size > LARGEST:
            findings.append(Finding(path, 0, f"{file.stat().st_size:,} bytes; at most {LARGEST:,}"))
        elif file.suffix in TEXT or file.name in BARE:
            findings += _words(path, file)
    return findings


def _files(root: Path) -> Iterator[str]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    yield from (path for path in listed.split("\0") if path and (root / path).is_file())


def _words(path: str, file: Path) -> Iterator[Finding]:
    try:
        text = file.read_text("utf-8")
    except UnicodeDecodeError as error:
        yield Finding(path, 0, f"not UTF-8: {error.reason} at byte {error.start}")
        return
    for number, line in enumerate(text.splitlines(), 1):
        for pattern, what in FORBIDDEN.items():
            if found := re.search(pattern, line):
                yield Finding(path, number, f"{what}: {found[0].strip()}")


if __name__ == "__main__":
    sys.exit(run(check))
