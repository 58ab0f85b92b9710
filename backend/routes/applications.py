"""Sending a submission, following it, and answering what the agency asks."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header, Request, Response
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from app.contract.applications import Application, QuestionAnswer, Submission
from app.contract.problems import ProblemType
from app.contract.reference import read_reference
from backend import applications
from backend.access import Citizen
from backend.idempotency import Work, once, read_key
from backend.openapi import refusals
from backend.state import SignedIn, backend_of

router = APIRouter(
    prefix="/applications",
    tags=["applications"],
    responses=refusals(ProblemType.NOT_SIGNED_IN, ProblemType.FORBIDDEN),
)

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        description='A quoted string (`"…"`), the same on every retry of the same request.',
    ),
]
ONCE = refusals(
    ProblemType.IDEMPOTENCY_KEY_MISSING,
    ProblemType.IDEMPOTENCY_IN_PROGRESS,
    ProblemType.IDEMPOTENCY_MISMATCH,
    ProblemType.INVALID_ANSWERS,
    ProblemType.ATTACHMENT_MISSING,
    ProblemType.OUTDATED_DEFINITION,
    ProblemType.NOT_WAITING,
    ProblemType.NOT_FOUND,
)


async def answer_once(request: Request, citizen: SignedIn, key: str | None, work: Work) -> Response:
    """The answer to a write of a citizen, done once."""
    backend = backend_of(request)
    return await once(
        backend.database,
        backend.keys.seal,
        subject=citizen.subject,
        key=read_key(key),
        request=(request.method, request.url.path, await request.body()),
        at=backend.now(),
        work=work,
    )


@router.post("", status_code=201, response_model=Application, responses=ONCE)
async def create(
    request: Request, citizen: Citizen, submission: Submission, idempotency_key: IdempotencyKey = None
) -> Response:
    """Take a submission in. The receipt in the answer proves that it is there."""

    async def work(session: AsyncSession) -> tuple[int, BaseModel]:
        return 201, await applications.receive(backend_of(request), session, citizen.subject, submission)

    return await answer_once(request, citizen, idempotency_key, work)


@router.get("", response_model_exclude_none=True)
async def read_all(request: Request, citizen: Citizen) -> list[Application]:
    """All applications of the citizen, newest first."""
    backend = backend_of(request)
    async with backend.database.reading() as session:
        return await applications.of_citizen(backend, session, citizen.subject)


@router.get("/{reference}", response_model_exclude_none=True, responses=refusals(ProblemType.NOT_FOUND))
async def read(request: Request, citizen: Citizen, reference: str) -> Application:
    """One application with its timeline. The reference is forgiven spaces, dashes and case."""
    backend = backend_of(request)
    async with backend.database.reading() as session:
        row = await applications.find(session, citizen.subject, written_reference(reference))
        return (await applications.shown(backend, session, [row]))[0]


@router.post("/{reference}/answers", response_model=Application, responses=ONCE)
async def answer(
    request: Request,
    citizen: Citizen,
    reference: str,
    answers: QuestionAnswer,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Answer what the agency asked: the fields of the page in question, and no others."""

    async def work(session: AsyncSession) -> tuple[int, BaseModel]:
        return 200, await applications.answer_question(
            backend_of(request), session, citizen.subject, written_reference(reference), answers
        )

    return await answer_once(request, citizen, idempotency_key, work)


def written_reference(typed: str) -> str:
    """The reference in its written form.

    Raises:
        ProblemError: it cannot be one, so there is no such application.
    """
    reference = read_reference(typed)
    if reference is None:
        raise applications.no_such_application()
    return reference
