"""The bytes of the catalogue's parts: one form on both sides, compressed for the way, changed by patches."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

LEVEL = 9


@dataclass(frozen=True, slots=True)
class Slice:
    """Some bytes of a compressed part: `body` from byte `first` on, of `total`, as the entity `etag`."""

    first: int
    body: bytes
    total: int
    etag: str


class PartDamaged(ValueError):
    """Bytes are not what they should be."""


def content_bytes(value: Any) -> bytes:
    """`value` as RFC 8785 canonical JSON, by the C encoder.

    For values as the catalogue has them: ASCII keys, texts, whole numbers. `app.contract.canonical` does the
    same for any value, fifty times slower; a test holds the two together.
    """
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest(data: bytes) -> str:
    """SHA-256 in lower-case hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def digest_of_parts(digests: Iterable[str]) -> str:
    """The digest of an edition, from those of its parts in their order."""
    return digest("\n".join(digests).encode())


def compressed(data: bytes) -> bytes:
    """`data` in the zlib format (RFC 1950)."""
    return zlib.compress(data, LEVEL)


def expanded(data: bytes, size: int, sha256: str) -> bytes:
    """What `compressed` was given, which has `size` bytes and the digest `sha256`. Raises PartDamaged.

    Never expands to more than was announced.
    """
    reader = zlib.decompressobj()
    try:
        content = reader.decompress(data, size + 1)
    except zlib.error as error:
        raise PartDamaged(str(error)) from None
    if not reader.eof or len(content) != size or digest(content) != sha256:
        raise PartDamaged("not the content that was announced")
    return content


def merge_patch(before: Any, after: Any) -> Any:
    """The JSON merge patch (RFC 7396) from `before` to `after`, neither of which holds a null."""
    if not isinstance(before, dict) or not isinstance(after, dict):
        return after
    old, new = cast("dict[str, Any]", before), cast("dict[str, Any]", after)
    patch: dict[str, Any] = {name: None for name in old if name not in new}
    for name, value in new.items():
        if name not in old:
            patch[name] = value
        elif old[name] != value:
            patch[name] = merge_patch(old[name], value)
    return patch


def patched(before: Any, patch: Any) -> Any:
    """`before` with a JSON merge patch applied (RFC 7396). What was given stays as it was."""
    if not isinstance(patch, dict):
        return patch
    result: dict[str, Any] = dict(cast("dict[str, Any]", before)) if isinstance(before, dict) else {}
    for name, value in cast("dict[str, Any]", patch).items():
        if value is None:
            result.pop(name, None)
        else:
            result[name] = patched(result.get(name), value)
    return result
