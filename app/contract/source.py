"""Reads what agencies write under services/ into the models.

    services/life-events.yaml                  services/translations/<lang>.yaml
    services/<agency>/agency.yaml              services/<agency>/translations/<lang>.yaml
    services/<agency>/<service>/service.yaml   services/<agency>/<service>/translations/<lang>.yaml

A translation file repeats the structure of what it translates. Items of a list are named by their `id`,
`value` or `concept`, else by their position from 0: `form.pages.child.fields.full_name.label`,
`costs.0.title`.

Whatever is wrong is collected and raised as one `DefinitionError`, each finding with its place. Only the
backend and the authoring tools read sources; the app gets definitions as JSON and never loads this module.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from app.contract.definition import Agency, LifeEvent, ServiceDefinition
from app.contract.findings import DefinitionError, Fault, Finding, Step, did_you_mean, one_of, shown
from app.contract.form_checks import check_agency, check_life_events, check_service
from app.contract.model_errors import faults_of
from app.contract.text import Text
from app.contract.yaml_tree import Node, SourceFile, read_yaml

__all__ = [
    "DefinitionError",
    "Finding",
    "Services",
    "missing_translations",
    "read_agency",
    "read_life_events",
    "read_service",
    "read_services",
    "translate",
]

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
M = TypeVar("M")


@dataclass(frozen=True, slots=True)
class Services:
    """Everything under services/, checked in itself and against each other; sorted by id."""

    agencies: tuple[Agency, ...]
    life_events: tuple[LifeEvent, ...]
    definitions: tuple[ServiceDefinition, ...]


def read_service(folder: Path, root: Path | None = None) -> ServiceDefinition:
    """The service of one folder (`services/<agency>/<service>`), with its translations.

    Findings name files below `root` (by default three levels up: services/). Raises DefinitionError.
    """
    root = root or folder.parent.parent
    source = _read(folder / "service.yaml", root)
    definition = _validated(ServiceDefinition, source)
    wanted = f"{folder.parent.name}/{folder.name}"
    faults = list(check_service(definition))
    if definition.id != wanted:
        faults.insert(0, Fault(("id",), f'"{wanted}", as the folders are named', shown(definition.id)))
    _translated(definition, folder, root, _located(source, faults))
    return definition


def read_agency(folder: Path, root: Path | None = None) -> Agency:
    """The agency of one folder (`services/<agency>`), with its translations. Raises DefinitionError."""
    root = root or folder.parent
    source = _read(folder / "agency.yaml", root)
    agency = _validated(Agency, source)
    faults = list(check_agency(agency))
    if agency.id != folder.name:
        faults.insert(0, Fault(("id",), f'"{folder.name}", as the folder is named', shown(agency.id)))
    _translated(agency, folder, root, _located(source, faults))
    return agency


def read_life_events(root: Path) -> list[LifeEvent]:
    """The life events of `services/life-events.yaml` in their order, translated. Raises DefinitionError."""
    source = _read(root / "life-events.yaml", root)
    events = _validated(list[LifeEvent], source)
    _translated(events, root, root, _located(source, check_life_events(events)))
    return sorted(events, key=lambda event: event.order)


def read_services(root: Path) -> Services:
    """Everything under `root` (the folder services/). Raises one DefinitionError with all findings."""
    findings: list[Finding] = []
    agencies: list[Agency] = []
    definitions: list[ServiceDefinition] = []
    events: list[LifeEvent] = []
    try:
        events = read_life_events(root)
    except DefinitionError as error:
        findings += error.findings
    for agency_file in sorted(root.glob("*/agency.yaml")):
        try:
            agencies.append(read_agency(agency_file.parent, root))
        except DefinitionError as error:
            findings += error.findings
    for service_file in sorted(root.glob("*/*/service.yaml")):
        folder = service_file.parent
        try:
            definitions.append(definition := read_service(folder, root))
        except DefinitionError as error:
            findings += error.findings
            continue
        if not (folder.parent / "agency.yaml").is_file():
            missing = folder.parent.relative_to(root) / "agency.yaml"
            findings.append(Finding(missing, 1, 1, "", "an agency for its services", "no file"))
        if events:
            faults = _outside(definition, {event.id for event in events}, root)
            findings += _located(_read(service_file, root), faults) if faults else []
    findings += _circles(definitions, root)
    if findings:
        raise DefinitionError(findings)
    return Services(tuple(agencies), tuple(events), tuple(sorted(definitions, key=lambda d: d.id)))


def _outside(definition: ServiceDefinition, events: set[str], root: Path) -> list[Fault]:
    """What a service names outside its own file and is not there."""
    faults = [
        Fault(
            ("life_events", i), "a life event of life-events.yaml", shown(e), did_you_mean(e, sorted(events))
        )
        for i, e in enumerate(definition.life_events)
        if e not in events
    ]
    named: list[tuple[tuple[Step, ...], str]] = [
        *((("requires", i), service) for i, service in enumerate(definition.requires)),
        *(
            (("form", "pages", i, "exits", j, "service"), ending.service)
            for i, page in enumerate(definition.form.pages)
            for j, ending in enumerate(page.exits)
            if ending.service is not None
        ),
    ]
    return faults + [
        Fault(path, "a service that is there", shown(service))
        for path, service in named
        if not (root / service / "service.yaml").is_file()
    ]


def _circles(definitions: Sequence[ServiceDefinition], root: Path) -> list[Finding]:
    """Services that require each other: nobody could begin with any of them."""
    requires = {definition.id: definition.requires for definition in definitions}
    findings: list[Finding] = []
    for definition in definitions:
        for i, first in enumerate(definition.requires):
            way = _way(first, definition.id, requires)
            if way is not None:
                fault = Fault(
                    ("requires", i),
                    "a service that does not require this one",
                    f"a circle: {' → '.join([definition.id, *way])}",
                )
                findings += _located(_read(root / definition.id / "service.yaml", root), [fault])
    return findings


def _way(start: str, goal: str, requires: Mapping[str, Sequence[str]]) -> list[str] | None:
    """The shortest way from one service to another by what each requires, or None."""
    ways, seen = [[start]], {start}
    while ways:
        way = ways.pop(0)
        if way[-1] == goal:
            return way
        for further in requires.get(way[-1], ()):
            if further not in seen:
                seen.add(further)
                ways.append([*way, further])
    return None


def missing_translations(model: BaseModel | Sequence[BaseModel], language: str) -> list[str]:
    """The structural names of texts that have no translation into `language`, in their order."""
    return [name for name, _, text in _texts(model) if language not in text.root]


def _read(path: Path, root: Path) -> SourceFile:
    try:
        name = path.relative_to(root)
    except ValueError:
        name = path
    return read_yaml(path, name)


def _validated(model: type[M], source: SourceFile) -> M:
    """The model of a file, by strict rules of JSON (a text is no number). Raises DefinitionError."""
    try:
        return TypeAdapter[M](model).validate_json(json.dumps(source.root.plain()), strict=True)
    except ValidationError as error:
        raise DefinitionError(_located(source, faults_of(error, model))) from None


def _located(source: SourceFile, faults: Sequence[Fault] | Iterator[Fault]) -> list[Finding]:
    return [source.finding(f.path, f.expected, f.came, f.hint) for f in faults]


def _texts(model: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, tuple[str, ...], Text]]:
    """Every text of a model with its structural name."""
    if isinstance(model, Text):
        yield ".".join(path), path, model
    elif isinstance(model, BaseModel):
        for name, info in type(model).model_fields.items():
            yield from _texts(getattr(model, name), (*path, info.alias or name))
    elif isinstance(model, list):
        for index, item in enumerate(model):  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
            yield from _texts(item, (*path, _key(item, index)))


def _key(item: Any, index: int) -> str:
    names = (getattr(item, key, None) for key in ("id", "value", "concept"))
    return next((name for name in names if isinstance(name, str)), str(index))


def translate(model: Any, folder: Path, root: Path) -> list[Finding]:
    """Put the translations of a folder into the texts of a model that was just made; gives what is wrong.

    `model` is an agency, a service, or the list of life events. Findings name files below `root`.
    """
    findings: list[Finding] = []
    texts = {path: text for _, path, text in _texts(model)}
    for file in sorted((folder / "translations").glob("*.yaml")):
        try:
            source = _read(file, root)
        except DefinitionError as error:
            findings += error.findings
            continue
        if not _LANGUAGE.fullmatch(file.stem) or file.stem == "id":
            findings.append(source.finding((), "a file named by its language (en.yaml)", shown(file.name)))
        for path, node in _leaves(source.root):
            text = texts.get(path)
            if text is None or not path:
                names = [".".join(p) for p in texts]
                hint = did_you_mean(".".join(path), names) or _siblings(path, texts)
                findings.append(source.finding(path, "the name of a text", shown(".".join(path)), hint))
            elif not isinstance(node.value, str) or not node.value.strip():
                findings.append(source.finding(path, "a text", shown(node.plain())))
            else:
                text.root[file.stem] = node.value
    return findings


def _translated(model: Any, folder: Path, root: Path, findings: list[Finding]) -> None:
    """`translate`, and then raise DefinitionError with `findings` and what it found, if there are any."""
    findings += translate(model, folder, root)
    if findings:
        raise DefinitionError(findings)


def _siblings(path: tuple[str, ...], texts: dict[tuple[str, ...], Text]) -> str:
    beside = sorted(
        {p[len(path) - 1] for p in texts if p[: len(path) - 1] == path[:-1] and len(p) >= len(path)}
    )
    return f"Known here: {one_of(beside)}." if beside else ""


def _leaves(root: Node) -> Iterator[tuple[tuple[str, ...], Node]]:
    """The texts of a translation file (and what stands where a text should), each with its names."""
    waiting: list[tuple[tuple[str, ...], Node]] = [((), root)]
    while waiting:
        path, node = waiting.pop()
        if node.kind == "mapping" and node.entries:
            waiting += [((*path, key), below) for key, below in reversed(node.entries.items())]
        else:
            yield path, node
