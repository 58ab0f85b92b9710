"""The words of the catalogue: as they are, as beginnings, and with typos in them.

Typos are found by deletion: two words within one edit of each other become the same when a letter is taken
from one, the other, or both. So the vocabulary keeps, sorted, a number for every word with a letter (of long
words: two) left out; a query looks up its own, and what meets is compared properly. That costs the same
whatever the size of the catalogue, and finds a wrong first letter like any other.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from zlib import crc32

from app.catalogue.words import edits

ONE_TYPO, TWO_TYPOS = 4, 7
"""Letters from which on a word may have one typo, and two."""

_LONGEST = 16
_BEGINNINGS = range(4, 10)
_OWNER_BITS = 32


class Vocabulary:
    """Sorted words. `typos` is what `typo_table` made of them: kept, because making it takes a while."""

    def __init__(
        self, sorted_words: Sequence[str], typos: tuple[array[int], array[int]] | None = None
    ) -> None:
        self.words = sorted_words
        self._beginnings = beginnings(sorted_words)
        self.typos = typos or (
            typo_table(sorted_words, two=True),
            typo_table(self._beginnings, two=False),
        )

    def number(self, word: str) -> int | None:
        """The number of `word`, or None where it is not known."""
        place = bisect_left(self.words, word)
        return place if place < len(self.words) and self.words[place] == word else None

    def begun(self, beginning: str) -> range:
        """The numbers of the words that begin so."""
        first = bisect_left(self.words, beginning)
        return range(first, bisect_left(self.words, beginning + "\U0010ffff", lo=first))

    def near(self, word: str) -> dict[int, int]:
        """The numbers of the words within reach of `word`, with their edits: one, or two for long words."""
        most = 2 if len(word) >= TWO_TYPOS else 1
        found: dict[int, int] = {}
        for number in _owners(self.typos[0], _deletions(word, most)):
            distance = edits(word, self.words[number], most)
            if distance and (distance == 1 or len(self.words[number]) >= TWO_TYPOS):
                found[number] = distance
        return found

    def begun_near(self, beginning: str) -> Iterable[range]:
        """The numbers of the words that begin with something one edit from `beginning`."""
        if len(beginning) > _BEGINNINGS[-1]:
            return
        for number in _owners(self.typos[1], _deletions(beginning, 1)):
            if edits(beginning, self._beginnings[number], 1):
                yield self.begun(self._beginnings[number])


def beginnings(sorted_words: Sequence[str]) -> list[str]:
    """The beginnings of words that a citizen may be half-way through, sorted."""
    return sorted({word[:n] for word in sorted_words for n in _BEGINNINGS if n < len(word)})


def typo_table(owners: Sequence[str], *, two: bool) -> array[int]:
    """Sorted numbers: the hash of each deletion, and below it whose it is."""
    table: list[int] = []
    for number, word in enumerate(owners):
        if len(word) > _LONGEST or word.isdecimal():
            continue
        for left in _deletions(word, 2 if two and len(word) >= TWO_TYPOS else 1):
            table.append(crc32(left.encode()) << _OWNER_BITS | number)
    table.sort()
    return array("Q", table)


def _deletions(word: str, most: int) -> set[str]:
    once = {word[:i] + word[i + 1 :] for i in range(len(word))}
    if most == 1:
        return once | {word}
    return once | {word} | {left[:i] + left[i + 1 :] for left in once for i in range(len(left))}


def _owners(table: array[int], deletions: set[str]) -> set[int]:
    found: set[int] = set()
    size, mask = len(table), (1 << _OWNER_BITS) - 1
    for left in deletions:
        key = crc32(left.encode())
        place = bisect_left(table, key << _OWNER_BITS)
        while place < size and table[place] >> _OWNER_BITS == key:
            found.add(table[place] & mask)
            place += 1
    return found
