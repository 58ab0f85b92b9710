"""A window of Loket: from the phase of the device to the screen that is shown."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Callable
from itertools import count
from typing import Any, cast

import flet as ft

from app.app import App, Shell
from app.contract.language import Language
from app.device import Device
from app.ui.boundary import LANGUAGE, component
from app.ui.context import AppContext, Frame, FrameContext, here, use_watches
from app.ui.hooks import use_reference, use_state, use_turn
from app.ui.theme import DARK, FONTS, LIGHT, theme
from screens.pin import SetPin, Unlock
from screens.welcome import Welcome

_WINDOWS = count(1)


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
    app.device.language = app.language.tag
    page.session.store.set(LANGUAGE, app.language.tag)


def dress(device: Device, page: ft.Page) -> None:
    """Themes and theme mode as the citizen chose them."""
    preferences = device.settings.get()
    page.theme = theme(LIGHT, preferences.text_scale)
    page.dark_theme = theme(DARK, preferences.text_scale)
    page.theme_mode = ft.ThemeMode(preferences.theme)


def show(device: Device, page: ft.Page, shell: Shell) -> App:
    """Render a window of `device` on `page`, in place of what it shows; gives the window's App."""
    page.title = "Loket"
    page.fonts = FONTS
    dress(device, page)
    app = App(device, shell, tongue(device, page))
    speak(app, page)
    page.on_view_pop = lambda _event: app.back()
    page.on_route_change = lambda event: _returned(app, event.route)
    page.on_keyboard_event = lambda event: _shortcut(app, event)
    page.on_close = lambda _event: app.closed.tell()
    connectivity = ft.Connectivity(on_change=lambda event: device.network(_has_network(event.connectivity)))
    # Flet drops a service that nobody holds.
    page.session.store.set("connectivity", connectivity)
    # A window of another device keeps nothing of the one before.
    page.render_views(Window, app, key=f"window.{next(_WINDOWS)}")
    return app


RETURN = "/sign-in"
"""The path of the link that a phone's browser ends a sign-in with."""


def _returned(app: App, route: str) -> None:
    path, _, query = route.partition("?")
    if path == RETURN:
        app.device.returned(query)


def _has_network(kinds: list[ft.ConnectivityType]) -> bool:
    return any(kind != ft.ConnectivityType.NONE for kind in kinds)


def _shortcut(app: App, event: ft.KeyboardEvent) -> None:
    """Ctrl+K (on a Mac, Cmd+K) is search, from anywhere in an open Loket; the rest is for the screen."""
    if event.key.upper() == "K" and (event.ctrl or event.meta):
        if app.device.phase == "open":
            app.go("/search")
    else:
        app.keys.tell(event.key)


@component
def Window(app: App) -> Any:
    """The screen for the phase of the device."""
    page = ft.context.page
    device = app.device
    again = use_turn()
    shown_of = use_reference(cast("Any", None))
    frame, set_frame = use_state(Frame.of(page.width, app.text_scale))

    def standing() -> Any:
        """What the welcome screen shows of the device."""
        return device.phase, len(device.notices), app.sign_in_address

    shown_of.current = standing()

    def changed() -> None:
        # Nothing on the welcome screen comes from the catalogue or the network.
        if device.phase != "welcome" or standing() != shown_of.current:
            again()

    def begin() -> list[Callable[[], None]]:
        def resized(_event: Any) -> None:
            set_frame(Frame.of(page.width, app.text_scale))

        def preferred(_preferences: Any) -> None:
            speak(app, page)
            dress(device, page)
            page.update()
            set_frame(Frame.of(page.width, app.text_scale))
            again()

        page.on_resize = resized
        device.start()
        # What comes after the PIN is read while the citizen types it.
        asyncio.get_running_loop().run_in_executor(None, importlib.import_module, "app.opened")
        return [device.watch(here(changed)), device.settings.watch(here(preferred))]

    use_watches(app, begin, [])

    screen = {"set_pin": SetPin, "locked": Unlock}.get(device.phase, Welcome)

    def shown() -> Any:
        if device.phase != "open":
            return Alone(screen, key=device.phase)
        from app.opened import Opened

        return Opened(key="open")

    return AppContext(app, lambda: FrameContext(frame, shown))


@component
def Alone(screen: Any) -> Any:
    """One screen with nothing below it. The client wants views in a list at the end of each chain."""
    return [screen()]
