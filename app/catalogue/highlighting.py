"""What of a title or of an agency's name a query has met, letter by letter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.catalogue.index import Asked
from app.catalogue.roots import root
from app.catalogue.thesaurus import same
from app.catalogue.vocabulary import Vocabulary
from app.catalogue.words import Word, placed_words

Spans = tuple[tuple[int, int], ...]
"""Pieces of a text as (start, end), from left to right, apart from each other."""


def spans(
    text: str, document: int, asked: Sequence[Asked], places: Iterable[str], vocabulary: Vocabulary
) -> Spans:
    """The pieces of `text` that a query has met in a document: as typed, by a typo, a root or another name.

    `places`: the words of the query that name a region.
    """
    met: dict[str, Asked] = {}
    for one in asked:
        number = one.words.get(document)
        if number is not None:
            met[vocabulary.words[number]] = one
    begun = [one.word for one in asked if len(one.word) > 1] + [word for word in places if len(word) > 2]
    placed = placed_words(text)
    found = [*_by_other_names(placed, met)]
    for word, start, end in placed:
        one = met.get(word)
        if one is not None:
            found.append((start, start + len(one.word) if word.startswith(one.word) else end))
        elif (stem := root(word)) and stem in met and (at := word.find(stem)) >= 0:
            found.append((start + at, start + at + len(stem)))
        else:
            beginning = next((typed for typed in begun if word.startswith(typed)), None)
            if beginning is not None:
                found.append((start, start + len(beginning)))
    return _apart(found)


def _by_other_names(placed: Sequence[Word], met: dict[str, Asked]) -> Iterable[tuple[int, int]]:
    """`Kartu tanda penduduk` is what was asked for by `ktp`, and `Akta` by `akte`; and the other way."""
    said = [word.word for word in placed]
    for place, word in enumerate(said):
        for names in same().get(word, ()):
            asked = any(all(part in met for part in name) for name in names)
            for name in names if asked else ():
                if tuple(said[place : place + len(name)]) == name:
                    yield placed[place].start, placed[place + len(name) - 1].end


def _apart(found: Iterable[tuple[int, int]]) -> Spans:
    joined: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)
