"""Submissions, applications and what happens to them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from app.contract.text import Text

SIGNATURE_ALGORITHM: Final = "Ed25519"
"""`alg` of what the backend signs, receipts and credentials alike (RFC 9864; `EdDSA` is deprecated by it)."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class AttachmentRef(_Frozen):
    """A file as an answer names it; the bytes travel apart, addressed by their hash."""

    name: str = Field(max_length=255)
    media_type: str
    size: int = Field(ge=1)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class NewAttachment(AttachmentRef):
    """POST /v1/attachments: announce a file before its bytes."""


class Attachment(AttachmentRef):
    """A file on the backend. `received` bytes of `size` are there; `complete` once checked."""

    received: int
    complete: bool
    chunk_bytes: int
    """Largest chunk that one PATCH may carry."""


class Submission(_Frozen):
    """What the device freezes and sends: exactly these bytes, in canonical JSON, on every retry."""

    service: str
    version: int
    answers: dict[str, Any]
    language: str = "id"
    previous_receipt: str | None = None
    """SHA-256 (hex) of the receipt before this one on the device: receipts form a chain."""


class Receipt(_Frozen):
    """Proof of delivery. `signed` is a JWS (compact, Ed25519) over the canonical JSON of the other fields."""

    reference: str
    service: str
    version: int
    content_sha256: str
    """SHA-256 (hex) of the canonical submission."""
    received_at: AwareDatetime
    promised_by: AwareDatetime
    previous_receipt: str | None = None
    signed: str


ApplicationState = Literal["received", "in_review", "question", "accepted", "rejected"]


class Question(_Frozen):
    """The agency asks one thing more: the citizen goes to `page` (and `field`) alone."""

    id: str
    page: str
    field: str | None = None
    text: str
    asked_at: AwareDatetime


class TimelineEntry(_Frozen):
    """One thing that happened. `note` is the agency's own words, if any."""

    kind: Literal["received", "in_review", "question", "answered", "accepted", "rejected", "document"]
    at: AwareDatetime
    title: Text
    note: str | None = None


class Application(_Frozen):
    """A submission that the agency now works on."""

    reference: str
    service: str
    version: int
    title: Text
    agency: str
    icon: str
    state: ApplicationState
    updated_at: AwareDatetime
    receipt: Receipt
    timeline: list[TimelineEntry]
    question: Question | None = None
    answers: dict[str, Any] = {}
    """What the citizen sent, as it stands now: a question is answered in its light."""


class QuestionAnswer(_Frozen):
    """POST /v1/applications/{reference}/answers: the answers of the page that was asked about."""

    question: str
    answers: dict[str, Any]


class NewDocument(_Frozen):
    """A document that acceptance brings. `type` is the `document_type` of one of the service's outputs."""

    type: str = Field(max_length=64)
    vct: str = Field(max_length=512, pattern=r"^https://[!-~]+$")
    """Type of the credential (SD-JWT VC)."""
    claims: dict[str, Any] = Field(min_length=1, max_length=100)
    valid_until: AwareDatetime | None = None


class Decision(_Frozen):
    """What an agency decides. `reason` is read by the citizen; `page`/`field` only with `ask`.

    `documents` only with `accept`: what the backend then issues in the agency's name. Left out, nothing is
    issued but, in the sandbox, what the service's `sandbox.yaml` says.
    """

    kind: Literal["accept", "reject", "ask"]
    reason: str | None = Field(None, max_length=2000)
    page: str | None = None
    field: str | None = None
    documents: list[NewDocument] | None = Field(default=None, max_length=20)


class AgencyApplication(Application):
    """An application as its agency reads it."""

    attachments: list[Attachment]


class Message(_Frozen):
    """A message in the citizen's inbox; one for each step of an application."""

    id: str
    at: datetime
    title: Text
    body: Text
    reference: str | None = None
    read: bool = False


class Document(_Frozen):
    """A document that was issued. `credential` is an SD-JWT VC (`dc+sd-jwt`, all disclosures included)."""

    id: str
    type: str
    title: Text
    labels: dict[str, Text] = {}
    """What claims are called, by their names, in the order in which they are read."""
    issuer: str
    """Id of the agency."""
    issued_at: AwareDatetime
    valid_until: AwareDatetime | None = None
    reference: str | None = None
    credential: str
