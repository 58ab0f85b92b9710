"""Words of a text, folded, with their places: what is indexed, asked and highlighted alike."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

_CHUNK = re.compile(r"[^\W_]+(?:[-'’.][^\W_]+)*")
_PART = re.compile(r"[^\W_]+")

_INDONESIAN = (
    "saya aku kami kita mau ingin hendak akan yang untuk buat dan atau di ke dari pada dengan cara "
    "bagaimana gimana bikin membuat pembuatan urus mengurus ngurus pengurusan minta dong tolong perlu "
    "butuh apa ini itu ada adalah punya nya layanan penerbitan permohonan penyelenggaraan tentang oleh"
)
_ENGLISH = "a an the to for of in on at i my me want need how get do and or can is with please"
EMPTY_WORDS = frozenset([*_INDONESIAN.split(), *_ENGLISH.split()])
"""Words that say nothing about the errand, left out of a query as long as others remain."""


class Word(NamedTuple):
    """A folded word and where it stands in the text it came from."""

    word: str
    start: int
    end: int


def folded(text: str) -> str:
    """`text` without case and accents."""
    low = text.casefold()
    if low.isascii():
        return low
    return "".join(c for c in unicodedata.normalize("NFKD", low) if not unicodedata.combining(c))


def placed_words(text: str) -> list[Word]:
    """The words of `text` in order. `e-KTP` is `ktp` and `ektp`: a short part goes with what it hangs on."""
    found: list[Word] = []
    for chunk in _CHUNK.finditer(text):
        parts = list(_PART.finditer(chunk[0]))
        for part in parts:
            if len(part[0]) > 1 or part[0].isdecimal() or len(parts) == 1:
                found.append(Word(folded(part[0]), chunk.start() + part.start(), chunk.start() + part.end()))
        if len(parts) > 1 and any(len(part[0]) <= 2 for part in parts):
            found.append(Word(folded("".join(part[0] for part in parts)), chunk.start(), chunk.end()))
    return found


def words(text: str) -> list[str]:
    """The folded words of `text`."""
    return [word.word for word in placed_words(text)]


def edits(one: str, other: str, most: int) -> int | None:
    """Edits between two words (insert, delete, replace, swap neighbours), or None where more than `most`."""
    if one == other:
        return 0
    if abs(len(one) - len(other)) > most:
        return None
    # What is the same at both ends costs nothing, and most of two near words is.
    while one and other and one[-1] == other[-1]:
        one, other = one[:-1], other[:-1]
    while one and other and one[0] == other[0]:
        one, other = one[1:], other[1:]
    if not one or not other:
        distance = len(one) + len(other)
        return distance if distance <= most else None
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
