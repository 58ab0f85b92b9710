"""What is checked: a service, an agency, or the list of life events, read as far as it can be read.

`subjects_in` takes whatever a person points at: the folder of a service, of an agency, a whole tree of
them, or
one of their files. Nothing needs to stand in this repository: what a lone folder does not bring (the life
events, services that it requires) is looked up in the services that come with Loket.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, TypeAdapter, ValidationError

from app.authoring.finding import Edit, Finding
from app.authoring.texts import Said, Steps, mark_of, node_at, said
from app.contract import source as contract
from app.contract.definition import Agency, LifeEvent, ServiceDefinition
from app.contract.findings import DefinitionError, Fault
from app.contract.findings import Finding as Located
from app.contract.form_checks import check_agency, check_life_events, check_service
from app.contract.model_errors import faults_of
from app.contract.yaml_tree import SourceFile, read_yaml

LOKET = Path(__file__).parents[2] / "services"
"""The services that come with Loket."""

Kind = Literal["service", "agency", "life-events"]
_FILES: dict[Kind, str] = {
    "service": "service.yaml",
    "agency": "agency.yaml",
    "life-events": "life-events.yaml",
}
_MODELS: dict[Kind, Any] = {"service": ServiceDefinition, "agency": Agency, "life-events": list[LifeEvent]}
_CONDITIONS = frozenset(("when", "valid_if", "where"))
_NEVER = re.compile(r"can be (?:reached|chosen)$|can come true$")
"""What `app.contract.reachability` expects of conditions."""
_SHAPE = frozenset(
    (
        *("type", "pattern", "summary", "min_length", "minimum", "min_count", "earliest", "latest"),
        *("pattern_message", "max_length", "maximum"),
    )
)


class NothingToCheck(Exception):
    """What was pointed at holds no service, agency or life events. The text says what was looked for."""


@dataclass(frozen=True, slots=True)
class ContractFault:
    """What the contract's own reader found, and which rule speaks for it. `steps` is None outside the
    file."""

    rule: str
    located: Located
    steps: Steps | None = None


@dataclass(eq=False)
class Subject:
    """One thing to check. `model` is None where its file cannot be read; `faults` then says why."""

    kind: Kind
    folder: Path
    root: Path
    today: date
    source: SourceFile | None = None
    model: ServiceDefinition | Agency | list[LifeEvent] | None = None
    translations: dict[str, SourceFile] = field(default_factory=dict[str, SourceFile])
    faults: list[ContractFault] = field(default_factory=list[ContractFault])
    _lines: dict[Path, list[str]] = field(default_factory=dict[Path, list[str]])

    @property
    def file(self) -> Path:
        """The file that describes it."""
        return self.folder / _FILES[self.kind]

    @property
    def definition(self) -> ServiceDefinition | None:
        """The service, where this is one and it can be read."""
        return self.model if isinstance(self.model, ServiceDefinition) else None

    @property
    def sound(self) -> bool:
        """Whether the definition holds in itself, so that its form can be played through."""
        return self.definition is not None and not any(f.steps is not None for f in self.faults)

    @cached_property
    def texts(self) -> list[Said]:
        """Every text in every language, in the order of the file."""
        if self.model is None or self.source is None:
            return []
        return list(said(self.model, self.source, self.translations))

    def lines(self, file: SourceFile) -> list[str]:
        """The lines of a file that was read."""
        path = self.path_of(file)
        if path not in self._lines:
            self._lines[path] = path.read_text("utf-8-sig", "replace").splitlines() or [""]
        return self._lines[path]

    def path_of(self, file: SourceFile) -> Path:
        """Where a file that was read lies."""
        return self.root / file.shown if not file.shown.is_absolute() else file.shown

    # Findings

    def finding(
        self,
        rule: str,
        path: Steps,
        found: str,
        remedy: str,
        *,
        severity: Literal["error", "warning"] = "error",
        edits: Sequence[Edit] = (),
        file: SourceFile | None = None,
    ) -> Finding:
        """A finding at `path` of the subject's own file, or of `file`."""
        file = file or self.source
        if file is None:
            return Finding(rule, severity, shown(self.file), 1, 1, found, remedy)
        located = file.finding(path, "", "")
        mark = located.line, located.column
        return Finding(
            rule, severity, shown(self.path_of(file)), *mark, found, remedy, located.path, tuple(edits)
        )

    def in_text(
        self,
        rule: str,
        text: Said,
        words: str,
        found: str,
        remedy: str,
        *,
        severity: Literal["error", "warning"] = "error",
        instead: str | None = None,
    ) -> Finding:
        """A finding about `words` of a text; `instead` is what `--fix` puts in their place."""
        lines = self.lines(text.file)
        line, column = mark_of(text, lines, words)
        path = self.path_of(text.file)
        edits = [Edit(path, line, column, words, instead)] if instead is not None else []
        if edits and not lines[line - 1].startswith(words, column - 1):
            edits = []
        at = text.file.finding(text.path, "", "").path
        return Finding(rule, severity, shown(path), line, column, found, remedy, at, tuple(edits))

    def at_file(self, rule: str, path: Path, found: str, remedy: str) -> Finding:
        """A finding about a file as a whole."""
        return Finding(rule, "error", shown(path), 1, 1, found, remedy)

    def contract_findings(self, rule: str) -> Iterator[Finding]:
        """What the contract's reader found and `rule` speaks for."""
        for fault in self.faults:
            if fault.rule == rule:
                yield self._told(fault)

    def _told(self, fault: ContractFault) -> Finding:
        located = fault.located
        path = Path(located.file)
        path = path if path.is_absolute() else self.root / path
        return Finding(
            fault.rule,
            "error",
            shown(path),
            located.line,
            located.column,
            f"expected {located.expected}, but found {located.came}.",
            located.hint,
            located.path,
        )


