"""Runs the rules over what a person points at, and mends what is safe."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from app.authoring.finding import Edit, Finding
from app.authoring.rules import Plugin, load_rules
from app.authoring.subjects import Subject, subjects_in

ROUNDS = 5
"""A mend can bring another finding to light; after so many rounds what is left is for the author."""


@dataclass(slots=True)
class Report:
    """What was found, in the order of files and lines. `seconds` by rule, reading under `(reading)`."""

    findings: list[Finding] = field(default_factory=list[Finding])
    seconds: dict[str, float] = field(default_factory=dict[str, float])
    subjects: int = 0
    mended: int = 0

    @property
    def failed(self) -> bool:
        """Whether there is an error among the findings."""
        return any(finding.severity == "error" for finding in self.findings)


def check(paths: Iterable[Path], today: date, rules: Sequence[str] | None = None) -> Report:
    """Check everything at `paths`.

    Raises NothingToCheck where a path holds nothing, KeyError where there is no such rule.
    """
    plugins = load_rules(rules)
    report = Report()
    begun = time.perf_counter()
    subjects: dict[Path, Subject] = {}
    for path in paths:
        subjects |= {subject.file: subject for subject in subjects_in(path, today)}
    report.seconds["(reading)"] = time.perf_counter() - begun
    for subject in subjects.values():
        report.findings += check_subject(subject, plugins, report.seconds)
    report.subjects = len(subjects)
    return report


def check_subject(
    subject: Subject, plugins: Sequence[Plugin], seconds: dict[str, float] | None = None
) -> list[Finding]:
    """The findings of `plugins` in one subject, by file, line and column."""
    found: list[Finding] = []
    for plugin in plugins:
        begun = time.perf_counter()
        found += plugin.validate(subject)
        if seconds is not None:
            name = plugin.rule.name
            seconds[name] = seconds.get(name, 0.0) + time.perf_counter() - begun
    return sorted(dict.fromkeys(found), key=lambda f: (f.path.as_posix(), f.line, f.column))


def mend(paths: Sequence[Path], today: date, rules: Sequence[str] | None = None) -> Report:
    """Check, mend what is safe, and check again until nothing more can be mended."""
    mended = 0
    for _ in range(ROUNDS):
        report = check(paths, today, rules)
        done = apply([edit for finding in report.findings for edit in finding.edits])
        mended += done
        if not done:
            break
    report = check(paths, today, rules)
    report.mended = mended
    return report


def apply(edits: Sequence[Edit]) -> int:
    """Make `edits`, the last of a file first so that the others keep their places; gives how many were made.

    One whose text is not (or no longer) there is left out, and so is one that overlaps another.
    """
    done = 0
    for file in dict.fromkeys(edit.file for edit in edits):
        raw = file.read_bytes().decode("utf-8-sig")
        text = raw.replace("\r\n", "\n")
        starts = [0]
        for line in text.split("\n"):
            starts.append(starts[-1] + len(line) + 1)
        mine = {(starts[e.line - 1] + e.column - 1, e.old, e.new) for e in edits if e.file == file}
        end = len(text) + 1
        for start, old, new in sorted(mine, reverse=True):
            if not text.startswith(old, start) or start + len(old) > end:
                continue
            text = text[:start] + new + text[start + len(old) :]
            end = start
            done += 1
        file.write_text(text, encoding="utf-8", newline="\n")
    return done
