"""Documents: the cards that the citizen holds, readable without a network."""

from __future__ import annotations

from functools import partial

import flet as ft

from app.app import App
from app.documents.wallet import HeldDocument
from app.ui import buttons, words
from app.ui.boundary import component
from app.ui.context import use_app, use_frame, use_live
from app.ui.frame import place, place_head
from app.ui.icons import service_icon
from app.ui.named import named
from app.ui.states import empty, skeleton

# White words reach 4.5 : 1 on every point of each ground.
_GROUNDS: tuple[tuple[str, str], ...] = (
    ("#00695C", "#00453C"),
    ("#1F5FA8", "#163E75"),
    ("#8A5200", "#5A3500"),
    ("#6A3D7A", "#452450"),
)
FACES: dict[str, tuple[str, tuple[str, str]]] = {
    "birth-certificate": ("baby", _GROUNDS[2]),
    "family-card": ("family", _GROUNDS[0]),
    "child-identity-card": ("card", _GROUNDS[1]),
}
"""Icon and ground of the document types that have a face of their own."""


def document_face(app: App, held: HeldDocument, *, tall: bool) -> ft.Container:
    """A document as a card."""
    _ = app.language.text
    say = app.language.say
    icon, ground = FACES.get(held.type, ("document", _GROUNDS[3]))
    white = ft.Colors.WHITE
    quiet = "#E6FFFFFF"
    top: list[ft.Control] = []
    if app.is_new(held):
        top.append(
            words.secondary(_("Baru · {date}", date=app.language.day_month(held.issued_at)), color=quiet)
        )
    else:
        top.append(words.secondary(app.agency_name(held.issuer), color=quiet))
    top.append(ft.Text(say(held.title), theme_style=ft.TextThemeStyle.TITLE_LARGE, color=white))
    head = ft.Row(
        [
            ft.Column(top, spacing=2, tight=True, expand=True),
            ft.Icon(service_icon(icon), size=30, color=white),
        ],
        vertical_alignment=ft.CrossAxisAlignment.START,
    )
    lines: list[ft.Control] = [head]
    if tall:
        foot: list[ft.Control] = []
        if held.holder:
            foot.append(ft.Text(held.holder, theme_style=ft.TextThemeStyle.TITLE_MEDIUM, color=white))
        if held.summary:
            foot.append(words.secondary(say(held.summary), color=quiet))
        if held.trouble is not None:
            # It says so, where the time is up.
            foot.append(
                ft.Row(
                    [
                        ft.Icon(ft.Icons.GPP_MAYBE_OUTLINED, color=white, size=20),
                        ft.Container(words.secondary(say(held.trouble), color=white), expand=True),
                    ]
                )
            )
        elif held.valid_until is not None:
            until = app.language.date(held.valid_until.date())
            foot.append(words.secondary(_("Berlaku sampai {date}", date=until), color=quiet))
        lines.append(ft.Column(foot, spacing=2, tight=True))
    return ft.Container(
        content=ft.Column(lines, alignment=ft.MainAxisAlignment.SPACE_BETWEEN, spacing=28 if tall else 0),
        gradient=ft.LinearGradient(
            begin=ft.Alignment.TOP_LEFT, end=ft.Alignment.BOTTOM_RIGHT, colors=list(ground)
        ),
        border_radius=20,
        padding=20,
    )


@component
def Documents() -> ft.Control:
    """The stack of cards."""
    app = use_app()
    frame = use_frame()
    _ = app.language.text
    held = use_live(app.documents, *app.watches("documents"), on=[app.language.tag])
    controls: list[ft.Control] = [place_head(app, _("Dokumen"))]
    if held is None:
        controls.append(skeleton())
    elif not held:
        controls.append(
            empty(
                ft.Icons.BADGE_OUTLINED,
                _("Belum ada dokumen"),
                _("Yang diterbitkan instansi untuk Anda masuk ke sini, dan bisa dibuka tanpa internet."),
                action=buttons.secondary(
                    "documents.find", _("Cari layanan"), lambda: app.go("/search"), expand=False
                ),
            )
        )
    else:
        counts: dict[str, int] = {}
        cards: list[ft.Control] = []
        for document in held:
            counts[document.type] = counts.get(document.type, 0) + 1
            n = counts[document.type]
            identifier = f"documents.{document.type}" + (f".{n}" if n > 1 else "")
            face = document_face(app, document, tall=True)
            face.on_click = partial(app.go, f"/documents/{document.id}")
            face.ink = True
            cards.append(named(identifier, face, button=True, key=document.id))
        if frame.width == "desktop":
            left, right = cards[::2], cards[1::2]
            controls.append(
                ft.Row(
                    [
                        ft.Column(left, spacing=16, tight=True, expand=True),
                        ft.Column(right, spacing=16, tight=True, expand=True),
                    ],
                    spacing=16,
                    vertical_alignment=ft.CrossAxisAlignment.START,
                )
            )
        else:
            controls += cards
        controls.append(
            words.secondary(_("Dokumen tersimpan tersandi di perangkat ini dan terbaca tanpa internet."))
        )
    return place(frame, controls, spacing=16)
