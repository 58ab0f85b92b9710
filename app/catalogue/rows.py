"""What the device keeps in memory of the catalogue: enough to list and to find, and no more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from app.contract.text import Text


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
    keywords: Mapping[str, tuple[str, ...]]
    """Words that citizens use, by language."""
    lowest_cost: int
    time_amount: int
    time_unit: Literal["minute", "hour", "day", "working_day"]


@dataclass(frozen=True, slots=True)
class LifeEventRow:
    """A citizen's situation that groups services."""

    id: str
    title: Text
    icon: str


@dataclass(frozen=True, slots=True)
class AgencyRow:
    """An agency by the names that a citizen reads."""

    id: str
    name: Text
    short_name: Text
    icon: str


def service_row(entry: Mapping[str, Any]) -> CatalogueRow:
    """A row from a `CatalogueEntry` in JSON form. Raises KeyError or TypeError where it is none."""
    time = entry["processing_time"]
    keywords: Mapping[str, list[str]] = entry.get("keywords", {})
    return CatalogueRow(
        id=entry["id"],
        version=entry["version"],
        title=_text(entry["title"]),
        summary=_text(entry["summary"]),
        icon=entry["icon"],
        agency=entry["agency"],
        life_events=tuple(entry.get("life_events", ())),
        keywords={language: tuple(words) for language, words in keywords.items()},
        lowest_cost=entry["lowest_cost"],
        time_amount=time["amount"],
        time_unit=time["unit"],
    )


def life_event_row(event: Mapping[str, Any]) -> LifeEventRow:
    """A row from a `LifeEvent` in JSON form. Raises KeyError or TypeError where it is none."""
    return LifeEventRow(event["id"], _text(event["title"]), event["icon"])


def agency_row(agency: Mapping[str, Any]) -> AgencyRow:
    """A row from an `Agency` in JSON form. Raises KeyError or TypeError where it is none."""
    return AgencyRow(agency["id"], _text(agency["name"]), _text(agency["short_name"]), agency["icon"])


def _text(by_language: dict[str, str]) -> Text:
    # Checked when the snapshot was taken in; checking 27,000 again would be felt at every start.
    return Text(by_language)
