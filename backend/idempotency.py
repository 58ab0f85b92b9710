"""Writes that happen once, however often they are sent (draft-ietf-httpapi-idempotency-key-header).

The answer is kept in the transaction of the write itself: either both are there or neither, so a client that
lost the answer, or the server that lost its power, gets the same answer to the same key. Keys are kept for
good: no device is offline for longer than that. A refusal changes nothing and is not kept: the same key may
come again.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import datetime

from fastapi.responses import Response
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from app.contract.canonical import sha256_hex
from app.contract.phrase import N_
from app.contract.problems import ProblemType
from backend import tables
from backend.database import Database
from backend.keys import Seal
from backend.problems import ProblemError

QUOTED = re.compile(r'"(?P<key>[\x20-\x21\x23-\x5b\x5d-\x7e]{1,255})"')
"""An sf-string (RFC 9651 section 3.3.3) without escapes, which no client of ours needs."""

Work = Callable[[AsyncSession], Awaitable[tuple[int, BaseModel]]]
"""Does the write in the given transaction; gives the status and the body of the answer."""


def read_key(header: str | None) -> str:
    """The key in an `Idempotency-Key` header.

    Raises:
        ProblemError: there is none, or it is not a quoted string of 1 to 255 printable characters.
    """
    match = QUOTED.fullmatch((header or "").strip())
    if match is None:
        raise ProblemError(
            ProblemType.IDEMPOTENCY_KEY_MISSING,
            N_(
                "Kiriman ini tidak memiliki kunci pengiriman yang benar, jadi tidak kami "
                "proses. Data Anda aman. "
                "Perbarui aplikasi, lalu kirim lagi."
            ),
        )
    return match["key"]


async def once(
    database: Database,
    seal: Seal,
    *,
    subject: str,
    key: str,
    request: tuple[str, str, bytes],
    at: datetime,
    work: Work,
) -> Response:
    """The answer of `work`, done once for `key` of `subject`, or the first answer again.

    `request` is method, path and body: what a repeated request must agree in.

    Raises:
        ProblemError: the same key is being worked on (409), or came with another request before (422).
    """
    method, path, body = request
    fingerprint = sha256_hex(b"\n".join((method.encode(), path.encode(), body)))
    async with database.writing_alone(f"{subject}\n{key}") as session:
        if session is None:
            raise ProblemError(
                ProblemType.IDEMPOTENCY_IN_PROGRESS,
                N_("Kiriman yang sama sedang kami proses. Tidak akan ada kiriman ganda. Tunggu sebentar."),
                headers={"Retry-After": "1"},
            )
        known = await session.get(tables.IdempotencyKey, (subject, key))
        if known is not None:
            return _again(known, fingerprint, seal)
        status, answer = await work(session)
        content = answer.model_dump_json(by_alias=True, exclude_none=True).encode()
        session.add(
            tables.IdempotencyKey(
                subject=subject,
                key=key,
                fingerprint=fingerprint,
                status=status,
                sealed_answer=seal.close(content, "idempotency_keys.answer", subject, key),
                created_at=at,
            )
        )
    return Response(content, status_code=status, media_type="application/json")


def _again(known: tables.IdempotencyKey, fingerprint: str, seal: Seal) -> Response:
    if known.fingerprint != fingerprint:
        raise ProblemError(
            ProblemType.IDEMPOTENCY_MISMATCH,
            N_(
                "Kunci pengiriman ini sudah dipakai untuk isi yang berbeda, jadi kiriman "
                "ini tidak kami proses. "
                "Kiriman pertama aman. Buka kembali drafnya, lalu kirim ulang."
            ),
        )
    content = seal.open(known.sealed_answer, "idempotency_keys.answer", known.subject, known.key)
    return Response(
        content,
        status_code=known.status,
        media_type="application/json",
        headers={"Idempotency-Replayed": "true"},
    )
