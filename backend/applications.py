"""Receiving submissions and answers, and telling citizens how their applications stand."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from rfc8785 import CanonicalizationError
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.contract.applications import (
    Application,
    ApplicationState,
    Question,
    QuestionAnswer,
    Receipt,
    Submission,
    TimelineEntry,
)
from app.contract.canonical import canonical_bytes, sha256_hex
from app.contract.citizen import Me
from app.contract.definition import ServiceDefinition
from app.contract.phrase import N_
from app.contract.problems import ProblemType
from app.contract.reference import new_reference
from app.forms import kinds
from app.forms.validation import answers_to_send, blocking, submission_problems
from app.forms.view import view
from backend import publications, tables
from backend.attachments import Attachments
from backend.events import new_event, timeline_entry, timelines
from backend.keys import Seal
from backend.presented import check_presented
from backend.problems import ProblemError, WrongField
from backend.promises import promised_by
from backend.registers import read_me
from backend.state import Backend

RECEIPT_TYPE = "loket-receipt+jws"


async def receive(
    backend: Backend, session: AsyncSession, subject: str, submission: Submission
) -> Application:
    """Take a submission in: checked, receipted, and on its way to the agency.

    Raises:
        ProblemError: no such service, an outdated definition, wrong answers, or files that are not all there.
    """
    _check_form_of(submission.answers)
    definition = backend.services.current(submission.service)
    if definition is None:
        raise ProblemError(
            ProblemType.NOT_FOUND,
            N_("Layanan ini tidak ada lagi. Draf Anda aman. Cari layanan lain, atau hubungi kantornya."),
        )
    if definition.version != submission.version:
        definition = await publications.still_taken(backend, session, submission.service, submission.version)
    if definition is None:
        raise ProblemError(
            ProblemType.OUTDATED_DEFINITION,
            N_(
                "Formulir layanan ini sudah diperbarui. Jawaban Anda aman. Buka kembali "
                "drafnya, periksa, lalu kirim."
            ),
        )
    answers = await _checked(backend, session, subject, definition, submission.answers)
    received_at = backend.now().replace(microsecond=0)
    row = await _insert(backend, session, subject, definition, submission, answers, received_at)
    promised = promised_by(received_at, definition.processing_time)
    event = new_event("received", row, definition.title, backend.keys.seal, promised_by=promised)
    session.add(event)
    await backend.outbox.tell(session, row)
    if backend.agency:
        backend.agency.expect(session, row)
    return _shown(row, definition, [timeline_entry(event, backend.keys.seal)], backend.keys.seal)


async def answer_question(
    backend: Backend, session: AsyncSession, subject: str, reference: str, answer: QuestionAnswer
) -> Application:
    """Take the answer to an agency's question in: only the page that was asked about may change.

    Raises:
        ProblemError: no such application, no such question open, answers of another page, or wrong ones.
    """
    _check_form_of(answer.answers)
    row = await find(session, subject, reference, locked=True)
    question = open_question(row, backend.keys.seal)
    if question is None or question.id != answer.question:
        raise ProblemError(
            ProblemType.NOT_WAITING,
            N_(
                "Pertanyaan ini sudah dijawab atau ditarik. Tidak ada yang perlu Anda "
                "kirim. Muat ulang permohonan ini."
            ),
        )
    definition = await definition_of(backend, session, row)
    asked = {field.id for page in definition.form.pages if page.id == question.page for field in page.fields}
    strangers = [name for name in answer.answers if name not in asked]
    if strangers:
        raise ProblemError(
            ProblemType.INVALID_ANSWERS,
            N_(
                "Hanya halaman yang ditanyakan yang dapat diubah. Jawaban lain tetap aman. "
                "Periksa, lalu kirim lagi."
            ),
            errors=[WrongField(name, N_("Isian ini tidak ditanyakan.")) for name in strangers],
        )
    kept = {name: value for name, value in answers_of(row, backend.keys.seal).items() if name not in asked}
    answers = await _checked(
        backend, session, subject, definition, {**kept, **answer.answers}, page=question.page
    )
    at = backend.now().replace(microsecond=0)
    row.sealed_answers = _sealed_answers(answers, row.reference, backend.keys.seal)
    row.sealed_question = None
    row.state = "in_review"
    row.updated_at = at
    row.next_move_at = backend.agency.next_move(at, row.state, row.service) if backend.agency else None
    session.add(new_event("answered", row, definition.title, backend.keys.seal))
    await session.flush()
    await backend.outbox.tell(session, row)
    if backend.agency:
        backend.agency.expect(session, row)
    return (await shown(backend, session, [row]))[0]


async def find(
    session: AsyncSession, subject: str, reference: str, *, locked: bool = False
) -> tables.Application:
    """The application `reference` of this citizen.

    Raises:
        ProblemError: there is none; an application of somebody else is answered alike.
    """
    row = await session.get(tables.Application, reference, with_for_update=locked or None)
    if row is None or row.subject != subject:
        raise no_such_application()
    return row


def no_such_application() -> ProblemError:
    """The refusal for a reference that is not there, or not theirs."""
    return ProblemError(
        ProblemType.NOT_FOUND,
        N_("Permohonan dengan nomor ini tidak ditemukan. Periksa nomornya, lalu coba lagi."),
    )


async def of_citizen(backend: Backend, session: AsyncSession, subject: str) -> list[Application]:
    """All applications of a citizen, the newest first."""
    rows = await session.scalars(
        select(tables.Application)
        .where(tables.Application.subject == subject)
        .order_by(tables.Application.received_at.desc(), tables.Application.reference)
    )
    return await shown(backend, session, list(rows))


async def shown(
    backend: Backend, session: AsyncSession, rows: Sequence[tables.Application]
) -> list[Application]:
    """Applications as their citizens see them."""
    told = await timelines(session, [row.reference for row in rows], backend.keys.seal)
    return [
        _shown(row, await definition_of(backend, session, row), told[row.reference], backend.keys.seal)
        for row in rows
    ]


def _shown(
    row: tables.Application, definition: ServiceDefinition, timeline: list[TimelineEntry], seal: Seal
) -> Application:
    return Application(
        reference=row.reference,
        service=row.service,
        version=row.version,
        title=definition.title,
        agency=row.agency,
        icon=definition.icon,
        state=cast("ApplicationState", row.state),
        updated_at=row.updated_at,
        receipt=Receipt.model_validate(row.receipt),
        timeline=timeline,
        question=open_question(row, seal),
        answers=answers_of(row, seal),
    )


async def definition_of(
    backend: Backend, session: AsyncSession, row: tables.Application
) -> ServiceDefinition:
    """The version of the definition that an application was filled in by."""
    definition = await backend.services.at_version(session, row.service, row.version)
    if definition is None:
        raise LookupError("an application follows a definition that was never published")
    return definition


def answers_of(row: tables.Application, seal: Seal) -> dict[str, Any]:
    """What the citizen answered."""
    return json.loads(seal.open(row.sealed_answers, "applications.answers", row.reference))


def open_question(row: tables.Application, seal: Seal) -> Question | None:
    """What the agency asks, if it does."""
    if row.sealed_question is None:
        return None
    return Question.model_validate_json(
        seal.open(row.sealed_question, "applications.question", row.reference)
    )


def sealed_question(question: Question, reference: str, seal: Seal) -> bytes:
    """A question as the table keeps it."""
    return seal.close(question.model_dump_json().encode(), "applications.question", reference)


def files_in(definition: ServiceDefinition, answers: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The files that answers name, by the path of the answer that names each (`birth_letter.0`)."""
    found: dict[str, dict[str, Any]] = {}
    for page in definition.form.pages:
        for field in page.fields:
            files = kinds.files_of(field, answers.get(field.id))
            found |= {f"{field.id}.{place}": dict(file) for place, file in files.items()}
    return found


