"""Dates and times: typed as people write them, or picked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time

import flet as ft

from app.contract.form import DateField, MonthField
from app.contract.text import Text
from app.ui.boundary import component
from app.ui.fields.asked import Asked, framed
from app.ui.fields.lines import TYPING, Line, written
from app.ui.hooks import use_state


def _iso_date(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None


@component
def Picked(asked: Asked, label: str | None = None) -> ft.Control:
    """The line of a date or a time with its picker; typing always works too."""
    app = asked.app
    _ = app.language.text
    picking, set_picking = use_state(False)
    is_date = isinstance(asked.field, DateField)

    def done() -> None:
        set_picking(False)

    def chosen_date(event: ft.Event[ft.DatePicker]) -> None:
        # Before the answer draws the field again: a dialog that is closed but still wanted opens once more.
        done()
        value = event.control.value
        if isinstance(value, datetime):
            asked.answer(app.to_local(value).date().isoformat() if value.tzinfo else value.date().isoformat())
        asked.left()

    def chosen_time(event: ft.Event[ft.TimePicker]) -> None:
        done()
        value = event.control.value
        if isinstance(value, time):
            asked.answer(f"{value.hour:02}:{value.minute:02}")
        asked.left()

    today = asked.journey.today
    dialog: ft.DialogControl | None = None
    if picking and is_date:
        dialog = ft.DatePicker(
            value=_iso_date(asked.value) or today,
            first_date=date(today.year - 120, 1, 1),
            last_date=date(today.year + 10, 12, 31),
            on_change=chosen_date,
            on_dismiss=done,
        )
    elif picking:
        hour, _colon, minute = str(asked.value or "").partition(":")
        dialog = ft.TimePicker(
            value=time(int(hour), int(minute)) if hour.isdigit() and minute.isdigit() else time(8, 0),
            on_change=chosen_time,
            on_dismiss=done,
        )
    ft.use_dialog(dialog)
    return Line(
        asked,
        TYPING[asked.field.type],
        written(asked),
        pick=lambda: set_picking(True),
        pick_icon=ft.Icons.CALENDAR_MONTH_OUTLINED if is_date else ft.Icons.SCHEDULE,
        pick_label=_("Pilih tanggal") if is_date else _("Pilih jam"),
        label=label,
        key=asked.path,
    )


def month(asked: Asked) -> ft.Control:
    """A month of a year: two words are typed faster than picked."""
    field = asked.of(MonthField)
    if field.help is None:
        how = asked.app.language.text("Tulis bulan dan tahunnya, misalnya 3/2019 atau Maret 2019.")
        helped = replace(asked, field=field.model_copy(update={"help": Text({"id": how})}))
    else:
        helped = asked
    icon = ft.Icons.CALENDAR_VIEW_MONTH_OUTLINED
    return framed(helped, Line(asked, TYPING["month"], written(asked), icon=icon, key=asked.path))


def moment(asked: Asked) -> ft.Control:
    """A date or a time."""
    return framed(asked, Picked(asked, key=asked.path))
