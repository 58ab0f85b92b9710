"""A repeating section as one value: a list of entries. Its inner answers are checked by `validation`."""

from __future__ import annotations

import string
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from app.contract.form import RepeatField
from app.contract.language import Language
from app.contract.phrase import N_, Phrase
from app.forms.conditions import Situation
from app.forms.kinds.kind import UNREADABLE, Finding, Kind
from app.forms.received import items, mapping


def _parse(field: RepeatField, raw: Any, today: date) -> list[dict[str, Any]] | Phrase:
    from app.forms import kinds  # the registry holds this module

    if (several := items(raw)) is None:
        return UNREADABLE
    inner = {f.id: f for f in field.fields}
    entries: list[dict[str, Any]] = []
    for entry in several:
        if (given := mapping(entry)) is None:
            return UNREADABLE
        kept: dict[str, Any] = {}
        for name, value in given.items():
            read = kinds.parse(inner[name], value, today) if name in inner else value
            if read is not None:
                kept[name] = value if isinstance(read, Phrase) else read
        entries.append(kept)
    return entries


def _check(field: RepeatField, value: list[dict[str, Any]], _situation: Situation) -> Iterator[Finding]:
    item = field.item
    if len(value) < field.minimum:
        missing = field.minimum - len(value)
        yield Finding(N_("Tambahkan {missing} lagi: {item}.", missing=missing, item=item))
    if len(value) > field.maximum:
        yield Finding(
            N_("Paling banyak {maximum}: {item}. Hapus yang tidak perlu.", maximum=field.maximum, item=item)
        )
    if field.unique is None:
        return
    seen: set[str] = set()
    for index, entry in enumerate(value):
        key = repr(entry.get(field.unique))
        if entry.get(field.unique) is not None and key in seen:
            part = f"{index}.{field.unique}"
            yield Finding(N_("Isian ini sudah dipakai di atas. Isi dengan yang lain."), part)
        seen.add(key)


class _Blank(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return ""


def summary(field: RepeatField, entry: Mapping[str, Any], language: Language) -> str:
    """One entry in a line, by the field's `summary` template; inner answers are written out."""
    from app.forms import kinds

    shown = _Blank({f.id: kinds.display(f, entry.get(f.id), language) for f in field.fields})
    try:
        line = string.Formatter().vformat(field.summary, (), shown)
    except (ValueError, LookupError, AttributeError, TypeError):
        line = ", ".join(text for text in shown.values() if text)
    return line.strip(" ,·-")


def _show(field: RepeatField, value: Any, language: Language) -> str:
    return "; ".join(summary(field, entry, language) for entry in value)


REPEAT: Kind[RepeatField] = Kind(_parse, _show, _check)
