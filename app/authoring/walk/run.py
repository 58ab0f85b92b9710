"""Walks services, drives some of their ways through the app, and keeps what was found beside them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Literal

from app.authoring.finding import Finding
from app.authoring.subjects import Subject, shown
from app.authoring.walk.kept import FILE, Kept, NotKept, form_digest, read_kept
from app.authoring.walk.walking import RULE, Walked, finding_of, walk
from app.contract.findings import DefinitionError
from app.contract.findings import Finding as Located

Drive = Literal["few", "every", "none"]

_TEST = '''\
"""The ways through {service}, kept by `loket service walk`."""

from app.authoring.walk.played import played

test_the_form_is_the_one_that_was_walked, test_every_way, test_ways_in_the_app = played(__file__)
'''


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of one service: what was walked, how many ways were driven, what was written."""

    walked: Walked
    driven: int
    written: tuple[Path, ...] = ()

    @property
    def findings(self) -> Sequence[Finding]:
        """What is at fault."""
        return self.walked.findings

    @property
    def failed(self) -> bool:
        """Whether there is a way without an end."""
        return any(finding.severity == "error" for finding in self.walked.findings)


def walk_and_keep(subject: Subject, today: date, *, seed: int, drive: Drive, keep: bool) -> Told:
    """Walk one service. Its ways are written only where nothing is at fault."""
    walked = walk(subject, today, seed=seed)
    driven = 0
    if walked.kept is not None and drive != "none":
        wanted = range(len(walked.kept.ways)) if drive == "every" else _few(walked.kept)
        driven = len(wanted)
        try:
            found = asyncio.run(_drive(subject, walked, wanted))
        except DefinitionError as error:
            # The backend serves the whole tree, or nothing.
            found = [_beside(subject, located) for located in error.findings]
        walked = replace(walked, findings=[*walked.findings, *found])
    told = Told(walked, driven)
    if not keep or told.failed or walked.kept is None:
        return told
    return replace(told, written=tuple(_keep(subject.folder, walked.kept)))


def compare(subject: Subject) -> list[Finding]:
    """What of the kept ways is not what a walk finds now, on the day and with the seed that are kept."""
    definition = subject.definition
    file = subject.folder / FILE
    walk_again = f"Run loket service walk {subject.folder}."
    if definition is None or not subject.sound:
        return walk(subject, subject.today).findings
    try:
        kept = read_kept(subject.folder)
    except NotKept as error:
        return [subject.at_file(RULE, file, str(error), "")]
    if kept.form_sha256 != form_digest(definition.form):
        return [subject.at_file(RULE, file, "the form has changed since it was walked.", walk_again)]
    again = walk(subject, kept.day, seed=kept.seed)
    if again.kept is None or [way.to_json() for way in again.kept.ways] != [w.to_json() for w in kept.ways]:
        told = subject.at_file(RULE, file, "a walk finds other ways than those that are kept.", walk_again)
        return [*again.findings, told]
    return again.findings


def _beside(subject: Subject, located: Located) -> Finding:
    told = f"expected {located.expected}, but found {located.came}. Nothing can be driven until it is mended."
    path = shown(subject.root / located.file)
    return Finding(RULE, "error", path, located.line, located.column, told, located.hint, located.path)


def _few(kept: Kept) -> list[int]:
    """The ways that show every page, and one to each exit."""
    exits = {way.ends: index for index, way in reversed(list(enumerate(kept.ways))) if not way.ends.sent}
    return sorted({*kept.driven, *exits.values()})


async def _drive(subject: Subject, walked: Walked, wanted: Sequence[int]) -> list[Finding]:
    from app.authoring.walk.driving import Driver

    definition, kept, citizen = subject.definition, walked.kept, walked.citizen
    if definition is None or kept is None or citizen is None:
        return []
    found: list[Finding] = []
    async with Driver.up(subject.folder, kept.day) as driver:
        for index in wanted:
            troubles = await driver.drive(definition, citizen, kept.ways[index])
            found += [finding_of(subject, definition, trouble) for trouble in troubles]
    return found


def _keep(folder: Path, kept: Kept) -> list[Path]:
    """Write the ways, and once the test that plays them."""
    ways = folder / FILE
    test = ways.with_name(f"test_{folder.name.replace('-', '_')}_ways.py")
    ways.parent.mkdir(exist_ok=True)
    written: list[Path] = []
    for file, text in ((ways, kept.text()), (test, _TEST.format(service=kept.service))):
        if not file.is_file() or file.read_text("utf-8") != text:
            file.write_text(text, "utf-8")
            written.append(file)
    return written
