"""Welcome: what Loket is, in three lines, and one button to sign in."""

from __future__ import annotations

import flet as ft

from app.contract.phrase import Phrase
from app.ui import buttons, words
from app.ui.boundary import component
from app.ui.cards import notice, tile
from app.ui.context import use_app
from app.ui.frame import task
from app.ui.hooks import use_optional, use_state
from app.ui.mark import wordmark


@component
def Welcome() -> ft.View:
    """The first screen, and the one after signing out."""
    app = use_app()
    _ = app.language.text
    busy, set_busy = use_state(False)
    trouble, set_trouble = use_optional(Phrase)

    async def sign_in() -> None:
        set_trouble(None)
        set_busy(True)
        problem: Phrase | None = await app.sign_in()
        set_busy(False)
        if problem is not None:
            set_trouble(problem)
            await app.announce(app.language.say(problem))

    def promise(icon: ft.IconData, title: str, text: str) -> ft.Control:
        return ft.MergeSemantics(
            content=ft.Row(
                [
                    tile(icon),
                    ft.Column(
                        [words.title(title), words.secondary(text)], spacing=2, tight=True, expand=True
                    ),
                ],
                spacing=14,
                vertical_alignment=ft.CrossAxisAlignment.START,
            )
        )

    controls: list[ft.Control] = [
        ft.Container(wordmark(28), padding=ft.Padding.only(top=32, bottom=20)),
        words.heading(_("Satu loket untuk semua urusan Anda.")),
        words.lead(_("Masuk sekali. Cari yang Anda butuhkan. Isi hanya yang belum diketahui negara.")),
        ft.Container(height=12),
        promise(
            ft.Icons.SEARCH,
            _("Cari dengan kata sehari-hari"),
            _("“Anak baru lahir”, “pajak motor”, “beasiswa”."),
        ),
        promise(
            ft.Icons.VERIFIED_OUTLINED,
            _("Setiap kiriman ada tandanya"),
            _("Anda memegang tanda terima dan janji selesainya."),
        ),
        promise(
            ft.Icons.LOCK_OUTLINE,
            _("Data Anda terkunci di perangkat ini"),
            _("Disandikan, dan hanya terbuka dengan PIN Anda."),
        ),
    ]
    for index, phrase in enumerate(app.notices):
        controls.append(
            notice(
                "waits",
                ft.Icons.INFO_OUTLINE,
                _("Perlu Anda ketahui"),
                app.language.say(phrase),
                identifier=f"welcome.notice.{index}",
            )
        )
    if trouble is not None:
        controls.append(
            notice(
                "wrong",
                ft.Icons.ERROR_OUTLINE,
                _("Belum masuk"),
                app.language.say(trouble),
                identifier="welcome.trouble",
            )
        )
    foot: list[ft.Control] = []
    if busy:
        foot.append(
            words.secondary(
                _("Lanjutkan di peramban yang baru terbuka, lalu kembali ke sini."),
                text_align=ft.TextAlign.CENTER,
            )
        )
        if app.sign_in_address:
            foot.append(
                buttons.secondary(
                    "welcome.open-again",
                    _("Buka lagi halaman masuk"),
                    app.open_sign_in_again,
                    icon=ft.Icons.OPEN_IN_NEW,
                )
            )
        foot.append(buttons.text_button("welcome.cancel", _("Batal masuk"), app.cancel_sign_in))
    else:
        foot.append(buttons.primary("welcome.sign-in", _("Masuk"), sign_in, icon=ft.Icons.ARROW_FORWARD))
        foot.append(
            ft.Row(
                [
                    buttons.text_button("welcome.language.id", "Bahasa Indonesia", lambda: app.speak("id")),
                    buttons.text_button("welcome.language.en", "English", lambda: app.speak("en")),
                ],
                alignment=ft.MainAxisAlignment.CENTER,
                wrap=True,
            )
        )
    return task(app, "/welcome", controls, foot=foot, spacing=16)
