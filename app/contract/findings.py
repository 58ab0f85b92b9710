"""What is wrong with a file that an agency wrote, and where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import PurePath


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault: what was expected at `path` of a file, and what came instead.

    `line` and `column` count from 1. `path` is written with ids (`form.pages.child.fields.full_name.label`),
    empty for the file as a whole. `hint` is a way to mend it, or ``.
    """

    file: PurePath
    line: int
    column: int
    path: str
    expected: str
    came: str
    hint: str = ""

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}:{self.column}: "
        subject = f"{self.path}: " if self.path else ""
        hint = f" {self.hint}" if self.hint else ""
        return f"{where}{subject}expected {self.expected}, but found {self.came}.{hint}"


Step = str | int
"""A key of a mapping or a position in a list."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault at a path of keys and positions of a definition; the reader of the file finds its line."""

    path: tuple[Step, ...]
    expected: str
    came: str
    hint: str = ""


class DefinitionError(Exception):
    """A definition that cannot be used. `findings` (at least one) tell everything that was found wrong."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(map(str, self.findings)))


def one_of(words: Sequence[str]) -> str:
    """`a, b or c`, for `expected`; long lists are cut."""
    shown = [*words[:20], "..."] if len(words) > 20 else list(words)
    return " or ".join(filter(None, (", ".join(shown[:-1]), shown[-1]))) if shown else "nothing"


def did_you_mean(word: str, known: Sequence[str]) -> str:
    """`Did you mean "label"?` where a known word is close to `word`, else ``."""
    close = get_close_matches(word[:80], known, n=1)
    return f'Did you mean "{close[0]}"?' if close else ""


def shown(value: object) -> str:
    """A value as a finding tells it: short, and with its kind."""
    match value:
        case None:
            return "nothing"
        case bool():
            return str(value).lower()
        case int() | float():
            return f"the number {value}"
        case str():
            return f'"{value}"' if len(value) <= 60 else f'"{value[:57]}..."'
        case dict():
            return "a mapping"
        case list():
            return "a list"
        case _:
            return type(value).__name__
