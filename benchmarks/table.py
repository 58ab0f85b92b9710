"""Rows of figures, and how they are written down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil


@dataclass(frozen=True, slots=True)
class Row:
    """What was measured, the figure, its budget, and whether that is kept (`None`: there is none)."""

    what: str
    figure: str
    budget: str = ""
    kept: bool | None = None

    @property
    def mark(self) -> str:
        """`yes`, `no`, or nothing where there is no budget."""
        return "" if self.kept is None else "yes" if self.kept else "**no**"


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that `share` of all values do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, ceil(share * len(ordered)) - 1)]


def markdown(title: str, note: str, rows: Sequence[Row]) -> str:
    """A section with a table."""
    lines = [f"## {title}", "", note, "", "| what | measured | budget | kept |", "|---|---|---|---|"]
    lines += [f"| {row.what} | {row.figure} | {row.budget} | {row.mark} |" for row in rows]
    return "\n".join(lines) + "\n"
