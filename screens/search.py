"""Search: as you type, on the device, without a network."""

from __future__ import annotations

from functools import partial

import flet as ft

from app.catalogue.finding import Found
from app.ui import buttons, words
from app.ui.boundary import component
from app.ui.cards import link_card, links
from app.ui.context import use_app, use_live
from app.ui.frame import task
from app.ui.hooks import use_control, use_reference, use_state
from app.ui.icons import service_icon
from app.ui.inputs import AS_IT_STANDS, edges
from app.ui.named import icon_button
from app.ui.states import empty, no_catalogue
from app.ui.tokens import CARD, CARD_CORNER, INK, INK_2, LINE
from screens.event import service_line


@component
def Search() -> ft.View:
    """One field, results below it at every keystroke."""
    app = use_app()
    _ = app.language.text
    text, set_text = use_state("")
    field = use_control(ft.TextField)
    emptied = use_reference(False)
    context = use_live(app.search_context, *app.watches("pinned", "applications", "catalogue"), on=[])
    found = app.catalogue.find(text, app.language.tag, context) if context and text.strip() else Found()
    rows = [hit.row for hit in found.hits]

    def changed(event: ft.Event[ft.TextField]) -> None:
        emptied.current = False
        set_text(event.control.value)

    async def clear() -> None:
        emptied.current = True
        set_text("")
        if field.current is not None:
            await field.current.focus()

    box = ft.TextField(
        ref=field,
        value="" if emptied.current else AS_IT_STANDS,
        on_change=changed,
        autofocus=True,
        hint_text=_("Cari: akta, BPJS, SIM, beasiswa …"),
        hint_style=ft.TextStyle(color=INK_2),
        border=edges(rest=LINE, corner=CARD_CORNER),
        filled=True,
        fill_color=CARD,
        hover_color=CARD,
        content_padding=ft.Padding.symmetric(horizontal=16, vertical=18),
        color=INK,
        keyboard_type=ft.KeyboardType.TEXT,
        autocorrect=False,
    )
    bar = ft.Row(
        [
            icon_button("search.back", ft.Icons.ARROW_BACK, _("Kembali"), app.back),
            ft.Container(
                ft.Semantics(identifier="search.field", label=_("Cari layanan"), content=box), expand=True
            ),
            *([icon_button("search.clear", ft.Icons.CLOSE, _("Kosongkan"), clear)] if text else []),
        ],
        spacing=4,
    )
    controls: list[ft.Control] = []
    if rows:
        controls.append(
            ft.Semantics(
                identifier="search.count",
                container=True,
                content=words.secondary(
                    _(
                        "{found} dari {all} layanan · di perangkat Anda, tanpa internet",
                        found=len(rows),
                        all=app.language.number(app.catalogue.size),
                    )
                ),
            )
        )
        controls.append(
            links(
                [
                    link_card(
                        f"search.result.{row.id}",
                        service_icon(row.icon),
                        app.language.say(row.title),
                        service_line(app, row),
                        partial(app.go, f"/service/{row.id}"),
                        bare=True,
                    )
                    for row in rows
                ]
            )
        )
    elif app.catalogue.size == 0:
        controls.append(no_catalogue(app))
    elif text.strip():
        controls.append(
            empty(
                ft.Icons.SEARCH_OFF,
                _("Belum ketemu"),
                _("Coba kata lain, misalnya nama dokumennya, atau mulai dari peristiwa di Beranda."),
                action=buttons.secondary("search.home", _("Ke Beranda"), lambda: app.go("/"), expand=False),
            )
        )
    else:
        controls.append(words.secondary(_("Tulis yang ingin Anda urus, dengan kata sehari-hari.")))
    return task(app, "/search", controls, header=bar, beside="home")
