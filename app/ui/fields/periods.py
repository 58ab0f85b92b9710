"""A time from one day to another: two dates, each typed or picked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import flet as ft

from app.contract.form import DateField, DateRangeField
from app.contract.text import Text
from app.ui.fields.asked import Asked, framed
from app.ui.fields.moments import Picked
from app.ui.fields.parts import labelled, part_of


def period(asked: Asked) -> ft.Control:
    """From when, and until when."""
    field = asked.of(DateRangeField)
    _ = asked.app.language.text
    names = {
        "start": _("Mulai"),
        "end": _("Selesai (kosongkan kalau masih berlangsung)") if field.open_end else _("Selesai"),
    }

    def end(name: str) -> ft.Control:
        part = part_of(asked, DateField(id=name, type="date", label=Text({"id": names[name]})), _with(name))
        return labelled(names[name], Picked(part, names[name], key=part.path), part)

    return framed(
        asked,
        ft.Column(
            [end("start"), end("end")],
            spacing=12,
            tight=True,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        ),
    )


def _with(name: str) -> Any:
    def merge(parts: Mapping[str, Any], value: Any) -> dict[str, Any] | None:
        kept = {key: part for key, part in parts.items() if key != name}
        return ({**kept, name: value} if value else kept) or None

    return merge
