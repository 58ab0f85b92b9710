"""`Ledger`: the whole catalogue in memory, as columns; rows are made when they are shown."""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import Any, cast

from app.catalogue.building import NATION, SEVERAL
from app.catalogue.packed import Packed
from app.catalogue.rows import AgencyRow, CatalogueRow, LifeEventRow, TimeUnit
from app.contract.regions import regions
from app.contract.text import SOURCE_LANGUAGE, Text

_REMEMBERED, _WAYS = 4096, 16


class Ledger:
    """A packed catalogue (see `building.py`). Services have numbers; those of one document lie together,
    ordered by place."""

    def __init__(self, packed: Packed) -> None:
        self.ids = packed.texts("ids")
        self._titles = packed.texts("titles")
        self._faces = packed.texts("faces")
        self._extras = packed.texts("extras")
        self._times = packed.texts("times")
        self._title, self._face = packed.numbers("title"), packed.numbers("face")
        self._extra, self._time = packed.numbers("extra"), packed.numbers("time")
        self._agency, self._place = packed.numbers("agency"), packed.numbers("place")
        self._cost, self._version = packed.numbers("cost"), packed.numbers("version")
        self.popularity = packed.numbers("popularity")
        self._document_start = packed.numbers("document_start")
        self._by_id, self._by_place = packed.numbers("by_id"), packed.numbers("by_place")
        self._available: dict[tuple[int, ...], dict[int, tuple[int, int, int]]] = {}
        self.agency_ids = packed.texts("agency_ids")
        self._agency_faces = packed.texts("agency_faces")
        self._agency_start, self._by_agency = packed.numbers("agency_start"), packed.numbers("by_agency")
        self._documents_of_event: dict[str, list[int]] = packed.meta["documents_of_event"]
        self.life_events = tuple(
            LifeEventRow(event["id"], _text(event["title"]), event["icon"])
            for event in packed.meta["life_events"]
        )
        self._codes = ("", *regions())
        self._places = {code: number for number, code in enumerate(self._codes)}
        self._agency_numbers: dict[str, int] | None = None
        self._rows: dict[int, CatalogueRow] = {}

    def __len__(self) -> int:
        return len(self.ids)

    # Services

    def row(self, number: int) -> CatalogueRow:
        """The service with `number`, as a list shows it."""
        row = self._rows.get(number)
        if row is None:
            if len(self._rows) >= _REMEMBERED:
                self._rows.clear()
            row = self._rows[number] = self._made(number)
        return row

    def _made(self, number: int) -> CatalogueRow:
        summary, icon, events, needs, produces = json.loads(self._faces[self._face[number]])
        extra: dict[str, Any] = json.loads(self._extras[self._extra[number]])
        amount, unit = self._times[self._time[number]].split()
        agency, place = self._agency[number], self._place[number]
        return CatalogueRow(
            id=self.ids[number],
            version=self._version[number],
            title=_text(json.loads(self._titles[self._title[number]])),
            summary=_text(summary),
            icon=icon,
            agency=self.agency_ids[agency] if agency < len(self.agency_ids) else extra["agency"],
            life_events=tuple(events),
            lowest_cost=self._cost[number],
            time_amount=int(amount),
            time_unit=cast("TimeUnit", unit),
            regions=tuple(extra.get("regions", ())) if place == SEVERAL else self._code_of(place),
            requires=tuple(extra.get("requires", ())),
            needs=tuple(needs),
            produces=tuple(produces),
            popularity=self.popularity[number],
            medal=extra.get("medal"),
        )

    def _code_of(self, place: int) -> tuple[str, ...]:
        return () if place == NATION else (self._codes[place],)

    def number(self, service_id: str) -> int | None:
        """The number of a service, or None where there is none of this id."""
        place = bisect_left(self._by_id, service_id, key=self.ids.__getitem__)
        if place == len(self._by_id) or self.ids[self._by_id[place]] != service_id:
            return None
        return self._by_id[place]

    def in_order(self) -> Sequence[int]:
        """The numbers of all services, by id."""
        return self._by_id

    # Places

    def places(self, region: str | None) -> tuple[int, ...]:
        """The places whose services serve somebody in `region` (a code): it, its province, the nation."""
        codes = [region[:5], region[:2]] if region else []
        return (*(self._places[code] for code in dict.fromkeys(codes) if code in self._places), NATION)

    def within(self, code: str) -> tuple[int, ...]:
        """The places in a region: it, and of a province its regencies and cities."""
        return tuple(n for c, n in self._places.items() if c == code or (len(code) == 2 and c[:2] == code))

    def available(self, places: tuple[int, ...]) -> dict[int, tuple[int, int, int]]:
        """For every document that is offered in one of `places`: the first service, the position of its place
        among them, and how many services of it there are in all of them."""
        known = self._available.get(places)
        if known is None:
            if len(self._available) >= _WAYS:
                self._available.clear()
            known = self._available[places] = self._found_in(places)
        return known

    def _found_in(self, places: tuple[int, ...]) -> dict[int, tuple[int, int, int]]:
        found: dict[int, tuple[int, int, int]] = {}

        def add(number: int, position: int) -> None:
            document = self.document_of(number)
            first, best, count = found.get(document, (number, position, 0))
            found[document] = (first, best, count + 1)

        for position, place in enumerate(places):
            for number in self.at_place(place):
                add(number, position)
        codes = {self._codes[place]: position for position, place in enumerate(places)}
        for number in self.at_place(SEVERAL):
            position = min((codes[c] for c in self.row(number).regions if c in codes), default=None)
            if position is not None:
                add(number, position)
        return found

    def at_place(self, place: int) -> Sequence[int]:
        """The services of a place alone, in their order."""
        first = bisect_left(self._by_place, place, key=self._place.__getitem__)
        last = bisect_right(self._by_place, place, lo=first, key=self._place.__getitem__)
        return self._by_place[first:last]

    def all_offered(self, document: int, places: Sequence[int]) -> Iterator[int]:
        """All services of a document in `places`."""
        first, last = self._document_start[document], self._document_start[document + 1]
        for place in places:
            yield from range(
                bisect_left(self._place, place, first, last), bisect_right(self._place, place, first, last)
            )
        several = bisect_left(self._place, SEVERAL, first, last)
        wanted = {self._codes[place] for place in places}
        yield from (n for n in range(several, last) if wanted.intersection(self.row(n).regions))

    def first_of(self, document: int) -> int:
        """The first service of a document, wherever it is."""
        return self._document_start[document]

    def size_of(self, document: int) -> int:
        """How many services share a document."""
        return self._document_start[document + 1] - self._document_start[document]

    def document_of(self, number: int) -> int:
        """The document of a service."""
        return bisect_right(self._document_start, number) - 1

    def of_event(self, event: str, places: Sequence[int]) -> list[int]:
        """The services of a life event in `places`, the most used first."""
        found = [
            number
            for document in self._documents_of_event.get(event, ())
            for number in self.all_offered(document, places)
        ]
        return sorted(found, key=lambda number: (-self.popularity[number], self.ids[number]))

    def by_region(self, numbers: Sequence[int], nearest: frozenset[int]) -> list[int]:
        """`numbers` by their places, those in `nearest` first."""
        place = self._place
        return sorted(numbers, key=lambda number: (place[number] not in nearest, place[number], number))

    # Agencies

    def agency_name(self, number: int) -> Text:
        """The short name of the agency of a service; its id where the catalogue does not name it."""
        agency = self._agency[number]
        if agency < len(self.agency_ids):
            return self.agency(agency).short_name
        return Text({SOURCE_LANGUAGE: self.row(number).agency})

    def agency(self, number: int) -> AgencyRow:
        """The agency with `number`, in the catalogue's order."""
        name, short, icon, region = json.loads(self._agency_faces[number])
        return AgencyRow(self.agency_ids[number], _text(name), _text(short), icon, region)

    def agency_number(self, agency_id: str) -> int | None:
        """The number of an agency, or None."""
        if self._agency_numbers is None:
            self._agency_numbers = {id_: number for number, id_ in enumerate(self.agency_ids)}
        return self._agency_numbers.get(agency_id)

    def of_agency(self, number: int) -> Sequence[int]:
        """The services of an agency."""
        return self._by_agency[self._agency_start[number] : self._agency_start[number + 1]]


def _text(value: Any) -> Text:
    return Text.read(value)
