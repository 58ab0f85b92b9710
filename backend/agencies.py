"""What agencies do: prove who they are, read what came in, and decide."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from rfc8785 import CanonicalizationError
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.contract.applications import (
    AgencyApplication,
    ApplicationState,
    Decision,
    NewDocument,
    Question,
)
from app.contract.canonical import canonical_bytes
from app.contract.definition import ServiceDefinition
from app.contract.phrase import N_, Phrase
from app.contract.problems import ProblemType
from backend import tables
from backend.applications import (
    definition_of,
    files_in,
    no_such_application,
    sealed_question,
    shown,
)
from backend.credentials import RESERVED_CLAIMS
from backend.events import Kind, new_event
from backend.issuing import issue_document
from backend.problems import ProblemError, WrongField
from backend.state import Backend

KEY: Final = re.compile(r"loket_(?P<id>[0-9a-f]{16})_(?P<secret>[0-9a-f]{64})")
UNDECIDED: Final = ("received", "in_review", "question")
STATES: Final = {"accept": "accepted", "reject": "rejected", "ask": "question"}
KINDS: Final[dict[str, Kind]] = {"accept": "accepted", "reject": "rejected", "ask": "question"}


@dataclass(frozen=True, slots=True)
class AgencyAccess:
    """On whose behalf an agency's request comes. `agency` None: every agency, in the sandbox only."""

    agency: str | None
    key: str = ""
    """The identifier of the key that was used."""

    @property
    def actor(self) -> str:
        """How the audit log calls whoever holds the key."""
        return f"agency:{self.key}"


async def new_key(
    session: AsyncSession, agency: str, at: datetime, random_bytes: Callable[[int], bytes]
) -> str:
    """Make a key for `agency`; only its hash is kept, so this is the one time that it can be read."""
    identifier, secret = random_bytes(8).hex(), random_bytes(32).hex()
    session.add(
        tables.AgencyKey(
            id=identifier, agency=agency, secret_sha256=_hash(secret), created_at=at, revoked_at=None
        )
    )
    return f"loket_{identifier}_{secret}"


async def revoke_key(session: AsyncSession, identifier: str, at: datetime) -> bool:
    """End a key; False where there is none that is still good."""
    row = await session.get(tables.AgencyKey, identifier)
    if row is None or row.revoked_at:
        return False
    row.revoked_at = at
    return True


async def agency_of_key(session: AsyncSession, key: str) -> str | None:
    """Whose key this is, or None where it is nobody's (any more)."""
    match = KEY.fullmatch(key)
    if match is None:
        return None
    row = await session.get(tables.AgencyKey, match["id"])
    if row is None or row.revoked_at or not hmac.compare_digest(row.secret_sha256, _hash(match["secret"])):
        return None
    return row.agency


async def of_agency(
    backend: Backend, session: AsyncSession, access: AgencyAccess, state: ApplicationState | None
) -> list[AgencyApplication]:
    """The applications that an agency has, the oldest first; only those in `state`, if given."""
    query = select(tables.Application).order_by(tables.Application.received_at, tables.Application.reference)
    if access.agency is not None:
        query = query.where(tables.Application.agency == access.agency)
    if state is not None:
        query = query.where(tables.Application.state == state)
    rows = list(await session.scalars(query))
    return [await _as_agency_reads(backend, session, row) for row in rows]


async def read(
    backend: Backend, session: AsyncSession, access: AgencyAccess, reference: str
) -> AgencyApplication:
    """One application as its agency reads it.

    Raises:
        ProblemError: there is none, or it is another agency's.
    """
    return await _as_agency_reads(backend, session, await find(session, access, reference))


async def find(
    session: AsyncSession, access: AgencyAccess, reference: str, *, locked: bool = False
) -> tables.Application:
    """The application `reference` of this agency; another agency's is answered like one that is not there."""
    row = await session.get(tables.Application, reference, with_for_update=locked or None)
    if row is None or access.agency not in (None, row.agency):
        raise no_such_application()
    return row


async def attachment(
    backend: Backend, session: AsyncSession, access: AgencyAccess, reference: str, sha256: str
) -> tuple[str, bytes]:
    """Media type and bytes of a file that an application names.

    Raises:
        ProblemError: no such application, or it names no such file.
    """
    application = await read(backend, session, access, reference)
    named = next((file for file in application.attachments if file.sha256 == sha256), None)
    if named is None:
        raise ProblemError(ProblemType.NOT_FOUND, N_("Permohonan ini tidak menyertakan berkas itu."))
    row = await find(session, access, reference)
    return named.media_type, await backend.attachments.content(session, row.subject, sha256)


