"""Finding: from what a citizen types to what they see, best first, with the reasons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest
from math import prod

from app.catalogue.guessing import Guesser
from app.catalogue.highlighting import Spans, spans
from app.catalogue.index import Asked, Index
from app.catalogue.ledger import Ledger
from app.catalogue.places import Named, named
from app.catalogue.roots import root
from app.catalogue.rows import CatalogueRow, LifeEventRow
from app.catalogue.words import EMPTY_WORDS, Word, placed_words, words

_POOL = 40
"""Documents that are looked at closely."""

_FIT_LEAST, _FIT_MORE = 0.7, 0.5
_POPULAR = 0.25
_USED, _EVENT = 1.15, 1.2
_PLACES = (1.0, 0.97, 0.95)
_NATION_FOR_A_PLACE = 0.9
_ELSEWHERE = 0.8
_COMPARABLE = 0.6
"""Share of the best score from which on a result without all words is shown beside those with all."""

_NOT_HERE, _NOT_HERE_MOST = 1.3, 3
"""How much better something elsewhere must be than all that is here to be shown, and how many of them."""

_NEAR_SHOWN, _POPULAR_SHOWN = 5, 5

_SIMILAR = 0.6
"""Share of the best score from which on a service elsewhere may be called similar."""

_LIKE = 0.75
"""Share of the best score, with how well the name fits, from which on it is."""


@dataclass(frozen=True, slots=True)
class Context:
    """What is known of who asks: region code, services they have used, the life event they came from."""

    region: str | None = None
    used: frozenset[str] = frozenset()
    life_event: str | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """What one word of the query gave: the word it met, how, and the score."""

    asked: str
    met: str
    how: str
    score: float


@dataclass(frozen=True, slots=True)
class Why:
    """Why a result stands where it does: `score` is the product of the sum of `reasons` and the factors."""

    reasons: tuple[Reason, ...]
    factors: Mapping[str, float]
    score: float


@dataclass(frozen=True, slots=True)
class Hit:
    """One result. `spans` and `agency_spans`: what of the title, and of the agency's short name, the query
    has met, in the asked language."""

    row: CatalogueRow
    spans: Spans
    agency_spans: Spans
    elsewhere: bool
    """Whether it is offered, but not where the citizen is."""
    complete: bool
    """Whether it has every word that was asked for."""
    why: Why


@dataclass(frozen=True, slots=True)
class Found:
    """What a query found, best first. Without `hits` there is what leads on."""

    hits: tuple[Hit, ...] = ()
    more: int = 0
    """How many results there are beyond the limit."""
    near: tuple[Hit, ...] = ()
    """Where nothing has all that was asked for: what has the most of it."""
    guess: str | None = None
    """The query as it may have been meant; it finds something."""
    popular: tuple[Hit, ...] = ()
    """What is asked for most, where nothing is even near."""
    life_events: tuple[LifeEventRow, ...] = ()
    elsewhere: int = 0
    """How many similar services there are in other regions: `Finder.elsewhere` has them."""
    places: tuple[str, ...] = ()
    """Codes of the regions that the query named."""
    errand: str | None = None
    """The query without the region that it names; None where it names none."""


class Elsewhere:
    """The services like those that a query found, where the citizen is not: as many as there are, made when
    they are shown. Those of the citizen's province come first."""

    def __init__(self, finder: Finder, numbers: Sequence[int], query: _Query, similar: _Similar) -> None:
        self._finder = finder
        self._numbers = numbers
        self._query = query
        self._similar = similar

    def __len__(self) -> int:
        return len(self._numbers)

    def hits(self, first: int, last: int) -> Sequence[Hit]:
        """Some of them, from position `first` up to `last`."""
        return [self._finder.away(number, self._query, self._similar) for number in self._numbers[first:last]]


