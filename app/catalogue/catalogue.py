"""`Catalogue`: every service of the country on the device, found without a network."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from app.catalogue import places
from app.catalogue.documents import without
from app.catalogue.finding import Context, Elsewhere, Finder, Found
from app.catalogue.index import Index
from app.catalogue.ledger import Ledger
from app.catalogue.notices import NoticeBoard
from app.catalogue.packed import NotPacked, Packed
from app.catalogue.rows import AgencyRow, CatalogueRow, LifeEventRow
from app.catalogue.shelf import Edition, Shelf
from app.contract.parts import PartDamaged
from app.contract.regions import regions
from app.contract.text import SOURCE_LANGUAGE, Text
from app.watchers import Watchers

if TYPE_CHECKING:
    from app.catalogue.syncing import Source
    from app.contract.definition import ServiceDefinition

T = TypeVar("T")
log = logging.getLogger("loket.catalogue")

NOWHERE = Context()


@dataclass(frozen=True, slots=True)
class Offering:
    """Where a service is offered, for somebody in a region.

    `here`: they can use it. Else `regions` says where (codes), and `instead` is the like service at home, if
    there is one.
    """

    here: bool
    regions: tuple[str, ...]
    instead: CatalogueRow | None


@dataclass(frozen=True, slots=True)
class _View:
    """What is read: one edition, whole. Replaced, never changed."""

    ledger: Ledger
    finder: Finder


class Catalogue:
    """The catalogue, in memory for reading, on the shelf for the next start.

    Nothing is bundled with the app: before the first `sync` there is nothing, and `as_of` is None. That is
    "not yet", and differs from a catalogue without services.
    """

    def __init__(self, shelf: Shelf, now: Callable[[], datetime]) -> None:
        self._shelf = shelf
        self._now = now
        self._one_at_a_time = asyncio.Lock()
        self._syncing = asyncio.Lock()
        self._watchers = Watchers[[]]()
        self._definitions: dict[tuple[str, int], ServiceDefinition] = {}
        self._edition: Edition | None = None
        self._view: _View | None = None
        self.board = NoticeBoard(shelf, self._blocking, now)
        """What everybody has to know now."""
        self.as_of: datetime | None = None
        """When it was last known to be the newest; None: not yet."""

    @classmethod
    async def load(cls, path: Path | None, now: Callable[[], datetime]) -> Catalogue:
        """The catalogue in the file at `path` (None: in memory alone), whatever that file holds."""
        catalogue = cls(await asyncio.to_thread(Shelf, path), now)
        edition, view = await catalogue._blocking(catalogue._read)
        if edition is not None and view is not None:
            catalogue._take(edition, view)
        await catalogue.board.load()
        return catalogue

    async def sync(self, source: Source, region: str | None = None) -> bool:
        """Bring the catalogue up to date; True where it changed. What is there stays in use meanwhile.

        `region`: whose part comes first, where there is nothing yet. Raises the faults of `source`. An
        edition that is not what its publisher signed is refused, and the one before stays.
        """
        from app.catalogue.signature import Untrusted
        from app.catalogue.syncing import Syncing

        async with self._syncing:
            try:
                syncing = Syncing(self._shelf, source, self._blocking, self._use_meanwhile)
                edition = await syncing.run(self._edition, region, self._now)
            except (Untrusted, PartDamaged) as error:
                log.warning("a catalogue was refused: %s", error)
                return False
            if edition is None:
                self.as_of = self._now()
                return False
            self._take(edition, await asyncio.to_thread(_view, edition.packed))
        self._told()
        return True

    @property
    def version(self) -> str | None:
        """The digest of the edition in use; None before the first."""
        return self._edition.digest if self._edition else None

    @property
    def complete(self) -> bool:
        """Whether all of an edition is here; at the first start, some is used before."""
        return self._edition is not None

    # Finding

    @property
    def size(self) -> int:
        """How many services there are."""
        return len(self._view.ledger) if self._view else 0

    def find(
        self,
        text: str,
        language: str,
        context: Context = NOWHERE,
        *,
        limit: int = 20,
    ) -> Found:
        """What `text` finds for somebody in `context`, best first."""
        if self._view is None:
            return Found()
        return self._view.finder.find(text, language, context, limit=limit)

    def elsewhere(self, text: str, language: str, context: Context = NOWHERE) -> Elsewhere | None:
        """The services like those that `text` finds, in all other regions; None before the first `sync`."""
        return self._view.finder.elsewhere(text, language, context) if self._view else None

    def life_events(self) -> tuple[LifeEventRow, ...]:
        """The life events in their order; none before the first `sync`."""
        return self._view.ledger.life_events if self._view else ()

    def by_life_event(self, event_id: str, region: str | None = None) -> tuple[CatalogueRow, ...]:
        """The services of a life event that serve a region, the most used first."""
        if self._view is None:
            return ()
        ledger = self._view.ledger
        return tuple(ledger.row(n) for n in ledger.of_event(event_id, ledger.places(region)))

    def service(self, service_id: str) -> CatalogueRow | None:
        """One service, or None where the catalogue has none of this id."""
        if self._view is None or (number := self._view.ledger.number(service_id)) is None:
            return None
        return self._view.ledger.row(number)

    def services(self, first: int, last: int) -> Sequence[CatalogueRow]:
        """Some of all services, by id: from position `first` up to `last`."""
        if self._view is None:
            return ()
        ledger = self._view.ledger
        return [ledger.row(number) for number in ledger.in_order()[first:last]]

    def offering(self, service_id: str, region: str | None) -> Offering:
        """Where a service is offered, for somebody in `region`; without a region, everything is here."""
        row = self.service(service_id)
        if self._view is None or row is None or not row.regions or region is None:
            return Offering(True, row.regions if row else (), None)
        if any(region.startswith(code) for code in row.regions):
            return Offering(True, row.regions, None)
        return Offering(False, row.regions, self._like(row, region))

    def _like(self, row: CatalogueRow, region: str) -> CatalogueRow | None:
        title = row.title.in_(SOURCE_LANGUAGE)
        for code in row.regions:
            # A region in the title would send the search there.
            title = without(title, regions().get(code))
        for hit in self.find(title, SOURCE_LANGUAGE, Context(region), limit=5).hits:
            if not hit.elsewhere and hit.row.produces == row.produces:
                return hit.row
        return None

    # Agencies

    @property
    def agency_count(self) -> int:
        """How many agencies there are."""
        return len(self._view.ledger.agency_ids) if self._view else 0

    def agencies(self, first: int = 0, last: int | None = None) -> tuple[AgencyRow, ...]:
        """Some of the agencies in the catalogue's order (the nation's first), from `first` up to `last`."""
        if self._view is None:
            return ()
        ledger = self._view.ledger
        return tuple(ledger.agency(n) for n in range(len(ledger.agency_ids))[first:last])

    def agency(self, agency_id: str) -> AgencyRow | None:
        """One agency, or None where the catalogue has none of this id."""
        if self._view is None or (number := self._view.ledger.agency_number(agency_id)) is None:
            return None
        return self._view.ledger.agency(number)

    def by_agency(self, agency_id: str) -> tuple[CatalogueRow, ...]:
        """The services of an agency."""
        if self._view is None or (number := self._view.ledger.agency_number(agency_id)) is None:
            return ()
        return tuple(self._view.ledger.row(n) for n in self._view.ledger.of_agency(number))

    def agency_name(self, row: CatalogueRow) -> Text:
        """The short name of a service's agency; its id where the catalogue does not name it."""
        agency = self.agency(row.agency)
        return agency.short_name if agency else Text({SOURCE_LANGUAGE: row.agency})

    def agency_name_of(self, service_id: str) -> Text:
        """The short name of the agency of a service that may have left the catalogue."""
        agency_id = service_id.partition("/")[0]
        agency = self.agency(agency_id)
        return agency.short_name if agency else Text({SOURCE_LANGUAGE: agency_id})

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
            await self._prove(fetched, source)
        except source.faults:
            earlier = await self.kept(service_id) if version is None else None
            if earlier is None:
                raise
            return earlier
        body = await asyncio.to_thread(_body, fetched)
        await self._blocking(lambda: self._shelf.keep_definition(fetched.id, fetched.version, body))
        self._definitions[fetched.id, fetched.version] = fetched
        return fetched

    async def _prove(self, definition: ServiceDefinition, source: Source) -> None:
        """Hold a definition against the publications of its service. Raises a fault of `source`."""
        from app.catalogue.proving import key_ids, proven
        from app.catalogue.signature import Untrusted, keys_for

        chain = await source.publications(definition.id)
        known = await self._blocking(lambda: self._shelf.publication(definition.id))
        try:
            kids = await asyncio.to_thread(key_ids, chain)
            keys = await keys_for(kids, self._shelf, source, self._blocking)
            newest = await asyncio.to_thread(proven, definition, chain, keys, known)
        except Untrusted as error:
            log.warning("%s: a definition was refused: %s", definition.id, error)
            raise source.distrusted(definition.id, str(error)) from None
        await self._blocking(lambda: self._shelf.keep_publication(definition.id, newest))

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
        return self._watchers.watch(callback)

    async def close(self) -> None:
        """Close the file."""
        await self._blocking(self._shelf.close)

    async def _blocking(self, work: Callable[[], T]) -> T:
        async with self._one_at_a_time:
            return await asyncio.to_thread(work)

    def _told(self) -> None:
        self._watchers.tell()

    def _read(self) -> tuple[Edition | None, _View | None]:
        edition = self._shelf.read()
        if edition is None:
            return None, None
        try:
            return edition, _view(edition.packed)
        except (NotPacked, KeyError, ValueError, IndexError) as error:
            log.info("the catalogue was packed by an app of another version (%r)", error)
        from app.catalogue.syncing import rebuilt

        try:
            packed = rebuilt(self._shelf, edition)
            renewed = Edition(edition.number, edition.digest, edition.as_of, edition.parts, packed)
            self._shelf.replace(renewed)
            return renewed, _view(packed)
        except (PartDamaged, KeyError, TypeError) as error:
            log.warning("a catalogue of another shape is put aside (%r)", error)
            return None, None

    def _take(self, edition: Edition, view: _View) -> None:
        # What the view has read need not be in memory twice.
        self._edition, self._view, self.as_of = replace(edition, packed=b""), view, edition.as_of

    async def _use_meanwhile(self, packed: bytes) -> None:
        self._view = await asyncio.to_thread(_view, packed)
        self._told()


def _view(packed: bytes) -> _View:
    columns = Packed(packed)
    ledger, index = Ledger(columns), Index(columns)
    places.warm()
    return _View(ledger, Finder(ledger, index))


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
