"""The steps of an application in words: entries of its timeline and messages to the citizen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.contract.applications import Message, TimelineEntry
from app.contract.language import LANGUAGES, Language
from app.contract.phrase import N_, Phrase
from app.contract.text import Text
from backend import tables
from backend.keys import Seal

Kind = Literal["received", "in_review", "question", "answered", "accepted", "rejected", "document"]

MAX_ID_DIGITS = 9
"""Identifiers are 32-bit integers on PostgreSQL."""

_TITLES: Mapping[Kind, Phrase] = {
    "received": N_("Permohonan diterima"),
    "in_review": N_("Sedang diperiksa"),
    "question": N_("Ada pertanyaan untuk Anda"),
    "answered": N_("Jawaban Anda diterima"),
    "accepted": N_("Permohonan disetujui"),
    "rejected": N_("Permohonan tidak dapat disetujui"),
    "document": N_("Dokumen terbit"),
}

_BODIES: Mapping[Kind, Phrase] = {
    "received": N_("{service}, nomor {reference}, sudah kami terima. Selesai paling lambat {promised_by}."),
    "in_review": N_(
        "{service}, nomor {reference}, sedang diperiksa petugas. Anda tidak perlu melakukan apa pun."
    ),
    "question": N_(
        "Petugas memerlukan satu hal lagi untuk {service}, nomor {reference}. "
        "Buka permohonan ini dan jawab pertanyaannya."
    ),
    "answered": N_("Jawaban Anda untuk {service}, nomor {reference}, sudah kami terima dan akan diperiksa."),
    "accepted": N_("{service}, nomor {reference}, disetujui. Dokumennya ada di Dokumen."),
    "rejected": N_(
        "{service}, nomor {reference}, belum dapat disetujui. Baca alasannya, perbaiki, lalu ajukan lagi."
    ),
    "document": N_("{document} sudah terbit dan tersimpan di Dokumen."),
}


def in_all_languages(phrase: Phrase) -> Text:
    """`phrase` said in every language of the interface."""
    return Text({tag: Language.load(tag).say(phrase) for tag in LANGUAGES})


def new_event(
    kind: Kind,
    row: tables.Application,
    service: Text,
    seal: Seal,
    *,
    note: str | None = None,
    document: Text | None = None,
    promised_by: datetime | None = None,
) -> tables.Event:
    """The step that an application for `service` has just taken, said in all languages; `note` is the
    agency's own words."""
    reference = row.reference
    values = {"service": service, "reference": reference, "document": document, "promised_by": promised_by}
    title = (
        _TITLES[kind] if document is None else N_("{what}: {document}", what=_TITLES[kind], document=document)
    )
    return tables.Event(
        subject=row.subject,
        reference=reference,
        kind=kind,
        at=row.updated_at,
        title=in_all_languages(title).root,
        body=in_all_languages(Phrase(_BODIES[kind].message, values)).root,
        sealed_note=None if note is None else seal.close(note.encode(), "events.note", reference, kind),
        read=False,
    )


def timeline_entry(event: tables.Event, seal: Seal) -> TimelineEntry:
    """`event` as its application's timeline shows it."""
    return TimelineEntry(
        kind=event.kind,  # pyright: ignore[reportArgumentType]  # checked by the model
        at=event.at,
        title=Text(event.title),
        note=_note(event, seal),
    )


def message(event: tables.Event, seal: Seal) -> Message:
    """`event` as the citizen's inbox shows it: the agency's own words follow ours."""
    note = _note(event, seal)
    body = {tag: f"{text}\n\n{note}" for tag, text in event.body.items()} if note else event.body
    return Message(
        id=str(event.id),
        at=event.at,
        title=Text(event.title),
        body=Text(body),
        reference=event.reference,
        read=event.read,
    )


async def timelines(
    session: AsyncSession, references: Sequence[str], seal: Seal
) -> dict[str, list[TimelineEntry]]:
    """The timelines of the applications named, oldest entry first."""
    found: dict[str, list[TimelineEntry]] = {reference: [] for reference in references}
    rows = await session.scalars(
        select(tables.Event).where(tables.Event.reference.in_(references)).order_by(tables.Event.id)
    )
    for event in rows:
        found[event.reference].append(timeline_entry(event, seal))
    return found


async def inbox(session: AsyncSession, subject: str, seal: Seal) -> list[Message]:
    """The messages of `subject`, newest first."""
    rows = await session.scalars(
        select(tables.Event).where(tables.Event.subject == subject).order_by(tables.Event.id.desc())
    )
    return [message(event, seal) for event in rows]


async def mark_read(session: AsyncSession, subject: str, message_id: str) -> bool:
    """Mark a message of `subject` as read; False where there is no such message."""
    if not message_id.isdecimal() or len(message_id) > MAX_ID_DIGITS:
        return False
    done = await session.execute(
        update(tables.Event)
        .where(tables.Event.id == int(message_id), tables.Event.subject == subject)
        .values(read=True)
        .returning(tables.Event.id)
    )
    return done.first() is not None


def _note(event: tables.Event, seal: Seal) -> str | None:
    if event.sealed_note is None:
        return None
    return seal.open(event.sealed_note, "events.note", event.reference, event.kind).decode()
