"""Files of a submission: what they are, by their bytes, and where an answer names them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from pydantic import ValidationError

from app.contract.applications import AttachmentRef
from app.contract.phrase import N_, Phrase

_SIGNATURES = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"%PDF-", "application/pdf"),
)
"""First bytes of what may be attached: ISO/IEC 10918-1, ISO/IEC 15948, ISO 32000-2."""
_EXTENSIONS = {"image/jpeg": ".jpg", "image/png": ".png", "application/pdf": ".pdf"}
_LONGEST_NAME = 255


class AttachmentRefused(Exception):
    """A file cannot be attached; `phrase` says why."""

    def __init__(self, phrase: Phrase) -> None:
        super().__init__(phrase.message)
        self.phrase = phrase


class AttachmentLost(Exception):
    """An answer names a file that is not on the device any more."""

    def __init__(self, sha256: str) -> None:
        super().__init__(f"no file {sha256[:8]}")
        self.phrase = N_("Berkas ini tidak ada lagi di perangkat. Pilih berkasnya sekali lagi.")


def content_type(name: str, data: bytes) -> str:
    """The media type of a file by its first bytes. Raises AttachmentRefused."""
    if not data:
        raise AttachmentRefused(N_("Berkas {name} kosong. Pilih berkas lain.", name=name))
    for signature, media_type in _SIGNATURES:
        if data.startswith(signature):
            return media_type
    raise AttachmentRefused(
        N_("Jenis berkas {name} tidak dapat dipakai. Gunakan foto (JPEG, PNG) atau PDF.", name=name)
    )


def file_name(name: str, media_type: str) -> str:
    """`name` as it may travel: no path, no control characters, at most 255 characters, never empty."""
    last = re.split(r"[/\\]", name)[-1]
    plain = "".join(character for character in last if character.isprintable()).strip()
    extension = _EXTENSIONS[media_type]
    if not plain.strip(" ."):
        return f"berkas{extension}"
    if len(plain) <= _LONGEST_NAME:
        return plain
    stem, dot, end = plain.rpartition(".")
    end = f"{dot}{end}" if stem and len(end) <= 8 else ""
    return plain[: _LONGEST_NAME - len(end)] + end


@dataclass(frozen=True, slots=True)
class Named:
    """A file and where the answers name it. `path` is as in `FieldError`: `birth_letter.0`."""

    path: str
    file: AttachmentRef


def named_files(answers: Any, path: str = "") -> Iterator[Named]:
    """Every file that the answers name, in their order."""
    if isinstance(answers, dict):
        mapping = cast("dict[str, Any]", answers)
        if {"name", "media_type", "size", "sha256"} <= mapping.keys():
            try:
                yield Named(path, AttachmentRef.model_validate(mapping))
            except ValidationError:
                return
        else:
            for key, value in mapping.items():
                yield from named_files(value, f"{path}.{key}" if path else key)
    elif isinstance(answers, list):
        for number, value in enumerate(cast("list[Any]", answers)):
            yield from named_files(value, f"{path}.{number}")
