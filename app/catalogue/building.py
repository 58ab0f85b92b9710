"""Builds what the device reads of the catalogue, from its parts: columns of services, and the index."""

from __future__ import annotations

import json
import sys
from array import array
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from app.catalogue.documents import by_language, document, office, phrases, without
from app.catalogue.packed import pack
from app.catalogue.vocabulary import Vocabulary
from app.contract.phrase import SOURCE_LANGUAGE
from app.contract.regions import regions

NATION = 0
"""The place of a service that is offered everywhere; others are 1 + the position of the region's code."""

SEVERAL = 0xFFFF
"""The place of a service that is offered in several regions."""

SHORT = 2
"""Beginnings of up to so many letters have their documents listed: they begin too many words."""

_LISTED = 160

Part = Mapping[str, Any]


class _Table:
    """Distinct texts, numbered as they come."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._numbers: dict[str, int] = {}

    def number(self, text: str) -> int:
        if text not in self._numbers:
            self._numbers[text] = len(self.texts)
            self.texts.append(text)
        return self._numbers[text]


class _Row(NamedTuple):
    """A service as it is kept while the others are read: its texts by their numbers."""

    id: str
    agency: str
    place: int
    title: int
    said: int
    face: int
    extra: int
    time: int
    cost: int
    version: int
    popularity: int


class _Agency(NamedTuple):
    """An agency: what is shown of it, and what kind of office it is."""

    id: str
    face: str
    kind: str


class _Reading:
    """What is kept of the parts. Only one of them is in memory at a time: together they are large."""

    def __init__(self) -> None:
        self.agencies: list[_Agency] = []
        self.events: list[Mapping[str, Any]] = []
        self.rows: list[_Row] = []
        self.titles, self.said, self.faces, self.extras, self.times = (_Table() for _ in range(5))
        self.extras.number("{}")
        self.regions = regions()
        self._places = {code: number for number, code in enumerate(self.regions, NATION + 1)}
        self._names = list(self.regions.values())

    def take(self, part: Part) -> None:
        """Keep what is needed of a part."""
        self.agencies += map(self._agency, part.get("agencies", ()))
        self.events += part.get("life_events", ())
        self.rows += map(self._row, part.get("services", ()))

    def _agency(self, agency: Mapping[str, Any]) -> _Agency:
        region = self.regions.get(agency.get("region", ""))
        names = [by_language(agency[name])[SOURCE_LANGUAGE] for name in ("name", "short_name")]
        face = [agency["name"], agency["short_name"], agency["icon"], agency.get("region")]
        return _Agency(agency["id"], _json(face), sys.intern(office(names[0], names[1], region)))

    def _row(self, service: Mapping[str, Any]) -> _Row:
        where = service.get("regions", ())
        place = NATION if not where else self._places.get(where[0], SEVERAL) if len(where) == 1 else SEVERAL
        extra = {k: service[k] for k in ("requires", "medal") if service.get(k)}
        if place == SEVERAL:
            extra["regions"] = where
        said = [service["summary"], service.get("keywords", {}), service.get("life_events", [])]
        face = [service["summary"], service["icon"], *(service.get(k, []) for k in _FACE_LISTS)]
        time = service["processing_time"]
        return _Row(
            service["id"],
            sys.intern(service["agency"]),
            place,
            self.titles.number(_json(by_language(service["title"]))),
            self.said.number(_json(said)),
            self.faces.number(_json(face)),
            self.extras.number(_json(extra)),
            self.times.number(f"{time['amount']} {time['unit']}"),
            service["lowest_cost"],
            service["version"],
            service.get("popularity", 0),
        )

    def region_of(self, row: _Row) -> str | None:
        """The name of the one region in which a service is offered."""
        return None if row.place in (NATION, SEVERAL) else self._names[row.place - NATION - 1]


def build(parts: Iterable[Part]) -> bytes:
    """The packed catalogue of `parts` (`PartContent` in JSON form), each read once.

    Raises KeyError or TypeError where one is no part.
    """
    read = _Reading()
    for part in parts:
        read.take(part)
    number_of_agency = {agency.id: number for number, agency in enumerate(read.agencies)}
    event_titles = {event["id"]: by_language(event["title"]) for event in read.events}

    # One document for all services that say the same of themselves.
    numbers_of_keys: dict[Any, int] = {}
    keyed: list[tuple[int, _Row]] = []
    samples: list[tuple[dict[str, str], int, str]] = []
    for row in read.rows:
        region = read.region_of(row)
        title = {tag: without(text, region) for tag, text in json.loads(read.titles.texts[row.title]).items()}
        named = number_of_agency.get(row.agency)
        kind = read.agencies[named].kind if named is not None else row.agency
        key = tuple(title.items()), row.said, kind
        number = numbers_of_keys.setdefault(key, len(numbers_of_keys))
        if number == len(samples):
            samples.append((title, row.said, kind))
        keyed.append((number, row))
    keyed.sort(key=lambda entry: (entry[0], entry[1].place, entry[1].id))
    postings: defaultdict[str, _Posting] = defaultdict(_Posting)
    by_event: defaultdict[str, list[int]] = defaultdict(list)
    for number, (title, said, kind) in enumerate(samples):
        summary, keywords, events = json.loads(read.said.texts[said])
        told = [event_titles[event] for event in events if event in event_titles]
        for word, weight in document(title, keywords, by_language(summary), kind, told).items():
            postings[word].add(number, weight)
        for event in events:
            by_event[event].append(number)
    columns = _service_columns(read, keyed, len(samples), number_of_agency)
    # What is in the columns makes room for what is still to come.
    keyed.clear()
    read.rows.clear()
    columns |= _agency_columns(read.agencies, columns["agency"])
    columns |= _index_columns(postings, columns)
    names = (phrases(title, json.loads(read.said.texts[said])[1]) for title, said, _ in samples)
    columns |= _phrase_columns(names, columns["words"])
    meta = {
        "life_events": [{key: event[key] for key in ("id", "title", "icon")} for event in read.events],
        "documents_of_event": by_event,
    }
    return pack(columns, meta)


def _service_columns(
    read: _Reading, keyed: Sequence[tuple[int, _Row]], documents: int, agencies: Mapping[str, int]
) -> dict[str, Any]:
    starts = [0] * (documents + 1)
    for number, _ in keyed:
        starts[number + 1] += 1
    for number in range(documents):
        starts[number + 1] += starts[number]
    rows = [row for _, row in keyed]
    ids = [row.id for row in rows]
    places = array("H", (row.place for row in rows))

    def extra(row: _Row) -> int:
        if row.agency in agencies:
            return row.extra
        more = json.loads(read.extras.texts[row.extra]) | {"agency": row.agency}
        return read.extras.number(_json(more))

    extras = array("I", map(extra, rows))
    return {
        "ids": ids,
        "titles": read.titles.texts,
        "faces": read.faces.texts,
        "extras": read.extras.texts,
        "times": read.times.texts,
        "title": array("I", (row.title for row in rows)),
        "face": array("I", (row.face for row in rows)),
        "extra": extras,
        "time": array("I", (row.time for row in rows)),
        "agency": array("I", (agencies.get(row.agency, len(agencies)) for row in rows)),
        "place": places,
        "cost": array("Q", (row.cost for row in rows)),
        "version": array("I", (row.version for row in rows)),
        "popularity": array("B", (row.popularity for row in rows)),
        "document_start": array("I", starts),
        "by_id": array("I", sorted(range(len(ids)), key=ids.__getitem__)),
        "by_place": array("I", sorted(range(len(ids)), key=places.__getitem__)),
    }


_FACE_LISTS = ("life_events", "needs", "produces")


def _agency_columns(agencies: Sequence[_Agency], of_service: array[int]) -> dict[str, Any]:
    starts = [0] * (len(agencies) + 2)
    for agency in of_service:
        starts[agency + 1] += 1
    for number in range(len(agencies) + 1):
        starts[number + 1] += starts[number]
    return {
        "agency_ids": [agency.id for agency in agencies],
        "agency_faces": [agency.face for agency in agencies],
        "agency_start": array("I", starts),
        "by_agency": array("I", sorted(range(len(of_service)), key=of_service.__getitem__)),
    }


class _Posting:
    """The documents that have a word, and how much it weighs in each."""

    __slots__ = ("documents", "weights")

    def __init__(self) -> None:
        self.documents = array("I")
        self.weights = array("B")

    def add(self, number: int, weight: int) -> None:
        """Note that the document has the word."""
        self.documents.append(number)
        self.weights.append(weight)


def _index_columns(postings: Mapping[str, _Posting], services: Mapping[str, Any]) -> dict[str, Any]:
    vocabulary = Vocabulary(sorted(postings))
    starts, documents, weighed = array("I", [0]), array("I"), array("B")
    for word in vocabulary.words:
        documents.extend(postings[word].documents)
        weighed.extend(postings[word].weights)
        starts.append(len(documents))
    start, popularity = services["document_start"], services["popularity"]
    popular = array("B", [max(popularity[start[n] : start[n + 1]], default=0) for n in range(len(start) - 1)])
    listed: defaultdict[str, dict[int, int]] = defaultdict(dict)
    for word, found in postings.items():
        for length in range(1, SHORT + 1):
            best = listed[word[:length]]
            for number, weight in zip(found.documents, found.weights, strict=True):
                if weight > best.get(number, 0):
                    best[number] = weight
    beginnings = sorted(listed)
    list_starts, list_documents, list_weights = array("I", [0]), array("I"), array("B")
    for beginning in beginnings:
        best = sorted(
            listed[beginning].items(), key=lambda pair: (-pair[1] * (50 + popular[pair[0]]), pair[0])
        )[:_LISTED]
        list_documents.extend(number for number, _ in best)
        list_weights.extend(weight for _, weight in best)
        list_starts.append(len(list_documents))
    return {
        "words": vocabulary.words,
        "typos": vocabulary.typos[0],
        "begun_typos": vocabulary.typos[1],
        "posting_start": starts,
        "posting_document": documents,
        "posting_weight": weighed,
        "document_popularity": popular,
        "beginnings": beginnings,
        "beginning_start": list_starts,
        "beginning_document": list_documents,
        "beginning_weight": list_weights,
    }


def _phrase_columns(of_documents: Iterable[set[tuple[str, ...]]], words: Sequence[str]) -> dict[str, Any]:
    numbers = {word: number for number, word in enumerate(words)}
    table = _Table()
    starts, found = array("I", [0]), array("I")
    for phrases_ in of_documents:
        for phrase in sorted(phrases_):
            known = sorted({numbers[word] for word in phrase if word in numbers})
            if known:
                found.append(table.number(" ".join(map(str, known))))
        starts.append(len(found))
    return {"phrases": table.texts, "phrase_start": starts, "phrase_of": found}


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
