"""`AgencyClient`: the agencies' side of the unified backend, one typed method an operation."""

from __future__ import annotations

import asyncio
import os
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar

from pydantic import TypeAdapter, ValidationError

from app.backend_api.errors import Malformed
from app.backend_api.exchange import Answer, Exchange, Patience, Repetition, Request
from app.contract.applications import AgencyApplication, ApplicationState, Decision
from app.contract.canonical import canonical_bytes

if TYPE_CHECKING:
    import httpx

T = TypeVar("T")

PATIENCE = Patience(silence=20, total=60)
APPLICATIONS = "v1/agency/applications"


class AgencyClient:
    """Acts for an agency with its key. Every method raises `BackendError`s and nothing else.

    `url` is the backend's address; `language` the BCP 47 tag that its sentences come back in.
    """

    def __init__(self, url: str, key: str, http: httpx.AsyncClient, *, language: str = "en") -> None:
        self._exchange = agency_exchange(url, key, http, language)

    async def applications(self, state: ApplicationState | None = None) -> list[AgencyApplication]:
        """The agency's applications, the oldest first; only those in `state`, if given."""
        request = Request(
            operation="agency_applications",
            method="GET",
            path=APPLICATIONS,
            query={"state": state} if state else {},
            patience=PATIENCE,
        )
        return read_answer(await self._exchange.carry(request), list[AgencyApplication])

    async def application(self, reference: str) -> AgencyApplication:
        """One application with its answers and files."""
        request = Request(
            operation="agency_application",
            method="GET",
            path=f"{APPLICATIONS}/{reference}",
            patience=PATIENCE,
        )
        return read_answer(await self._exchange.carry(request), AgencyApplication)

    async def decide(self, reference: str, decision: Decision) -> AgencyApplication:
        """Accept, reject or ask. Where its answer is lost it is sent again, and carried out once."""
        request = Request(
            operation="agency_decide",
            method="POST",
            path=f"{APPLICATIONS}/{reference}/decision",
            body=canonical_bytes(decision),
            headers={"Content-Type": "application/json"},
            patience=PATIENCE,
            key=uuid.uuid4().hex,
        )
        return read_answer(await self._exchange.carry(request), AgencyApplication)


class _Key:
    def __init__(self, key: str) -> None:
        self._key = key

    async def headers(self, method: str, url: str) -> dict[str, str]:  # noqa: ARG002
        return {"Authorization": f"Bearer {self._key}"}

    async def refused(self, response_headers: Mapping[str, str]) -> bool:  # noqa: ARG002
        return False


def agency_exchange(url: str, key: str, http: httpx.AsyncClient, language: str) -> Exchange:
    """Exchanges with the backend at `url`, each with `key`; sentences come back in `language` (BCP 47)."""

    async def address() -> str:
        return url

    return Exchange(
        base_url=address,
        session=_Key(key),
        http=http,
        now=lambda: datetime.now(UTC),
        random=os.urandom,
        sleep=asyncio.sleep,
        language=lambda: language,
        repetition=Repetition(),
    )


def read_answer(answer: Answer, shape: type[T]) -> T:
    """An answer's body as `shape`. Raises Malformed."""
    try:
        return TypeAdapter[T](shape).validate_json(answer.body)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(step) for step in first["loc"])
        raise Malformed("agency", place or "body", first["msg"]) from None
