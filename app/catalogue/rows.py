"""What a list shows of the catalogue: a service, an agency, a life event."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from app.contract.text import Text

TimeUnit = Literal["minute", "hour", "day", "working_day"]
Medal = Literal["bronze", "silver", "gold", "platinum"]


@dataclass(frozen=True, slots=True)
class CatalogueRow:
    """One service as a list shows it. `lowest_cost` in whole rupiah; the time is what the agency promises."""

    id: str
    version: int
    title: Text
    summary: Text
    icon: str
    agency: str
    life_events: tuple[str, ...]
    lowest_cost: int
    time_amount: int
    time_unit: TimeUnit
    regions: tuple[str, ...] = ()
    """Codes of the regions where it is offered; none: everywhere."""
    requires: tuple[str, ...] = ()
    """Services that come before it."""
    needs: tuple[str, ...] = ()
    """Types of the documents that it takes."""
    produces: tuple[str, ...] = ()
    """Types of the documents that it issues."""
    popularity: int = 0
    """From 0 to 100."""
    medal: Medal | None = None
    """What its form has earned; `app.contract.medal` has its name and explains it."""


@dataclass(frozen=True, slots=True)
class LifeEventRow:
    """A citizen's situation that groups services."""

    id: str
    title: Text
    icon: str


@dataclass(frozen=True, slots=True)
class AgencyRow:
    """An agency by the names that a citizen reads. `region`: the code of its region; None: national."""

    id: str
    name: Text
    short_name: Text
    icon: str
    region: str | None = None
