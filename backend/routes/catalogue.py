"""The catalogue and the definitions: the same for everybody, so they carry entity tags."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Query, Request
from fastapi.responses import Response

from app.contract.catalogue import Catalogue
from app.contract.definition import ServiceDefinition
from app.contract.phrase import N_
from app.contract.problems import ProblemType
from backend.openapi import refusals
from backend.problems import ProblemError
from backend.services import Served
from backend.state import backend_of

router = APIRouter(tags=["catalogue"])

LARGEST_INTEGER = 2**31 - 1
Slug = Annotated[str, Path(pattern="^[a-z0-9]+(-[a-z0-9]+)*$", max_length=64)]
EntityTags = Annotated[str | None, Header(alias="If-None-Match")]
NOT_MODIFIED: dict[int | str, dict[str, Any]] = {
    304: {"description": "Not Modified: what the client has is current."}
}


@router.get("/catalogue", response_model=Catalogue, responses=NOT_MODIFIED)
async def read_catalogue(request: Request, if_none_match: EntityTags = None) -> Response:
    """Every service in short: enough to find and to list it."""
    return _answer(backend_of(request).services.catalogue, if_none_match)


@router.get(
    "/services/{agency}/{service}",
    response_model=ServiceDefinition,
    responses={**NOT_MODIFIED, **refusals(ProblemType.NOT_FOUND)},
)
async def read_definition(
    request: Request,
    agency: Slug,
    service: Slug,
    version: Annotated[int | None, Query(ge=1, le=LARGEST_INTEGER)] = None,
    if_none_match: EntityTags = None,
) -> Response:
    """The definition of one service; the current version, unless an earlier one is asked for."""
    backend = backend_of(request)
    identifier = f"{agency}/{service}"
    served = backend.services.served(identifier)
    if version is not None:
        async with backend.database.reading() as session:
            served = await backend.services.served_at_version(session, identifier, version)
    if served is None:
        raise ProblemError(
            ProblemType.NOT_FOUND,
            N_("Layanan ini, atau versinya, tidak ada. Cari layanan lain, atau hubungi kantornya."),
        )
    return _answer(served, if_none_match)


def _answer(served: Served, if_none_match: str | None) -> Response:
    headers = {"ETag": served.etag, "Cache-Control": "no-cache"}
    # Weak comparison, as RFC 9110 section 13.1.2 wants it.
    known = [tag.strip().removeprefix("W/") for tag in (if_none_match or "").split(",")]
    if served.etag in known or known == ["*"]:
        return Response(status_code=304, headers=headers)
    return Response(served.content, media_type="application/json", headers=headers)
