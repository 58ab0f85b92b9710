"""A window of Loket: from the phase of the device to the screen that is shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flet as ft

from app.app import App, Shell
from app.contract.language import Language
from app.device import Device
from app.ui.boundary import LANGUAGE, component
from app.ui.context import AppContext, Frame, FrameContext, here, use_app, use_live
from app.ui.hooks import use_reference, use_state, use_turn
from app.ui.theme import DARK, FONTS, LIGHT, theme
from screens.account import Account
from screens.activity import Activity
from screens.application import ApplicationScreen
from screens.document import DocumentScreen
from screens.documents import Documents
from screens.event import LifeEvent
from screens.form import Form
from screens.home import Home
from screens.messages import Messages
from screens.not_found import NotFound
from screens.pin import SetPin, Unlock
from screens.search import Search
from screens.sent import Sent
from screens.service import Service
from screens.welcome import Welcome

ROUTES = [
    ft.Route(
        path="activity",
        component=Activity,
        children=[
            ft.Route(
                path=":reference",
                component=ApplicationScreen,
                children=[ft.Route(path="answer", component=Form)],
            )
        ],
    ),
    ft.Route(
        path="documents", component=Documents, children=[ft.Route(path=":document", component=DocumentScreen)]
    ),
    ft.Route(path="messages", component=Messages),
    ft.Route(path="account", component=Account),
    ft.Route(
        path="",
        component=Home,
        children=[
            ft.Route(path="search", component=Search),
            ft.Route(path="event/:event", component=LifeEvent),
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


def tongue(device: Device, page: ft.Page) -> Language:
    """The language that the citizen chose, else the system's, else Indonesian."""
    chosen = device.settings.get().language
    if chosen != "system":
        return Language.load(chosen)
    locales = page.locale_configuration.current_locale if page.locale_configuration else None
    return Language.load(locales.language_code if locales else "id")


def speak(app: App, page: ft.Page) -> None:
    """Let a window speak the language of now."""
    app.language = tongue(app.device, page)
    page.session.store.set(LANGUAGE, app.language.tag)


def dress(device: Device, page: ft.Page) -> None:
    """Themes and theme mode as the citizen chose them."""
    preferences = device.settings.get()
    page.theme = theme(LIGHT, preferences.text_scale)
    page.dark_theme = theme(DARK, preferences.text_scale)
    page.theme_mode = ft.ThemeMode(preferences.theme)


def show(device: Device, page: ft.Page, shell: Shell) -> None:
    """Render a window of `device` on `page`."""
    page.title = "Loket"
    page.fonts = FONTS
    dress(device, page)
    app = App(device, shell, tongue(device, page))
    speak(app, page)
    page.on_view_pop = lambda _event: app.back()
    page.on_keyboard_event = lambda event: _shortcut(app, event)
    connectivity = ft.Connectivity(on_change=lambda event: device.network(_has_network(event.connectivity)))
    # Flet drops a service that nobody holds.
    page.session.store.set("connectivity", connectivity)
    page.render_views(Window, app)


def _has_network(kinds: list[ft.ConnectivityType]) -> bool:
    return any(kind != ft.ConnectivityType.NONE for kind in kinds)


def _shortcut(app: App, event: ft.KeyboardEvent) -> None:
    """Ctrl+K (on a Mac, Cmd+K) is search, from anywhere in an open Loket."""
    if app.device.phase == "open" and event.key.upper() == "K" and (event.ctrl or event.meta):
        app.go("/search")


@component
def Window(app: App) -> Any:
    """The screen for the phase of the device."""
    page = ft.context.page
    device = app.device
    again = use_turn()
    ends = use_reference(list[Callable[[], None]]())
    frame, set_frame = use_state(Frame.of(page.width, app.text_scale))

    def begin() -> None:
        def resized(_event: Any) -> None:
            set_frame(Frame.of(page.width, app.text_scale))

        def preferred(_preferences: Any) -> None:
            speak(app, page)
            dress(device, page)
            page.update()
            set_frame(Frame.of(page.width, app.text_scale))
            again()

        page.on_resize = resized
        stops = [device.watch(here(again)), device.settings.watch(here(preferred))]
        ends.current = stops
        device.start()

    def end() -> None:
        for stop in ends.current:
            stop()

    ft.use_effect(begin, [], cleanup=end)

    screen = {"set_pin": SetPin, "locked": Unlock}.get(device.phase, Welcome)

    def shown() -> Any:
        return Opened(key="open") if device.phase == "open" else Alone(screen, key=device.phase)

    return AppContext(app, lambda: FrameContext(frame, shown))


@component
def Alone(screen: Any) -> Any:
    """One screen with nothing below it. The client wants views in a list at the end of each chain."""
    return [screen()]


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
