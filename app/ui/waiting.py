"""What waits for the citizen, as a card: the same on Home and in Activity."""

from __future__ import annotations

from functools import partial

import flet as ft

from app.app import App
from app.applications.waiting import Waiting
from app.ui import words
from app.ui.cards import link_card
from app.ui.tokens import PRIMARY, SUNKEN

_FACES: dict[str, tuple[str, ft.IconData]] = {
    "draft": ("waits", ft.Icons.EDIT_DOCUMENT),
    "question": ("waits", ft.Icons.HELP_OUTLINE),
    "outbox": ("told", ft.Icons.SCHEDULE_SEND_OUTLINED),
    "moving": ("told", ft.Icons.HOURGLASS_EMPTY),
    "overdue": ("waits", ft.Icons.RUNNING_WITH_ERRORS),
}


def waiting_card(app: App, item: Waiting, place: str) -> ft.Control:
    """One thing to go on with; called `<place>.<id>`. An upload tells how far it is in numbers too."""
    tone, icon = _FACES[item.kind]
    below: ft.Control | None = None
    end: ft.Control | None = None
    if item.done is not None:
        bar = ft.ProgressBar(value=item.done, color=PRIMARY, bgcolor=SUNKEN, bar_height=6, border_radius=6)
        below = ft.Semantics(exclude_semantics=True, content=bar)
        if item.kind == "outbox":
            end = words.label(app.language.text("{percent} %", percent=round(item.done * 100)))
    return link_card(
        f"{place}.{item.id}",
        icon,
        app.language.say(item.title),
        app.language.say(item.detail),
        partial(app.go, item.route),
        tone=tone,
        below=below,
        end=end,
    )
