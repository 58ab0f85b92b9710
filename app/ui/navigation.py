"""The five places: a bottom bar on phones, a rail on tablets, an extended rail on desktops."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import flet as ft

from app.app import App
from app.contract.phrase import N_, Phrase
from app.ui.cards import TONES
from app.ui.context import Frame
from app.ui.mark import mark, wordmark
from app.ui.named import named
from app.ui.theme import MARK
from app.ui.tokens import CARD, CHOSEN, INK_2, LINE, ON_CHOSEN, PRIMARY
from app.ui.words import label

Place = Literal["home", "activity", "documents", "messages", "account"]


@dataclass(frozen=True, slots=True)
class Destination:
    """One place: its route, its word, its icon and the filled one for when it is chosen."""

    id: Place
    route: str
    word: Phrase
    icon: ft.IconData
    chosen_icon: ft.IconData


DESTINATIONS = (
    Destination("home", "/", N_("Beranda"), ft.Icons.HOME_OUTLINED, ft.Icons.HOME),
    Destination("activity", "/activity", N_("Aktivitas"), ft.Icons.CHECKLIST_OUTLINED, ft.Icons.CHECKLIST),
    Destination("documents", "/documents", N_("Dokumen"), ft.Icons.BADGE_OUTLINED, ft.Icons.BADGE),
    Destination("messages", "/messages", N_("Pesan"), ft.Icons.MAIL_OUTLINED, ft.Icons.MAIL),
    Destination("account", "/account", N_("Akun"), ft.Icons.ACCOUNT_CIRCLE_OUTLINED, ft.Icons.ACCOUNT_CIRCLE),
)


def _icon(destination: Destination, chosen: bool, unread: int) -> ft.LayoutControl:
    icon = ft.Icon(
        destination.chosen_icon if chosen else destination.icon,
        color=ON_CHOSEN if chosen else INK_2,
    )
    if destination.id != "messages" or not unread:
        return icon
    dot = ft.Container(width=9, height=9, bgcolor=MARK, border_radius=9, right=0, top=0)
    # As large as the icon, which grows with the words.
    return ft.Stack([icon, dot])


def _spoken(app: App, destination: Destination, unread: int) -> str | None:
    if destination.id == "messages" and unread:
        return app.language.plural("{n} belum dibaca", "{n} belum dibaca", unread)
    return None


def bottom_bar(app: App, chosen: Place, unread: int) -> ft.Control:
    """The bar at the foot of a phone."""

    def picture(destination: Destination) -> ft.Control:
        # Only the chosen one has a ground to lie on: four boxes less in the frame that opens the app.
        icon = _icon(destination, destination.id == chosen, unread)
        if destination.id == chosen:
            return ft.Container(
                content=icon,
                bgcolor=CHOSEN,
                border_radius=999,
                padding=ft.Padding.symmetric(horizontal=18, vertical=4),
            )
        icon.margin = ft.Margin.symmetric(vertical=4)
        return icon

    def item(destination: Destination) -> ft.Control:
        here = destination.id == chosen
        return named(
            f"nav.{destination.id}",
            ft.Container(
                content=ft.Column(
                    [
                        picture(destination),
                        ft.Text(
                            app.language.say(destination.word),
                            theme_style=ft.TextThemeStyle.LABEL_SMALL,
                            color=PRIMARY if here else INK_2,
                        ),
                    ],
                    spacing=4,
                    horizontal_alignment=ft.CrossAxisAlignment.CENTER,
                ),
                on_click=lambda: app.go(destination.route),
                ink=True,
                padding=ft.Padding.symmetric(vertical=10),
            ),
            button=True,
            selected=here or None,
            keyed=False,
            label=_spoken(app, destination, unread),
        )

    cells: list[ft.Control] = []
    for destination in DESTINATIONS:
        cell = item(destination)
        cell.expand = True
        cells.append(cell)
    return ft.Container(
        content=ft.SafeArea(avoid_intrusions_top=False, content=ft.Row(cells, spacing=0)),
        bgcolor=CARD,
        border=ft.Border.only(top=ft.BorderSide(1, LINE)),
    )


def rail(app: App, chosen: Place, unread: int, *, extended: bool) -> ft.Control:
    """The rail at the side of a wider window."""

    def item(destination: Destination) -> ft.Control:
        here = destination.id == chosen
        word = app.language.say(destination.word)
        ink = ON_CHOSEN if here else INK_2
        if extended:
            face: ft.Control = ft.Row([_icon(destination, here, unread), label(word, color=ink)], spacing=16)
        else:
            face = ft.Column(
                [
                    _icon(destination, here, unread),
                    ft.Text(word, theme_style=ft.TextThemeStyle.LABEL_SMALL, color=ink),
                ],
                spacing=4,
                tight=True,
                horizontal_alignment=ft.CrossAxisAlignment.CENTER,
            )
        return named(
            f"nav.{destination.id}",
            ft.Container(
                content=face,
                on_click=lambda: app.go(destination.route),
                ink=True,
                bgcolor=CHOSEN if here else None,
                border_radius=999 if extended else 16,
                padding=ft.Padding.symmetric(horizontal=20 if extended else 4, vertical=14),
            ),
            button=True,
            selected=here or None,
            keyed=False,
            label=_spoken(app, destination, unread),
        )

    _ = app.language.text
    ink, ground = TONES["done"]
    head = (
        ft.Container(wordmark(22), padding=ft.Padding.only(left=12, top=8, bottom=20))
        if extended
        else ft.Container(mark(26), padding=ft.Padding.only(top=8, bottom=20), alignment=ft.Alignment.CENTER)
    )
    foot = ft.Container(
        content=ft.Row(
            [
                ft.Icon(ft.Icons.LOCK_OUTLINE, size=18, color=ink),
                ft.Container(
                    label(_("Terkunci otomatis setelah {n} menit", n=app.auto_lock_minutes), color=ink),
                    expand=True,
                ),
            ],
            spacing=10,
        ),
        bgcolor=ground,
        border_radius=16,
        padding=ft.Padding.symmetric(horizontal=14, vertical=10),
    )
    items: list[ft.Control] = [head, *(item(d) for d in DESTINATIONS)]
    if extended:
        items += [ft.Container(expand=True), foot]
    return ft.Container(
        content=ft.SafeArea(
            content=ft.Column(items, spacing=6, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
        ),
        width=248 if extended else 96,
        bgcolor=CARD,
        border=ft.Border.only(right=ft.BorderSide(1, LINE)),
        padding=ft.Padding.all(12),
    )


def with_navigation(
    app: App, frame: Frame, chosen: Place, unread: int, content: ft.Control
) -> list[ft.BaseControl]:
    """`content` with the navigation that fits the window, as the controls of a view.

    It stands at the same place of the tree in every window: turning the phone closes and forgets nothing.
    """
    content.expand = True
    across: list[ft.Control] = [ft.Column([content], spacing=0, expand=True, key="content")]
    if frame.width == "phone":
        across[0] = ft.Column(
            [content, bottom_bar(app, chosen, unread)], spacing=0, expand=True, key="content"
        )
    else:
        across.insert(
            0, ft.Container(rail(app, chosen, unread, extended=frame.width == "desktop"), key="rail")
        )
    return [
        ft.Row(across, spacing=0, expand=True, vertical_alignment=ft.CrossAxisAlignment.STRETCH),
    ]
