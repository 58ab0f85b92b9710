"""Builds what the device reads of the catalogue, from its parts: columns of services, and the index."""

from __future__ import annotations

import json
from array import array
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

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


def build(parts: Iterable[Part]) -> bytes:
    """The packed catalogue of `parts` (`PartContent` in JSON form). Raises KeyError or TypeError where one is
    no part."""
    agencies: list[Mapping[str, Any]] = []
    events: list[Mapping[str, Any]] = []
    services: list[Mapping[str, Any]] = []
    for part in parts:
        agencies += part.get("agencies", ())
        events += part.get("life_events", ())
        services += part.get("services", ())
    names = regions()
    places = {code: number for number, code in enumerate(names, NATION + 1)}
    number_of_agency = {agency["id"]: number for number, agency in enumerate(agencies)}
    offices = [
        office(
            by_language(agency["name"])[SOURCE_LANGUAGE],
            by_language(agency["short_name"])[SOURCE_LANGUAGE],
            names.get(agency.get("region", "")),
        )
        for agency in agencies
    ]
    event_titles = {event["id"]: by_language(event["title"]) for event in events}

    # One document for all services that say the same of themselves.
    numbers_of_keys: dict[Any, int] = {}
    keyed: list[tuple[int, int, str, Mapping[str, Any]]] = []
    samples: list[tuple[dict[str, str], Mapping[str, Any], str]] = []
    for service in services:
        where = service.get("regions", ())
        place = NATION if not where else places.get(where[0], SEVERAL) if len(where) == 1 else SEVERAL
        region = names.get(where[0]) if len(where) == 1 else None
        title = {tag: without(text, region) for tag, text in by_language(service["title"]).items()}
        named = number_of_agency.get(service["agency"])
        kind = offices[named] if named is not None else service["agency"]
        key = (
            tuple(title.items()),
            str(service.get("keywords")),
            str(service["summary"]),
            tuple(service.get("life_events", ())),
            kind,
        )
        number = numbers_of_keys.setdefault(key, len(numbers_of_keys))
        if number == len(samples):
            samples.append((title, service, kind))
        keyed.append((number, place, service["id"], service))
    weights = [
        document(
            title,
            service.get("keywords", {}),
            by_language(service["summary"]),
            kind,
            [event_titles[e] for e in service.get("life_events", ()) if e in event_titles],
        )
        for title, service, kind in samples
    ]
    keyed.sort(key=lambda entry: entry[:3])
    columns = _service_columns(keyed, len(samples), number_of_agency)
    columns |= _agency_columns(agencies, columns["agency"])
    columns |= _index_columns(weights, columns)
    columns |= _phrase_columns(
        [phrases(title, service.get("keywords", {})) for title, service, _ in samples], columns["words"]
    )
    by_event: defaultdict[str, list[int]] = defaultdict(list)
    for number, (_, service, _) in enumerate(samples):
        for event in service.get("life_events", ()):
            by_event[event].append(number)
    meta = {
        "life_events": [{key: event[key] for key in ("id", "title", "icon")} for event in events],
        "documents_of_event": by_event,
    }
    return pack(columns, meta)


def _service_columns(
    keyed: Sequence[tuple[int, int, str, Mapping[str, Any]]], documents: int, agencies: Mapping[str, int]
) -> dict[str, Any]:
    titles, faces, extras, times = _Table(), _Table(), _Table(), _Table()
    extras.number("{}")
    found: dict[str, list[int]] = {name: [] for name in ("title", "face", "extra", "time", "agency")}
    plain: dict[str, list[int]] = {name: [] for name in ("place", "cost", "version", "popularity")}
    starts = [0] * (documents + 1)
    for number, place, _, service in keyed:
        starts[number + 1] += 1
        found["title"].append(titles.number(_json(service["title"])))
        found["face"].append(
            faces.number(
                _json([service["summary"], service["icon"], *(service.get(k, []) for k in _FACE_LISTS)])
            )
        )
        extra = {k: service[k] for k in ("requires", "medal") if service.get(k)}
        if place == SEVERAL:
            extra["regions"] = service["regions"]
        if service["agency"] not in agencies:
            extra["agency"] = service["agency"]
        found["extra"].append(extras.number(_json(extra)))
        time = service["processing_time"]
        found["time"].append(times.number(f"{time['amount']} {time['unit']}"))
        found["agency"].append(agencies.get(service["agency"], len(agencies)))
        plain["place"].append(place)
        plain["cost"].append(service["lowest_cost"])
        plain["version"].append(service["version"])
        plain["popularity"].append(service.get("popularity", 0))
    for number in range(documents):
        starts[number + 1] += starts[number]
    ids = [id_ for _, _, id_, _ in keyed]
    return {
        "ids": ids,
        "titles": titles.texts,
        "faces": faces.texts,
        "extras": extras.texts,
        "times": times.texts,
        **{name: array("I", numbers) for name, numbers in found.items()},
        "place": array("H", plain["place"]),
        "cost": array("Q", plain["cost"]),
        "version": array("I", plain["version"]),
        "popularity": array("B", plain["popularity"]),
        "document_start": array("I", starts),
        "by_id": array("I", sorted(range(len(ids)), key=ids.__getitem__)),
        "by_place": array("I", sorted(range(len(ids)), key=plain["place"].__getitem__)),
    }


_FACE_LISTS = ("life_events", "needs", "produces")


def _agency_columns(agencies: Sequence[Mapping[str, Any]], of_service: array[int]) -> dict[str, Any]:
    starts = [0] * (len(agencies) + 2)
    for agency in of_service:
        starts[agency + 1] += 1
    for number in range(len(agencies) + 1):
        starts[number + 1] += starts[number]
    return {
        "agency_ids": [agency["id"] for agency in agencies],
        "agency_faces": [
            _json([agency["name"], agency["short_name"], agency["icon"], agency.get("region")])
            for agency in agencies
        ],
        "agency_start": array("I", starts),
        "by_agency": array("I", sorted(range(len(of_service)), key=of_service.__getitem__)),
    }


def _index_columns(weights: Sequence[Mapping[str, int]], services: Mapping[str, Any]) -> dict[str, Any]:
    postings: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for number, document_ in enumerate(weights):
        for word, weight in document_.items():
            postings[word].append((number, weight))
    vocabulary = Vocabulary(sorted(postings))
    starts, documents, weighed = array("I", [0]), array("I"), array("B")
    for word in vocabulary.words:
        documents.extend(number for number, _ in postings[word])
        weighed.extend(weight for _, weight in postings[word])
        starts.append(len(documents))
    start, popularity = services["document_start"], services["popularity"]
    popular = array("B", [max(popularity[start[n] : start[n + 1]], default=0) for n in range(len(weights))])
    listed: defaultdict[str, dict[int, int]] = defaultdict(dict)
    for word, found in postings.items():
        for length in range(1, SHORT + 1):
            best = listed[word[:length]]
            for number, weight in found:
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


def _phrase_columns(of_documents: Sequence[set[tuple[str, ...]]], words: Sequence[str]) -> dict[str, Any]:
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
