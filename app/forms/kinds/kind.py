"""What a kind of field can do, and the reading of typed text that kinds share."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

from app.contract.language import Language
from app.contract.phrase import N_, Phrase
from app.forms.conditions import Situation

F = TypeVar("F")

_MISSING = N_("Bagian ini belum diisi.")
UNREADABLE = N_("Isian ini tidak terbaca. Isi lagi.")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to say about an answer. `part` is the key of a structured answer that it is about."""

    phrase: Phrase
    part: str | None = None
    warning: bool = False


def fine(_field: Any, _value: Any, _situation: Situation) -> Iterable[Finding]:
    """Nothing more to check than that the value could be read."""
    return ()


@dataclass(frozen=True, slots=True)
class Kind(Generic[F]):
    """How one field type reads, checks and shows its answers; see `app.forms.kinds`.

    `missing` is said where a required answer was not given. `asked` tells whether there is anything to ask
    for now. `settle` completes a readable value (None where there is none) with what follows from other
    answers; where the whole value is `derived`, nothing is asked at all. `files` gives the files that a
    canonical value names, by their place in it. Values of `sensitive` kinds are masked in lists.
    """

    parse: Callable[[F, Any, date], Any]
    display: Callable[[F, Any, Language], str]
    check: Callable[[F, Any, Situation], Iterable[Finding]] = fine
    missing: Phrase = _MISSING
    takes_answer: bool = True
    asked: Callable[[F, Situation], bool] | None = None
    settle: Callable[[F, Any, Situation], Any] | None = None
    derived: bool = False
    files: Callable[[Any], Mapping[str, Mapping[str, Any]]] | None = None
    sensitive: bool = False


def clean_line(raw: Any) -> str | None:
    """`raw` as one line: Unicode NFC, runs of white space as one space, no control characters.

    None where it is no text. Lone surrogates go too: they have no UTF-8 form.
    """
    if not isinstance(raw, str):
        return None
    return " ".join(_without_controls(raw).split())


def clean_lines(raw: Any) -> str | None:
    """`raw` as text of several lines, each cleaned; at most one empty line in a row."""
    if not isinstance(raw, str):
        return None
    lines = [" ".join(_without_controls(line).split()) for line in raw.splitlines()]
    kept = [line for i, line in enumerate(lines) if line or (i > 0 and lines[i - 1])]
    return "\n".join(kept).strip()


def plain(raw: Any) -> str | None:
    """What was typed where a number, date or code is wanted: digits of any script as 0-9, lower case."""
    if not isinstance(raw, str):
        return None
    line = clean_line(unicodedata.normalize("NFKC", raw[:200])) or ""
    return (line if line.isascii() else "".join(_digit(c) for c in line)).casefold()


def _digit(character: str) -> str:
    value = unicodedata.decimal(character, None)
    return character if value is None else str(value)


def _without_controls(text: str) -> str:
    text = unicodedata.normalize("NFC", text)
    if text.isprintable():
        return text
    return "".join(c if c.isspace() or unicodedata.category(c) not in ("Cc", "Cs") else "" for c in text)
