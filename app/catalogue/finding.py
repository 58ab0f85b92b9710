"""Finding: from what a citizen types to what they see, best first, with the reasons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from heapq import nlargest
from itertools import islice
from math import prod

from app.catalogue.index import Asked, Index
from app.catalogue.ledger import Ledger
from app.catalogue.places import Named, named
from app.catalogue.roots import root
from app.catalogue.rows import CatalogueRow, LifeEventRow
from app.catalogue.thesaurus import same
from app.catalogue.words import placed_words, words

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

_SIMILAR = 0.6
"""Share of the best score from which on a service elsewhere is called similar."""


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
    """One result. `spans`: what of the title in the asked language to highlight, as (start, end)."""

    row: CatalogueRow
    spans: tuple[tuple[int, int], ...]
    elsewhere: bool
    """Whether it is offered, but not where the citizen is."""
    complete: bool
    """Whether it has every word that was asked for."""
    why: Why


@dataclass(frozen=True, slots=True)
class Found:
    """What a query found. No `hits`: `near` has what comes closest."""

    hits: tuple[Hit, ...] = ()
    near: tuple[Hit, ...] = ()
    life_events: tuple[LifeEventRow, ...] = ()
    elsewhere: int = 0
    """How many similar services there are in other regions."""
    places: tuple[str, ...] = ()
    """Codes of the regions that the query named."""


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

    def find(
        self, text: str, language: str, context: Context, *, limit: int = 20, everywhere: bool = False
    ) -> Found:
        """What `text` finds. `everywhere`: in all regions, those of the citizen first."""
        said = words(text)
        if not said or not len(self._ledger):
            return Found()
        place = named(said, self._index.is_service_word)
        rest = [*said[: place.first], *said[place.last :]] if place else said
        if not rest:
            # Only a region was named: what is asked there most.
            return self._popular(place, context, limit, language)
        asked = self._index.asked(rest)
        totals, counts = self._index.matched(asked)
        wanted = sum(1 for one in asked if one.counts) or 1
        way = self._way(place, context, everywhere)
        best, similar = self._best(asked, totals, counts, wanted, way, context)
        hits = [self._hit(one, asked, language) for one in best[:limit]]
        # What has most of the words may be meant as well as what has all of them, if it has them well.
        least = best[0].score * _COMPARABLE if best else 0.0
        complete = (
            tuple(hit for hit in hits if hit.complete or hit.why.score >= least)
            if any(hit.complete for hit in hits)
            else ()
        )
        shown = complete or tuple(hits)
        if everywhere and complete:
            shown = self._spread(best, asked, language, limit)
        here = sum(1 for hit in shown if not hit.elsewhere)
        near = () if complete else (shown or self._popular(None, context, 5, language).hits)
        return Found(
            hits=shown if complete else (),
            near=near,
            life_events=self._events(shown if complete else near, said),
            elsewhere=max(0, similar - here),
            places=place.codes if place else (),
        )

    def _way(self, place: Named | None, context: Context, everywhere: bool) -> _Way:
        ledger = self._ledger
        if place is not None:
            asked = tuple(dict.fromkeys(p for code in place.codes for p in ledger.within(code)))
            above = tuple(p for code in place.codes for p in ledger.places(code)[:-1] if p not in asked)
            nation = ledger.places(None)
            return _Way(
                (*asked, *above, *nation),
                (*(1.0 for _ in asked), *(0.97 for _ in above), _NATION_FOR_A_PLACE),
                wanders=everywhere,
            )
        places = ledger.places(context.region)
        weights = (_PLACES[0], *_PLACES[3 - len(places) :][1:]) if len(places) > 1 else (1.0,)
        return _Way(places, weights[: len(places)], wanders=everywhere or context.region is None)

    def _best(
        self,
        asked: Sequence[Asked],
        totals: Mapping[int, float],
        counts: Mapping[int, int],
        wanted: int,
        way: _Way,
        context: Context,
    ) -> tuple[list[_Candidate], int]:
        """The best services for the way, best first, and how many similar ones there are anywhere."""
        ledger, popularity = self._ledger, self._index.popularity
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
            return [], 0
        top = max(ranked)[0] * _SIMILAR
        similar = sum(
            ledger.size_of(d)
            for some in (ranked, away)
            for score, d in some
            if score >= top and counts[d] >= wanted
        )
        means = {word: place for place, one in enumerate(asked) for word in one.reached}
        found: list[_Candidate] = []
        for _, document in nlargest(_POOL, ranked):
            offered = available.get(document)
            number, place = (
                (offered[0], way.weights[offered[1]]) if offered else (ledger.first_of(document), _ELSEWHERE)
            )
            factors = {
                "all words": (counts[document] / wanted) ** 2,
                "name": _FIT_LEAST + _FIT_MORE * self._index.fit(document, means, len(asked)),
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

    def _not_here(self, away: Sequence[tuple[float, int]]) -> list[tuple[float, int]]:
        """The best of what is offered elsewhere alone: each errand once, whatever offices call it."""
        found: dict[tuple[str, ...], tuple[float, int]] = {}
        for score, document in nlargest(_POOL, away):
            row = self._ledger.row(self._ledger.first_of(document))
            found.setdefault((*row.produces, row.icon), (score, document))
        return list(found.values())[:_NOT_HERE_MOST]

    def _hit(self, one: _Candidate, asked: Sequence[Asked], language: str) -> Hit:
        row = self._ledger.row(one.number)
        return Hit(
            row,
            self._spans(row.title.in_(language), one.document, asked),
            one.elsewhere,
            one.complete,
            Why(self._reasons(one.document, asked), one.factors, one.score),
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

    def _spans(self, title: str, document: int, asked: Sequence[Asked]) -> tuple[tuple[int, int], ...]:
        met: dict[str, Asked] = {}
        for one in asked:
            number = one.words.get(document)
            if number is not None:
                word = self._index.vocabulary.words[number]
                met[word] = one
                # `Akta` is what was asked for by `akte`.
                met |= {name[0]: one for names in same().get(word, ()) for name in names if len(name) == 1}
        found: list[tuple[int, int]] = []
        for word, start, end in placed_words(title):
            one = met.get(word)
            if one is not None and word.startswith(one.word):
                found.append((start, start + len(one.word)))
            elif one is not None:
                found.append((start, end))
            elif (stem := root(word)) and stem in met and (at := word.find(stem)) >= 0:
                found.append((start + at, start + at + len(stem)))
            else:
                begun = next((a.word for a in asked if len(a.word) > 1 and word.startswith(a.word)), None)
                if begun is not None:
                    found.append((start, start + len(begun)))
        return tuple(found)

    def _spread(
        self, best: Sequence[_Candidate], asked: Sequence[Asked], language: str, limit: int
    ) -> tuple[Hit, ...]:
        """The same errand in every region: each document's services, those of the citizen's region first."""
        hits: list[Hit] = []
        for one in best:
            if not one.complete or one.score < best[0].score * _SIMILAR:
                continue
            first = self._ledger.first_of(one.document)
            others = (n for n in range(first, first + self._ledger.size_of(one.document)) if n != one.number)
            hits.append(self._hit(one, asked, language))
            hits += [
                self._hit(replace(one, number=number, elsewhere=True), asked, language)
                for number in islice(others, max(0, limit - len(hits)))
            ]
            if len(hits) >= limit:
                break
        return tuple(sorted(hits[:limit], key=lambda hit: hit.elsewhere))

    def _popular(self, place: Named | None, context: Context, limit: int, language: str) -> Found:
        """What is asked for most in a place."""
        way = self._way(place, context, everywhere=False)
        found: list[_Candidate] = []
        for document, (number, position) in self._ledger.available(way.places).items():
            popularity = 1 + _POPULAR * self._ledger.popularity[number] / 100
            factors = {"popularity": popularity, "place": way.weights[position]}
            found.append(_Candidate(prod(factors.values()), number, document, False, True, factors))
        best = nlargest(limit, found, key=lambda one: one.score)
        return Found(tuple(self._hit(one, (), language) for one in best), places=place.codes if place else ())

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
