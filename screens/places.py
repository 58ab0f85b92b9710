"""The five places in one view: changing between them moves no screen and keeps each as it was left."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flet as ft

from app.app import App
from app.ui.boundary import component
from app.ui.context import AppContext, Frame, FrameContext, Wake, WakeContext, use_app, use_frame
from app.ui.hooks import memo, use_reference
from app.ui.navigation import DESTINATIONS, Place, with_navigation
from app.ui.tokens import PAPER
from screens.account import Account
from screens.activity import Activity
from screens.documents import Documents
from screens.home import Home
from screens.messages import Messages

BODIES: dict[Place, Callable[..., Any]] = {
    "home": Home,
    "activity": Activity,
    "documents": Documents,
    "messages": Messages,
    "account": Account,
}


_AT: dict[str, Place] = {d.route: d.id for d in DESTINATIONS}


def _kept(place: Place, app: App, frame: Frame, wake: Wake, _seen: tuple[Any, ...]) -> Any:
    """A place, drawn anew only when what all places show has changed; its own readings draw it themselves.

    It hands the contexts on by itself: what was kept loses its way up to who gave them.
    """
    return AppContext(app, lambda: FrameContext(frame, lambda: WakeContext(wake, lambda: BODIES[place]())))


Kept = memo(component(_kept))


@component
def Places() -> ft.View:
    """The place of the route at hand. One that was visited stays, out of sight, and is there at once."""
    app = use_app()
    frame = use_frame()
    path = ft.use_view_path()
    location = ft.use_route_location()
    ft.use_effect(lambda: app.arrived(location), [location])
    here = _AT.get(path, "home")
    visited = use_reference(dict[Place, Wake]()).current
    visited.setdefault(here, Wake())
    uncovered = ft.use_route_location() == path
    for place, wake in visited.items():
        wake.set(place == here and uncovered)
    seen = (app.language.tag, app.online, app.signed_out, app.first_name, app.synced_at)
    bodies: list[ft.Control] = [
        ft.Container(
            Kept(place, app, frame, wake, seen, key=place), key=place, visible=place == here, expand=True
        )
        for place, wake in visited.items()
    ]
    return ft.View(
        route="/",
        padding=0,
        spacing=0,
        bgcolor=PAPER,
        controls=with_navigation(app, frame, here, app.unread, ft.Column(bodies, spacing=0, expand=True)),
    )
