"""`ProposalsClient`: handing services in for publication, and reviewing them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.backend_api.agency import PATIENCE, agency_exchange, read_answer
from app.backend_api.exchange import Request
from app.contract.canonical import canonical_bytes
from app.contract.publication import Proposal, ProposalState, ProposalWithBundle, Review

if TYPE_CHECKING:
    import httpx

AUTHORS = "v1/agency/proposals"
REVIEWERS = "v1/review/proposals"


class ProposalsClient:
    """Acts with the key of an agency (propose, submit, publish) or of a reviewer (waiting, review).

    Every method raises `BackendError`s and nothing else. `url` is the backend's address.
    """

    def __init__(self, url: str, key: str, http: httpx.AsyncClient, *, language: str = "en") -> None:
        self._exchange = agency_exchange(url, key, http, language)

    async def propose(self, content: bytes) -> Proposal:
        """Hand a bundle in as a draft; the same bytes are the same proposal."""
        return await self._post("propose", AUTHORS, content)

    async def submit(self, identifier: str) -> Proposal:
        """Hand a draft over for review."""
        return await self._post("submit", f"{AUTHORS}/{identifier}/submit")

    async def publish(self, identifier: str) -> Proposal:
        """Give citizens what was approved."""
        return await self._post("publish", f"{AUTHORS}/{identifier}/publish")

    async def withdraw(self, identifier: str, note: str | None = None, *, reviewer: bool = False) -> Proposal:
        """Take a proposal back, or a published service out of the catalogue."""
        base = REVIEWERS if reviewer else AUTHORS
        body = canonical_bytes({"note": note} if note else {})
        return await self._post("withdraw", f"{base}/{identifier}/withdraw", body)

    async def proposals(self) -> list[Proposal]:
        """The agency's proposals, the latest first."""
        return read_answer(await self._exchange.carry(_get("proposals", AUTHORS)), list[Proposal])

    async def proposal(self, identifier: str, *, reviewer: bool = False) -> ProposalWithBundle:
        """One proposal with its files."""
        base = REVIEWERS if reviewer else AUTHORS
        answer = await self._exchange.carry(_get("proposal", f"{base}/{identifier}"))
        return read_answer(answer, ProposalWithBundle)

    async def waiting(self, state: ProposalState = "submitted") -> list[Proposal]:
        """For reviewers: the proposals in `state`, the one that waits longest first."""
        answer = await self._exchange.carry(_get("waiting", REVIEWERS, {"state": state}))
        return read_answer(answer, list[Proposal])

    async def review(self, identifier: str, decided: Review) -> Proposal:
        """For reviewers: approve, or reject with comments line by line."""
        return await self._post("review", f"{REVIEWERS}/{identifier}/review", canonical_bytes(decided))

    async def _post(self, operation: str, path: str, body: bytes = b"") -> Proposal:
        request = Request(
            operation=operation,
            method="POST",
            path=path,
            body=body,
            headers={"Content-Type": "application/json"} if body else {},
            patience=PATIENCE,
        )
        return read_answer(await self._exchange.carry(request), Proposal)


def _get(operation: str, path: str, query: dict[str, str] | None = None) -> Request:
    return Request(operation=operation, method="GET", path=path, query=query or {}, patience=PATIENCE)
