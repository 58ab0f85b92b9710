"""Frames for screens: a place with navigation, and a task with one action at its foot."""

from __future__ import annotations

from collections.abc import Sequence

import flet as ft

from app.app import App
from app.ui.context import Frame, use_frame
from app.ui.named import Tap, icon_button
from app.ui.navigation import Place, with_navigation
from app.ui.states import offline_chip
from app.ui.tokens import INK, INK_2, LINE, MARGIN, PAPER, PRIMARY, READING, SUNKEN
from app.ui.unfold import Unfold
from app.ui.words import heading, secondary


def _reading(
    controls: Sequence[ft.Control],
    *,
    wide: bool,
    spacing: int,
    scroller: ft.Ref[ft.Column] | None = None,
    key: str | None = None,
) -> ft.Control:
    """A scrolling column of `controls`, no wider than is good to read, centred."""
    column = Unfold(controls, spacing, key=key)
    return ft.Column(
        [
            ft.Container(
                content=ft.Container(
                    content=column,
                    width=None if wide else READING,
                ),
                padding=ft.Padding.only(left=MARGIN, right=MARGIN, top=16, bottom=32)
                if not wide
                else ft.Padding.only(left=40, right=40, top=28, bottom=40),
                alignment=ft.Alignment.TOP_CENTER if not wide else ft.Alignment.TOP_LEFT,
            )
        ],
        # A new key is a new scroll position: a page of a form begins at its top.
        key=key,
        ref=scroller,
        scroll=ft.ScrollMode.AUTO,
        expand=True,
        spacing=0,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def top_bar(
    app: App,
    *,
    title: str | None = None,
    on_back: Tap | None = None,
    back_identifier: str = "back",
    close: bool = False,
    end: Sequence[ft.Control] = (),
) -> ft.Control:
    """Back (or close), the title, and what stands at the end."""
    _ = app.language.text
    items: list[ft.Control] = []
    if on_back is not None and not close:
        items.append(icon_button(back_identifier, ft.Icons.ARROW_BACK, _("Kembali"), on_back))
    items.append(
        ft.Container(
            content=ft.Text(
                title or "",
                theme_style=ft.TextThemeStyle.TITLE_MEDIUM,
                color=INK,
                max_lines=2,
                overflow=ft.TextOverflow.ELLIPSIS,
            ),
            expand=True,
        )
    )
    items.extend(end)
    if on_back is not None and close:
        items.append(icon_button(back_identifier, ft.Icons.CLOSE, _("Tutup"), on_back))
    return ft.Container(
        content=ft.Row(items, spacing=4),
        padding=ft.Padding.symmetric(horizontal=4, vertical=4)
        if on_back is not None
        else ft.Padding.symmetric(horizontal=MARGIN, vertical=4),
        height=None,
    )


def progress(value: float, words_: str) -> ft.Control:
    """How far, as a bar and in words. `value` in [0, 1]."""
    return ft.Column(
        [
            ft.Semantics(
                exclude_semantics=True,
                content=ft.ProgressBar(
                    value=value, color=PRIMARY, bgcolor=SUNKEN, bar_height=6, border_radius=6
                ),
            ),
            secondary(words_),
        ],
        spacing=8,
        tight=True,
    )


def place_head(app: App, title: str) -> ft.Control:
    """The name of a place, and at its end, or below it where words are large, whether the network is away."""
    offline = offline_chip(app)
    return ft.Row(
        [heading(title), *([offline] if offline else [])],
        wrap=True,
        alignment=ft.MainAxisAlignment.SPACE_BETWEEN,
        vertical_alignment=ft.CrossAxisAlignment.CENTER,
        spacing=12,
        run_spacing=8,
    )


def place(frame: Frame, controls: Sequence[ft.Control], *, spacing: int = 12) -> ft.Control:
    """What stands in one of the five places; `screens.places` puts the navigation around it."""
    return ft.SafeArea(
        content=_reading(controls, wide=frame.width == "desktop", spacing=spacing),
        expand=True,
        avoid_intrusions_bottom=False,
    )


def task(
    app: App,
    route: str,
    controls: Sequence[ft.Control],
    *,
    title: str | None = None,
    on_back: Tap | None = None,
    back_identifier: str = "back",
    close: bool = False,
    end: Sequence[ft.Control] = (),
    foot: Sequence[ft.Control] = (),
    header: ft.Control | None = None,
    spacing: int = 12,
    scroller: ft.Ref[ft.Column] | None = None,
    scroll_key: str | None = None,
    beside: Place | None = None,
    whole: ft.Control | None = None,
) -> ft.View:
    """A screen with one thing to do; its action stands at the foot, within thumb's reach.

    `scroll_key` names what is shown: another one begins at its top. `scroller` refers to what scrolls.
    `beside` shows the rail of the places on a wider window; without it the task has the window for itself.
    `whole` stands in the place of `controls`: something that scrolls by itself.
    """
    frame = use_frame()
    stack: list[ft.Control] = [
        ft.Container(
            content=ft.Container(
                content=top_bar(
                    app, title=title, on_back=on_back, back_identifier=back_identifier, close=close, end=end
                ),
                width=READING + 2 * MARGIN,
            ),
            alignment=ft.Alignment.TOP_CENTER,
        )
    ]
    if header is not None:
        stack.append(
            ft.Container(
                content=ft.Container(content=header, width=READING),
                padding=ft.Padding.only(left=MARGIN, right=MARGIN, top=4, bottom=8),
                alignment=ft.Alignment.TOP_CENTER,
            )
        )
    reading = whole or _reading(controls, wide=False, spacing=spacing, scroller=scroller, key=scroll_key)
    stack.append(reading)
    if foot:
        stack.append(
            ft.Container(
                content=ft.SafeArea(
                    avoid_intrusions_top=False,
                    content=ft.Container(
                        content=ft.Container(
                            content=ft.Column(list(foot), spacing=12, tight=True), width=READING
                        ),
                        alignment=ft.Alignment.CENTER,
                        padding=ft.Padding.symmetric(horizontal=MARGIN, vertical=12),
                    ),
                ),
                border=ft.Border.only(top=ft.BorderSide(1, LINE)),
                bgcolor=PAPER,
            )
        )
    content: ft.Control = ft.SafeArea(
        expand=True,
        avoid_intrusions_bottom=not foot,
        content=ft.Column(stack, spacing=0, expand=True),
    )
    alone = beside is None or frame.width == "phone"
    return ft.View(
        route=route,
        padding=0,
        spacing=0,
        bgcolor=PAPER,
        controls=[content] if alone else with_navigation(app, frame, beside or "home", app.unread, content),
    )


def saved(text: str) -> ft.Control:
    """The quiet word at the end of a form's bar that says the answers are kept."""
    return ft.Container(secondary(text, color=INK_2), padding=ft.Padding.only(right=12))
