"""Files to hand in: small, right in their form, and each another one, so that their hashes differ."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from typing import Any

from app.contract.applications import AttachmentRef
from app.contract.canonical import sha256_hex

PNG, JPEG, PDF = "image/png", "image/jpeg", "application/pdf"
_SIDE = 8


def file_fact(number: int, accept: Sequence[str]) -> dict[str, Any]:
    """The `number`-th file as an answer names it, of a type in `accept`."""
    kind = next((k for k in (PNG, PDF) if k in accept), JPEG)
    data = file_bytes(number, kind)
    name = {PNG: "foto", PDF: "berkas", JPEG: "foto"}[kind]
    return {
        "name": f"{name}-{number}.{kind.rpartition('/')[2]}",
        "media_type": kind,
        "size": len(data),
        "sha256": sha256_hex(data),
    }


def file_bytes(number: int, kind: str) -> bytes:
    """The bytes of the `number`-th file of a type."""
    return {PNG: _png, PDF: _pdf, JPEG: _jpeg}[kind](number)


def bytes_of(file: AttachmentRef) -> bytes:
    """The bytes of a file that an answer names; its number is in its name."""
    number = int(file.name.rpartition("-")[2].partition(".")[0])
    return file_bytes(number, file.media_type)


def _png(number: int) -> bytes:
    """A picture of one shade (ISO/IEC 15948)."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    shade = bytes([(number * 37) % 256, (number * 11) % 256, (90 + number // 7) % 256])
    rows = (b"\0" + shade * _SIDE) * _SIDE
    header = struct.pack(">IIBBBBB", _SIDE, _SIDE, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"tEXt", b"Comment\0" + str(number).encode())
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def _pdf(number: int) -> bytes:
    """One empty page (ISO 32000-2); `number` stands in a comment."""
    body = (
        b"%%PDF-1.7\n%% %d\n"
        b"1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj\n"
        b"2 0 obj <</Type/Pages/Kids[3 0 R]/Count 1>> endobj\n"
        b"3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>> endobj\n"
        b"trailer <</Root 1 0 R/Size 4>>\n%%%%EOF\n"
    )
    return body % number


def _jpeg(number: int) -> bytes:
    """The frame of a JPEG file (ISO/IEC 10918-1) with a comment: for fields that take nothing else."""
    comment = str(number).encode()
    return b"\xff\xd8\xff\xfe" + struct.pack(">H", len(comment) + 2) + comment + b"\xff\xd9"
