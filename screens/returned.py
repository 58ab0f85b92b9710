"""The way back from signing in again on a phone: hands the answer over, and goes home."""

from __future__ import annotations

import flet as ft

from app.ui.boundary import component
from app.ui.context import use_app
from app.ui.frame import task
from app.ui.states import skeleton


@component
def Returned() -> ft.View:
    """Seen for a moment, if at all."""
    app = use_app()
    route = ft.context.page.route or ""

    def hand_over() -> None:
        app.device.returned(route.partition("?")[2])
        app.go_home()

    ft.use_effect(hand_over, [route])
    return task(app, "/sign-in", [skeleton()])