def _check_form_of(answers: Mapping[str, Any]) -> None:
    """Refuse what has no canonical form, and so could not be hashed, signed or kept."""
    try:
        canonical_bytes(dict(answers))
    except (CanonicalizationError, UnicodeError, RecursionError):
        raise ProblemError(
            ProblemType.INVALID_REQUEST,
            N_(
                "Ada jawaban yang tidak dapat dibaca, jadi tidak ada yang disimpan. Jawaban Anda aman. "
                "Coba lagi."
            ),
            errors=[WrongField("answers", N_("Angka terlalu besar, atau huruf yang tidak dikenal."))],
        ) from None


async def _checked(
    backend: Backend,
    session: AsyncSession,
    subject: str,
    definition: ServiceDefinition,
    answers: Mapping[str, Any],
    *,
    page: str | None = None,
) -> dict[str, Any]:
    """`answers` as the agency may rely on them: by the rules of the form, with every file there.

    With `page`, only that page must be right: the citizen was asked about it and can mend no other, even
    where their answer makes another page appear.
    """
    me: Me = await read_me(session, subject, backend.keys.seal, definition)
    seen = view(definition, answers, me, backend.today)
    found = blocking(submission_problems(seen, definition, answers))
    problems = [problem for problem in found if page is None or problem.page == page]
    if problems:
        raise ProblemError(
            ProblemType.INVALID_ANSWERS,
            N_(
                "Ada jawaban yang perlu diperbaiki. Jawaban Anda aman. Perbaiki yang "
                "ditandai, lalu kirim lagi."
            ),
            errors=[WrongField(wrong.field, wrong.phrase, wrong.page) for wrong in problems],
        )
    sent = answers_to_send(seen, answers)
    await _check_files(backend.attachments, session, subject, files_in(definition, sent))
    await check_presented(backend, session, subject, definition, sent)
    return sent


