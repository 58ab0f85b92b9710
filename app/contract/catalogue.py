"""What a device holds of every service: enough to find, to list and to plan with it; and how that travels.

The catalogue travels as *editions*, numbered from 1. An edition is cut into *parts*: one for the whole
country (life events, national agencies and services) and one a province. `Manifest` names the parts by the
SHA-256 of their content, and the changes that lead to it from the edition before; the backend signs it. So a
device can take the parts in any order, from anywhere, in any number of tries, and know that what it has is
what was published.
"""

from __future__ import annotations

from typing import Annotated, Any, Final

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from app.contract.definition import LifeEvent, ProcessingTime
from app.contract.medal import Level
from app.contract.text import Text

MANIFEST_TYPE: Final = "loket-catalogue+jws"
"""`typ` of the signed manifest."""

NATIONAL: Final = "national"
"""Name of the part for the whole country; the others are named by the code of their province."""

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class CatalogueAgency(_Frozen):
    """An agency by the names that a citizen reads. `region`: the code of its region; None: national."""

    id: str
    name: Text
    short_name: Text
    icon: str
    region: str | None = None


class CatalogueEntry(_Frozen):
    """One service in the catalogue. `lowest_cost` in whole rupiah."""

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
    regions: list[str] = []
    """Codes of the regions where it is offered; empty: everywhere."""
    requires: list[str] = []
    """Services that come before it."""
    needs: list[str] = []
    """Types of the documents that it takes as evidence."""
    produces: list[str] = []
    """Types of the documents that it issues."""
    popularity: int = Field(0, ge=0, le=100)
    """How much it is used, on a logarithmic scale."""
    medal: Level | None = None
    """What its form has earned (`app.contract.medal` says it to a citizen); None: nothing yet."""


class PartContent(_Frozen):
    """What is in one part: agencies, life events (in the national part only) and services, each by id."""

    agencies: list[CatalogueAgency] = []
    life_events: list[LifeEvent] = []
    services: list[CatalogueEntry] = []


class PartRef(_Frozen):
    """One part of an edition. `sha256` and `size` (bytes) are of its content, a `PartContent`."""

    name: str
    sha256: Sha256
    size: int
    services: int
    """How many there are in it."""


class PartChanges(_Frozen):
    """How the content of one part changes: JSON merge patches (RFC 7396) by id; null takes away."""

    agencies: dict[str, dict[str, Any] | None] = {}
    life_events: dict[str, dict[str, Any] | None] = {}
    services: dict[str, dict[str, Any] | None] = {}


class Changes(_Frozen):
    """What leads from one edition to the next: changes by the name of the part."""

    parts: dict[str, PartChanges]


class ChangesRef(_Frozen):
    """Changes between edition `since` and the next one. `sha256` and `size` are of the canonical JSON."""

    since: int
    sha256: Sha256
    size: int


class Manifest(_Frozen):
    """One edition. `digest` is the SHA-256 over the digests of its parts, in their order."""

    number: int
    digest: Sha256
    published_at: AwareDatetime
    parts: list[PartRef]
    changes: list[ChangesRef] = []
    """The last ones, oldest first, without a gap up to this edition."""


class SignedManifest(_Frozen):
    """`GET /v1/catalogue`: the manifest as the payload of a compact JWS (RFC 7515), `typ` `MANIFEST_TYPE`."""

    manifest: str
