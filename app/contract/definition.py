"""The service definition: a public service as CPSV-AP 3.2 describes it, and its form.

Terms in comments are those of CPSV-AP; DOMAIN terms of the Indonesian service standard map onto them
(persyaratan: requirement, waktu: processing time, tarif: cost, produk: output, dasar hukum: legal resource).
There is no slot for a person: no image, name or title of an official can be expressed.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, HttpUrl

from app.contract.conditions import Condition
from app.contract.form import ConceptId, FieldId, Form, ServiceId
from app.contract.text import Text

Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=64)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class LegalResource(_Strict):
    """cv: LegalResource. `dated` is when the authors last read it."""

    id: Slug
    title: Text
    url: HttpUrl | None = None
    dated: date


class Requirement(_Strict):
    """cv:holdsRequirement, with the evidence that proves it (`field`: where the form takes it)."""

    id: Slug
    title: Text
    detail: Text | None = None
    field: FieldId | None = None
    concept: ConceptId | None = None
    """The attribute that proves it where the state knows it already."""
    when: Condition | None = None


class Claim(_Strict):
    """What one claim of a document, or of the mappings in it, is called where a citizen reads it."""

    id: FieldId
    title: Text


class Output(_Strict):
    """cv:produces. `document_type` is the type of the document that arrives on the device.

    `claims` names what stands in it, in the order in which it is read; Loket has words of its own for the
    most usual claims (`full_name`, `birth_date`).
    """

    id: Slug
    title: Text
    document_type: Slug
    detail: Text | None = None
    claims: list[Claim] | None = None


class Cost(_Strict):
    """cv:hasCost. `amount` in whole rupiah; zero is free."""

    amount: int = Field(ge=0)
    title: Text | None = None
    when: Condition | None = None
    legal: Slug | None = None
    dated: date


class ProcessingTime(_Strict):
    """cv:processingTime: what the agency promises, counted from receipt."""

    amount: int = Field(ge=1)
    unit: Literal["minute", "hour", "day", "working_day"]
    legal: Slug | None = None
    dated: date


class Channel(_Strict):
    """cv:hasChannel: where else the errand can be done."""

    type: Literal["app", "office", "phone", "web"]
    title: Text
    detail: Text | None = None
    hours: Text | None = None


class Contact(_Strict):
    """cv:contactPoint: where a citizen asks or complains. An office, never a person."""

    title: Text
    phone: str | None = None
    email: str | None = None
    url: HttpUrl | None = None
    hours: Text | None = None


class Permission(_Strict):
    """One concept that the service reads, and why (W3C MiniApp `req_permissions`). Enforced at run time."""

    concept: ConceptId
    reason: Text


class Privacy(_Strict):
    """What UU PDP 27/2022 wants said before consent."""

    legal_basis: Slug
    retention: Text
    shared_with: Text | None = None


class ServiceDefinition(_Strict):
    """One public service."""

    schema_version: Literal[1] = 1
    id: ServiceId
    version: int = Field(ge=1)
    title: Text
    summary: Text
    icon: Slug
    """A name of the closed icon set (`app/contract/icons.py`)."""
    life_events: list[Slug] = []
    keywords: dict[str, list[str]] = {}
    """Words that citizens use, by language."""
    audience: Text
    """Who can use it."""
    outputs: list[Output] = Field(min_length=1)
    requirements: list[Requirement] = []
    costs: list[Cost] = Field(min_length=1)
    processing_time: ProcessingTime
    channels: list[Channel] = Field(min_length=1)
    contact: Contact
    legal: list[LegalResource] = Field(min_length=1)
    permissions: list[Permission] = []
    privacy: Privacy
    requires: list[ServiceId] = []
    regions: list[str] = []
    """Region codes (Kemendagri) where it is offered; empty: nationwide."""
    form: Form


class Agency(_Strict):
    """cv:hasCompetentAuthority: `services/<agency>/agency.yaml`."""

    id: Slug
    name: Text
    short_name: Text
    icon: Slug
    contact: Contact


class LifeEvent(_Strict):
    """cv:LifeEvent: `services/life-events.yaml`."""

    id: Slug
    title: Text
    icon: Slug
    order: int
