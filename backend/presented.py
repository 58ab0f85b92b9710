"""Documents that answers present: issued here, to this citizen, still valid, and with no more than is asked.

The device sends an SD-JWT with the disclosures of the field's claims alone (RFC 9901 section 5). What this
backend issued it can compare: the signed token must be the very same, and every disclosure one of its own.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.contract.definition import ServiceDefinition
from app.contract.form import AnyField, DocumentField, inner_fields
from app.contract.phrase import N_, Phrase
from app.contract.problems import ProblemType
from app.forms import kinds
from app.forms.received import mapping
from backend import tables
from backend.problems import ProblemError, WrongField
from backend.state import Backend

_UNPROVED = N_("Dokumen ini tidak dapat dibuktikan. Pilih lagi dari dokumen Anda.")
_OVER = N_("Masa berlaku dokumen ini sudah habis. Pilih yang lain.")
_TOO_MUCH = N_("Dokumen ini menunjukkan lebih dari yang diminta. Pilih lagi dari dokumen Anda.")


def documents_in(
    definition: ServiceDefinition, answers: Mapping[str, Any]
) -> Iterator[tuple[str, DocumentField, Mapping[str, Any]]]:
    """The documents of the wallet that answers present: the path of each, its field, and the answer."""
    for page in definition.form.pages:
        for field in page.fields:
            yield from _below(field, answers.get(field.id), field.id)


def _below(field: AnyField, value: Any, path: str) -> Iterator[tuple[str, DocumentField, Mapping[str, Any]]]:
    if isinstance(field, DocumentField):
        given = mapping(value)
        if given is not None and "files" not in given:
            yield path, field, given
        return
    for key, cells in kinds.parts_of(field, value):
        for inner in inner_fields(field):
            yield from _below(inner, cells.get(inner.id), f"{path}.{key}.{inner.id}")


async def check_presented(
    backend: Backend,
    session: AsyncSession,
    subject: str,
    definition: ServiceDefinition,
    answers: Mapping[str, Any],
) -> None:
    """Refuse answers that present a document which does not hold. `answers` are canonical.

    Raises:
        ProblemError: not issued here to this citizen, of another type, changed, no longer valid, or with
        claims
            that the field does not ask for; each at its field.
    """
    presented = list(documents_in(definition, answers))
    if not presented:
        return
    ids = [answer["id"] for _, _, answer in presented]
    rows = await session.scalars(
        select(tables.Document).where(tables.Document.subject == subject, tables.Document.id.in_(ids))
    )
    held = {row.id: row for row in rows}
    wrong = [
        WrongField(path, phrase)
        for path, field, answer in presented
        if (phrase := _fault(backend, held.get(answer["id"]), field, answer)) is not None
    ]
    if wrong:
        raise ProblemError(
            ProblemType.INVALID_ANSWERS,
            N_(
                "Ada jawaban yang perlu diperbaiki. Jawaban Anda aman. Perbaiki yang "
                "ditandai, lalu kirim lagi."
            ),
            errors=wrong,
        )


def _fault(
    backend: Backend, row: tables.Document | None, field: DocumentField, answer: Mapping[str, Any]
) -> Phrase | None:
    if row is None or row.type != answer["type"] or row.type not in field.document_types:
        return _UNPROVED
    credential = backend.keys.seal.open(row.sealed_credential, "documents.credential", row.id).decode()
    signed, *issued = credential.split("~")
    shown, *disclosed = str(answer["presentation"]).split("~")
    if shown != signed or not set(disclosed) <= set(issued):
        return _UNPROVED
    if row.valid_until is not None and row.valid_until <= backend.now():
        return _OVER
    names = {_name(disclosure) for disclosure in disclosed if disclosure}
    return None if names <= set(field.claims) else _TOO_MUCH


def _name(disclosure: str) -> str:
    """The claim that one of our own disclosures shows: `[salt, name, value]`."""
    return json.loads(base64.urlsafe_b64decode(disclosure + "=" * (-len(disclosure) % 4)))[1]
