"""Notices: the same for everybody."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Header, Request
from fastapi.responses import Response

from app.contract.notices import SignedNotices
from backend.notices import current, signed
from backend.state import backend_of

router = APIRouter(tags=["catalogue"])

NOT_MODIFIED: dict[int | str, dict[str, Any]] = {
    304: {"description": "Not Modified: what the client has is current."}
}


@router.get("/notices", response_model=SignedNotices, responses=NOT_MODIFIED)
async def read_notices(
    request: Request, if_none_match: Annotated[str | None, Header(alias="If-None-Match")] = None
) -> Response:
    """What everybody has to know now, signed. The entity tag is the number of the list."""
    backend = backend_of(request)
    async with backend.database.reading() as session:
        notices = await current(session, backend.now())
    headers = {"ETag": f'"{notices.number}"', "Cache-Control": "no-cache"}
    # Weak comparison, as RFC 9110 section 13.1.2 wants it.
    known = [tag.strip().removeprefix("W/") for tag in (if_none_match or "").split(",")]
    if headers["ETag"] in known or known == ["*"]:
        return Response(status_code=304, headers=headers)
    body = SignedNotices(notices=signed(notices, backend.keys.signing)).model_dump_json()
    return Response(body, media_type="application/json", headers=headers)
