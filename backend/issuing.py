"""Issuing a document: a credential, signed and kept for its citizen, who is told."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from app.contract.applications import NewDocument
from app.contract.definition import ServiceDefinition
from backend import tables
from backend.credentials import issue_credential
from backend.events import new_event
from backend.state import Backend


def issue_document(
    backend: Backend,
    session: AsyncSession,
    row: tables.Application,
    definition: ServiceDefinition,
    document: NewDocument,
) -> None:
    """Issue `document` for the application `row`. Its type is that of one of the service's outputs."""
    output = next(output for output in definition.outputs if output.document_type == document.type)
    identifier = backend.random_bytes(16).hex()
    credential = issue_credential(
        backend.keys.signing,
        issuer=backend.settings.public_url,
        type_=document.vct,
        claims=document.claims,
        issued_at=row.updated_at,
        valid_until=document.valid_until,
        random_bytes=backend.random_bytes,
    )
    session.add(
        tables.Document(
            id=identifier,
            subject=row.subject,
            reference=row.reference,
            type=document.type,
            title=output.title.root,
            labels={claim.id: claim.title.root for claim in output.claims or ()},
            issuer=row.agency,
            issued_at=row.updated_at,
            valid_until=document.valid_until,
            sealed_credential=backend.keys.seal.close(
                credential.encode(), "documents.credential", identifier
            ),
        )
    )
    session.add(new_event("document", row, definition.title, backend.keys.seal, document=output.title))
