"""The OpenAPI description: what every operation can be refused with, and the file that is committed."""

from __future__ import annotations

import json
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


def describe(app: FastAPI) -> dict[str, Any]:
    """The description of `app`, with the schema of problems put in.

    FastAPI writes its own schema of a 422 where none is declared; ours is always a problem.
    """
    if app.openapi_schema is None:
        described = FastAPI.openapi(app)
        schemas: dict[str, Any] = described["components"]["schemas"]
        problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas.update(problem.pop("$defs", {}))
        schemas["Problem"] = problem
        for name in ("HTTPValidationError", "ValidationError"):
            schemas.pop(name, None)
    return app.openapi_schema or {}


def written(app: FastAPI) -> str:
    """The description as the file `docs/openapi.json` holds it."""
    return json.dumps(app.openapi(), ensure_ascii=False, indent=2) + "\n"
