"""The end of a form before its last page: why the errand cannot be done here, and what to do instead."""

from __future__ import annotations

import flet as ft

from app.app import App
from app.contract.form import Exit
from app.ui import buttons, words
from app.ui.cards import link_card, tile
from app.ui.icons import service_icon


def ended_controls(app: App, ending: Exit) -> list[ft.Control]:
    """What the citizen reads, and the service that is right for them."""
    _ = app.language.text
    say = app.language.say
    controls: list[ft.Control] = [
        ft.Row([tile(ft.Icons.SIGNPOST_OUTLINED, "waits", size=56)]),
        ft.Semantics(
            identifier="form.exit",
            container=True,
            content=ft.Column(
                [words.heading(say(ending.title)), words.lead(say(ending.advice))], spacing=8, tight=True
            ),
        ),
    ]
    row = app.catalogue.service(ending.service) if ending.service else None
    if row is not None:
        controls += [
            words.section(_("Layanan yang sesuai untuk Anda")),
            link_card(
                "form.exit.service",
                service_icon(row.icon),
                say(row.title),
                say(row.summary),
                lambda: app.go(f"/service/{row.id}"),
            ),
        ]
    if ending.url is not None:
        address = str(ending.url)
        controls += [
            words.section(_("Lanjutkan di luar Loket")),
            link_card(
                "form.exit.web",
                ft.Icons.OPEN_IN_NEW,
                ending.url.host or address,
                _("Terbuka di peramban"),
                lambda: app.open_web(address),
            ),
        ]
    controls.append(
        words.secondary(_("Jawaban Anda tetap tersimpan. Kalau ada yang keliru, kembali dan ubah."))
    )
    return controls


def ended_foot(app: App, ending: Exit) -> list[ft.Control]:
    """The way on: to the right service where there is one, else home."""
    _ = app.language.text
    if ending.service and app.catalogue.service(ending.service) is not None:
        service = ending.service
        return [
            buttons.primary(
                "form.exit.go",
                _("Buka layanan itu"),
                lambda: app.go(f"/service/{service}"),
                icon=ft.Icons.ARROW_FORWARD,
            )
        ]
    return [buttons.primary("form.exit.go", _("Ke Beranda"), app.go_home, icon=ft.Icons.HOME_OUTLINED)]
