"""The agencies' side: what came in, and what becomes of it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header, Path, Query, Request, Response
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from app.contract.applications import AgencyApplication, ApplicationState, Decision
from app.contract.problems import ProblemType
from backend import agencies
from backend.access import Agency
from backend.idempotency import once, read_key
from backend.openapi import refusals
from backend.routes.applications import written_reference
from backend.state import backend_of

router = APIRouter(
    prefix="/agency/applications", tags=["agency"], responses=refusals(ProblemType.NOT_SIGNED_IN)
)

DecisionKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        description='A quoted string (`"…"`), the same on every retry of the same decision.',
    ),
]


@router.get("", response_model_exclude_none=True)
async def read_all(
    request: Request, agency: Agency, state: Annotated[ApplicationState | None, Query()] = None
) -> list[AgencyApplication]:
    """The agency's applications, the oldest first; only those in `state`, if given."""
    backend = backend_of(request)
    async with backend.database.reading() as session:
        return await agencies.of_agency(backend, session, agency, state)


@router.get("/{reference}", response_model_exclude_none=True, responses=refusals(ProblemType.NOT_FOUND))
async def read(request: Request, agency: Agency, reference: str) -> AgencyApplication:
    """One application with its answers and files."""
    backend = backend_of(request)
    async with backend.database.reading() as session:
        return await agencies.read(backend, session, agency, written_reference(reference))


@router.get(
    "/{reference}/attachments/{sha256}",
    response_class=Response,
    responses={
        200: {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}},
        **refusals(ProblemType.NOT_FOUND),
    },
)
async def read_attachment(
    request: Request, agency: Agency, reference: str, sha256: Annotated[str, Path(pattern="^[0-9a-f]{64}$")]
) -> Response:
    """The bytes of a file that an application names. They came from outside: nothing may run them."""
    backend = backend_of(request)
    async with backend.database.reading() as session:
        media_type, content = await agencies.attachment(
            backend, session, agency, written_reference(reference), sha256
        )
    return Response(
        content,
        media_type=media_type,
        headers={
            "Content-Disposition": "attachment",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; sandbox",
        },
    )


@router.post(
    "/{reference}/decision",
    response_model=AgencyApplication,
    response_model_exclude_none=True,
    responses=refusals(
        ProblemType.NOT_FOUND,
        ProblemType.NOT_WAITING,
        ProblemType.IDEMPOTENCY_KEY_MISSING,
        ProblemType.IDEMPOTENCY_IN_PROGRESS,
        ProblemType.IDEMPOTENCY_MISMATCH,
    ),
)
async def decide(
    request: Request,
    agency: Agency,
    reference: str,
    decision: Decision,
    idempotency_key: DecisionKey = None,
) -> Response | AgencyApplication:
    """Accept, reject, or ask the citizen one thing more. With an `Idempotency-Key`, a decision whose answer
    was lost can be sent again."""
    backend = backend_of(request)

    async def work(session: AsyncSession) -> AgencyApplication:
        row = await agencies.find(session, agency, written_reference(reference), locked=True)
        await agencies.decide(backend, session, row, decision)
        return await agencies.read(backend, session, agency, row.reference)

    async def answered(session: AsyncSession) -> tuple[int, BaseModel]:
        return 200, await work(session)

    if idempotency_key is None:
        async with backend.database.writing() as session:
            return await work(session)
    return await once(
        backend.database,
        backend.keys.seal,
        subject=f"agency:{agency.agency or agency.key}",
        key=read_key(idempotency_key),
        request=(request.method, request.url.path, await request.body()),
        at=backend.now(),
        work=answered,
    )
