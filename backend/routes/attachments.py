"""Sending files in pieces."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header, Path, Request, Response
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from app.contract.applications import Attachment, NewAttachment
from app.contract.problems import ProblemType
from backend.access import Citizen
from backend.openapi import refusals
from backend.routes.applications import IdempotencyKey, answer_once
from backend.state import backend_of

router = APIRouter(
    prefix="/attachments",
    tags=["attachments"],
    responses=refusals(ProblemType.NOT_SIGNED_IN, ProblemType.FORBIDDEN),
)

Sha256 = Annotated[str, Path(pattern="^[0-9a-f]{64}$")]
LARGEST_INTEGER = 2**31 - 1


@router.post(
    "",
    response_model=Attachment,
    responses=refusals(
        ProblemType.IDEMPOTENCY_KEY_MISSING,
        ProblemType.IDEMPOTENCY_IN_PROGRESS,
        ProblemType.IDEMPOTENCY_MISMATCH,
        ProblemType.ATTACHMENT_TOO_LARGE,
        ProblemType.ATTACHMENT_TYPE,
    ),
)
async def begin(
    request: Request, citizen: Citizen, new: NewAttachment, idempotency_key: IdempotencyKey = None
) -> Response:
    """Announce a file before its bytes; one that is known goes on from where it is."""
    backend = backend_of(request)

    async def work(session: AsyncSession) -> tuple[int, BaseModel]:
        return 200, await backend.attachments.begin(session, citizen.subject, new, backend.now())

    return await answer_once(request, citizen, idempotency_key, work)


@router.get("/{sha256}", responses=refusals(ProblemType.NOT_FOUND))
async def read(request: Request, citizen: Citizen, sha256: Sha256) -> Attachment:
    """How much of a file is there."""
    backend = backend_of(request)
    async with backend.database.reading() as session:
        return await backend.attachments.read(session, citizen.subject, sha256)


@router.patch(
    "/{sha256}",
    responses=refusals(
        ProblemType.NOT_FOUND,
        ProblemType.UPLOAD_OFFSET,
        ProblemType.ATTACHMENT_TOO_LARGE,
        ProblemType.ATTACHMENT_TYPE,
        ProblemType.ATTACHMENT_MISMATCH,
    ),
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "application/offset+octet-stream": {"schema": {"type": "string", "format": "binary"}}
            },
        }
    },
)
async def append(
    request: Request,
    citizen: Citizen,
    sha256: Sha256,
    offset: Annotated[int, Header(alias="Upload-Offset", ge=0, le=LARGEST_INTEGER)],
) -> Attachment:
    """Send the piece that begins at `Upload-Offset`. 409 names the offset that is next, in the same
    header."""
    return await backend_of(request).attachments.append(citizen.subject, sha256, offset, await request.body())
