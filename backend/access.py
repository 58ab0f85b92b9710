"""Who may: citizens by the identity provider's word, agencies by their keys."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPBearer
from fastapi.security.http import HTTPAuthorizationCredentials, HTTPBase

from app.contract.phrase import N_
from app.contract.problems import ProblemType
from backend.agencies import AgencyAccess, agency_of_key
from backend.problems import ProblemError
from backend.proposals import ReviewerAccess, reviewer_of_key
from backend.state import SignedIn, backend_of

_citizen_scheme = HTTPBase(
    scheme="DPoP",
    scheme_name="citizen",
    description="Access token of the identity provider, bound to the device's key (RFC 9449).",
    auto_error=False,
)
_agency_scheme = HTTPBearer(scheme_name="agency", description="Key of an agency.", auto_error=False)
_reviewer_scheme = HTTPBearer(
    scheme_name="reviewer", description="Key of somebody in the portal's team.", auto_error=False
)


async def signed_in(request: Request, _scheme: Annotated[object, Depends(_citizen_scheme)]) -> SignedIn:
    """The citizen who asks, counted against their limit; in the sandbox, with the faults of the persona."""
    backend = backend_of(request)
    citizen = await backend.authenticator(request)
    request.state.extra_headers.update(backend.limit.take(citizen.subject))
    if backend.faults:
        await backend.faults.meet(citizen.subject)
    return citizen


async def agency_access(
    request: Request,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_agency_scheme)],
) -> AgencyAccess:
    """On behalf of which agency the request comes."""
    backend = backend_of(request)
    key = credentials.credentials if credentials else ""
    if backend.agency and backend.agency.knows(key):
        return AgencyAccess(None, "sandbox")
    async with backend.database.reading() as session:
        agency = await agency_of_key(session, key)
    if agency is None:
        raise ProblemError(
            ProblemType.NOT_SIGNED_IN,
            N_("Kunci instansi tidak ada atau tidak berlaku lagi. Minta kunci baru kepada pengelola."),
            headers={"WWW-Authenticate": "Bearer"},
        )
    return AgencyAccess(agency, key.split("_")[1])


async def reviewer_access(
    request: Request,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_reviewer_scheme)],
) -> ReviewerAccess:
    """Who of the portal's team asks."""
    reviewer = await reviewer_of_key(backend_of(request), credentials.credentials if credentials else "")
    if reviewer is None:
        raise ProblemError(
            ProblemType.NOT_SIGNED_IN,
            N_("Kunci penilai tidak ada atau tidak berlaku lagi. Minta kunci baru kepada pengelola."),
            headers={"WWW-Authenticate": "Bearer"},
        )
    return reviewer


Citizen = Annotated[SignedIn, Depends(signed_in)]
Agency = Annotated[AgencyAccess, Depends(agency_access)]
Reviewer = Annotated[ReviewerAccess, Depends(reviewer_access)]
