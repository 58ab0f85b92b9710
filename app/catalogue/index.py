"""The search index: which documents (see `documents.py`) a query speaks of, and how well.

Each word of the query is looked up as it is, as a beginning, by its root, as an everyday word for others, and
with typos. The best of these counts for a document; what counts is how close the word is, how much it weighs
there, and how rare it is.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import log
from typing import Literal

from app.catalogue.building import SHORT
from app.catalogue.packed import Packed
from app.catalogue.roots import root
from app.catalogue.thesaurus import everyday
from app.catalogue.vocabulary import ONE_TYPO, Vocabulary
from app.catalogue.words import EMPTY_WORDS

How = Literal["exact", "beginning", "root", "everyday", "typo", "begun typo", "short"]

_BEGUN, _BEGUN_MORE = 0.55, 0.4
_ROOT, _EVERYDAY = 0.86, 0.5
_TYPO = {1: 0.74, 2: 0.5}
_BEGUN_TYPO = 0.5
_SHORT_BEGINNING = 0.5
_COMMON = 0.25
"""What the commonest word counts, against 1 for the rarest."""

_LONG = 6
"""Letters of a part of a run-together word that may have a typo in it besides."""

MOST_WORDS = 8
"""Words of a query that are looked at."""


@dataclass(slots=True)
class Asked:
    """One word of the query, and what it found: by document, the score and the word that gave it."""

    word: str
    scores: dict[int, float] = field(default_factory=dict[int, float])
    words: dict[int, int] = field(default_factory=dict[int, int])
    reached: dict[int, How] = field(default_factory=dict[int, How])
    """Every word that it may mean, and how."""
    counts: bool = True
    """Whether a document without it misses something: not while it has only begun."""


class Index:
    """The index part of a packed catalogue."""

    def __init__(self, packed: Packed) -> None:
        self.vocabulary = Vocabulary(
            packed.texts("words"), (packed.numbers("typos"), packed.numbers("begun_typos"))
        )
        self._start = packed.numbers("posting_start")
        self._documents = packed.numbers("posting_document")
        self._weights = packed.numbers("posting_weight")
        self.popularity = packed.numbers("document_popularity")
        self._phrases = [tuple(map(int, phrase.split())) for phrase in packed.texts("phrases")]
        self._phrase_start, self._phrase_of = packed.numbers("phrase_start"), packed.numbers("phrase_of")
        self._beginnings = packed.texts("beginnings")
        self._beginning_start = packed.numbers("beginning_start")
        self._beginning_document = packed.numbers("beginning_document")
        self._beginning_weight = packed.numbers("beginning_weight")
        most = log(1 + len(self.popularity)) or 1.0
        self._rarity = [
            _COMMON
            + (1 - _COMMON)
            * log(1 + len(self.popularity) / max(1, self._start[n + 1] - self._start[n]))
            / most
            for n in range(len(self.vocabulary.words))
        ]

    def is_service_word(self, word: str, beginning: bool) -> bool:
        """Whether services are called so, or (`beginning`) something that begins so."""
        vocabulary = self.vocabulary
        if beginning:
            return len(vocabulary.begun(word)) > 0
        return vocabulary.number(word) is not None or word in everyday()

    def knows(self, word: str) -> bool:
        """Whether `word` leads to any service, by whatever way."""
        return bool(self._one(word, last=False).scores)

    def asked(self, said: Sequence[str]) -> list[Asked]:
        """What each word of `said` finds; empty words left out, run-together words taken apart."""
        meant = [word for word in said if word not in EMPTY_WORDS] or list(said)
        found: list[Asked] = []
        apart = list(self._apart(meant[:MOST_WORDS]))[:MOST_WORDS]
        for place, word in enumerate(apart):
            last = place == len(apart) - 1
            if last and len(word) <= SHORT and self.vocabulary.number(word) is None:
                found.append(self._short(word, alone=len(apart) == 1))
            else:
                found.append(self._one(word, last=last))
        # Words that no service knows, and empty words with a typo in them, cannot be missed in one.
        known = [one for one in found if one.scores]
        return known or found

    # Words

    def _apart(self, meant: Sequence[str]) -> Iterator[str]:
        place = 0
        while place < len(meant):
            word = meant[place]
            following = meant[place + 1] if place + 1 < len(meant) else ""
            if (
                following
                and self._known(word + following)
                and not (self._known(word) and self._known(following))
            ):
                yield word + following
                place += 2
                continue
            yield from self._taken_apart(word, last=place == len(meant) - 1)
            place += 1

    def _known(self, word: str) -> bool:
        return self.vocabulary.number(word) is not None

    def _taken_apart(self, word: str, *, last: bool) -> tuple[str, ...]:
        if len(word) < 6 or self._known(word) or root(word):
            return (word,)
        if 1 in self.vocabulary.near(word).values():
            return (word,)
        if last and self.vocabulary.begun(word):
            return (word,)
        for cut in range(len(word) - 2, 1, -1):
            left, right = word[:cut], word[cut:]
            if len(left) >= 3 and self._known(left):
                if self._known(right) or right in EMPTY_WORDS:
                    return (left, right)
                if len(right) >= 3 and (self.vocabulary.begun(right) if last else False):
                    return (left, right)
                if len(right) > 5 and len(rest := self._taken_apart(right, last=last)) > 1:
                    return (left, *rest)
        for cut in range(len(word) - 3, 2, -1):
            left, right = word[:cut], word[cut:]
            if self._known(left) and len(right) >= _LONG and self.vocabulary.near(right):
                return (left, right)
            if self._known(right) and len(left) >= _LONG and self.vocabulary.near(left):
                return (left, right)
        return (word,)

    def _one(self, word: str, *, last: bool) -> Asked:
        asked = Asked(word)
        vocabulary = self.vocabulary
        exact = vocabulary.number(word)
        if exact is not None:
            self._add(asked, exact, 1.0, "exact")
        if (stem := root(word)) and (number := vocabulary.number(stem)) is not None:
            self._add(asked, number, _ROOT, "root")
        for other in everyday().get(word, ()):
            if (number := vocabulary.number(other)) is not None:
                self._add(asked, number, _EVERYDAY, "everyday")
        begun = vocabulary.begun(word) if len(word) >= 3 or last else range(0)
        share = 1.0 if last else 0.8
        for number in begun:
            if number != exact:
                close = _BEGUN + _BEGUN_MORE * len(word) / len(vocabulary.words[number])
                self._add(asked, number, close * share, "beginning")
        if exact is not None or (len(begun) and len(word) < ONE_TYPO + 1):
            return asked
        if word.isdecimal():
            return asked
        # Of a word that is the beginning of others, a typo is less likely.
        doubt = 0.8 if len(begun) or stem else 1.0
        for number, distance in vocabulary.near(word).items():
            self._add(asked, number, _TYPO[distance] * doubt, "typo")
        if last and not len(begun):
            for numbers in vocabulary.begun_near(word):
                for number in numbers:
                    self._add(asked, number, _BEGUN_TYPO, "begun typo")
        return asked

    def _add(self, asked: Asked, word: int, closeness: float, how: How) -> None:
        first, last = self._start[word], self._start[word + 1]
        factor = closeness * self._rarity[word] / 100
        scores, words = asked.scores, asked.words
        asked.reached.setdefault(word, how)
        for document, weight in zip(self._documents[first:last], self._weights[first:last], strict=True):
            score = weight * factor
            if score > scores.get(document, 0.0):
                scores[document] = score
                words[document] = word

    def _short(self, beginning: str, *, alone: bool) -> Asked:
        asked = Asked(beginning, counts=alone)
        place = bisect_left(self._beginnings, beginning)
        if place == len(self._beginnings) or self._beginnings[place] != beginning:
            return asked
        first, last = self._beginning_start[place], self._beginning_start[place + 1]
        for document, weight in zip(
            self._beginning_document[first:last], self._beginning_weight[first:last], strict=True
        ):
            asked.scores[document] = weight * _SHORT_BEGINNING / 100
        return asked

    # Documents

    def fit(self, document: int, means: Mapping[int, int], asked: int) -> float:
        """How much a query of `asked` words is just what a document is called, from 0 to 1: a name of it and
        nothing else. `means`: the words that the query may mean, with which of its words does."""
        best = 0.0
        for number in self._phrase_of[self._phrase_start[document] : self._phrase_start[document + 1]]:
            phrase = self._phrases[number]
            met = len({means[word] for word in phrase if word in means})
            if met:
                best = max(best, met / max(len(phrase), asked))
        return best

    def matched(self, asked: Iterable[Asked]) -> tuple[dict[int, float], dict[int, int]]:
        """For every document: the sum of its scores, and how many of the words that count it has."""
        totals: dict[int, float] = {}
        counts: dict[int, int] = {}
        for one in asked:
            step = 1 if one.counts else 0
            for document, score in one.scores.items():
                totals[document] = totals.get(document, 0.0) + score
                counts[document] = counts.get(document, 0) + step
        return totals, counts
