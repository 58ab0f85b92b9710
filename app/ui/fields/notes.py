"""Words to read, and fields that this version of Loket does not know."""

from __future__ import annotations

import flet as ft

from app.contract.form import NoteField, UnknownField
from app.ui.cards import notice
from app.ui.fields.asked import Asked, framed
from app.ui.fields.lines import TYPING, Line


def note(asked: Asked) -> ft.Control:
    """A note of the agency."""
    field = asked.of(NoteField)
    say = asked.app.language.say
    icon = ft.Icons.INFO_OUTLINE if field.tone == "told" else ft.Icons.WARNING_AMBER_ROUNDED
    return notice(field.tone, icon, say(field.label), say(field.body), identifier=asked.identifier)


def unknown(asked: Asked) -> ft.Control:
    """A field of a newer version: by its declared fallback, else a clear word; never a hole."""
    field = asked.of(UnknownField)
    _ = asked.app.language.text
    if field.fallback == "text":
        return framed(asked, Line(asked, TYPING["text"], str(asked.value or ""), key=asked.path))
    return notice(
        "waits",
        ft.Icons.SYSTEM_UPDATE_OUTLINED,
        asked.app.language.say(field.label),
        _("Bagian ini butuh Loket yang lebih baru. Jawaban Anda aman. Perbarui aplikasi, lalu lanjutkan."),
        identifier=asked.identifier,
    )