@dataclass(frozen=True, slots=True)
class _Query:
    """A query as it is understood: its words in place, the region that it names, and what the others find."""

    text: str
    language: str
    said: tuple[Word, ...]
    place: Named | None
    asked: tuple[Asked, ...]

    @property
    def wanted(self) -> int:
        """How many words a service must have."""
        return sum(1 for one in self.asked if one.counts) or 1

    @property
    def place_words(self) -> list[str]:
        """The words that name the region."""
        return [word.word for word in self.said[self.place.first : self.place.last]] if self.place else []

    @property
    def errand(self) -> str | None:
        """The text without the region."""
        if self.place is None:
            return None
        start, end = self.said[self.place.first].start, self.said[self.place.last - 1].end
        return " ".join(f"{self.text[:start]} {self.text[end:]}".split()).strip(" ,.:;-–")


_Similar = Mapping[int, float]
"""Documents like the best one, with their scores."""


@dataclass(frozen=True, slots=True)
class _Way:
    """Where to look: places in the order of preference, with what each counts."""

    places: tuple[int, ...]
    weights: tuple[float, ...]
    wanders: bool
    """Whether services elsewhere are shown too, for want of a region."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    score: float
    number: int
    document: int
    elsewhere: bool
    complete: bool
    factors: Mapping[str, float]


class Finder:
    """Searches one catalogue."""

    def __init__(self, ledger: Ledger, index: Index) -> None:
        self._ledger = ledger
        self._index = index
        self._guesser = Guesser(index.vocabulary.words)

    def find(self, text: str, language: str, context: Context, *, limit: int = 20) -> Found:
        """What `text` finds, in the citizen's region and the nation."""
        query = self._understood(text, language)
        if query is None:
            return Found()
        if not query.asked:
            # Only a region was named: what is asked there most.
            popular = self._popular(query.place, context, limit, language)
            return Found(popular, places=query.place.codes if query.place else (), errand=query.errand)
        way = self._way(query.place, context)
        best, similar = self._best(query, way, context)
        # What has most of the words may be meant as well as what has all of them, if it has them well.
        least = best[0].score * _COMPARABLE if best else 0.0
        complete = any(one.complete for one in best[:limit])
        shown = [one for one in best if one.complete or one.score >= least] if complete else best
        hits = tuple(self._hit(one, query) for one in shown[:limit])
        guess = None if complete else self._guess(query, context)
        popular = () if hits or guess else self._popular(None, context, _POPULAR_SHOWN, language)
        return Found(
            hits=hits if complete else (),
            more=max(0, len(shown) - limit) if complete else 0,
            near=() if complete else hits[:_NEAR_SHOWN],
            guess=guess,
            popular=popular,
            life_events=self._events(hits, [word.word for word in query.said]),
            elsewhere=self._count_away(similar, way),
            places=query.place.codes if query.place else (),
            errand=query.errand,
        )

    def elsewhere(self, text: str, language: str, context: Context) -> Elsewhere:
        """The services like those that `text` finds, in all other regions."""
        query = self._understood(text, language)
        if query is None or not query.asked:
            return Elsewhere(self, (), query or _Query(text, language, (), None, ()), {})
        way = self._way(query.place, context)
        _, similar = self._best(query, way, context)
        ledger, numbers = self._ledger, list[int]()
        for document in similar:
            here = set(ledger.all_offered(document, way.places))
            first = ledger.first_of(document)
            numbers += (n for n in range(first, first + ledger.size_of(document)) if n not in here)
        nearest = ledger.within(context.region[:2]) if context.region else ()
        return Elsewhere(self, ledger.by_region(numbers, frozenset(nearest)), query, similar)

    def away(self, number: int, query: _Query, similar: _Similar) -> Hit:
        """A service elsewhere as a result."""
        document = self._ledger.document_of(number)
        factors = {"place": _ELSEWHERE}
        return self._hit(
            _Candidate(similar[document] * _ELSEWHERE, number, document, True, True, factors), query
        )

    def _understood(self, text: str, language: str) -> _Query | None:
        said = placed_words(text)
        if not said or not len(self._ledger):
            return None
        spoken = [word.word for word in said]
        place = named(spoken, self._index.is_service_word)
        rest = [*spoken[: place.first], *spoken[place.last :]] if place else spoken
        return _Query(text, language, tuple(said), place, tuple(self._index.asked(rest)) if rest else ())

    def _guess(self, query: _Query, context: Context) -> str | None:
        """The query with each word that no service knows replaced by one that looks like it, if that finds
        anything."""
        meant, end, changed = "", 0, False
        inside = range(query.place.first, query.place.last) if query.place else range(0)
        for place, word in enumerate(query.said):
            known = place in inside or word.word in EMPTY_WORDS or self._index.knows(word.word)
            like = None if known else self._guesser.guess(word.word)
            if like is not None and word.start >= end:
                meant += query.text[end : word.start] + like
                end, changed = word.end, True
        if not changed:
            return None
        meant += query.text[end:]
        again = self._understood(meant, query.language)
        if again is None:
            return None
        best, _ = self._best(again, self._way(again.place, context), context)
        return meant if any(one.complete for one in best) else None

    def _way(self, place: Named | None, context: Context) -> _Way:
        ledger = self._ledger
        if place is not None:
            asked = tuple(dict.fromkeys(p for code in place.codes for p in ledger.within(code)))
            above = tuple(p for code in place.codes for p in ledger.places(code)[:-1] if p not in asked)
            nation = ledger.places(None)
            return _Way(
                (*asked, *above, *nation),
                (*(1.0 for _ in asked), *(0.97 for _ in above), _NATION_FOR_A_PLACE),
                wanders=False,
            )
        places = ledger.places(context.region)
        weights = (_PLACES[0], *_PLACES[3 - len(places) :][1:]) if len(places) > 1 else (1.0,)
        return _Way(places, weights[: len(places)], wanders=context.region is None)

    def _best(self, query: _Query, way: _Way, context: Context) -> tuple[list[_Candidate], _Similar]:
        """The best services for the way, best first, and the documents that are like them anywhere."""
        ledger, popularity = self._ledger, self._index.popularity
        asked, wanted = query.asked, query.wanted
        totals, counts = self._index.matched(asked)
        available = ledger.available(way.places)
        ranked: list[tuple[float, int]] = []
        away: list[tuple[float, int]] = []
        for document, total in totals.items():
            count = counts[document]
            if count * 2 < wanted:
                continue
            if count < wanted:
                total *= (count / wanted) ** 2
            total *= 1 + _POPULAR * popularity[document] / 100
            (ranked if document in available else away).append((total, document))
        best_here = max(ranked, default=(0.0, 0))[0]
        if way.wanders:
            ranked += nlargest(_POOL, away)
        else:
            ranked += self._not_here([one for one in away if one[0] > best_here * _NOT_HERE])
        if not ranked:
            return [], {}
        means = {word: place for place, one in enumerate(asked) for word in one.reached}
        similar = self._like_the_best([*ranked, *away], counts, query, means)
        found: list[_Candidate] = []
        for _, document in nlargest(_POOL, ranked):
            offered = available.get(document)
            number, place = (
                (offered[0], way.weights[offered[1]]) if offered else (ledger.first_of(document), _ELSEWHERE)
            )
            factors = {
                "all words": (counts[document] / wanted) ** 2,
                "name": self._name(document, means, query),
                "popularity": 1 + _POPULAR * ledger.popularity[number] / 100,
                "place": place,
            }
            if ledger.ids[number] in context.used:
                factors["used"] = _USED
            if context.life_event and context.life_event in ledger.row(number).life_events:
                factors["life event"] = _EVENT
            score = totals[document] * prod(factors.values())
            complete = counts[document] >= wanted
            found.append(_Candidate(score, number, document, offered is None, complete, factors))
        found.sort(key=lambda one: (-one.score, ledger.ids[one.number]))
        return found, similar

    def _like_the_best(
        self,
        scored: Sequence[tuple[float, int]],
        counts: Mapping[int, int],
        query: _Query,
        means: Mapping[int, int],
    ) -> _Similar:
        """The documents that are as good as the best one, or nearly, wherever they are offered."""
        least, wanted = max(scored)[0] * _SIMILAR, query.wanted
        fitting = {
            document: score * self._name(document, means, query)
            for score, document in nlargest(_POOL, scored)
            if score >= least and counts[document] >= wanted
        }
        least = max(fitting.values(), default=0.0) * _LIKE
        return {document: score for document, score in fitting.items() if score >= least}

    def _name(self, document: int, means: Mapping[int, int], query: _Query) -> float:
        return _FIT_LEAST + _FIT_MORE * self._index.fit(document, means, len(query.asked))

    def _not_here(self, away: Sequence[tuple[float, int]]) -> list[tuple[float, int]]:
        """The best of what is offered elsewhere alone: each errand once, whatever offices call it."""
        found: dict[tuple[str, ...], tuple[float, int]] = {}
        for score, document in nlargest(_POOL, away):
            row = self._ledger.row(self._ledger.first_of(document))
            found.setdefault((*row.produces, row.icon), (score, document))
        return list(found.values())[:_NOT_HERE_MOST]

    def _count_away(self, similar: _Similar, way: _Way) -> int:
        available = self._ledger.available(way.places)
        return sum(
            self._ledger.size_of(document) - available.get(document, (0, 0, 0))[2] for document in similar
        )

    def _hit(self, one: _Candidate, query: _Query) -> Hit:
        row = self._ledger.row(one.number)

        def met(text: str) -> Spans:
            return spans(text, one.document, query.asked, query.place_words, self._index.vocabulary)

        return Hit(
            row,
            met(row.title.in_(query.language)),
            met(self._ledger.agency_name(one.number).in_(query.language)),
            one.elsewhere,
            one.complete,
            Why(self._reasons(one.document, query.asked), one.factors, one.score),
        )

    def _reasons(self, document: int, asked: Sequence[Asked]) -> tuple[Reason, ...]:
        reasons: list[Reason] = []
        for one in asked:
            if document not in one.scores:
                continue
            met = one.words.get(document)
            word = f"{one.word}…" if met is None else self._index.vocabulary.words[met]
            how = "short" if met is None else one.reached[met]
            reasons.append(Reason(one.word, word, how, one.scores[document]))
        return tuple(reasons)

    def _popular(self, place: Named | None, context: Context, limit: int, language: str) -> tuple[Hit, ...]:
        """What is asked for most in a place."""
        way = self._way(place, context)
        found: list[_Candidate] = []
        for document, (number, position, _) in self._ledger.available(way.places).items():
            popularity = 1 + _POPULAR * self._ledger.popularity[number] / 100
            factors = {"popularity": popularity, "place": way.weights[position]}
            found.append(_Candidate(prod(factors.values()), number, document, False, True, factors))
        nothing = _Query("", language, (), None, ())
        return tuple(self._hit(one, nothing) for one in nlargest(limit, found, key=lambda one: one.score))

    def _events(self, hits: Sequence[Hit], said: Sequence[str]) -> tuple[LifeEventRow, ...]:
        counted = Counter(event for hit in hits[:5] for event in hit.row.life_events)
        stems = {*said, *(stem for word in said if (stem := root(word)))}
        for event in self._ledger.life_events:
            title = [w for text in event.title.root.values() for w in words(text)]
            if stems & {*title, *(stem for word in title if (stem := root(word)))}:
                counted[event.id] += 3
        known = {event.id: event for event in self._ledger.life_events}
        return tuple(known[event] for event, count in counted.most_common(2) if event in known and count > 1)


def explain(hit: Hit) -> list[str]:
    """Why a result stands where it does, line by line, for developers."""
    lines = [f"{hit.row.id}: {hit.why.score:.3f}"]
    lines += [f"  {r.asked} → {r.met} ({r.how}): {r.score:.3f}" for r in hit.why.reasons]
    lines += [f"  × {factor:.2f} {name}" for name, factor in hit.why.factors.items()]
    return lines