async def begin_review(backend: Backend, session: AsyncSession, row: tables.Application) -> None:
    """The agency has an application before it now; its citizen is told."""
    definition = await definition_of(backend, session, row)
    row.state = "in_review"
    row.updated_at = backend.now().replace(microsecond=0)
    session.add(new_event("in_review", row, definition.title, backend.keys.seal))


async def decide(
    backend: Backend, session: AsyncSession, row: tables.Application, decision: Decision
) -> None:
    """Carry a decision out: the application moves on, its citizen is told, its documents are issued.

    A decision may come while a question is open; the question is then withdrawn.

    Raises:
        ProblemError: decided already, no reason where the citizen needs one, or a page that is not in the
        form.
    """
    if row.state not in UNDECIDED:
        raise ProblemError(
            ProblemType.NOT_WAITING,
            N_("Permohonan ini sudah diputuskan. Keputusannya tidak dapat diubah di sini."),
        )
    definition = await definition_of(backend, session, row)
    _check_decision(decision, definition, backend.now())
    seal, at = backend.keys.seal, backend.now().replace(microsecond=0)
    row.state = STATES[decision.kind]
    row.updated_at = at
    row.next_move_at = None
    row.sealed_question = None
    if decision.kind == "ask" and decision.page and decision.reason:
        question = Question(
            id=backend.random_bytes(8).hex(),
            page=decision.page,
            field=decision.field,
            text=decision.reason,
            asked_at=at,
        )
        row.sealed_question = sealed_question(question, row.reference, seal)
    session.add(new_event(KINDS[decision.kind], row, definition.title, seal, note=decision.reason))
    await session.flush()
    if decision.kind != "accept":
        return
    if decision.documents is not None:
        for document in decision.documents:
            issue_document(backend, session, row, definition, document)
    elif backend.agency:
        await backend.agency.issue(session, row, definition)


def _check_decision(decision: Decision, definition: ServiceDefinition, now: datetime) -> None:
    wrong = [
        WrongField(f"documents.{index}.{place}", phrase)
        for index, document in enumerate(decision.documents or ())
        for place, phrase in _wrong_in(document, definition, now)
    ]
    if decision.documents and decision.kind != "accept":
        wrong.append(WrongField("documents", N_("Dokumen hanya terbit bersama persetujuan.")))
    if decision.kind != "accept" and not (decision.reason or "").strip():
        wrong.append(WrongField("reason", N_("Tuliskan alasannya: warga akan membacanya.")))
    page = next((page for page in definition.form.pages if page.id == decision.page), None)
    if decision.kind == "ask" and page is None:
        pages = ", ".join(page.id for page in definition.form.pages)
        wrong.append(WrongField("page", N_("Pilih satu halaman formulir: {pages}.", pages=pages)))
    elif (
        decision.kind == "ask" and page and decision.field not in (None, *(field.id for field in page.fields))
    ):
        fields = ", ".join(field.id for field in page.fields)
        wrong.append(WrongField("field", N_("Pilih satu isian dari halaman itu: {fields}.", fields=fields)))
    if wrong:
        raise ProblemError(
            ProblemType.INVALID_REQUEST,
            N_("Keputusan ini belum lengkap, jadi belum disimpan. Lengkapi, lalu kirim lagi."),
            errors=wrong,
        )


def _wrong_in(
    document: NewDocument, definition: ServiceDefinition, now: datetime
) -> Iterator[tuple[str, Phrase]]:
    types = [output.document_type for output in definition.outputs if output.document_type]
    if document.type not in types:
        yield "type", N_("Pilih satu dokumen dari layanan ini: {types}.", types=", ".join(types))
    if document.valid_until is not None and document.valid_until <= now:
        yield "valid_until", N_("Masa berlaku dokumen harus berakhir di masa depan.")
    try:
        canonical_bytes(document.claims)
    except (CanonicalizationError, UnicodeError, RecursionError):
        yield "claims", N_("Angka terlalu besar, atau huruf yang tidak dikenal.")
    if taken := sorted(RESERVED_CLAIMS & document.claims.keys()):
        yield (
            "claims",
            N_("Nama ini sudah dipakai oleh dokumen itu sendiri: {names}.", names=", ".join(taken)),
        )


async def _as_agency_reads(
    backend: Backend, session: AsyncSession, row: tables.Application
) -> AgencyApplication:
    application = (await shown(backend, session, [row]))[0]
    files = files_in(await definition_of(backend, session, row), application.answers)
    stored = await backend.attachments.shown(
        session, row.subject, [file["sha256"] for file in files.values()]
    )
    named = {
        # The name that the answer gives, not the one that the same bytes had elsewhere.
        file["sha256"]: stored[file["sha256"]].model_copy(update={"name": file["name"]})
        for file in files.values()
        if file["sha256"] in stored
    }
    return AgencyApplication(**dict(application), attachments=list(named.values()))


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
