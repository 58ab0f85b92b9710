"""Sending one file in pieces, from where the backend has it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from app.backend_api.errors import Malformed, Refused
from app.contract.applications import Attachment, AttachmentRef
from app.contract.problems import ProblemType

if TYPE_CHECKING:
    from app.backend_api.client import BackendClient

PIECE_BYTES = 256_000
"""Largest piece, whatever the backend would take: what a bad network loses at most; a step of progress."""

_ASTRAY = 5
"""Times in a row that the backend may disagree on where to go on, before it is taken for broken."""


async def upload(
    client: BackendClient,
    file: AttachmentRef,
    data: bytes,
    *,
    key: Callable[[], str],
    progress: Callable[[int], None],
) -> None:
    """Bring `data` to the backend, whole. `progress` gets the bytes that have arrived, also those of before.

    `key` gives a fresh idempotency key: announcing is addressed by content, so a second time does no harm.

    Raises:
        BackendError: as the client; what has arrived stays there, and the next call goes on from it.
    """
    there = await _announced(client, file, key)
    progress(there.received)
    astray = 0
    while not there.complete:
        piece = data[there.received : there.received + max(1, min(PIECE_BYTES, there.chunk_bytes))]
        if not piece:
            raise Malformed(
                "append_attachment", "received", "all bytes are there, and yet it is not complete"
            )
        before = there.received
        try:
            there = await client.append_attachment(file.sha256, there.received, piece)
        except Refused as error:
            if error.problem.kind is not ProblemType.UPLOAD_OFFSET:
                raise
            there = await client.attachment(file.sha256)
        astray = 0 if there.received > before else astray + 1
        if astray >= _ASTRAY:
            raise Malformed("append_attachment", "received", "the offset does not advance")
        progress(there.received)


async def _announced(client: BackendClient, file: AttachmentRef, key: Callable[[], str]) -> Attachment:
    try:
        return await client.attachment(file.sha256)
    except Refused as error:
        if error.problem.kind is not ProblemType.NOT_FOUND:
            raise
    return await client.begin_attachment(file, key())
