"""Account: who you are to the state and how it knows, how Loket looks, lock and sign out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date

import flet as ft

from app.app import App, Region
from app.contract.citizen import Attribute, Me
from app.contract.concepts import CONCEPTS
from app.marks import Marked
from app.ui import buttons, words
from app.ui.attributes import attribute_words
from app.ui.boundary import component
from app.ui.cards import card, notice, rows
from app.ui.context import use_app, use_frame, use_live
from app.ui.frame import place, place_head
from app.ui.hooks import use_state
from app.ui.named import named
from app.ui.regions import region_chip
from app.ui.states import skeleton
from app.ui.tokens import (
    CARD,
    CARD_CORNER,
    CHOSEN,
    EDGE,
    FIELD_CORNER,
    INK,
    INK_2,
    LINE,
    MARGIN,
    ON_CHOSEN,
    PRIMARY,
    TOLD,
)
from app.ui.unfold import Unfold

_SHOWN = (
    "person.full_name",
    "person.nik",
    "person.birth_place",
    "person.birth_date",
    "person.sex",
    "person.address",
    "person.phone",
    "person.email",
    "family.card_number",
    "family.members",
)


def _choices(
    identifier: str,
    options: Sequence[tuple[str, str]],
    chosen: str,
    choose: Callable[[str], None],
) -> ft.Control:
    def option(value: str, text: str) -> ft.Control:
        here = value == chosen
        return named(
            f"{identifier}.{value}",
            ft.Container(
                content=ft.Row(
                    [
                        ft.Icon(
                            ft.Icons.RADIO_BUTTON_CHECKED if here else ft.Icons.RADIO_BUTTON_UNCHECKED,
                            color=PRIMARY if here else EDGE,
                        ),
                        ft.Container(words.body(text, color=ON_CHOSEN if here else INK), expand=True),
                    ],
                    spacing=12,
                ),
                on_click=lambda: choose(value),
                ink=True,
                bgcolor=CHOSEN if here else CARD,
                border=ft.Border.all(1, PRIMARY if here else LINE),
                border_radius=FIELD_CORNER,
                padding=ft.Padding.symmetric(horizontal=14, vertical=12),
            ),
            button=True,
            checked=here,
        )

    return Unfold([option(v, t) for v, t in options], 8)


def _switch(
    identifier: str, title: str, detail: str, on: bool, change: Callable[[bool], Awaitable[None]]
) -> ft.Control:
    async def turn() -> None:
        await change(not on)

    return named(
        identifier,
        ft.Container(
            ft.Row(
                [
                    ft.Column(
                        [words.title(title), words.secondary(detail)], spacing=2, tight=True, expand=True
                    ),
                    ft.Icon(
                        ft.Icons.TOGGLE_ON if on else ft.Icons.TOGGLE_OFF_OUTLINED,
                        size=40,
                        color=PRIMARY if on else EDGE,
                    ),
                ],
                spacing=14,
            ),
            on_click=turn,
            ink=True,
            bgcolor=CARD,
            border=ft.Border.all(1, LINE),
            border_radius=CARD_CORNER,
            padding=MARGIN,
        ),
        button=True,
        toggled=on,
    )


def _by_register(app: App, me: Me) -> list[ft.Control]:
    """The attributes, those of one register together under its name and date."""
    say = app.language.say
    shown = [a for a in (me.get(concept) for concept in _SHOWN) if a is not None]
    registers: dict[tuple[str, date], list[Attribute]] = {}
    for attribute in shown:
        registers.setdefault((attribute.source, attribute.as_of), []).append(attribute)
    cards: list[ft.Control] = []
    for attributes in registers.values():
        first = attributes[0]
        source = app.language.text("{source}, per {date}", source=say(first.source_title), date=first.as_of)
        head = ft.Row(
            [
                ft.Icon(ft.Icons.VERIFIED_USER_OUTLINED, color=TOLD),
                ft.Container(words.label(source, color=TOLD), expand=True),
            ],
            spacing=10,
        )
        pairs = [
            ft.MergeSemantics(
                content=ft.Column(
                    [
                        words.secondary(say(CONCEPTS[a.concept].title)),
                        words.title(attribute_words(app, a)),
                    ],
                    spacing=2,
                    tight=True,
                )
            )
            for a in attributes
        ]
        cards.append(rows([head, *pairs]))
    return cards


@dataclass(frozen=True, slots=True)
class _Account:
    me: Me | None
    marked: Marked
    region: Region


async def _read(app: App) -> _Account:
    marked = await app.marks.read()
    return _Account(await app.me(), marked, await app.region(marked))


def _where_and_what(app: App, reading: _Account) -> list[ft.Control]:
    """The region, and what may be switched on and off."""
    _ = app.language.text
    marked = reading.marked
    controls: list[ft.Control] = [
        words.section(_("Daerah dan saran")),
        ft.Row([region_chip(app, reading.region, "account")], wrap=True),
        _switch(
            "account.suggestions",
            _("Saran di Beranda"),
            _("Dihitung di perangkat ini, tidak dikirim ke mana pun."),
            marked.suggests,
            app.marks.suggest,
        ),
    ]
    if app.for_developers:
        controls.append(
            _switch(
                "account.explain",
                _("Jelaskan urutan hasil cari"),
                _("Untuk pengembang: mengapa sebuah hasil ada di tempatnya."),
                marked.explains,
                app.marks.explain,
            )
        )
    return controls


@component
def Account() -> ft.Control:
    """The citizen's own place."""
    app = use_app()
    frame = use_frame()
    _ = app.language.text
    say = app.language.say
    reading = use_live(lambda: _read(app), *app.watches("attributes", "marks"), on=[app.language.tag])
    leaving, set_leaving = use_state(False)

    async def leave() -> None:
        set_leaving(False)
        await app.sign_out()

    ft.use_dialog(
        ft.AlertDialog(
            modal=True,
            title=words.title(_("Keluar dari Loket?")),
            content=words.body(app.sign_out_warning()),
            actions=[
                buttons.text_button("account.sign-out.cancel", _("Batal"), lambda: set_leaving(False)),
                buttons.text_button("account.sign-out.confirm", _("Keluar dan hapus"), leave),
            ],
        )
        if leaving
        else None
    )

    who: list[ft.Control] = [place_head(app, _("Akun"))]
    me = reading.me if reading else None
    if me is None:
        who.append(skeleton(2))
    else:
        who.append(words.section(_("Data Anda menurut negara")))
        who += _by_register(app, me)
        who.append(
            words.secondary(
                _(
                    "Ada yang keliru? Perbaiki lewat instansi yang mencatatnya. "
                    "Sumbernya tertulis di tiap baris."
                )
            )
        )

    look: list[ft.Control] = [
        words.section(_("Bahasa")),
        _choices(
            "account.language",
            [("id", "Bahasa Indonesia"), ("en", "English")],
            app.language.tag,
            app.speak,
        ),
        words.section(_("Tampilan")),
        _choices(
            "account.theme",
            [("system", _("Ikuti perangkat")), ("light", _("Terang")), ("dark", _("Gelap"))],
            app.theme,
            app.set_theme,
        ),
        words.section(_("Ukuran huruf")),
        _choices(
            "account.text-size",
            [("100", _("Biasa")), ("130", _("Besar")), ("160", _("Lebih besar")), ("200", _("Terbesar"))],
            str(round(app.text_scale * 100)),
            lambda value: app.set_text_scale(int(value) / 100),
        ),
    ]
    # Always in its place, so that what stands below does not move when it has been read.
    look.append(Unfold(_where_and_what(app, reading) if reading else [], 12))
    look.append(words.section(_("Keamanan")))
    if app.vault_warning is not None:
        look.append(
            notice(
                "waits",
                ft.Icons.WARNING_AMBER_ROUNDED,
                _("Tempat simpan kunci tidak tersedia"),
                say(app.vault_warning),
                identifier="account.vault-warning",
            )
        )
    else:
        look.append(
            card(
                words.title(_("Kunci tersimpan di {vault}", vault=app.vault_name)),
                words.secondary(
                    _("Loket terkunci sendiri setelah {n} menit tidak dipakai.", n=app.auto_lock_minutes),
                    color=INK_2,
                ),
                spacing=2,
            )
        )
    look += [
        buttons.secondary("account.lock", _("Kunci sekarang"), app.lock_now, icon=ft.Icons.LOCK_OUTLINE),
        buttons.secondary(
            "account.sign-out", _("Keluar"), lambda: set_leaving(True), icon=ft.Icons.LOGOUT, danger=True
        ),
        words.secondary(_("Keluar menghapus semua data Anda dari perangkat ini.")),
    ]
    if frame.width == "desktop":
        return place(
            frame,
            [
                ft.Row(
                    [
                        ft.Column(who, spacing=12, tight=True, expand=3),
                        ft.Column(look, spacing=12, tight=True, expand=2),
                    ],
                    spacing=40,
                    vertical_alignment=ft.CrossAxisAlignment.START,
                )
            ],
        )
    return place(frame, [*who, ft.Container(height=12), *look])
