"""Small Flet apps that the tests of the headless client drive."""

from __future__ import annotations

import flet as ft


def named(identifier: str, content: ft.Control, **flags: object) -> ft.Control:
    return ft.MergeSemantics(ft.Semantics(identifier=identifier, content=content, **flags))


def single(*controls: ft.Control):
    """A `main` with one view of `controls`."""

    def main(page: ft.Page) -> None:
        page.add(*controls)

    return main


def component(body):
    """A `main` that renders the component function `body` as one view's content."""
    inner = ft.component(body)

    def main(page: ft.Page) -> None:
        page.render(inner)

    return main


@ft.component
def _home():
    n, set_n = ft.use_state(0)
    page = ft.context.page
    return ft.View(
        route="/",
        controls=[
            ft.Semantics(heading_level=1, content=ft.Text("Beranda")),
            ft.Text(f"Dihitung {n} kali"),
            named("home.count", ft.FilledButton("Hitung", on_click=lambda: set_n(n + 1))),
            named("home.about", ft.TextButton("Tentang", on_click=lambda: page.navigate("/about"))),
        ],
    )


@ft.component
def _about():
    return ft.View(route="/about", controls=[ft.Text("Tentang kami"), ft.Text("Beranda")])


@ft.component
def _app():
    return ft.Router(
        [ft.Route(path="/", component=_home, children=[ft.Route(path="about", component=_about)])],
        manage_views=True,
    )


def routed(page: ft.Page) -> None:
    """Two views: a counter at `/`, and `/about` over it."""
    page.render_views(_app)