async def _check_files(
    attachments: Attachments, session: AsyncSession, subject: str, files: Mapping[str, Mapping[str, Any]]
) -> None:
    there = await attachments.shown(session, subject, _unique(file["sha256"] for file in files.values()))
    missing = [
        path
        for path, file in files.items()
        if (stored := there.get(file["sha256"])) is None
        or not stored.complete
        or (stored.size, stored.media_type) != (file["size"], file["media_type"])
    ]
    if missing:
        raise ProblemError(
            ProblemType.ATTACHMENT_MISSING,
            N_(
                "Ada berkas yang belum terkirim lengkap. Jawaban Anda aman. Kirim "
                "berkasnya lagi, lalu kirim permohonan."
            ),
            errors=[WrongField(path, N_("Berkas ini belum terkirim lengkap.")) for path in missing],
        )


async def _insert(
    backend: Backend,
    session: AsyncSession,
    subject: str,
    definition: ServiceDefinition,
    submission: Submission,
    answers: Mapping[str, Any],
    received_at: datetime,
) -> tables.Application:
    # Two submissions can draw the same number: rare, and never the citizen's trouble.
    insert = backend.database.insert(tables.Application).on_conflict_do_nothing(index_elements=["reference"])
    while True:
        reference = new_reference(backend.random_below)
        receipt = _receipt(backend, reference, definition, submission, received_at)
        row = {
            "reference": reference,
            "subject": subject,
            "agency": definition.id.partition("/")[0],
            "service": definition.id,
            "version": definition.version,
            "state": "received",
            "received_at": received_at,
            "updated_at": received_at,
            "next_move_at": (
                backend.agency.next_move(received_at, "received", definition.id) if backend.agency else None
            ),
            "receipt": receipt.model_dump(mode="json", exclude_none=True),
            "sealed_answers": _sealed_answers(answers, reference, backend.keys.seal),
            "sealed_question": None,
        }
        inserted = await (await session.connection()).execute(insert, row)
        if inserted.rowcount:
            return tables.Application(**row)


def _receipt(
    backend: Backend,
    reference: str,
    definition: ServiceDefinition,
    submission: Submission,
    received_at: datetime,
) -> Receipt:
    unsigned = Receipt(
        reference=reference,
        service=definition.id,
        version=definition.version,
        content_sha256=sha256_hex(canonical_bytes(submission)),
        received_at=received_at,
        promised_by=promised_by(received_at, definition.processing_time),
        previous_receipt=submission.previous_receipt,
        signed="",
    )
    content = unsigned.model_dump(mode="json", exclude_none=True, exclude={"signed"})
    signed = backend.keys.signing.sign(canonical_bytes(content), type_=RECEIPT_TYPE)
    return unsigned.model_copy(update={"signed": signed})


def _sealed_answers(answers: Mapping[str, Any], reference: str, seal: Seal) -> bytes:
    return seal.close(canonical_bytes(dict(answers)), "applications.answers", reference)


def _unique(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(values))
