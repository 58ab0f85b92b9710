"""`Catalogue`: every service of the country on the device, found without a network."""

from __future__ import annotations

import asyncio
import json
import logging
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from app.catalogue.index import Index, words
from app.catalogue.rows import (
    AgencyRow,
    CatalogueRow,
    LifeEventRow,
    agency_row,
    life_event_row,
    service_row,
)
from app.catalogue.shelf import Shelf, Snapshot
from app.contract.text import SOURCE_LANGUAGE, Text

if TYPE_CHECKING:
    from app.contract import catalogue as contract
    from app.contract.definition import ServiceDefinition

T = TypeVar("T")
log = logging.getLogger("loket.catalogue")

_FOREIGN = 0.7
"""Weight of Indonesian words for somebody who reads another language: they are known by these names too."""


class Source(Protocol):
    """Where the catalogue comes from: the backend's client."""

    faults: tuple[type[Exception], ...]
    """What its methods raise when the backend gives nothing."""

    async def catalogue(self, etag: str | None = None) -> contract.Catalogue | None:
        """The catalogue, or None where it is still the one of `etag`."""
        ...

    async def definition(self, service_id: str, version: int | None = None) -> ServiceDefinition:
        """A definition; the published one where `version` is None."""
        ...


class Catalogue:
    """The catalogue, in memory for reading, on the shelf for the next start.

    Nothing is bundled with the app: before the first `sync` there is nothing, and `as_of` is None. That is
    "not yet", and differs from a catalogue without services.
    """

    def __init__(self, shelf: Shelf, now: Callable[[], datetime]) -> None:
        self._shelf = shelf
        self._now = now
        self._one_at_a_time = asyncio.Lock()
        self._watchers: list[Callable[[], None]] = []
        self._definitions: dict[tuple[str, int], ServiceDefinition] = {}
        self._take(None)

    @classmethod
    async def load(cls, path: Path | None, now: Callable[[], datetime]) -> Catalogue:
        """The catalogue in the file at `path` (None: in memory alone), whatever that file holds."""
        catalogue = cls(await asyncio.to_thread(Shelf, path), now)
        snapshot = await catalogue._blocking(catalogue._shelf.read)
        try:
            catalogue._take(snapshot)
        except (KeyError, TypeError) as error:
            log.warning("a catalogue of another shape is put aside (%r)", error)
            catalogue._take(None)
        return catalogue

    async def sync(self, source: Source) -> bool:
        """Bring the catalogue up to date; True where it changed. Raises the faults of `source`."""
        fresh = await source.catalogue(self.version)
        now = self._now()
        if fresh is None:
            await self._blocking(lambda: self._shelf.confirm(now))
            self.as_of = now
            self._told()
            return False
        snapshot = await asyncio.to_thread(_snapshot, fresh, now)
        await self._blocking(lambda: self._shelf.replace(snapshot))
        self._take(snapshot)
        self._told()
        return True

    # Finding

    @property
    def size(self) -> int:
        """How many services there are."""
        return len(self._services)

    def life_events(self) -> tuple[LifeEventRow, ...]:
        """The life events in their order; none before the first `sync`."""
        return self._life_events

    def by_life_event(self, event_id: str) -> tuple[CatalogueRow, ...]:
        """The services of a life event, in the catalogue's order."""
        return tuple(self._by_event.get(event_id, ()))

    def service(self, service_id: str) -> CatalogueRow | None:
        """One service, or None where the catalogue has none of this id."""
        return self._services.get(service_id)

    def agencies(self) -> tuple[AgencyRow, ...]:
        """The agencies in the catalogue's order."""
        return tuple(self._agencies.values())

    def agency_name(self, row: CatalogueRow) -> Text:
        """The short name of a service's agency; its id where the catalogue does not name it."""
        agency = self._agencies.get(row.agency)
        return agency.short_name if agency else _named(row.agency)

    def agency_name_of(self, service_id: str) -> Text:
        """The short name of the agency of a service that may have left the catalogue."""
        agency = self._agencies.get(service_id.partition("/")[0])
        return agency.short_name if agency else _named(service_id.partition("/")[0])

    def search(self, text: str, language: str, limit: int = 20) -> list[CatalogueRow]:
        """Services for what a citizen typed, best first; one typo a word is forgiven."""
        if language not in self._indexes:
            self._indexes[language] = Index([self._weighed(row, language) for row in self._services.values()])
        rows = tuple(self._services.values())
        return [rows[number] for number in self._indexes[language].search(text, limit)]

    # Definitions

    async def definition(
        self, service_id: str, source: Source, version: int | None = None
    ) -> ServiceDefinition:
        """A service's definition: of `version`, else the one that the catalogue lists.

        What was read once is read offline. Where the listed one cannot be had now, an earlier one that is
        here serves. Raises the faults of `source` where nothing is here.
        """
        row = self.service(service_id)
        wanted = version if version is not None or row is None else row.version
        if wanted is not None and (here := await self.kept(service_id, wanted)):
            return here
        try:
            fetched = await source.definition(service_id, wanted)
        except source.faults:
            earlier = await self.kept(service_id) if version is None else None
            if earlier is None:
                raise
            return earlier
        body = await asyncio.to_thread(_body, fetched)
        await self._blocking(lambda: self._shelf.keep_definition(fetched.id, fetched.version, body))
        self._definitions[fetched.id, fetched.version] = fetched
        return fetched

    async def kept(self, service_id: str, version: int | None = None) -> ServiceDefinition | None:
        """A definition that is on the device: of `version`, else the newest; None where there is none."""
        if version is not None and (service_id, version) in self._definitions:
            return self._definitions[service_id, version]
        body = await self._blocking(lambda: self._shelf.definition(service_id, version))
        if body is None:
            return None
        definition = await asyncio.to_thread(_read_definition, body)
        if definition is not None:
            self._definitions[definition.id, definition.version] = definition
        return definition

    # Living

    def watch(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call `callback` on the loop after each `sync`; gives what ends it."""
        self._watchers.append(callback)
        return lambda: self._watchers.remove(callback) if callback in self._watchers else None

    async def close(self) -> None:
        """Close the file."""
        await self._blocking(self._shelf.close)

    async def _blocking(self, work: Callable[[], T]) -> T:
        async with self._one_at_a_time:
            return await asyncio.to_thread(work)

    def _told(self) -> None:
        for callback in tuple(self._watchers):
            callback()

    def _take(self, snapshot: Snapshot | None) -> None:
        services = [service_row(entry) for entry in snapshot.services] if snapshot else []
        agencies = [agency_row(agency) for agency in snapshot.agencies] if snapshot else []
        self._life_events = tuple(life_event_row(e) for e in snapshot.life_events) if snapshot else ()
        self._services = {row.id: row for row in services}
        self._agencies = {agency.id: agency for agency in agencies}
        by_event: defaultdict[str, list[CatalogueRow]] = defaultdict(list)
        for row in services:
            for event in row.life_events:
                by_event[event].append(row)
        self._by_event = dict(by_event)
        self._indexes: dict[str, Index] = {}
        self.version = snapshot.version if snapshot else None
        self.as_of = snapshot.as_of if snapshot else None

    def _weighed(self, row: CatalogueRow, language: str) -> dict[str, float]:
        weighed: dict[str, float] = {}
        agency = self._agencies.get(row.agency)
        events = [event for event in self._life_events if event.id in row.life_events]
        for tag in {language, SOURCE_LANGUAGE}:
            share = 1.0 if tag == language else _FOREIGN
            texts: list[tuple[str, float]] = [
                (row.title.in_(tag), 4.0),
                *((keyword, 3.5) for keyword in row.keywords.get(tag, ())),
                *((event.title.in_(tag), 2.0) for event in events),
                *(((agency.short_name.in_(tag), 2.0), (agency.name.in_(tag), 1.5)) if agency else ()),
                (row.summary.in_(tag), 1.0),
            ]
            for text, weight in texts:
                for word in words(text):
                    known = weighed.get(word, 0.0)
                    # Said twice counts more than once, but never as much as said in a better place.
                    weighed[word] = max(known, weight * share) + 0.1 * min(known, weight * share)
        return weighed


def _named(agency_id: str) -> Text:
    return Text({SOURCE_LANGUAGE: agency_id})


def _snapshot(fresh: contract.Catalogue, now: datetime) -> Snapshot:
    plain = fresh.model_dump(mode="json", exclude_none=True)
    return Snapshot(
        version=fresh.version,
        as_of=now,
        agencies=plain["agencies"],
        life_events=sorted(plain["life_events"], key=lambda event: event["order"]),
        services=plain["services"],
    )


def _body(definition: ServiceDefinition) -> str:
    return json.dumps(
        definition.model_dump(mode="json", by_alias=True, exclude_none=True), ensure_ascii=False
    )


def _read_definition(body: str) -> ServiceDefinition | None:
    from pydantic import ValidationError

    from app.contract.definition import ServiceDefinition

    try:
        return ServiceDefinition.model_validate_json(body)
    except ValidationError as error:
        # Kept by an app of another version; it is fetched again.
        log.warning("a kept definition has another shape (%d faults)", error.error_count())
        return None
