"""Messages: one for each step of an application, newest first."""

from __future__ import annotations

import flet as ft

from app.app import App
from app.contract.applications import Message
from app.ui import words
from app.ui.boundary import component
from app.ui.cards import links, tile
from app.ui.context import use_app, use_frame, use_live
from app.ui.frame import place, place_head
from app.ui.named import named
from app.ui.states import empty, skeleton
from app.ui.theme import MARK
from app.ui.tokens import CARD, MARGIN


def _row(app: App, message: Message) -> ft.Control:
    _ = app.language.text
    say = app.language.say
    at = app.to_local(message.at)
    head: list[ft.Control] = [ft.Container(words.title(say(message.title)), expand=True)]
    if not message.read:
        head.append(
            ft.Semantics(
                label=_("belum dibaca"),
                content=ft.Container(width=9, height=9, border_radius=9, bgcolor=MARK),
            )
        )
    return named(
        f"messages.{message.id}",
        ft.Container(
            content=ft.Row(
                [
                    tile(
                        ft.Icons.MAIL_OUTLINED if not message.read else ft.Icons.DRAFTS_OUTLINED,
                        "chosen" if not message.read else "plain",
                    ),
                    ft.Column(
                        [
                            ft.Row(head, spacing=8),
                            words.secondary(say(message.body)),
                            words.secondary(
                                f"{app.language.day(at, app.local_now().date())}, {app.language.time(at)}"
                            ),
                        ],
                        spacing=2,
                        tight=True,
                        expand=True,
                    ),
                ],
                spacing=14,
                vertical_alignment=ft.CrossAxisAlignment.START,
            ),
            on_click=lambda: app.open_message(message),
            ink=True,
            bgcolor=CARD,
            padding=ft.Padding.symmetric(horizontal=MARGIN, vertical=14),
        ),
        button=True,
        key=message.id,
    )


@component
def Messages() -> ft.Control:
    """The inbox."""
    app = use_app()
    frame = use_frame()
    _ = app.language.text
    messages = use_live(app.messages, *app.watches("messages"), on=[app.language.tag])
    controls: list[ft.Control] = [place_head(app, _("Pesan"))]
    if messages is None:
        controls.append(skeleton())
    elif not messages:
        controls.append(
            empty(
                ft.Icons.MAIL_OUTLINED,
                _("Belum ada pesan"),
                _("Setiap langkah urusan Anda dikabarkan di sini."),
            )
        )
    else:
        controls.append(links([_row(app, m) for m in messages]))
    return place(frame, controls)
