"""Other ways to find a service, to measure ours against: each with what it is good at, and no less.

All are given the same services (title, keywords, summary, agency, in both languages) and the region of who
asks: they look among the services of that region, its province and the nation, as ours does. The last word of
a query may have only begun.
"""

from __future__ import annotations

import sqlite3
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from app.catalogue.building import build
from app.catalogue.finding import Context, Finder
from app.catalogue.index import Index
from app.catalogue.ledger import Ledger
from app.catalogue.packed import Packed
from app.catalogue.words import words

MOST = 10
Found = Sequence[tuple[str, Sequence[str]]]
"""Ids of services with their regions, best first."""


class Engine(ABC):
    """One way to find services."""

    name: str
    largest = 1_000_000
    """More services than this are not tried: building alone would take minutes."""

    @abstractmethod
    def build(self, parts: Any) -> None:
        """Index the services of a catalogue's parts."""

    @abstractmethod
    def find(self, text: str, region: str) -> Found:
        """What `text` finds for somebody in `region`."""

    @abstractmethod
    def size(self) -> int:
        """Bytes of the index on disk."""


def services_of(parts: Any) -> list[dict[str, Any]]:
    """The services of all parts."""
    return [service for part in parts.values() for service in part["services"]]


def places_of(region: str) -> tuple[str, str, str]:
    """Where a service may be offered to serve somebody in `region`; empty: everywhere."""
    return region, region[:2], ""


def fields_of(parts: Any) -> list[tuple[str, str, str, str, str, str]]:
    """Id, region, title, keywords, summary and agency of every service, as texts."""
    agencies = {
        agency["id"]: f"{agency['name']['id']} {agency['short_name']['id']}"
        for part in parts.values()
        for agency in part["agencies"]
    }
    return [
        (
            service["id"],
            (service.get("regions") or [""])[0],
            " · ".join(service["title"].values()),
            ", ".join(word for found in service.get("keywords", {}).values() for word in found),
            service["summary"]["id"],
            agencies.get(service["agency"], ""),
        )
        for service in services_of(parts)
    ]


class Loket(Engine):
    """The catalogue of this app."""

    name = "Loket"

    def build(self, parts: Any) -> None:
        """Pack the parts, as the device does."""
        self.packed = build(parts.values())
        self.load()

    def load(self) -> None:
        """Read what was packed, as a start does."""
        columns = Packed(self.packed)
        self._finder = Finder(Ledger(columns), Index(columns))

    def find(self, text: str, region: str) -> Found:
        """As the search screen does."""
        found = self._finder.find(text, "id", Context(region), limit=MOST)
        return [(hit.row.id, hit.row.regions) for hit in found.hits or found.near or found.popular]

    def size(self) -> int:
        """Bytes of what is packed: the index, and all that lists show."""
        return len(self.packed)


class FullText(Engine):
    """SQLite's FTS5 alone."""

    def __init__(self, tokenizer: str) -> None:
        self.name = f"SQLite FTS5 {tokenizer.split()[0]}"
        self._tokenizer = tokenizer
        self._trigram = tokenizer.startswith("trigram")

    def build(self, parts: Any) -> None:
        """One row a service; the region beside it, not searched."""
        self._file = Path(tempfile.mkdtemp()) / "fts.db"
        self._db = sqlite3.connect(self._file)
        self._db.execute(
            "CREATE VIRTUAL TABLE service USING fts5(id UNINDEXED, region UNINDEXED,"
            f" title, keywords, summary, agency, tokenize='{self._tokenizer}')"
        )
        with self._db:
            self._db.executemany("INSERT INTO service VALUES (?, ?, ?, ?, ?, ?)", fields_of(parts))
            self._db.execute("INSERT INTO service(service) VALUES ('optimize')")

    def find(self, text: str, region: str) -> Found:
        """All words, else any; the last one as a beginning."""
        said = [word for word in words(text) if not self._trigram or len(word) >= 3]
        if not said:
            return []
        quoted = [f'"{word}"' for word in said]
        if not self._trigram:
            quoted[-1] += "*"
        for joined in (" AND ", " OR "):
            rows = self._db.execute(
                "SELECT id, region FROM service WHERE service MATCH ? AND region IN (?, ?, ?)"
                " ORDER BY bm25(service, 0, 0, 4, 3.5, 1, 1.5) LIMIT ?",
                (joined.join(quoted), *places_of(region), MOST),
            ).fetchall()
            if rows:
                return [(id_, [where]) for id_, where in rows]
        return []

    def size(self) -> int:
        """Bytes of the file."""
        return self._file.stat().st_size


class Fuzzy(Engine):
    """rapidfuzz over all names: `WRatio` of the query and every title with its keywords."""

    name = "rapidfuzz over all names"

    def build(self, parts: Any) -> None:
        """Keep the names folded."""
        self._fields = fields_of(parts)
        self._names = [" ".join(words(f"{one[2]} {one[3]} {one[5]}")) for one in self._fields]

    def find(self, text: str, region: str) -> Found:
        """The best names of the country, then those of the region among them."""
        from rapidfuzz import fuzz, process

        best = process.extract(" ".join(words(text)), self._names, scorer=fuzz.WRatio, limit=3000)
        wanted = places_of(region)
        found = (self._fields[number] for _, _, number in best)
        return [(one[0], [one[1]]) for one in found if one[1] in wanted][:MOST]

    def size(self) -> int:
        """Bytes of the names."""
        return sum(len(name.encode()) for name in self._names)


