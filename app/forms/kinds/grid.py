"""A grid of short answers as one value: rows of cells. Its cells are checked by `validation`."""

from __future__ import annotations

from datetime import date
from typing import Any

from app.contract.form import GridField
from app.contract.language import Language
from app.contract.phrase import Phrase
from app.forms.kinds.kind import UNREADABLE, Kind
from app.forms.received import mapping


def _parse(field: GridField, raw: Any, today: date) -> dict[str, dict[str, Any]] | Phrase | None:
    from app.forms import kinds  # the registry holds this module

    if (rows := mapping(raw)) is None:
        return UNREADABLE
    columns = {f.id: f for f in field.columns}
    kept: dict[str, dict[str, Any]] = {}
    for name, row in rows.items():
        if (given := mapping(row)) is None:
            return UNREADABLE
        cells: dict[str, Any] = {}
        for column, value in given.items():
            read = kinds.parse(columns[column], value, today) if column in columns else value
            if read is not None:
                cells[column] = value if isinstance(read, Phrase) else read
        if cells:
            kept[name] = cells
    return kept or None


def row_line(field: GridField, cells: Any, language: Language) -> str:
    """The cells of one row in a line; the columns are named where there are several."""
    from app.forms import kinds

    found = mapping(cells) or {}
    parts: list[str] = []
    for column in field.columns:
        text = kinds.display(column, found.get(column.id), language)
        if text:
            parts.append(f"{language.say(column.label)}: {text}" if len(field.columns) > 1 else text)
    return ", ".join(parts)


def _show(field: GridField, value: Any, language: Language) -> str:
    lines = ((row, row_line(field, value.get(row.id), language)) for row in field.rows)
    return "; ".join(f"{language.say(row.label)}: {line}" for row, line in lines if line)


GRID: Kind[GridField] = Kind(_parse, _show)
