"""How services get from an agency's folder to citizens: proposals, their review, and the chains of
publications."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Path, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from app.contract.phrase import N_
from app.contract.problems import ProblemType
from app.contract.publication import (
    Proposal,
    ProposalState,
    ProposalWithBundle,
    Publications,
    Review,
)
from backend import proposals, publications
from backend.access import Agency, Reviewer
from backend.openapi import refusals
from backend.problems import ProblemError
from backend.routes.catalogue import Slug
from backend.state import backend_of

authors = APIRouter(
    prefix="/agency/proposals", tags=["proposals"], responses=refusals(ProblemType.NOT_SIGNED_IN)
)
reviewers = APIRouter(
    prefix="/review/proposals", tags=["review"], responses=refusals(ProblemType.NOT_SIGNED_IN)
)
chains = APIRouter(tags=["catalogue"])

Identifier = Annotated[str, Path(pattern="^[0-9a-f]{16}$")]
MOVED = refusals(ProblemType.NOT_FOUND, ProblemType.NOT_WAITING)


class Withdrawal(BaseModel):
    """Why something is taken back."""

    model_config = ConfigDict(extra="forbid")

    note: str | None = Field(None, max_length=2000)


@authors.post(
    "",
    responses=refusals(ProblemType.BUNDLE_REFUSED, ProblemType.INVALID_REQUEST),
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Bundle"}}},
        }
    },
)
async def propose(request: Request, agency: Agency) -> Proposal:
    """Hand a bundle in as a draft: the bytes as they were packed. The same bytes are the same proposal."""
    return await proposals.propose(backend_of(request), agency, await request.body())


@authors.get("")
async def read_all(request: Request, agency: Agency) -> list[Proposal]:
    """The agency's proposals, the latest first."""
    async with backend_of(request).database.reading() as session:
        return await proposals.of_agency(session, agency)


@authors.get("/{id}", responses=refusals(ProblemType.NOT_FOUND))
async def read(request: Request, agency: Agency, id: Identifier) -> ProposalWithBundle:  # noqa: A002
    """One proposal, with what reviewers said line by line."""
    async with backend_of(request).database.reading() as session:
        return await proposals.read(session, agency, id)


@authors.post("/{id}/submit", responses=MOVED)
async def submit(request: Request, agency: Agency, id: Identifier) -> Proposal:  # noqa: A002
    """Hand a draft over for review."""
    return await proposals.submit(backend_of(request), agency, id)


@authors.post(
    "/{id}/publish", responses={**MOVED, **refusals(ProblemType.FORBIDDEN, ProblemType.INVALID_REQUEST)}
)
async def publish(request: Request, agency: Agency, id: Identifier) -> Proposal:  # noqa: A002
    """Give citizens what was approved."""
    return await proposals.publish(backend_of(request), agency, id)


@authors.post("/{id}/withdraw", responses=MOVED)
async def withdraw(
    request: Request,
    agency: Agency,
    id: Identifier,  # noqa: A002
    why: Annotated[Withdrawal | None, Body()] = None,
) -> Proposal:
    """Take a proposal back, or a service out of the catalogue."""
    return await proposals.withdraw(backend_of(request), agency, id, why.note if why else None)


@reviewers.get("")
async def read_waiting(
    request: Request, _reviewer: Reviewer, state: Annotated[ProposalState, Query()] = "submitted"
) -> list[Proposal]:
    """The proposals in `state`, the one that waits longest first."""
    async with backend_of(request).database.reading() as session:
        return await proposals.waiting(session, state)


@reviewers.get("/{id}", responses=refusals(ProblemType.NOT_FOUND))
async def read_for_review(request: Request, reviewer: Reviewer, id: Identifier) -> ProposalWithBundle:  # noqa: A002
    """One proposal with its files."""
    async with backend_of(request).database.reading() as session:
        return await proposals.read(session, reviewer, id)


@reviewers.post("/{id}/review", responses={**MOVED, **refusals(ProblemType.INVALID_REQUEST)})
async def review(request: Request, reviewer: Reviewer, id: Identifier, decided: Review) -> Proposal:  # noqa: A002
    """Approve, or reject with comments line by line."""
    return await proposals.review(backend_of(request), reviewer, id, decided)


@reviewers.post("/{id}/withdraw", responses=MOVED)
async def withdraw_by_reviewer(
    request: Request,
    reviewer: Reviewer,
    id: Identifier,  # noqa: A002
    why: Annotated[Withdrawal | None, Body()] = None,
) -> Proposal:
    """Take a service out of the catalogue for the portal."""
    return await proposals.withdraw(backend_of(request), reviewer, id, why.note if why else None)


@chains.get(
    "/services/{agency}/{service}/publications",
    response_model=Publications,
    responses=refusals(ProblemType.NOT_FOUND),
)
async def read_chain(request: Request, agency: Slug, service: Slug) -> Publications:
    """Every publication of a service, oldest first: what a device checks a definition against."""
    backend = backend_of(request)
    await backend.publications.refresh(backend)
    async with backend.database.reading() as session:
        chain = await publications.chain(backend, session, f"{agency}/{service}")
    if not chain:
        raise ProblemError(ProblemType.NOT_FOUND, N_("Layanan ini tidak ada. Cari layanan lain."))
    return Publications(chain=chain)