class Tantivy(Engine):
    """tantivy (Rust) with fuzzy terms."""

    name = "tantivy, fuzzy terms"

    def build(self, parts: Any) -> None:
        """One document a service."""
        tantivy: Any = import_module("tantivy")
        builder = tantivy.SchemaBuilder()
        for field in ("id", "region"):
            builder.add_text_field(field, stored=True, tokenizer_name="raw")
        for field in _FIELDS:
            builder.add_text_field(field)
        self._schema: Any = builder.build()
        self._folder = Path(tempfile.mkdtemp())
        index = tantivy.Index(self._schema, path=str(self._folder))
        writer = index.writer(50_000_000, num_threads=1)
        for id_, region, *texts in fields_of(parts):
            writer.add_document(
                tantivy.Document(id=id_, region=region or "-", **dict(zip(_FIELDS, texts, strict=True)))
            )
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        self._searcher: Any = index.searcher()

    def find(self, text: str, region: str) -> Found:
        """Every word within one edit, as a beginning where it is the last; most words first."""
        tantivy: Any = import_module("tantivy")
        should, must = tantivy.Occur.Should, tantivy.Occur.Must
        weights = dict(zip(_FIELDS, (4.0, 3.5, 1.0, 1.5), strict=True))
        said = words(text)
        clauses: list[Any] = []
        for place, word in enumerate(said):
            for field, weight in weights.items():
                distance = 0 if len(word) < 4 else 1
                exact = tantivy.Query.term_query(self._schema, field, word)
                clauses.append((should, tantivy.Query.boost_query(exact, 2 * weight)))
                near = tantivy.Query.fuzzy_term_query(
                    self._schema, field, word, distance, True, place == len(said) - 1
                )
                clauses.append((should, tantivy.Query.boost_query(near, weight)))
        where = tantivy.Query.boolean_query(
            [
                (should, tantivy.Query.term_query(self._schema, "region", place or "-"))
                for place in places_of(region)
            ]
        )
        if not clauses:
            return []
        query = tantivy.Query.boolean_query(
            [
                (must, tantivy.Query.boolean_query(clauses)),
                (must, tantivy.Query.const_score_query(where, 0.0)),
            ]
        )
        hits = self._searcher.search(query, MOST).hits
        found = [self._searcher.doc(address) for _, address in hits]
        return [(str(one["id"][0]), [str(one["region"][0])]) for one in found]

    def size(self) -> int:
        """Bytes of the folder."""
        return sum(file.stat().st_size for file in self._folder.rglob("*") if file.is_file())


class Whoosh(Engine):
    """Whoosh-reloaded, in pure Python, with fuzzy terms."""

    name = "Whoosh-reloaded, fuzzy terms"
    largest = 27_000

    def build(self, parts: Any) -> None:
        """One document a service."""
        fields: Any = import_module("whoosh.fields")
        index: Any = import_module("whoosh.index")
        self._folder = Path(tempfile.mkdtemp())
        schema = fields.Schema(
            id=fields.ID(stored=True), region=fields.ID(stored=True), **{f: fields.TEXT() for f in _FIELDS}
        )
        opened = index.create_in(str(self._folder), schema)
        writer = opened.writer(limitmb=128)
        for id_, region, *texts in fields_of(parts):
            writer.add_document(id=id_, region=region or "-", **dict(zip(_FIELDS, texts, strict=True)))
        writer.commit()
        self._searcher: Any = opened.searcher()

    def find(self, text: str, region: str) -> Found:
        """Every word within one edit, the last one as a beginning; any of the fields."""
        query: Any = import_module("whoosh.query")
        said = words(text)
        if not said:
            return []
        one_of: list[Any] = []
        for place, word in enumerate(said):
            ways: list[Any] = []
            for field in _FIELDS:
                ways.append(query.Term(field, word, boost=2.0))
                if len(word) >= 4:
                    ways.append(query.FuzzyTerm(field, word, maxdist=1, prefixlength=1))
                if place == len(said) - 1:
                    ways.append(query.Prefix(field, word))
            one_of.append(query.Or(ways))
        where = query.Or([query.Term("region", place or "-") for place in places_of(region)])
        hits = self._searcher.search(query.Or(one_of), filter=where, limit=MOST)
        return [(hit["id"], [hit["region"]]) for hit in hits]

    def size(self) -> int:
        """Bytes of the folder."""
        return sum(file.stat().st_size for file in self._folder.rglob("*") if file.is_file())


_FIELDS = ("title", "keywords", "summary", "agency")


def all_engines() -> list[Engine]:
    """Every one, ours first."""
    return [Loket(), FullText("unicode61"), FullText("trigram"), Fuzzy(), Tantivy(), Whoosh()]
