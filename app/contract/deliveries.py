"""What an agency's own system hears of its applications, and the setting up of that.

A delivery is a webhook as of Standard Webhooks 1.0.0, signed with Ed25519 (`v1a`): the receiver needs no
secret, only the public keys that `GET /v1/connectors/{agency}/keys` gives. The same delivery has the same
`webhook-id` and the same bytes on every attempt; `webhook-timestamp` and the signature are of the attempt.
"""

from __future__ import annotations

from typing import Final, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from app.contract.applications import AgencyApplication

ID_HEADER: Final = "webhook-id"
TIMESTAMP_HEADER: Final = "webhook-timestamp"
"""Seconds since 1970, of the attempt. A receiver refuses what is `TOLERANCE_SECONDS` away from its clock."""
SIGNATURE_HEADER: Final = "webhook-signature"
"""Signatures with a space between them, each `v1a,<base64>`: more than one while a key is changed."""

SIGNATURE_VERSION: Final = "v1a"
TOLERANCE_SECONDS: Final = 300
MOST_BYTES: Final = 2_000_000
"""No delivery is larger; files travel apart, through `GET /v1/agency/applications/…/attachments/…`."""

EventType = Literal["application.received", "application.answered"]
"""A new application; or its citizen has answered what the agency asked. Others may come: ignore them."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class Delivery(_Frozen):
    """The body of a delivery."""

    type: EventType
    timestamp: AwareDatetime
    """When it happened, not when it was sent."""
    agency: str
    """Whom it is for. A receiver refuses what is for another agency."""
    sequence: int = Field(ge=1)
    """1 for the application itself, one more for each answer: what is not above the last one is old news."""
    data: AgencyApplication
    """The application as it stood when this delivery was first tried."""


class NewConnector(_Frozen):
    """PUT /v1/agency/connector: where to deliver to."""

    url: str = Field(max_length=512)
    max_in_flight: int = Field(4, ge=1, le=32)
    """How many deliveries may be under way at once; those of one application always come one by one."""


ConnectorState = Literal["delivering", "paused", "gone", "failed"]
"""`paused`: somebody asked for it. `gone`: the system answered 410. `failed`: it took nothing for days. The
last three deliver nothing until `resume`, and lose nothing."""


class Connector(_Frozen):
    """How the deliveries to an agency's system stand."""

    agency: str
    url: str
    max_in_flight: int
    state: ConnectorState
    since: AwareDatetime
    """Since when it is in this state."""
    failing_since: AwareDatetime | None = None
    """The first failure after the last delivery that was taken."""
    resumes_at: AwareDatetime | None = None
    """Nothing is tried before."""
    last_delivered_at: AwareDatetime | None = None
    trouble: str | None = None
    """The last failure in a few words: a status or a kind of error, never what the system wrote."""
    waiting: int
    dead: int
    """Given up after a week of tries; `redeliver` takes them up again."""


class NewKey(_Frozen):
    """POST /v1/agency/connector/rotate-key. Until `overlap_hours` are over, the old key signs as well."""

    overlap_hours: int = Field(24, ge=0, le=168)


DeliveryState = Literal["waiting", "sending", "delivered", "dead"]


class DeliveryRecord(_Frozen):
    """One delivery as the log shows it."""

    id: str
    reference: str
    type: str
    sequence: int
    state: DeliveryState
    created_at: AwareDatetime
    attempts: int
    next_attempt_at: AwareDatetime | None = None
    delivered_at: AwareDatetime | None = None
    trouble: str | None = None


class Redelivered(_Frozen):
    """How many deliveries will be tried again, at once."""

    deliveries: int


def signed_content(identifier: str, timestamp: int, body: bytes) -> bytes:
    """The bytes that a signature is over: `<id>.<timestamp>.<body>`. Identifiers have no full stop."""
    return f"{identifier}.{timestamp}.".encode() + body
