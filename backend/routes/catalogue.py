"""The catalogue and the definitions: the same for everybody, so they carry entity tags."""

from __future__ import annotations

import re
from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Query, Request
from fastapi.responses import Response

from app.contract.catalogue import SignedManifest
from app.contract.definition import ServiceDefinition
from app.contract.phrase import N_
from app.contract.problems import ProblemType
from backend.openapi import refusals
from backend.problems import ProblemError
from backend.services import Served
from backend.state import backend_of

router = APIRouter(tags=["catalogue"])

PART = "application/zlib"
"""RFC 6713."""
ONE_RANGE = re.compile(r"bytes=(\d{1,18})-(\d{0,18})")
LARGEST_INTEGER = 2**31 - 1
Slug = Annotated[str, Path(pattern="^[a-z0-9]+(-[a-z0-9]+)*$", max_length=64)]
EntityTags = Annotated[str | None, Header(alias="If-None-Match")]
NOT_MODIFIED: dict[int | str, dict[str, Any]] = {
    304: {"description": "Not Modified: what the client has is current."}
}


@router.get("/catalogue", response_model=SignedManifest, responses=NOT_MODIFIED)
async def read_catalogue(request: Request, if_none_match: EntityTags = None) -> Response:
    """The newest edition of the catalogue: its parts and how it changed, signed."""
    backend = backend_of(request)
    await backend.publications.refresh(backend)
    edition = backend.edition
    return _answer(edition.manifest, f'"{edition.digest}"', if_none_match)


@router.get(
    "/catalogue/parts/{sha256}",
    response_class=Response,
    responses={
        200: {"content": {PART: {}}, "description": "The content, in the zlib format (RFC 1950)."},
        206: {"content": {PART: {}}, "description": "The bytes that were asked for."},
        **refusals(ProblemType.NOT_FOUND),
    },
)
async def read_part(
    request: Request,
    sha256: Annotated[str, Path(pattern="^[0-9a-f]{64}$")],
    range_: Annotated[str | None, Header(alias="Range")] = None,
    if_range: Annotated[str | None, Header(alias="If-Range")] = None,
) -> Response:
    """One part of the catalogue, or changes to it, by the digest of the content. It never changes.

    A part that was broken off goes on where it ended, by one range of bytes (RFC 9110 section 14).
    """
    body = backend_of(request).edition.bodies.get(sha256)
    if body is None:
        raise ProblemError(
            ProblemType.NOT_FOUND,
            N_("Bagian daftar layanan ini sudah diganti yang baru. Daftarnya dimuat lagi dengan sendirinya."),
        )
    etag = Served.of(body).etag
    headers = {"ETag": etag, "Cache-Control": "public, max-age=31536000, immutable", "Accept-Ranges": "bytes"}
    asked = ONE_RANGE.fullmatch(range_ or "")
    # A range that cannot be had, or of another entity, is answered with the whole (RFC 9110 section 14.2).
    if asked is None or if_range not in (None, etag) or int(asked[1]) >= len(body):
        return Response(body, media_type=PART, headers=headers)
    first, last = int(asked[1]), min(int(asked[2] or len(body)), len(body) - 1)
    headers["Content-Range"] = f"bytes {first}-{last}/{len(body)}"
    return Response(body[first : last + 1], status_code=206, media_type=PART, headers=headers)


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
    await backend.publications.refresh(backend)
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
    return _answer(served.content, served.etag, if_none_match)


def _answer(content: bytes, etag: str, if_none_match: str | None) -> Response:
    headers = {"ETag": etag, "Cache-Control": "no-cache"}
    # Weak comparison, as RFC 9110 section 13.1.2 wants it.
    known = [tag.strip().removeprefix("W/") for tag in (if_none_match or "").split(",")]
    if etag in known or known == ["*"]:
        return Response(status_code=304, headers=headers)
    return Response(content, media_type="application/json", headers=headers)
