"""What a rule found in what an agency wrote: where, what, what to do, and how to mend it where that is
safe."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

Severity = Literal["error", "warning"]
"""An error keeps a service from being submitted; a warning is for its author to think about."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One safe change of a text file: `old`, which begins at `line` and `column` (from 1), becomes `new`."""

    file: Path
    line: int
    column: int
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding of the rule `rule`. `path` is the file as it is shown, `at` the place in its structure.

    `line` and `column` count from 1. `found` and `remedy` are sentences. `edits`, together, mend it.
    """

    rule: str
    severity: Severity
    path: Path
    line: int
    column: int
    found: str
    remedy: str
    at: str = ""
    edits: tuple[Edit, ...] = ()

    @property
    def fixable(self) -> bool:
        """Whether `--fix` can mend it."""
        return bool(self.edits)

    @property
    def message(self) -> str:
        """What was found, where in the structure, and what to do."""
        subject = f"{self.at}: " if self.at else ""
        return f"{subject}{self.found} {self.remedy}".strip()

    def to_json(self) -> dict[str, Any]:
        """The finding for programs."""
        return {
            "rule": self.rule,
            "severity": self.severity,
            "path": self.path.as_posix(),
            "line": self.line,
            "column": self.column,
            "message": self.message,
            "fixable": self.fixable,
        }

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}: {self.rule}: {self.message}"
