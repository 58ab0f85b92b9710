"""Errors of the backend as RFC 9457 problem details.

`type` is stable (clients decide by it), `title` and `detail` are for people in their language: what happened,
what is safe, what to do next.
"""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict

MEDIA_TYPE = "application/problem+json"


class ProblemType(StrEnum):
    """The stable last part of a problem's `type` URI (`https://loket.example/problems/<value>`)."""

    NOT_SIGNED_IN = "not-signed-in"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not-found"
    INVALID_REQUEST = "invalid-request"
    INVALID_ANSWERS = "invalid-answers"
    OUTDATED_DEFINITION = "outdated-definition"
    IDEMPOTENCY_KEY_MISSING = "idempotency-key-missing"
    IDEMPOTENCY_IN_PROGRESS = "idempotency-in-progress"
    IDEMPOTENCY_MISMATCH = "idempotency-mismatch"
    PRECONDITION_FAILED = "precondition-failed"
    ATTACHMENT_MISSING = "attachment-missing"
    ATTACHMENT_TOO_LARGE = "attachment-too-large"
    ATTACHMENT_TYPE = "attachment-type"
    ATTACHMENT_MISMATCH = "attachment-mismatch"
    UPLOAD_OFFSET = "upload-offset"
    NOT_WAITING = "not-waiting"
    TOO_MANY_REQUESTS = "too-many-requests"
    BUNDLE_REFUSED = "bundle-refused"
    UNAVAILABLE = "unavailable"
    INTERNAL = "internal"


BASE = "https://loket.example/problems/"


class FieldError(BaseModel):
    """What is wrong with one answer. `field` is a path: `witnesses.0.nik`."""

    model_config = ConfigDict(frozen=True)

    page: str | None = None
    field: str
    message: str


class Problem(BaseModel):
    """The body of every error answer."""

    model_config = ConfigDict(frozen=True)

    type: str
    title: str
    status: int
    detail: str
    instance: str | None = None
    errors: list[FieldError] = []

    @property
    def kind(self) -> ProblemType | None:
        """The known problem type, or None for one that this version does not know."""
        try:
            return ProblemType(self.type.removeprefix(BASE))
        except ValueError:
            return None
