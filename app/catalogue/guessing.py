"""What a citizen may have meant by a word that no service knows: beyond typos, the one that looks like it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

_LIKE = 0.5
"""Share of the pairs of letters that two words must have in common."""

_SHORTEST = 4


class Guesser:
    """Knows words by their pairs of letters (Dice's coefficient). Made at the first guess, kept after."""

    def __init__(self, words: Sequence[str]) -> None:
        self._words = words
        self._with: defaultdict[str, list[int]] | None = None

    def guess(self, word: str) -> str | None:
        """The word most like `word`; None where none is enough."""
        if len(word) < _SHORTEST or word.isdecimal():
            return None
        asked = _pairs(word)
        common = Counter(number for pair in asked for number in self._known()[pair])
        best = max(
            ((2 * count / (len(asked) + len(_pairs(self._words[n]))), n) for n, count in common.items()),
            default=(0.0, 0),
        )
        return self._words[best[1]] if best[0] >= _LIKE else None

    def _known(self) -> defaultdict[str, list[int]]:
        if self._with is None:
            self._with = defaultdict(list)
            for number, word in enumerate(self._words):
                if len(word) >= _SHORTEST and not word.isdecimal():
                    for pair in _pairs(word):
                        self._with[pair].append(number)
        return self._with


def _pairs(word: str) -> set[str]:
    edged = f" {word} "
    return {edged[place : place + 2] for place in range(len(edged) - 1)}
