"""The screens of an open device, by their routes.

A module of its own because its screens need most of Loket's code, and the first frame needs none of it.
"""

from __future__ import annotations

from typing import Any

import flet as ft

from app.ui.boundary import component
from app.ui.context import use_app, use_live
from screens.application import ApplicationScreen
from screens.directory import AgencyPage, Directory, EventServices
from screens.document import DocumentScreen
from screens.event import LifeEvent
from screens.form import Form
from screens.not_found import NotFound
from screens.places import Places
from screens.region import RegionChoice
from screens.returned import Returned
from screens.search import Search
from screens.sent import Sent
from screens.service import Service

ROUTES = [
    ft.Route(
        path="activity",
        component=Places,
        children=[
            ft.Route(
                path=":reference",
                component=ApplicationScreen,
                children=[ft.Route(path="answer", component=Form)],
            )
        ],
    ),
    ft.Route(
        path="documents", component=Places, children=[ft.Route(path=":document", component=DocumentScreen)]
    ),
    ft.Route(path="messages", component=Places),
    ft.Route(path="account", component=Places),
    ft.Route(
        path="",
        component=Places,
        children=[
            ft.Route(path="search", component=Search),
            ft.Route(path="region", component=RegionChoice),
            ft.Route(path="sign-in", component=Returned),
            ft.Route(
                path="event/:event",
                component=LifeEvent,
                children=[ft.Route(path="services", component=EventServices)],
            ),
            ft.Route(path="directory", component=Directory),
            ft.Route(path="agency/:agency", component=AgencyPage),
            ft.Route(path="sent/:item", component=Sent),
            ft.Route(
                path="service/:agency/:service",
                component=Service,
                children=[ft.Route(path="form", component=Form)],
            ),
        ],
    ),
]
"""Every screen that an open Loket shows, by its route; a route's parents stand below it."""


@component
def Opened() -> Any:
    """The screens of an open device."""
    app = use_app()
    unread = use_live(app.device.holdings.inbox.unread, *app.watches("messages"))
    me = use_live(app.me, *app.watches("attributes"))
    name = me.get("person.full_name") if me else None
    app.unread = unread or 0
    full = str(name.value) if name else (app.device.session.name if app.device.session else None) or ""
    app.first_name = full.partition(" ")[0]
    return ft.Router(ROUTES, not_found=NotFound, manage_views=True)  # pyright: ignore[reportUnknownMemberType]
