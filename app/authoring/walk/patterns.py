"""Makes up texts that a field's `pattern` lets through.

Patterns are those that the contract allows: characters, classes and groups, of which only single characters
and classes are repeated. What is written otherwise gives no text, and the field is told as one that nobody
can be sure of.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

_FIRST = string.ascii_uppercase + string.ascii_lowercase + string.digits + " -'.,/&()"
"""The characters that are tried first: what people type."""
_QUANTIFIER = re.compile(r"\{(\d*)(?:(,)(\d*))?\}")
_CLASSES = {
    "d": string.digits,
    "w": string.ascii_letters + string.digits + "_",
    "s": " ",
    "D": string.ascii_letters,
    "W": " ",
    "S": string.ascii_letters + string.digits,
}


class _NotUnderstood(Exception):
    """A part of a pattern of which this module makes no text."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """Some characters, of which between `least` and `most` stand one after another."""

    characters: str
    least: int = 1
    most: int = 1


def text_for(pattern: str, random: Random, least: int, most: int) -> str | None:
    """A text of `least` to `most` characters that `pattern` matches as a whole; None where none is found."""
    try:
        compiled = re.compile(pattern)
        choices = _alternatives(pattern)
    except (_NotUnderstood, re.error, RecursionError, OverflowError):
        return None
    for pieces in sorted(choices, key=len):
        text = _written(pieces, random, least, most)
        if text is not None and compiled.fullmatch(text):
            return text
    return None


def _written(pieces: list[_Piece], random: Random, least: int, most: int) -> str | None:
    counts = [piece.least for piece in pieces]
    if sum(counts) > most or any(not piece.characters and piece.least for piece in pieces):
        return None
    wanted = max(least, min(most, sum(counts) + random.randrange(9)))
    for index, piece in enumerate(pieces):
        more = min(piece.most - piece.least, wanted - sum(counts)) if piece.characters else 0
        counts[index] += max(0, more)
    if sum(counts) < least:
        return None
    return "".join(
        random.choice(piece.characters)
        for piece, count in zip(pieces, counts, strict=True)
        for _ in range(count)
    )


def _alternatives(pattern: str) -> list[list[_Piece]]:
    found: list[list[_Piece]] = []
    for branch in _split(pattern):
        found += _sequence(branch)
    return found


def _marks(pattern: str, at: int = 0) -> Iterator[tuple[int, str]]:
    """The characters from `at` on that mean something by themselves: none of a class, none after `\\`."""
    in_class = False
    while at < len(pattern):
        character = pattern[at]
        if character == "\\":
            at += 1
        elif in_class:
            in_class = character != "]"
        elif character == "[":
            in_class = True
        else:
            yield at, character
        at += 1


def _split(pattern: str) -> list[str]:
    """The branches of an alternation, outside classes and groups."""
    branches, depth, begun = list[str](), 0, 0
    for at, character in _marks(pattern):
        if character in "()":
            depth += 1 if character == "(" else -1
        elif character == "|" and depth == 0:
            branches.append(pattern[begun:at])
            begun = at + 1
    return [*branches, pattern[begun:]]


def _sequence(pattern: str) -> list[list[_Piece]]:
    """The ways to write one branch; several where groups in it have branches of their own."""
    ways: list[list[_Piece]] = [[]]
    at = 0
    while at < len(pattern):
        if pattern[at] in "^$":
            at += 1
            continue
        if pattern[at] == "(":
            end = _closing(pattern, at)
            inside = pattern[at + 1 : end].removeprefix("?:")
            if inside.startswith("?"):
                raise _NotUnderstood(pattern)
            at, (least, most) = _repeated(pattern, end + 1)
            inner = _alternatives(inside)
            if (least, most) != (1, 1):
                inner = [[], *inner] if least == 0 else inner
            ways = [[*way, *more] for way in ways for more in inner]
            continue
        characters, at = _atom(pattern, at)
        at, (least, most) = _repeated(pattern, at)
        ways = [[*way, _Piece(characters, least, most)] for way in ways]
    return ways


def _closing(pattern: str, opening: int) -> int:
    depth = 0
    for at, character in _marks(pattern, opening):
        if character in "()":
            depth += 1 if character == "(" else -1
            if depth == 0:
                return at
    raise _NotUnderstood(pattern)


def _atom(pattern: str, at: int) -> tuple[str, int]:
    """The characters that stand for one, and where the next begins."""
    character = pattern[at]
    if character == "\\":
        named = pattern[at + 1 : at + 2]
        if named.isalnum() and named not in _CLASSES:
            raise _NotUnderstood(pattern)
        return _CLASSES.get(named, named), at + 2
    if character == ".":
        return string.ascii_letters, at + 1
    if character != "[":
        return character, at + 1
    end = at + 2
    while end < len(pattern) and (pattern[end] != "]" or end == at + 1):
        end += 2 if pattern[end] == "\\" else 1
    whole = re.compile(pattern[at : end + 1])
    fitting = "".join(c for c in _FIRST if whole.fullmatch(c))
    # A text of spaces alone is none, and the keyboard begins words with a capital by itself.
    plain = "".join(c for c in fitting if c.isdigit() or c.isupper())
    letters = "".join(c for c in fitting if c.isalnum())
    return (plain or letters or fitting or _any(whole)), end + 1


def _any(whole: re.Pattern[str]) -> str:
    return next((c for c in map(chr, range(33, 0x2FF)) if whole.fullmatch(c)), "")


def _repeated(pattern: str, at: int) -> tuple[int, tuple[int, int]]:
    """Where what follows begins, and how often what came before may stand there."""
    most = 1_000
    simple = {"*": (0, most), "+": (1, most), "?": (0, 1)}
    found = (1, 1)
    if at < len(pattern) and pattern[at] in simple:
        found, at = simple[pattern[at]], at + 1
    elif (quantifier := _QUANTIFIER.match(pattern, at)) is not None:
        least = int(quantifier[1] or 0)
        found = (least, int(quantifier[3]) if quantifier[3] else most) if quantifier[2] else (least, least)
        at = quantifier.end()
    else:
        return at, found
    return (at + 1 if at < len(pattern) and pattern[at] in "?+" else at), found
