"""Named columns in one piece of bytes: numbers as they lie in memory, texts joined. Read in milliseconds."""

from __future__ import annotations

import json
import sys
from array import array
from collections.abc import Mapping, Sequence
from typing import Any

_MAGIC = b"loket 2\n"
_BETWEEN = "\x1f"

Columns = Mapping[str, "array[int] | Sequence[str]"]


class NotPacked(ValueError):
    """Bytes that `pack` did not make, or not this version of it on such a machine."""


def pack(columns: Columns, meta: Mapping[str, Any]) -> bytes:
    """`columns` and what JSON can say in `meta`, as bytes for `Packed`."""
    bodies: list[bytes] = []
    places: dict[str, tuple[str, int, int]] = {}
    offset = 0
    for name, column in columns.items():
        if isinstance(column, array):
            kind, body = column.typecode, column.tobytes()
        else:
            kind, body = "text", _BETWEEN.join(one.replace(_BETWEEN, " ") for one in column).encode()
        places[name] = (kind, offset, len(body))
        bodies.append(body)
        offset += len(body)
    head = {"order": sys.byteorder, "columns": places, "counts": {n: len(c) for n, c in columns.items()}}
    start = json.dumps({**head, "meta": meta}, ensure_ascii=False).encode()
    return b"".join([_MAGIC, len(start).to_bytes(8, "big"), start, *bodies])


class Packed:
    """What `pack` made. Raises NotPacked."""

    def __init__(self, body: bytes) -> None:
        if not body.startswith(_MAGIC):
            raise NotPacked("not a packed catalogue of this version")
        start = len(_MAGIC) + 8
        size = int.from_bytes(body[len(_MAGIC) : start], "big")
        try:
            head = json.loads(body[start : start + size])
        except ValueError as error:
            raise NotPacked(str(error)) from None
        if head["order"] != sys.byteorder:
            raise NotPacked("packed on a machine of another byte order")
        self.meta: dict[str, Any] = head["meta"]
        self._places: dict[str, tuple[str, int, int]] = head["columns"]
        self._counts: dict[str, int] = head["counts"]
        self._body = memoryview(body)[start + size :]

    def numbers(self, name: str) -> array[int]:
        """A column of numbers."""
        kind, offset, length = self._places[name]
        column: array[int] = array(kind)
        column.frombytes(self._body[offset : offset + length])
        return column

    def texts(self, name: str) -> list[str]:
        """A column of texts."""
        _, offset, length = self._places[name]
        if not self._counts[name]:
            return []
        return str(self._body[offset : offset + length], "utf-8").split(_BETWEEN)
