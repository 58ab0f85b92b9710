"""An address that Loket does not know."""

from __future__ import annotations

import flet as ft

from app.ui import buttons
from app.ui.boundary import component
from app.ui.context import use_app
from app.ui.frame import task
from app.ui.states import empty


@component
def NotFound() -> ft.View:
    """Says so, and leads home."""
    app = use_app()
    _ = app.language.text
    return task(
        app,
        "/not-found",
        [
            empty(
                ft.Icons.EXPLORE_OFF_OUTLINED,
                _("Halaman ini tidak ada"),
                _("Alamatnya mungkin berubah. Data Anda aman. Mulai lagi dari Beranda."),
                action=buttons.secondary(
                    "not-found.home", _("Ke Beranda"), lambda: app.go("/"), expand=False
                ),
            )
        ],
    )
