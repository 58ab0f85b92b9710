"""What a device holds of every service: enough to find and to list it."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from app.contract.definition import Agency, LifeEvent, ProcessingTime
from app.contract.text import Text


class CatalogueEntry(BaseModel):
    """One service in the catalogue. `lowest_cost` in whole rupiah."""

    model_config = ConfigDict(frozen=True)

    id: str
    version: int
    title: Text
    summary: Text
    icon: str
    agency: str
    life_events: list[str] = []
    keywords: dict[str, list[str]] = {}
    lowest_cost: int
    processing_time: ProcessingTime


class Catalogue(BaseModel):
    """The whole catalogue. `version` changes with its content (it is the ETag as well)."""

    model_config = ConfigDict(frozen=True)

    version: str
    agencies: list[Agency]
    life_events: list[LifeEvent]
    services: list[CatalogueEntry]
