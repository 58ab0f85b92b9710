"""Files that citizens send along: announced first, then sent in pieces that can be resumed, then checked.

A file is addressed by the hash of its content, within its citizen: the same file is sent once, whatever it is
for.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import puremagic
from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.contract.applications import Attachment, NewAttachment
from app.contract.phrase import N_, Size
from app.contract.problems import ProblemType
from backend import tables
from backend.database import Database
from backend.keys import Seal
from backend.problems import ProblemError, WrongField

MEDIA_TYPES = frozenset({"image/jpeg", "image/png", "application/pdf"})
SNIFFED_BYTES = 1024
"""How much of the beginning tells what kind of file it is."""

PATH_OR_CONTROL = re.compile(r"[/\\\x00-\x1f\x7f]")


class Attachments:
    """The files of all citizens, in pieces, sealed. `max_bytes` a file, `chunk_bytes` a piece."""

    def __init__(self, database: Database, seal: Seal, *, max_bytes: int, chunk_bytes: int) -> None:
        self._database = database
        self._seal = seal
        self._max_bytes = max_bytes
        self._chunk_bytes = chunk_bytes

    async def begin(
        self, session: AsyncSession, subject: str, new: NewAttachment, at: datetime
    ) -> Attachment:
        """Announce a file; one that is there already, whole or in part, goes on from where it is.

        Raises:
            ProblemError: too large, of a type that is not taken, or with a path in its name.
        """
        self._check_announced(new)
        known = await session.get(tables.Attachment, (subject, new.sha256))
        if known is None:
            known = tables.Attachment(
                subject=subject,
                sha256=new.sha256,
                sealed_name=self._seal.close(new.name.encode(), "attachments.name", subject, new.sha256),
                media_type=new.media_type,
                size=new.size,
                received=0,
                complete=False,
                begun_at=at,
            )
            session.add(known)
            await session.flush()
        elif not known.complete and (known.size, known.media_type) != (new.size, new.media_type):
            # The announcement was wrong the first time, or is now: the bytes will tell.
            await self._empty(session, known)
            known.size, known.media_type = new.size, new.media_type
        return self._shown(known)

    async def read(self, session: AsyncSession, subject: str, sha256: str) -> Attachment:
        """How far a file has come.

        Raises:
            ProblemError: this citizen has announced no such file.
        """
        return self._shown(await self._get(session, subject, sha256))

    async def append(self, subject: str, sha256: str, offset: int, data: bytes) -> Attachment:
        """Add the piece that begins at `offset`; the last one completes the file and has it checked.

        Raises:
            ProblemError: not announced; not the offset that is next (the answer has `Upload-Offset`); more
                bytes than announced or than one piece may have; not of the announced type; not of the
                announced hash. After the last two the file begins anew.
        """
        async with self._database.writing() as session:
            row = await self._get(session, subject, sha256, locked=True)
            if offset != row.received or row.complete:
                raise ProblemError(
                    ProblemType.UPLOAD_OFFSET,
                    N_(
                        "Bagian berkas ini tidak menyambung. Yang sudah terkirim aman; "
                        "pengiriman dilanjutkan dari situ."
                    ),
                    headers={"Upload-Offset": str(row.received)},
                )
            self._check_piece(row, data)
            session.add(
                tables.AttachmentChunk(
                    subject=subject,
                    sha256=sha256,
                    start=offset,
                    sealed_data=self._seal.close(data, "attachment_chunks.data", subject, sha256, offset),
                )
            )
            row.received += len(data)
            await session.flush()
            problem = await self._check_content(session, row, offset)
            if problem is None:
                return self._shown(row)
            await self._empty(session, row)
        raise problem

    async def content(self, session: AsyncSession, subject: str, sha256: str) -> bytes:
        """The bytes that have been received of a file."""
        return b"".join(await self._pieces(session, subject, sha256))

    async def shown(
        self, session: AsyncSession, subject: str, hashes: Sequence[str]
    ) -> dict[str, Attachment]:
        """Those of the files named that this citizen has announced, by hash."""
        if not hashes:
            return {}
        rows = await session.scalars(
            select(tables.Attachment).where(
                tables.Attachment.subject == subject, tables.Attachment.sha256.in_(hashes)
            )
        )
        return {row.sha256: self._shown(row) for row in rows}

    def _check_announced(self, new: NewAttachment) -> None:
        if PATH_OR_CONTROL.search(new.name) or new.name.strip(" .") == "":
            raise ProblemError(
                ProblemType.INVALID_REQUEST,
                N_("Nama berkas ini tidak dapat dipakai. Ganti nama berkasnya, lalu pilih lagi."),
                errors=[WrongField("name", N_("Nama berkas tidak boleh kosong atau berisi garis miring."))],
            )
        if new.size > self._max_bytes:
            raise ProblemError(
                ProblemType.ATTACHMENT_TOO_LARGE,
                N_(
                    "Berkas ini {size}, sedangkan yang dapat kami terima paling besar {limit}. "
                    "Jawaban Anda aman. Pilih berkas yang lebih kecil.",
                    size=Size(new.size),
                    limit=Size(self._max_bytes),
                ),
                errors=[WrongField("size", N_("Paling besar {limit}.", limit=Size(self._max_bytes)))],
            )
        if new.media_type not in MEDIA_TYPES:
            raise ProblemError(
                ProblemType.ATTACHMENT_TYPE,
                N_(
                    "Jenis berkas ini tidak dapat kami terima. Jawaban Anda aman. Pilih "
                    "foto JPEG, foto PNG, atau PDF."
                ),
                errors=[WrongField("media_type", N_("Pilih foto JPEG, foto PNG, atau PDF."))],
            )

    def _check_piece(self, row: tables.Attachment, data: bytes) -> None:
        if not data:
            raise ProblemError(
                ProblemType.INVALID_REQUEST,
                N_("Bagian berkas ini kosong. Yang sudah terkirim aman. Coba kirim lagi."),
            )
        if len(data) > self._chunk_bytes or row.received + len(data) > row.size:
            raise ProblemError(
                ProblemType.ATTACHMENT_TOO_LARGE,
                N_(
                    "Bagian berkas ini lebih besar dari yang diumumkan. Yang sudah "
                    "terkirim aman. Coba kirim lagi."
                ),
                headers={"Upload-Offset": str(row.received)},
            )

    async def _check_content(
        self, session: AsyncSession, row: tables.Attachment, offset: int
    ) -> ProblemError | None:
        complete = row.received == row.size
        beginning_is_there = offset < SNIFFED_BYTES and (row.received >= SNIFFED_BYTES or complete)
        if not complete and not beginning_is_there:
            return None
        pieces = await self._pieces(session, row.subject, row.sha256)
        if beginning_is_there and not looks_like(b"".join(pieces)[:SNIFFED_BYTES], row.media_type):
            return ProblemError(
                ProblemType.ATTACHMENT_TYPE,
                N_(
                    "Isi berkas ini bukan seperti jenisnya, jadi tidak kami simpan. Jawaban Anda aman. "
                    "Pilih foto JPEG, foto PNG, atau PDF."
                ),
            )
        if complete:
            if await asyncio.to_thread(_sha256, pieces) != row.sha256:
                return ProblemError(
                    ProblemType.ATTACHMENT_MISMATCH,
                    N_(
                        "Isi berkas berubah di perjalanan, jadi tidak kami simpan. Jawaban "
                        "Anda aman. Kirim lagi."
                    ),
                )
            row.complete = True
        return None

    async def _get(
        self, session: AsyncSession, subject: str, sha256: str, *, locked: bool = False
    ) -> tables.Attachment:
        row = await session.get(tables.Attachment, (subject, sha256), with_for_update=locked or None)
        if row is None:
            raise ProblemError(
                ProblemType.NOT_FOUND,
                N_("Berkas ini belum pernah diumumkan. Jawaban Anda aman. Kirim berkasnya dari awal."),
            )
        return row

    async def _pieces(self, session: AsyncSession, subject: str, sha256: str) -> list[bytes]:
        rows = await session.execute(
            select(tables.AttachmentChunk.start, tables.AttachmentChunk.sealed_data)
            .where(tables.AttachmentChunk.subject == subject, tables.AttachmentChunk.sha256 == sha256)
            .order_by(tables.AttachmentChunk.start)
        )
        return [
            self._seal.open(sealed, "attachment_chunks.data", subject, sha256, start)
            for start, sealed in rows
        ]

    async def _empty(self, session: AsyncSession, row: tables.Attachment) -> None:
        await session.execute(
            delete(tables.AttachmentChunk).where(
                tables.AttachmentChunk.subject == row.subject, tables.AttachmentChunk.sha256 == row.sha256
            )
        )
        await session.execute(
            update(tables.Attachment)
            .where(tables.Attachment.subject == row.subject, tables.Attachment.sha256 == row.sha256)
            .values(received=0)
        )

    def _shown(self, row: tables.Attachment) -> Attachment:
        return Attachment(
            name=self._seal.open(row.sealed_name, "attachments.name", row.subject, row.sha256).decode(),
            media_type=row.media_type,
            size=row.size,
            sha256=row.sha256,
            received=row.received,
            complete=row.complete,
            chunk_bytes=self._chunk_bytes,
        )


def looks_like(beginning: bytes, media_type: str) -> bool:
    """Whether the first bytes of a file are those of `media_type`."""
    try:
        found: list[Any] = puremagic.magic_string(beginning)  # pyright: ignore[reportUnknownMemberType]
    except (puremagic.PureError, ValueError):
        return False
    best = max((match.confidence for match in found), default=0)
    return any(match.mime_type == media_type for match in found if match.confidence == best)


def _sha256(pieces: Sequence[bytes]) -> str:
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(piece)
    return digest.hexdigest()
