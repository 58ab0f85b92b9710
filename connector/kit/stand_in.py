"""Stands in for the backend while a system is tested: publishes the kit's key, gives files out, and takes
decisions.

The first answer to each decision is lost (503): a system that sends it again under the same `Idempotency-Key`
has it carried out once, as with the real backend.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response

from app.contract.applications import Decision
from connector.kit.letters import FILE, Sample, Signer

Call = tuple[str, str | None, bytes]


@dataclass(slots=True)
class Calls:
    """How a system has called back."""

    decisions: list[Call] = field(default_factory=list["Call"])
    """Reference, `Idempotency-Key` and body of each call, in their order."""
    files: int = 0
    carried_out: dict[str, str] = field(default_factory=dict[str, str])
    """The key of the decision that was carried out, by reference."""
    changed: asyncio.Event = field(default_factory=asyncio.Event)


def create(sample: Sample, signer: Signer, now: Callable[[], datetime], calls: Calls) -> FastAPI:
    """The stand-in, which writes down in `calls` what it was asked."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    path = "/v1/agency/applications/{reference}"

    async def keys() -> Response:
        """The key that deliveries of this test are signed with."""
        return JSONResponse(signer.jwks())

    async def read(reference: str) -> Response:
        """A sample application."""
        shown = sample.application(reference, now().replace(microsecond=0))
        return JSONResponse(shown.model_dump(mode="json", exclude_none=True))

    async def attachment() -> Response:
        """The sample file."""
        calls.files += 1
        return Response(FILE, media_type="application/pdf")

    async def decide(request: Request, reference: str) -> Response:
        """Take a decision: the first time its answer is lost."""
        key, body = request.headers.get("idempotency-key"), await request.body()
        first = all(known[:2] != (reference, key) for known in calls.decisions)
        calls.decisions.append((reference, key, body))
        try:
            Decision.model_validate_json(body)
        except ValueError:
            return _refused(422, "invalid-request")
        if key is None:
            return _refused(400, "idempotency-key-missing")
        if calls.carried_out.setdefault(reference, key) != key:
            return _refused(409, "not-waiting")
        if first:
            return Response(status_code=503, headers={"Retry-After": "0"})
        calls.changed.set()
        return await read(reference)

    app.add_api_route("/v1/connectors/{agency}/keys", keys)
    app.add_api_route(path, read)
    app.add_api_route(f"{path}/attachments/{{sha256}}", attachment)
    app.add_api_route(f"{path}/decision", decide, methods=["POST"])
    return app


def _refused(status: int, kind: str) -> Response:
    body = {
        "type": f"https://loket.example/problems/{kind}",
        "title": kind,
        "status": status,
        "detail": kind,
    }
    return JSONResponse(body, status_code=status, media_type="application/problem+json")
