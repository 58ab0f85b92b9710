"""What concerns the citizen: attributes, messages, documents."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from sqlalchemy import select

from app.contract.applications import Document, Message
from app.contract.citizen import Me
from app.contract.phrase import N_
from app.contract.problems import ProblemType
from app.contract.text import Text
from backend import events, tables
from backend.access import Citizen
from backend.openapi import refusals
from backend.problems import ProblemError
from backend.registers import read_me
from backend.state import backend_of

router = APIRouter(tags=["citizen"], responses=refusals(ProblemType.NOT_SIGNED_IN, ProblemType.FORBIDDEN))


@router.get("/me", response_model_exclude_none=True, responses=refusals(ProblemType.NOT_FOUND))
async def me(
    request: Request,
    citizen: Citizen,
    service: Annotated[str | None, Query(pattern="^[a-z0-9-]+/[a-z0-9-]+$", max_length=129)] = None,
) -> Me:
    """What the state knows of the citizen; with `service`, no more than that service may read."""
    backend = backend_of(request)
    definition = backend.services.current(service) if service else None
    if service and definition is None:
        raise ProblemError(ProblemType.NOT_FOUND, N_("Layanan ini tidak ada. Cari layanan lain."))
    async with backend.database.reading() as session:
        return await read_me(session, citizen.subject, backend.keys.seal, definition)


@router.get("/messages", response_model_exclude_none=True)
async def messages(request: Request, citizen: Citizen) -> list[Message]:
    """The citizen's inbox, newest first: one message for each step of an application."""
    backend = backend_of(request)
    async with backend.database.reading() as session:
        return await events.inbox(session, citizen.subject, backend.keys.seal)


@router.post("/messages/{id}/read", status_code=204, responses=refusals(ProblemType.NOT_FOUND))
async def mark_read(
    request: Request, citizen: Citizen, message: Annotated[str, Path(alias="id", max_length=32)]
) -> Response:
    """Mark a message as read. Reading twice is reading once."""
    async with backend_of(request).database.writing() as session:
        found = await events.mark_read(session, citizen.subject, message)
    if not found:
        raise ProblemError(ProblemType.NOT_FOUND, N_("Pesan ini tidak ditemukan. Muat ulang daftar pesan."))
    return Response(status_code=204)


@router.get("/documents", response_model_exclude_none=True)
async def documents(request: Request, citizen: Citizen) -> list[Document]:
    """The documents that were issued to the citizen, newest first."""
    backend = backend_of(request)
    async with backend.database.reading() as session:
        rows = await session.scalars(
            select(tables.Document)
            .where(tables.Document.subject == citizen.subject)
            .order_by(tables.Document.issued_at.desc(), tables.Document.type)
        )
        return [
            Document(
                id=row.id,
                type=row.type,
                title=Text(row.title),
                labels={name: Text(label) for name, label in row.labels.items()},
                issuer=row.issuer,
                issued_at=row.issued_at,
                valid_until=row.valid_until,
                reference=row.reference,
                credential=backend.keys.seal.open(
                    row.sealed_credential, "documents.credential", row.id
                ).decode(),
            )
            for row in rows
        ]
