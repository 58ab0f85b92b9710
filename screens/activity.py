"""Activity: what is on its way, what is with an agency, what is done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import flet as ft

from app.app import App
from app.applications.waiting import Waiting
from app.contract.applications import Application
from app.ui import buttons, words
from app.ui.boundary import component
from app.ui.cards import link_card
from app.ui.context import use_app, use_frame, use_live
from app.ui.frame import place, place_head
from app.ui.hooks import use_optional
from app.ui.states import empty, skeleton
from app.ui.waiting import waiting_card
from screens.application import ApplicationDetail, state_face, state_words


@dataclass(frozen=True, slots=True)
class _Activity:
    waiting: tuple[Waiting, ...]
    open: tuple[Application, ...]
    ended: tuple[Application, ...]


async def _read(app: App) -> _Activity:
    applications = await app.applications()
    return _Activity(
        waiting=tuple(w for w in await app.waiting() if w.kind in ("draft", "outbox")),
        open=tuple(a for a in applications if a.state not in ("accepted", "rejected")),
        ended=tuple(a for a in applications if a.state in ("accepted", "rejected")),
    )


def _card(app: App, item: Application, choose: Callable[[str], None] | None, shown: str | None) -> ft.Control:
    tone, icon = state_face(item)
    return link_card(
        f"activity.{item.reference}",
        icon,
        app.language.say(item.title),
        f"{state_words(app, item)} · {item.reference}",
        lambda: choose(item.reference) if choose else app.go(f"/activity/{item.reference}"),
        tone=tone,
        chosen=item.reference == shown,
    )


def _list(
    app: App,
    activity: _Activity | None,
    choose: Callable[[str], None] | None = None,
    shown: str | None = None,
) -> list[ft.Control]:
    _ = app.language.text
    head: list[ft.Control] = [place_head(app, _("Aktivitas"))]
    if activity is None:
        return [*head, skeleton()]
    if not (activity.waiting or activity.open or activity.ended):
        return [
            *head,
            empty(
                ft.Icons.CHECKLIST,
                _("Belum ada urusan"),
                _("Yang Anda mulai dan kirim akan tampak di sini, dari draf sampai selesai."),
                action=buttons.secondary(
                    "activity.find", _("Cari layanan"), lambda: app.go("/search"), expand=False
                ),
            ),
        ]
    controls = [
        *head,
        *(waiting_card(app, w, "activity.waiting") for w in activity.waiting),
        *(_card(app, a, choose, shown) for a in activity.open),
    ]
    if activity.ended:
        controls += [
            words.section(_("Selesai")),
            *(_card(app, a, choose, shown) for a in activity.ended),
        ]
    return controls


@component
def Activity() -> ft.Control:
    """The list; on a desktop with the chosen application beside it."""
    app = use_app()
    frame = use_frame()
    activity = use_live(
        lambda: _read(app),
        *app.watches("drafts", "outbox", "applications"),
        on=[app.language.tag, app.online],
    )
    chosen, set_chosen = use_optional(str)
    if frame.width != "desktop" or activity is None or not (activity.open or activity.ended):
        return place(frame, _list(app, activity))
    shown = chosen or (activity.open or activity.ended)[0].reference
    controls = _list(app, activity, set_chosen, shown)
    return place(
        frame,
        [
            ft.Row(
                [
                    ft.Column(controls, spacing=12, tight=True, expand=2),
                    ft.Container(ApplicationDetail(shown, key=shown), expand=3),
                ],
                spacing=32,
                vertical_alignment=ft.CrossAxisAlignment.START,
            )
        ],
    )
