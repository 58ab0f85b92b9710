"""Links of the documentation: each relative link leads to a file, and each anchor to a heading."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import unquote

from checks.finding import Finding, run

LINK = re.compile(r"!?\[(?:[^\[\]]|\[[^\]]*\])*\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)")
IMAGE = re.compile(r"!\[[^\[\]]*\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)(?=[^\[\]]*\])")
"""An image inside the text of a link, which `LINK` takes as a whole."""
SOURCE = re.compile(r"<(?:img|source|a)\b[^>]*?\b(?:src|srcset|href)=\"([^\"]+)\"")
HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*$")
FENCE = re.compile(r"^\s*(```|~~~)")
SKIPPED = frozenset({"node_modules", "build", "dist", "artefacts"})


def check(root: Path) -> list[Finding]:
    """Every relative link and anchor in the Markdown files under `root`."""
    findings: list[Finding] = []
    for file in _documents(root):
        path = file.relative_to(root).as_posix()
        for line, target in _links(file):
            if problem := _problem(root, file, target):
                findings.append(Finding(path, line, problem))
    return findings


def _documents(root: Path) -> list[Path]:
    return sorted(
        file
        for file in root.rglob("*.md")
        if not any(part in SKIPPED or part.startswith(".") for part in file.relative_to(root).parts)
    )


def _lines(file: Path) -> Iterator[tuple[int, str]]:
    """The lines that are prose: code blocks and code spans hold no links."""
    fenced = False
    for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
        if FENCE.match(line):
            fenced = not fenced
        elif not fenced:
            yield number, re.sub(r"`[^`]*`", "``", line) if not HEADING.match(line) else line


def _links(file: Path) -> Iterator[tuple[int, str]]:
    for number, line in _lines(file):
        for pattern in (LINK, IMAGE, SOURCE):
            for match in pattern.finditer(line):
                yield number, match[1]


def _problem(root: Path, file: Path, target: str) -> str | None:
    if re.match(r"[a-z][a-z0-9+.-]*:", target):
        return None
    name, _, anchor = unquote(target).partition("#")
    place = (file.parent / name).resolve() if name else file
    if not place.is_relative_to(root):
        return f"{target} leads out of the project"
    if not place.exists():
        return f"{target}: there is no such file"
    if anchor and place.suffix == ".md" and anchor not in _anchors(place):
        return f"{target}: there is no such heading"
    return None


@cache
def _anchors(file: Path) -> frozenset[str]:
    """The anchors of a file's headings, as GitHub makes them."""
    seen: dict[str, int] = {}
    anchors: set[str] = set()
    for _, line in _lines(file):
        if heading := HEADING.match(line):
            text = re.sub(r"[^\w\- ]", "", re.sub(r"[`*]", "", heading[1]).lower()).replace(" ", "-")
            count = seen[text] = seen.get(text, -1) + 1
            anchors.add(f"{text}-{count}" if count else text)
    return frozenset(anchors)


if __name__ == "__main__":
    sys.exit(run(check))
