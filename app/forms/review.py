"""The rows of the check page: what will be sent, where it came from, and where to change it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.contract.concepts import CONCEPTS
from app.contract.form import (
    AnyField,
    FieldBase,
    FileField,
    GridField,
    PersonField,
    PhotoField,
    RepeatField,
    SummaryField,
)
from app.contract.language import Language
from app.contract.text import Text
from app.forms import kinds
from app.forms.answers import Source
from app.forms.journey import Journey
from app.forms.kinds import INDONESIAN
from app.forms.kinds.grid import row_line
from app.forms.kinds.identity import masked
from app.forms.kinds.repeat import summary as line_of_entry
from app.forms.received import mapping, mappings


@dataclass(frozen=True, slots=True)
class Row:
    """One answer. `path` is that of the answer, `page` the page of its change link.

    `text` is what to show, `detail` a second line (a file's kind and size, a person's masked NIK) or ``.
    Where `sensitive`, `text` is masked and `full` is the whole of it, to be shown on request; else they are
    the same. An empty `text` is an optional answer that was not given.
    """

    path: str
    page: str
    label: Text
    text: str
    full: str
    detail: str = ""
    source: Source | None = None
    sensitive: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """The rows of one step of the form, under its title."""

    title: Text
    rows: tuple[Row, ...]


def review(journey: Journey, language: Language = INDONESIAN) -> tuple[Group, ...]:
    """The visible answers of `journey` by step, written out in `language`.

    Optional answers that were not given are left out; a required one that is missing has an empty text.
    """
    groups: list[tuple[Text, list[Row]]] = []
    for page in journey.pages:
        rows = [row for field in journey.fields(page.id) for row in _rows(journey, page.id, field, language)]
        if groups and groups[-1][0].root == page.step.root:
            groups[-1][1].extend(rows)
        else:
            groups.append((page.step, rows))
    return tuple(Group(title, tuple(rows)) for title, rows in groups if rows)


def rows_before(journey: Journey, summary: SummaryField, language: Language = INDONESIAN) -> list[Row]:
    """The rows of the answers that a summary shows: of the fields it names, or of all before it."""
    rows: list[Row] = []
    for page in journey.pages:
        for field in journey.fields(page.id):
            if field.id == summary.id:
                return rows
            if not summary.fields or field.id in summary.fields:
                rows += _rows(journey, page.id, field, language)
    return rows


def is_sensitive(field: AnyField) -> bool:
    """Whether an answer is masked in lists: population numbers, and plain values of sensitive concepts."""
    if kinds.kind_of(field).sensitive:
        return True
    concept = CONCEPTS.get(field.concept or "") if isinstance(field, FieldBase) else None
    return concept is not None and concept.sensitive and not isinstance(field, PersonField)


def _rows(journey: Journey, page: str, field: AnyField, language: Language) -> list[Row]:
    if not kinds.kind_of(field).takes_answer:
        return []
    value = journey.value(field.id)
    if isinstance(field, RepeatField):
        return [
            Row(f"{field.id}.{i}", page, field.item, line := entry_line(journey, field, e, language), line)
            for i, e in enumerate(journey.entries(field.id))
        ]
    if isinstance(field, GridField):
        return _grid_rows(journey, page, field, language)
    if value is None and (not field.required or kinds.kind_of(field).derived):
        return []
    if field.type == "payment":
        value = journey.view.values.get(field.id, value)
    full = kinds.display(field, value, language)
    text, detail = full, ""
    if isinstance(field, PersonField):
        detail = _nik(mapping(value) or {})
    elif isinstance(field, FileField | PhotoField):
        text = full = ", ".join(str(file.get("name", "")) for file in mappings(value))
        detail = kinds.display(field, value, language)
    sensitive = is_sensitive(field)
    if sensitive and value is not None:
        text = masked(str(value))
    return [Row(field.id, page, field.label, text, full, detail, journey.source(field.id), sensitive)]


def entry_line(journey: Journey, field: RepeatField, entry: dict[str, Any], language: Language) -> str:
    """One entry in a line, with the sensitive ones of its answers masked."""
    whole = {**entry, **journey.view.entry_values(field, entry)}
    hidden = {f.id: masked(str(whole[f.id])) for f in field.fields if is_sensitive(f) and whole.get(f.id)}
    return line_of_entry(field, {**whole, **hidden}, language)


def _grid_rows(journey: Journey, page: str, field: GridField, language: Language) -> list[Row]:
    """A row for each row of a grid; a column alone is not named again."""
    given = mapping(journey.value(field.id)) or {}
    if not given and not field.required:
        return []
    rows: list[Row] = []
    for row in journey.view.rows(field):
        cells = journey.view.entry_values(field, mapping(given.get(row.id)) or {})
        hidden = {f.id: masked(str(cells[f.id])) for f in field.columns if is_sensitive(f) and f.id in cells}
        line = row_line(field, {**cells, **hidden}, language)
        rows.append(Row(f"{field.id}.{row.id}", page, row.label, line, line))
    return rows


def _nik(person: Mapping[str, Any]) -> str:
    return f"NIK {masked(str(person['nik']))}" if person.get("nik") else ""
