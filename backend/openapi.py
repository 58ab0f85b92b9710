"""The OpenAPI description: what every operation can be refused with, and the file that is committed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI

from app.contract.problems import BASE, MEDIA_TYPE, Problem, ProblemType
from backend.problems import STATUS

TITLE = "Loket"
DESCRIPTION = """The unified backend of Loket: one counter for every public service.

Errors are problem details (RFC 9457) in the language of `Accept-Language`; clients decide by `type`. Writes
take an `Idempotency-Key`. Requests may carry `traceparent` (W3C Trace Context)."""


def refusals(*kinds: ProblemType) -> dict[int | str, dict[str, Any]]:
    """The `responses` of an operation that can be refused with these problems."""
    by_status: dict[int, list[ProblemType]] = {}
    for kind in kinds:
        by_status.setdefault(STATUS[kind], []).append(kind)
    return {
        status: {
            "description": ", ".join(f"`{BASE}{kind.value}`" for kind in named),
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status, named in by_status.items()
    }


ANY_PROBLEM: dict[int | str, dict[str, Any]] = {
    "default": {
        "description": "Any problem: `invalid-request`, `too-many-requests`, `unavailable` or `internal`.",
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
}
"""What every operation can be answered with."""


def describe(app: FastAPI) -> dict[str, Any]:
    """The description of `app`: what FastAPI writes, with its own shape of errors replaced by problems."""
    if app.openapi_schema is None:
        described = FastAPI.openapi(app)
        schemas: dict[str, Any] = described["components"]["schemas"]
        problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas.update(problem.pop("$defs", {}))
        schemas["Problem"] = problem
        for name in ("HTTPValidationError", "ValidationError"):
            schemas.pop(name, None)
        for operation in _operations(described):
            # FastAPI adds a 422 of its own to whatever has parameters.
            if "HTTPValidationError" in str(operation["responses"].get("422")):
                del operation["responses"]["422"]
            for parameter in operation.get("parameters", ()):
                if parameter["name"] == "Idempotency-Key":
                    # Optional to FastAPI alone, so that its absence is a problem of its own. Only a decision
                    # may go without.
                    parameter |= {
                        "required": "decision" not in operation["operationId"],
                        "schema": {"type": "string", "pattern": '^"[^"]{1,255}"$'},
                    }
    return app.openapi_schema or {}


def written(app: FastAPI) -> str:
    """The description as the file `docs/openapi.json` holds it."""
    return json.dumps(app.openapi(), ensure_ascii=False, indent=2) + "\n"


def _operations(described: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for part in ("paths", "webhooks"):
        for path in described[part].values():
            yield from path.values()
