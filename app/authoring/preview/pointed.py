"""What the author pointed at: its files as they are now, and the services in them as they last held."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from app.authoring.checking import check
from app.authoring.finding import Finding
from app.authoring.subjects import NothingToCheck, shown
from app.contract.definition import Agency, LifeEvent, ServiceDefinition
from app.contract.findings import DefinitionError
from app.contract.medal import Medal
from app.contract.source import read_agency, read_life_events, read_service
from backend.sandbox.workflow import Workflow, read_workflow
from backend.services import kept_medal

Stamps = dict[Path, tuple[int, int, int]]
"""Modification time (nanoseconds), size and number of each file: what tells a save."""


@dataclass(frozen=True, slots=True)
class Written:
    """A service as it is offered. `content` is its definition as it stands in the files; the `version` of
    what is offered grows with each save, as with each publication."""

    definition: ServiceDefinition
    content: str
    workflow: Workflow | None
    medal: Medal | None


@dataclass(frozen=True, slots=True)
class Look:
    """What a look at the files brought.

    `changed`: the services that are in a new form now, or gone. `around`: whether agencies or life events
    are. `broken`: what keeps something from being taken up.
    """

    changed: frozenset[str]
    around: bool
    broken: tuple[Finding, ...]

    @property
    def anything(self) -> bool:
        """Whether there is something to offer anew."""
        return self.around or bool(self.changed)


@dataclass(slots=True)
class _Kept:
    """The files of a folder when they were last read, and what was wrong with them."""

    stamps: Stamps
    broken: list[Finding] = field(default_factory=list[Finding])


class Pointed:
    """A service, an agency, or a whole tree of them, and how it now stands.

    An agency's folder plays whole, so that its services lead to each other; what is listed and checked is
    what was pointed at. `written`, `agencies` (both by id) and `life_events` are as they last held. Every
    method blocks.
    """

    def __init__(self, path: Path) -> None:
        """Raises NothingToCheck where `path` holds no service."""
        path = path.absolute()
        self.path = path.parent if path.name == "service.yaml" else path
        self._one: Path | None = None
        if (self.path / "service.yaml").is_file():
            self._one, self._root, self.watched = self.path, self.path.parent.parent, self.path.parent
        elif any(self.path.glob("*/service.yaml")):
            self._root, self.watched = self.path.parent, self.path
        elif any(self.path.glob("*/*/service.yaml")):
            self._root = self.watched = self.path
        else:
            raise NothingToCheck(
                f"{shown(path)}: no service.yaml, and no folders with one. "
                "Give the folder of a service: <agency>/<service>."
            )
        self.written: dict[str, Written] = {}
        self.agencies: dict[str, Agency] = {}
        self.life_events: list[LifeEvent] = []
        self._kept: dict[Path, _Kept] = {}

    @property
    def services(self) -> list[str]:
        """The services that were pointed at, by id, whether they hold or not."""
        return sorted(map(_id, [self._one] if self._one else self._service_folders()))

    def stamps(self) -> Stamps:
        """The files as they lie on the disk now."""
        found: Stamps = {}
        for file in _files(self.watched):
            try:
                stat = file.stat()
            except OSError:
                continue  # it has gone while we looked
            found[file] = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
        return found

    def look(self, stamps: Stamps) -> Look:
        """Read what has changed since the last look; `stamps` are those of now."""
        services, agencies = self._service_folders(), self._agency_folders()
        around = [self._read_again(folder, stamps, self._read_agency) for folder in agencies]
        if self.watched == self._root and (self._root / "life-events.yaml").is_file():
            around.append(self._read_again(self._root, stamps, self._read_life_events))
        changed = {_id(f) for f in services if self._read_again(f, stamps, self._read_service)}
        gone = self.written.keys() - {_id(folder) for folder in services}
        for service in gone:
            del self.written[service]
        self._kept = {
            folder: kept
            for folder, kept in self._kept.items()
            if folder in services or folder in agencies or folder == self._root
        }
        told = [self._one, self.watched] if self._one else list(self._kept)
        broken = [finding for folder in told for finding in self._kept[folder].broken]
        return Look(frozenset(changed | gone), any(around), tuple(broken))

    def found(self, today: date) -> list[Finding]:
        """What `loket service check` finds in what was pointed at."""
        try:
            return check([self.path], today).findings
        except NothingToCheck:
            return []

    def _read_again(self, folder: Path, stamps: Stamps, read: Callable[[Path], bool]) -> bool:
        """Read `folder` if its files have changed; whether what is offered has."""
        deep = read == self._read_service
        near = (folder, folder / "translations")
        own = {
            file: stamp
            for file, stamp in stamps.items()
            if (file.is_relative_to(folder) if deep else file.parent in near)
        }
        known = self._kept.get(folder)
        if known is not None and known.stamps == own:
            return False
        kept = self._kept[folder] = _Kept(own)
        try:
            return read(folder)
        except DefinitionError as error:
            for one in error.findings:
                found = f"expected {one.expected}, but found {one.came}."
                file = shown(self._root / one.file)
                kept.broken.append(
                    Finding("schema", "error", file, one.line, one.column, found, one.hint, one.path)
                )
            return False

    def _read_service(self, folder: Path) -> bool:
        definition = read_service(folder, self._root)
        workflow = read_workflow(folder / "sandbox.yaml", definition)
        content = definition.model_dump_json()
        before = self.written.get(definition.id)
        if before is not None and (before.content, before.workflow) == (content, workflow):
            return False
        medal = kept_medal(self._root, definition)
        if before is not None:
            newer = max(before.definition.version + 1, definition.version)
            definition = definition.model_copy(update={"version": newer})
        self.written[definition.id] = Written(definition, content, workflow, medal)
        return True

    def _read_agency(self, folder: Path) -> bool:
        agency = read_agency(folder, self._root)
        before = self.agencies.get(agency.id)
        self.agencies[agency.id] = agency
        return agency != before

    def _read_life_events(self, root: Path) -> bool:
        before, self.life_events = self.life_events, read_life_events(root)
        return self.life_events != before

    def _agency_folders(self) -> list[Path]:
        if self.watched != self._root:
            return [self.watched]
        named = {file.parent for file in self._root.glob("*/agency.yaml")}
        return sorted(named | {folder.parent for folder in self._service_folders()})

    def _service_folders(self) -> list[Path]:
        pattern = "*/*/service.yaml" if self.watched == self._root else "*/service.yaml"
        # The one that was pointed at is missed where it is gone: it may come back.
        missed = {self._one} if self._one else set[Path]()
        return sorted({file.parent for file in self.watched.glob(pattern)} | missed)


def _id(folder: Path) -> str:
    return f"{folder.parent.name}/{folder.name}"


def _files(folder: Path) -> Iterator[Path]:
    """What an author writes below `folder`: nothing hidden, nothing that Python made."""
    waiting = [folder]
    while waiting:
        try:
            entries = list(waiting.pop().iterdir())
        except OSError:
            continue
        for entry in entries:
            if entry.name.startswith(".") or entry.name == "__pycache__":
                continue
            if entry.is_dir() and not entry.is_symlink():
                waiting.append(entry)
            elif entry.is_file():
                yield entry
