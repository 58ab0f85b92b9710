"""Photos and PDFs. The answer names them; the bytes travel apart, addressed by their hash."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.contract.form import AnyField, DocumentField, FileField, PhotoField
from app.contract.language import Language
from app.contract.phrase import N_, Phrase, Size
from app.forms.conditions import Situation
from app.forms.kinds.kind import UNREADABLE, Finding, Kind, clean_line
from app.forms.received import items, mapping, mappings

_SHA256 = re.compile(r"[0-9a-f]{64}")
_PHOTO, _PDF = N_("foto"), N_("PDF")
PHOTO_TYPES = ("image/jpeg", "image/png")


def _parse(_field: Any, raw: Any, _today: date) -> list[dict[str, Any]] | Phrase | None:
    return read_files(raw)


def read_files(raw: Any) -> list[dict[str, Any]] | Phrase | None:
    """The files that `raw` lists, each with its four facts; None where it lists none."""
    if (several := items(raw)) is None:
        return UNREADABLE
    files: list[dict[str, Any]] = []
    for one in several:
        file = _file(one)
        if file is None:
            return UNREADABLE
        files.append(file)
    return files or None


def _file(raw: Any) -> dict[str, Any] | None:
    """A file's four facts; a path in its name is cut to the last part."""
    if (given := mapping(raw)) is None:
        return None
    name = re.split(r"[/\\]", clean_line(given.get("name")) or "")[-1].strip()[-255:].strip()
    size, kind, digest = given.get("size"), given.get("media_type"), given.get("sha256")
    if not name or not isinstance(kind, str) or not isinstance(digest, str):
        return None
    if isinstance(size, bool) or not isinstance(size, int) or not _SHA256.fullmatch(digest):
        return None
    return {"name": name, "media_type": kind, "size": size, "sha256": digest}


def _check(field: FileField, value: list[dict[str, Any]], _situation: Situation) -> Iterator[Finding]:
    yield from check_files(value, field.accept, field.max_bytes, field.min_count, field.max_count)


def check_files(
    value: Sequence[Mapping[str, Any]], accept: Sequence[str], max_bytes: int, min_count: int, max_count: int
) -> Iterator[Finding]:
    """What is to be said about files: how many, which types, how large (bytes)."""
    if len(value) < min_count:
        yield Finding(N_("Tambahkan paling sedikit {minimum} berkas.", minimum=min_count))
    if len(value) > max_count:
        yield Finding(N_("Paling banyak {maximum} berkas. Hapus yang tidak perlu.", maximum=max_count))
    if len({file["sha256"] for file in value}) < len(value):
        yield Finding(N_("Berkas yang sama ada dua kali. Hapus salah satunya."))
    for file in value:
        name = file["name"]
        if file["media_type"] not in accept:
            yield Finding(wrong_type(accept, name))
        if file["size"] < 1:
            yield Finding(N_("Berkas {name} kosong. Pilih berkas lain.", name=name))
        if file["size"] > max_bytes:
            most = Size(max_bytes)
            yield Finding(N_("Berkas {name} terlalu besar. Paling besar {most}.", name=name, most=most))


def wrong_type(accept: Sequence[str], name: str) -> Phrase:
    """What is said of the file `name` that is of no type in `accept`."""
    if "application/pdf" not in accept:
        return N_("Jenis berkas {name} tidak dapat dipakai. Gunakan foto (JPEG, PNG).", name=name)
    if set(accept) == {"application/pdf"}:
        return N_("Jenis berkas {name} tidak dapat dipakai. Gunakan PDF.", name=name)
    return N_("Jenis berkas {name} tidak dapat dipakai. Gunakan foto (JPEG, PNG) atau PDF.", name=name)


def _check_photo(field: PhotoField, value: list[dict[str, Any]], _situation: Situation) -> Iterator[Finding]:
    yield from check_files(value, PHOTO_TYPES, field.max_bytes, 1, 1)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a field takes in: media types, the largest file in bytes, and how many files."""

    accept: Sequence[str]
    max_bytes: int
    max_count: int


def limits_of(field: AnyField | None) -> Limits | None:
    """The limits of a field that takes files; None for others."""
    match field:
        case FileField():
            return Limits(field.accept, field.max_bytes, field.max_count)
        case PhotoField():
            return Limits(PHOTO_TYPES, field.max_bytes, 1)
        case DocumentField(or_file=True):
            return Limits(field.accept, field.max_bytes, field.max_count)
        case _:
            return None


def files_named(value: Any) -> dict[str, Mapping[str, Any]]:
    """The files of an answer that is a list of them, by their place in it."""
    return {str(index): file for index, file in enumerate(mappings(value))}


def _show(_field: Any, value: Any, language: Language) -> str:
    kinds = [language.say(_PDF if file["media_type"] == "application/pdf" else _PHOTO) for file in value]
    return "; ".join(
        f"{kind}, {language.size(file['size'])}" for kind, file in zip(kinds, value, strict=True)
    )


FILE: Kind[FileField] = Kind(
    _parse, _show, _check, missing=N_("Tambahkan foto atau PDF-nya."), files=files_named
)
PHOTO: Kind[PhotoField] = Kind(
    _parse, _show, _check_photo, missing=N_("Fotonya belum ada."), files=files_named
)
