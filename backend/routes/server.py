"""The server about itself: whether it is well, and which keys it signs with."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel
from sqlalchemy import text

from app.contract.problems import ProblemType
from backend.openapi import refusals
from backend.state import backend_of

health = APIRouter(tags=["server"])
keys = APIRouter(tags=["server"])


class Health(BaseModel):
    """`status` is `ok`: the process runs and its database answers."""

    status: str


class KeySet(BaseModel):
    """A JWK set (RFC 7517)."""

    keys: list[dict[str, Any]]


@health.get("/healthz", responses=refusals(ProblemType.UNAVAILABLE))
async def healthz(request: Request) -> Health:
    """Whether the backend can serve."""
    async with backend_of(request).database.reading() as session:
        await session.execute(text("SELECT 1"))
    return Health(status="ok")


@keys.get("/keys")
async def signing_keys(request: Request) -> KeySet:
    """The keys that receipts and credentials are signed with, earlier ones among them."""
    return KeySet.model_validate(backend_of(request).keys.signing.public())
