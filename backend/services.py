"""The services that this backend offers: their definitions, published once a version, and the catalogue of
them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log2
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.contract.canonical import canonical_bytes, sha256_hex
from app.contract.catalogue import CatalogueAgency, CatalogueEntry
from app.contract.definition import Agency, LifeEvent, ServiceDefinition
from app.contract.form import DocumentField
from app.contract.medal import KeptMedal, Medal
from app.contract.source import read_services
from backend import tables
from backend.database import Database
from backend.editions import cut

if TYPE_CHECKING:
    from backend.sandbox.country import Country

REMEMBERED_VERSIONS = 256
PUBLISHED_AT_ONCE = 500
MOST_USED = 1_000_000
"""Applications from which on a service has the highest popularity."""


class ServicesError(Exception):
    """The services cannot be published as they are. The text says which and what to do."""


@dataclass(frozen=True, slots=True)
class Served:
    """Bytes that are the same for everybody, with their SHA-256."""

    content: bytes
    sha256: str

    @classmethod
    def of(cls, content: bytes) -> Served:
        """`content` with its hash."""
        return cls(content, sha256_hex(content))

    @property
    def etag(self) -> str:
        """A strong entity tag (RFC 9110 section 8.8.3)."""
        return f'"{self.sha256[:32]}"'


class Services:
    """The current definitions, and earlier versions from the database."""

    def __init__(
        self,
        agencies: Sequence[Agency],
        life_events: Sequence[LifeEvent],
        definitions: Sequence[ServiceDefinition],
        country: Country | None = None,
        medals: Mapping[str, Medal] | None = None,
        before: Services | None = None,
    ) -> None:
        """`before`: services that some of these were among; what was worked out for them is kept."""
        self._country = country
        self._medals = dict(medals or {})
        self._life_events = life_events
        self._definitions = {definition.id: definition for definition in definitions}
        self._served = {
            one.id: (before and before.served_as_is(one)) or Served.of(canonical_bytes(one))
            for one in definitions
        }
        self._earlier: dict[tuple[str, int], ServiceDefinition] = {}
        self.agencies = {agency.id: agency for agency in agencies}

    def ids(self) -> Iterable[str]:
        """All services that were written by hand."""
        return self._definitions.keys()

    def current(self, service: str) -> ServiceDefinition | None:
        """The definition that new submissions follow."""
        written = self._definitions.get(service)
        return written or (self._country.definition(service) if self._country else None)

    def served(self, service: str) -> Served | None:
        """The current definition as it goes on the wire."""
        if service in self._served:
            return self._served[service]
        current = self.current(service)
        return Served.of(canonical_bytes(current)) if current else None

    def served_as_is(self, definition: ServiceDefinition) -> Served | None:
        """How exactly this definition goes on the wire; None where it is not among these."""
        known = self._definitions.get(definition.id)
        return self._served[definition.id] if known is definition else None

    def within(self, country: Country) -> Services:
        """These services among those of a synthesised country."""
        return Services(
            list(self.agencies.values()),
            self._life_events,
            list(self._definitions.values()),
            country,
            self._medals,
            self,
        )

    def with_published(
        self,
        published: Sequence[tuple[ServiceDefinition, Medal | None]],
        agencies: Sequence[Agency],
        gone: Mapping[str, int],
    ) -> Services:
        """These services with what agencies have published over them, and without what was withdrawn.

        A service of the folder that is newer than what was published or withdrawn stays.
        """
        definitions = {id_: one for id_, one in self._definitions.items() if one.version > gone.get(id_, 0)}
        medals = dict(self._medals)
        for definition, medal in published:
            known = definitions.get(definition.id)
            if known is not None and known.version > definition.version:
                continue
            definitions[definition.id] = definition
            medals.pop(definition.id, None)
            if medal is not None:
                medals[definition.id] = medal
        brought = {agency.id: agency for agency in agencies} | self.agencies
        return Services(
            list(brought.values()),
            self._life_events,
            [definitions[id_] for id_ in sorted(definitions)],
            self._country,
            medals,
            self,
        )

    def medal(self, service: str) -> Medal | None:
        """What the current form of a service has earned."""
        return self._medals.get(service)

    def parts(self, applications: Mapping[str, int]) -> dict[str, Any]:
        """The catalogue in parts (`PartContent` in JSON form), by name.

        `applications`: how many there have been, by service.
        """
        agencies = [_agency(agency) for agency in self.agencies.values()]
        entries = [
            _entry(one, applications.get(one.id, 0), self._medals.get(one.id))
            for one in self._definitions.values()
        ]
        if self._country:
            for entry in entries:
                entry["popularity"] = max(entry.get("popularity", 0), self._country.popularity(entry["id"]))
            known = set(self.agencies)
            agencies += [one for one in self._country.agencies() if one["id"] not in known]
            entries += [one for one in self._country.entries() if one["id"] not in self._definitions]
        return cut(agencies, [event.model_dump(mode="json") for event in self._life_events], entries)

    async def at_version(self, session: AsyncSession, service: str, version: int) -> ServiceDefinition | None:
        """A published version, current or earlier."""
        current = self.current(service)
        if current and current.version == version:
            return current
        if (service, version) not in self._earlier:
            row = await session.get(tables.Definition, (service, version))
            if row is None:
                return None
            if len(self._earlier) >= REMEMBERED_VERSIONS:
                self._earlier.clear()
            self._earlier[service, version] = ServiceDefinition.model_validate_json(row.content)
        return self._earlier[service, version]

    async def served_at_version(self, session: AsyncSession, service: str, version: int) -> Served | None:
        """A published version as it goes on the wire: byte for byte as it was published."""
        current = self.current(service)
        if current and current.version == version:
            return self.served(service)
        row = await session.get(tables.Definition, (service, version))
        return Served.of(row.content) if row else None

    async def publish(self, database: Database, profile: Literal["sandbox", "production"]) -> None:
        """Keep every current version in the database, where it stays when the next one comes.

        Raises:
            ServicesError: in production, a version that was published with other content. The sandbox takes
                the new content: its author is still writing.
        """
        async with database.writing() as session:
            known = {
                (service, version): digest
                for service, version, digest in await session.execute(
                    select(tables.Definition.service, tables.Definition.version, tables.Definition.digest)
                )
            }
            new = [
                {
                    "service": definition.id,
                    "version": definition.version,
                    "digest": served.sha256,
                    "content": served.content,
                }
                for definition, served in zip(self._definitions.values(), self._served.values(), strict=True)
                if known.get((definition.id, definition.version)) != served.sha256
            ]
            changed = [row for row in new if (row["service"], row["version"]) in known]
            if changed and profile == "production":
                named = ", ".join(f"{row['service']} {row['version']}" for row in changed)
                raise ServicesError(
                    f"Published with other content before: {named}. A published version never changes: "
                    "raise `version` in service.yaml."
                )
            for first in range(0, len(new), PUBLISHED_AT_ONCE):
                insert = database.insert(tables.Definition)
                await session.execute(
                    insert.on_conflict_do_update(
                        index_elements=["service", "version"],
                        set_={"digest": insert.excluded.digest, "content": insert.excluded.content},
                    ),
                    new[first : first + PUBLISHED_AT_ONCE],
                )


def _agency(agency: Agency) -> dict[str, Any]:
    named = CatalogueAgency(id=agency.id, name=agency.name, short_name=agency.short_name, icon=agency.icon)
    return named.model_dump(mode="json", exclude_none=True)


def _entry(definition: ServiceDefinition, applications: int, medal: Medal | None) -> dict[str, Any]:
    fields = [field for page in definition.form.pages for field in page.fields]
    needs = {type_ for field in fields if isinstance(field, DocumentField) for type_ in field.document_types}
    entry = CatalogueEntry(
        id=definition.id,
        version=definition.version,
        title=definition.title,
        summary=definition.summary,
        icon=definition.icon,
        agency=definition.id.partition("/")[0],
        life_events=list(definition.life_events),
        keywords=definition.keywords,
        lowest_cost=min(cost.amount for cost in definition.costs),
        processing_time=definition.processing_time,
        regions=sorted(definition.regions),
        requires=sorted(definition.requires),
        needs=sorted(needs),
        produces=sorted({output.document_type for output in definition.outputs}),
        popularity=popularity(applications),
        medal=medal.level if medal else None,
    )
    return entry.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude_none=True)


def popularity(applications: int) -> int:
    """From 0 (none) to 100 (a million and more), by fives, so that it does not change with each one."""
    return min(100, 5 * round(20 * log2(1 + applications) / log2(1 + MOST_USED)))


def read_folder(folder: Path) -> Services:
    """The services under `folder`. The same files are read once in a process, however many backends it has.

    Raises:
        DefinitionError: all that is wrong with the files, each finding with its place.
    """
    stamps = tuple(
        (path, (stat := path.stat()).st_mtime_ns, stat.st_size)
        for path in sorted([*folder.rglob("*.yaml"), *folder.glob("*/*/medal.json")])
    )
    return _read_folder(folder.resolve(), stamps)


@lru_cache(maxsize=4)
def _read_folder(folder: Path, _stamps: object) -> Services:
    source = read_services(folder)
    medals = {one.id: medal for one in source.definitions if (medal := kept_medal(folder, one)) is not None}
    return Services(source.agencies, source.life_events, source.definitions, medals=medals)


def kept_medal(folder: Path, definition: ServiceDefinition) -> Medal | None:
    """The medal beside a service, if it was earned by exactly this definition."""
    try:
        kept = KeptMedal.model_validate_json((folder / definition.id / "medal.json").read_bytes())
    except (OSError, ValueError):
        return None
    if kept.definition_sha256 != sha256_hex(canonical_bytes(definition)):
        return None
    return Medal(level=kept.level, done=kept.done, of=kept.of)
