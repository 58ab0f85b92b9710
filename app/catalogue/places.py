"""Regions in what a citizen types: "skck bandung", "pajak motor jabar", "akta di kab. Malang"."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from app.catalogue.vocabulary import Vocabulary
from app.catalogue.words import words
from app.contract.regions import regions

_ALSO = {
    "31": "jakarta, dki, dki jakarta, dkj",
    "34": "jogja, yogya, yogyakarta, diy, jogjakarta, di yogyakarta",
    "32": "jabar",
    "33": "jateng",
    "35": "jatim",
    "12": "sumut",
    "13": "sumbar",
    "16": "sumsel",
    "61": "kalbar",
    "62": "kalteng",
    "63": "kalsel",
    "64": "kaltim",
    "65": "kaltara",
    "71": "sulut",
    "72": "sulteng",
    "73": "sulsel",
    "74": "sultra",
    "76": "sulbar",
    "52": "ntb",
    "53": "ntt",
    "19": "babel, bangka belitung",
    "21": "kepri",
    "82": "malut",
    "31.71": "jakpus, jakarta pusat",
    "31.72": "jakut, jakarta utara",
    "31.73": "jakbar, jakarta barat",
    "31.74": "jaksel, jakarta selatan",
    "31.75": "jaktim, jakarta timur",
    "33.72": "solo",
    "36.74": "tangsel",
    "34.71": "kota jogja, kota yogya",
    "12.71": "medan",
    "73.71": "ujung pandang",
}
_KINDS = frozenset({"kota", "kabupaten", "kab", "provinsi", "prov", "administrasi", "adm", "kepulauan"})
_BEFORE = frozenset({"di", "kota", "kabupaten", "kab", "provinsi", "prov", "wilayah", "daerah", "in"})
_LONGEST = 4
_SHORTEST_BEGUN = 4
_SHORTEST_TYPO = 5
_LONG = 9


@dataclass(frozen=True, slots=True)
class Named:
    """Regions that a query names: their codes, and which of its words name them (`first` up to `last`)."""

    codes: tuple[str, ...]
    first: int
    last: int


@cache
def _names() -> dict[str, tuple[str, ...]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for code, name in regions().items():
        said = words(name)
        bare = [word for word in said if word not in _KINDS]
        for one in {" ".join(said), " ".join(bare), " ".join(said).replace("kabupaten", "kab")}:
            found[one].append(code)
    for code, others in _ALSO.items():
        for name in others.split(", "):
            if code not in found[name]:
                found[name].append(code)
    # A city and the regency around it share a name: both are meant. A province of that name comes first.
    return {name: tuple(codes) for name, codes in found.items() if name}


@cache
def _single() -> Vocabulary:
    return Vocabulary(sorted(name for name in _names() if " " not in name))


def warm() -> None:
    """Read the names now, so that the first query does not."""
    _single()


def named(said: Sequence[str], is_service_word: Callable[[str, bool], bool]) -> Named | None:
    """The region that the words `said` name, if they name one.

    `is_service_word(word, beginning)`: whether services are called so (or begin so). Such a word is a region
    only where the words around it say it (`di`, `kota`).
    """
    names = _names()
    for length in range(min(_LONGEST, len(said)), 0, -1):
        for first in range(len(said) - length, -1, -1):
            codes = names.get(" ".join(said[first : first + length]))
            if codes is None:
                continue
            before = said[first - 1] if first else ""
            if length > 1 or before in _BEFORE or not is_service_word(said[first], False):
                return Named(codes, _from(said, first), first + length)
    return _begun_or_mistyped(said, is_service_word)


def _begun_or_mistyped(said: Sequence[str], is_service_word: Callable[[str, bool], bool]) -> Named | None:
    single = _single()
    for place in range(len(said) - 1, -1, -1):
        word, last = said[place], place == len(said) - 1
        before = said[place - 1] if place else ""
        if len(word) < _SHORTEST_BEGUN or (before not in _BEFORE and is_service_word(word, last)):
            continue
        if last and (begun := single.begun(word)):
            codes = [code for number in begun for code in _names()[single.words[number]]]
            return Named(tuple(codes), _from(said, place), place + 1)
        near = _mistyped(word)
        if near:
            best = min(near, key=lambda number: near[number])
            return Named(_names()[single.words[best]], _from(said, place), place + 1)
    return None


def _mistyped(word: str) -> dict[int, int]:
    """The names that `word` may be, with their typos: one, or two in a long one. Else every word is near some
    region of five hundred."""
    most = 1 if len(word) < _LONG else 2
    near = _single().near(word) if len(word) >= _SHORTEST_TYPO else {}
    return {number: typos for number, typos in near.items() if typos <= most}


def _from(said: Sequence[str], first: int) -> int:
    return first - 1 if first and said[first - 1] in _BEFORE else first


def matching(text: str) -> tuple[str, ...]:
    """The codes of the regions that somebody may mean who types `text`, the most likely first.

    Names from their beginning, then any word of them, then short names (`solo`, `jabar`), then typos.
    """
    said = [word for word in words(text) if word not in _KINDS] or words(text)
    if not said:
        return ()
    typed = " ".join(said)
    ranked: dict[str, int] = {}

    def rank(code: str, place: int) -> None:
        ranked[code] = min(place, ranked.get(code, place))

    for name, codes in _names().items():
        if name == typed:
            place = 0
        elif name.startswith(typed):
            place = 1
        elif f" {typed}" in f" {name}":
            place = 2
        else:
            continue
        for code in codes:
            rank(code, place)
    if not ranked and len(said) == 1:
        for number, distance in _single().near(typed).items():
            for code in _names()[_single().words[number]]:
                rank(code, 2 + distance)
    return tuple(sorted(ranked, key=lambda code: (ranked[code], code)))
