"""The rule `references`: whatever is named is there, and there once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

from app.authoring.finding import Edit, Finding
from app.authoring.rules.rule import Rule
from app.authoring.subjects import LOKET, Subject
from app.authoring.texts import node_at
from app.contract.findings import DefinitionError, did_you_mean
from app.contract.yaml_tree import read_yaml

RULE = Rule(
    name="references",
    title="whatever is named is there, and there once",
    reason=(
        "A cost names the law it rests on, a requirement the field that takes it, a service the life event "
        "that "
        "leads to it. A name that leads nowhere is a promise to the citizen that nobody keeps. Services that "
        "require each other in a circle could never be begun."
    ),
    wrong="costs:\n  - amount: 0\n    legal: uu-24-2031\n    dated: 2026-11-02",
    right="costs:\n  - amount: 0\n    legal: uu-24-2013   # an id under `legal`\n    dated: 2026-11-02",
    exceptions=(
        "Life events and required services are looked up beside your folder and among the services that come "
        "with Loket. A service of another agency that is in neither place cannot be required yet."
    ),
    fixes="Sets `id` to what the folders are named.",
)


def validate(subject: Subject) -> Iterator[Finding]:
    """What the contract says of names, and what lies outside the file."""
    for found in subject.contract_findings(RULE.name):
        yield _with_id(subject, found)
    definition = subject.definition
    if definition is None:
        return
    events = known_life_events(subject.root)
    for i, event in enumerate(definition.life_events):
        if event not in events:
            hint = did_you_mean(event, sorted(events)) or f"The life events are {', '.join(sorted(events))}."
            yield subject.finding(RULE.name, ("life_events", i), f'no life event is called "{event}".', hint)
    for i, service in enumerate(definition.requires):
        if service == definition.id:
            yield subject.finding(
                RULE.name, ("requires", i), "a service cannot require itself.", "Leave it out."
            )
        elif file_of(service, subject.root) is None:
            hint = f"{did_you_mean(service, known_services(subject.root))} Or leave it out.".strip()
            yield subject.finding(RULE.name, ("requires", i), f'no service is called "{service}".', hint)
        elif circle := _circle(definition.id, service, subject.root):
            way = " → ".join(circle)
            yield subject.finding(
                RULE.name,
                ("requires", i),
                f"the services require each other: {way}.",
                "Leave one of them out.",
            )


def file_of(service: str, root: Path) -> Path | None:
    """The file of a service beside the one that is checked, or among those that come with Loket."""
    return next((f for base in (root, LOKET) if (f := base / service / "service.yaml").is_file()), None)


def known_life_events(root: Path) -> frozenset[str]:
    """The ids of the life events that a service under `root` may name."""
    file = root / "life-events.yaml"
    return _life_events(file if file.is_file() else LOKET / "life-events.yaml")


def known_services(root: Path) -> list[str]:
    """The ids of all services that a service under `root` may require."""
    files = [*root.glob("*/*/service.yaml"), *LOKET.glob("*/*/service.yaml")]
    return sorted({f"{f.parent.parent.name}/{f.parent.name}" for f in files})


def _life_events(file: Path) -> frozenset[str]:
    try:
        entries = read_yaml(file, file).root.items
    except DefinitionError:
        return frozenset()
    return frozenset(str(e.entries["id"].value) for e in entries if "id" in e.entries)


def _circle(start: str, service: str, root: Path) -> list[str]:
    """The services on the way from `start` through `service` back to it, or nothing."""
    waiting: list[list[str]] = [[start, service]]
    seen = {service}
    while waiting:
        way = waiting.pop()
        for following in _requires(way[-1], root):
            if following == start:
                return [*way, start]
            if following not in seen:
                seen.add(following)
                waiting.append([*way, following])
    return []


def _requires(service: str, root: Path) -> list[str]:
    file = file_of(service, root)
    return list(_required(file, file.stat().st_mtime_ns)) if file else []


@lru_cache(maxsize=1024)
def _required(file: Path, _changed: int) -> tuple[str, ...]:
    try:
        plain: Any = read_yaml(file, file).root.plain()
    except DefinitionError:
        return ()
    named = cast("dict[str, Any]", plain).get("requires") if isinstance(plain, dict) else None
    return tuple(str(one) for one in cast("list[Any]", named)) if isinstance(named, list) else ()


def _with_id(subject: Subject, found: Finding) -> Finding:
    if found.at != "id" or "as the folder" not in found.found or subject.source is None:
        return found
    node = node_at(subject.source, ("id",))
    wanted = (
        f"{subject.folder.parent.name}/{subject.folder.name}"
        if subject.kind == "service"
        else subject.folder.name
    )
    if node is None or not isinstance(node.value, str):
        return found
    line, column = node.mark
    if not subject.lines(subject.source)[line - 1].startswith(node.value, column - 1):
        return found
    return replace(found, edits=(Edit(subject.file, line, column, node.value, wanted),))