def shown(path: Path) -> Path:
    """A path as a person reads it: relative to where they are, where it lies below."""
    try:
        return path.absolute().relative_to(Path.cwd())
    except ValueError:
        return path


def subjects_in(path: Path, today: date) -> list[Subject]:
    """Everything to check at `path`, in the order of their names.

    Raises NothingToCheck where there is nothing.
    """
    path = path.absolute()
    if path.is_file() and path.name in _FILES.values():
        path = path.parent
    if (path / "service.yaml").is_file():
        return [read_subject("service", path, path.parent.parent, today)]
    if (path / "agency.yaml").is_file() or any(path.glob("*/service.yaml")):
        return list(_agency(path, path.parent, today))
    found = [read_subject("life-events", path, path, today)] if (path / "life-events.yaml").is_file() else []
    for folder in sorted({file.parent for file in path.glob("*/agency.yaml")} | set(_agencies(path))):
        found += _agency(folder, path, today)
    if not found:
        raise NothingToCheck(
            f"{shown(path)}: no service.yaml, no agency.yaml and no folders with them. "
            "Give the folder of a service: <agency>/<service>."
        )
    return found


def services_in(today: date, *paths: Path) -> list[Subject]:
    """The services at `paths`, each once. Raises NothingToCheck where there is nothing at one of them."""
    found = {subject.file: subject for path in paths for subject in subjects_in(path, today)}
    return [subject for subject in found.values() if subject.kind == "service"]


def _agencies(root: Path) -> Iterator[Path]:
    return (file.parent.parent for file in root.glob("*/*/service.yaml"))


def _agency(folder: Path, root: Path, today: date) -> Iterator[Subject]:
    yield read_subject("agency", folder, root, today)
    for file in sorted(folder.glob("*/service.yaml")):
        yield read_subject("service", file.parent, root, today)


def read_subject(kind: Kind, folder: Path, root: Path, today: date) -> Subject:
    """One subject, read as far as it can be. Never raises for what is in the files."""
    subject = Subject(kind, folder, root, today)
    try:
        subject.source = read_yaml(subject.file, subject.file.relative_to(root))
    except DefinitionError as error:
        subject.faults += [ContractFault("schema", located, ()) for located in error.findings]
        return subject
    untranslated = _validated(subject)
    if untranslated is None:
        return subject
    subject.model = untranslated
    own = {"service": check_service, "agency": check_agency, "life-events": check_life_events}
    check: Any = own[kind]
    for fault in check(untranslated):
        located = subject.source.finding(fault.path, fault.expected, fault.came, fault.hint)
        subject.faults.append(ContractFault(rule_of(fault), located, fault.path))
    _named(subject)
    _translate(subject)
    return subject


def _validated(subject: Subject) -> Any:
    model, source = _MODELS[subject.kind], subject.source
    if source is None:
        return None
    try:
        return TypeAdapter[Any](model).validate_json(json.dumps(source.root.plain()), strict=True)
    except ValidationError as error:
        for fault in faults_of(error, model):
            located = source.finding(fault.path, fault.expected, fault.came, fault.hint)
            subject.faults.append(ContractFault("schema", located, fault.path))
        return None


def _named(subject: Subject) -> None:
    """Whether its id is what its folders are named."""
    model, source = subject.model, subject.source
    if source is None or not isinstance(model, ServiceDefinition | Agency):
        return
    service = subject.kind == "service"
    wanted = f"{subject.folder.parent.name}/{subject.folder.name}" if service else subject.folder.name
    if model.id != wanted:
        located = source.finding(("id",), f'"{wanted}", as the folders are named', f'"{model.id}"')
        subject.faults.append(ContractFault("references", located))


def _translate(subject: Subject) -> None:
    """Merge the translations into the model, and keep their files for the places of what is found in them."""
    for file in sorted((subject.folder / "translations").glob("*.yaml")):
        try:
            subject.translations[file.stem] = read_yaml(file, file.relative_to(subject.root))
        except DefinitionError:
            continue  # told by `translate`
    for located in contract.translate(subject.model, subject.folder, subject.root):
        subject.faults.append(ContractFault("translations", located))


def rule_of(fault: Fault) -> str:
    """Which rule speaks for a fault that the contract found in a definition that has the right shape."""
    if fault.path and fault.path[-1] == "icon":
        return "icons"
    if _NEVER.search(fault.expected):
        return "reachability"
    if _CONDITIONS & {step for step in fault.path if isinstance(step, str)}:
        return "conditions"
    if fault.path[:1] == ("permissions",) and fault.expected.startswith("a concept that the service uses"):
        return "data-minimisation"
    if fault.path and fault.path[-1] in _SHAPE:
        return "schema"
    return "references"


def plain(model: BaseModel) -> Any:
    """A model as JSON values, the way an author would write it."""
    return model.model_dump(mode="json", by_alias=True, exclude_none=True)


__all__ = [
    "LOKET",
    "ContractFault",
    "Kind",
    "NothingToCheck",
    "Subject",
    "node_at",
    "plain",
    "read_subject",
    "rule_of",
    "shown",
    "subjects_in",
]
