"""The search index: words, beginnings of words, and words with a typo in them.

A word of the query is looked up among the words of the documents three ways: as it is, as a beginning, and
within one edit (two from eight letters on; Damerau-Levenshtein, so two swapped letters are one edit).
Candidates for the last come from shared trigrams.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from math import log

_WORD = re.compile(r"[^\W_]+")

_INDONESIAN = (
    "saya aku mau ingin hendak yang untuk dan atau di ke dari cara bagaimana buat bikin membuat urus "
    "mengurus ngurus minta dong"
)
_ENGLISH = "a an the to for of in on i my want how get do and or"
EMPTY_WORDS = frozenset([*_INDONESIAN.split(), *_ENGLISH.split()])
"""Words that say nothing about the errand, left out of a query as long as others remain."""


def words(text: str) -> list[str]:
    """The words of `text`, folded: no case, no accents, no punctuation. `e-KTP` is `ktp` and `ektp`."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(c for c in folded if not unicodedata.combining(c))
    found: list[str] = []
    for chunk in plain.split():
        parts = _WORD.findall(chunk)
        found += [part for part in parts if len(part) > 1 or part.isdecimal()]
        if len(parts) > 1 and any(len(part) == 1 for part in parts):
            found.append("".join(parts))
    return found


class Index:
    """Ranks documents for a query.

    Args:
        documents: for each document, its words (as `words` gives them) and how much each weighs there.
    """

    def __init__(self, documents: Sequence[Mapping[str, float]]) -> None:
        self._count = len(documents)
        postings: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
        for number, document in enumerate(documents):
            for word, weight in document.items():
                postings[word].append((number, weight))
        self._postings = dict(postings)
        self._vocabulary = sorted(postings)
        self._by_trigram: defaultdict[str, list[str]] = defaultdict(list)
        for word in self._vocabulary:
            for trigram in _trigrams(word):
                self._by_trigram[trigram].append(word)

    def search(self, query: str, limit: int) -> list[int]:
        """Numbers of the best documents, best first; at least half of the query's words are in each."""
        asked = list(dict.fromkeys(words(query)))
        asked = [word for word in asked if word not in EMPTY_WORDS] or asked
        scores: defaultdict[int, float] = defaultdict(float)
        matched: defaultdict[int, int] = defaultdict(int)
        for word in asked:
            for number, score in self._one(word).items():
                scores[number] += score
                matched[number] += 1
        ranked = sorted(
            (number for number in scores if matched[number] * 2 >= len(asked)),
            key=lambda number: (-scores[number] * (matched[number] / len(asked)) ** 2, number),
        )
        return ranked[:limit]

    def _one(self, word: str) -> dict[int, float]:
        best: dict[int, float] = {}
        for known, closeness in self._close(word).items():
            postings = self._postings[known]
            rarity = log(1 + self._count / len(postings))
            for number, weight in postings:
                best[number] = max(best.get(number, 0.0), closeness * weight * rarity)
        return best

    def _close(self, word: str) -> dict[str, float]:
        found: dict[str, float] = {}
        for known in self._vocabulary[bisect_left(self._vocabulary, word) :]:
            if not known.startswith(word):
                break
            found[known] = 1.0 if known == word else 0.6 + 0.3 * len(word) / len(known)
        if len(word) < 4 or word in found:
            return found
        allowed = 1 if len(word) < 8 else 2
        candidates = {k for t in _trigrams(word) for k in self._by_trigram.get(t, ()) if k not in found}
        for known in candidates:
            if len(known) < len(word) - allowed:
                continue
            whole = edits(word, known, allowed) if len(known) <= len(word) + allowed else None
            begun = edits(word, known[: len(word)], allowed) if len(known) > len(word) else None
            for distance, least in ((whole, 0.7), (begun, 0.5)):
                if distance is not None:
                    found[known] = max(found.get(known, 0.0), least - 0.15 * (distance - 1))
        return found


def _trigrams(word: str) -> set[str]:
    padded = f" {word} "
    return {padded[i : i + 3] for i in range(len(padded) - 2)}


def edits(one: str, other: str, most: int) -> int | None:
    """Edits between two words (insert, delete, replace, swap neighbours), or None where more than `most`."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return None
        before, last = last, row
    return last[-1] if last[-1] <= most else None
