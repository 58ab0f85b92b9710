"""A document that the citizen holds on the device, shown claim by claim; or files in its place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from app.contract.form import DocumentField
from app.contract.language import Language
from app.contract.phrase import N_, Phrase
from app.contract.text import Text
from app.forms.conditions import Situation
from app.forms.kinds.files import check_files, files_named, read_files
from app.forms.kinds.kind import UNREADABLE, Finding, Kind, clean_line
from app.forms.received import mapping

_FACTS = ("id", "type", "issuer", "issued_at", "presentation")
_PRESENTATION = re.compile(r"[\w-]+\.[\w-]+\.[\w-]+~(?:[\w-]+~)*")
"""An SD-JWT without key binding (RFC 9901 section 4): the signed token, then the disclosures."""
_LONGEST = {"presentation": 50_000}
_AGAIN = N_("Dokumen ini tidak terbaca. Pilih lagi dari dokumen Anda.")


def _parse(_field: Any, raw: Any, _today: date) -> dict[str, Any] | Phrase | None:
    if (given := mapping(raw)) is None:
        return UNREADABLE
    if "files" in given:
        files = read_files(given["files"])
        return files if isinstance(files, Phrase) else {"files": files} if files else None
    kept: dict[str, Any] = {}
    for fact in _FACTS:
        text = clean_line(given.get(fact))
        if not text or len(text) > _LONGEST.get(fact, 200):
            return _AGAIN
        kept[fact] = text
    title = _title(given.get("title"))
    if (
        title is None
        or not _PRESENTATION.fullmatch(kept["presentation"])
        or not _is_moment(kept["issued_at"])
    ):
        return _AGAIN
    return {**kept, "title": title}


def _title(raw: Any) -> dict[str, str] | None:
    try:
        return dict(Text.read(raw).root)
    except ValueError:
        return None


def _is_moment(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def _check(field: DocumentField, value: dict[str, Any], _situation: Situation) -> Iterator[Finding]:
    if "files" in value:
        if field.or_file:
            yield from check_files(value["files"], field.accept, field.max_bytes, 1, field.max_count)
        else:
            yield Finding(N_("Pilih salah satu dokumen Anda di Loket."))
    elif value["type"] not in field.document_types:
        yield Finding(N_("Jenis dokumen ini tidak dapat dipakai di sini. Pilih yang lain."))


def _show(_field: Any, value: Any, language: Language) -> str:
    if "files" in value:
        return ", ".join(str(file["name"]) for file in value["files"])
    issued = language.date(datetime.fromisoformat(value["issued_at"]))
    title = Text.read(value["title"])
    return language.text("{title}, terbit {date}", title=title, date=issued)


def _files(value: Any) -> Mapping[str, Mapping[str, Any]]:
    named = files_named((mapping(value) or {}).get("files"))
    return {f"files.{place}": file for place, file in named.items()}


DOCUMENT: Kind[DocumentField] = Kind(
    _parse, _show, _check, missing=N_("Pilih dokumennya, atau tambahkan fotonya."), files=_files
)
