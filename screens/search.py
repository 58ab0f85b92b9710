"""Search: as you type, on the device, without a network."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import partial

import flet as ft

from app.app import App
from app.catalogue.finding import Elsewhere, Found, Hit
from app.catalogue.plan import Plan, plan
from app.contract.phrase import N_
from app.ui import buttons, words
from app.ui.boundary import component
from app.ui.cards import action_chip
from app.ui.context import here, use_app, use_frame, use_live, use_watches
from app.ui.frame import task
from app.ui.highlight import highlighted
from app.ui.hooks import use_change, use_control, use_reference, use_state
from app.ui.icons import service_icon
from app.ui.inputs import AS_IT_STANDS
from app.ui.named import icon_button
from app.ui.regions import region_names
from app.ui.renewed import Renewed
from app.ui.results import Searcher, away, count, events, nothing, result, where_it_looks
from app.ui.services import service_line, service_terms
from app.ui.states import no_catalogue
from app.ui.tokens import CARD, CARD_CORNER, INK, INK_2, LINE, PRIMARY
from app.ui.windowed import Windowed, row_height, row_lines, window_row

_SHOWN, _ALL = 6, 40
"""Results shown at first, and those that a second look brings."""

_QUIET = 0.8
"""Seconds without a keystroke after which the count is said to a screen reader."""

_ROW_ABOUT = 74
"""Logical pixels of a result, about: enough to keep the one that the arrow keys stand on in sight."""

_EXAMPLES = (
    N_("anak baru lahir"),
    N_("SIM habis"),
    N_("pindah rumah"),
    N_("bayar pajak motor"),
)


async def _read(app: App) -> Searcher:
    marked = await app.marks.read()
    return Searcher(await app.search_context(), await app.region(marked), marked, await app.have())


class _Plans:
    """The plans of the events that were shown, for as long as they hold."""

    def __init__(self) -> None:
        self._for: tuple[Searcher, str | None] | None = None
        self._plans: dict[str, Plan] = {}

    def of(self, app: App, searcher: Searcher, event_id: str) -> Plan:
        """The plan of a life event."""
        now = (searcher, app.catalogue.version)
        if self._for is None or self._for[0] is not searcher or self._for[1] != now[1]:
            self._for, self._plans = now, {}
        if event_id not in self._plans:
            services = app.catalogue.by_life_event(event_id, searcher.context.region)
            self._plans[event_id] = plan(services, searcher.have, app.local_now().date())
        return self._plans[event_id]


@component
def Search() -> ft.View:
    """One field, results below it at every keystroke."""
    app = use_app()
    frame = use_frame()
    _ = app.language.text
    before = app.searched
    text, set_text = use_state(before.text)
    most, set_most = use_state(before.most or _SHOWN)
    at, set_at = use_state(-1)
    wide, set_wide = use_state(before.wide)
    before.text, before.most, before.wide = text, most, wide
    focused, set_focused = use_state(True)
    field = use_control(ft.TextField)
    scroller = use_control(ft.Column)
    written = use_reference(text)
    as_written = use_reference(bool(text))
    # In a window of another width the field is another control: it takes over what stood in the one before.
    anew = use_change(frame.width)
    searcher = use_live(
        lambda: _read(app), *app.watches("marks", "applications", "documents", "attributes", "catalogue")
    )
    made = use_reference(_Plans())
    asked = text.strip()
    found = (
        app.catalogue.find(text, app.language.tag, searcher.context, limit=most)
        if searcher and asked
        else Found()
    )
    elsewhere = (
        app.catalogue.elsewhere(text, app.language.tag, searcher.context)
        if searcher and wide and asked
        else None
    )
    # What the keyboard and the announcement see, whenever they come.
    now = use_reference((found, at, wide))
    now.current = (found, at, wide)

    def plans(searcher: Searcher, event_id: str) -> Plan:
        return made.current.of(app, searcher, event_id)

    def show(typed: str) -> None:
        set_text(typed)
        set_most(_SHOWN)
        set_at(-1)
        set_wide(False)

    def changed(event: ft.Event[ft.TextField]) -> None:
        as_written.current = False
        written.current = event.control.value
        show(event.control.value)

    async def write(typed: str) -> None:
        as_written.current = True
        written.current = typed
        show(typed)
        if field.current is not None:
            await field.current.focus()

    async def clear() -> None:
        await write("")

    async def say_count() -> None:
        await asyncio.sleep(_QUIET)
        if not asked or written.current != text:
            return
        found, _at, _wide = now.current
        if found.hits:
            n = len(found.hits) + found.more
            await app.announce(app.language.plural("{n} layanan ditemukan", "{n} layanan ditemukan", n))
        else:
            await app.announce(_("Belum ada yang persis seperti itu"))

    ft.use_effect(say_count, [text, searcher is not None])

    async def stand_at(place: int, hits: Sequence[Hit]) -> None:
        set_at(place)
        if place < 0:
            return
        row = hits[place].row
        if scroller.current is not None:
            await scroller.current.scroll_to(offset=max(0, (place - 3) * _ROW_ABOUT * frame.text_scale))
        await app.announce(f"{app.language.say(row.title)}, {service_line(app, row)}")

    def pressed(key: str) -> None:
        found, at, wide = now.current
        if key in ("Arrow Down", "Arrow Up") and found.hits and not wide:
            step = 1 if key == "Arrow Down" else -1
            asyncio.get_running_loop().create_task(
                stand_at(max(-1, min(len(found.hits) - 1, at + step)), found.hits)
            )
        elif key == "Escape":
            if wide:
                set_wide(False)
            elif written.current:
                asyncio.get_running_loop().create_task(clear())
            else:
                app.back()

    def submitted() -> None:
        found, at, _wide = now.current
        if 0 <= at < len(found.hits):
            app.go(f"/service/{found.hits[at].row.id}")

    uncovered = ft.use_route_location() == "/search"
    use_watches(app, lambda: [app.keys.watch(here(pressed))] if uncovered else [], [uncovered])

    box = ft.TextField(
        ref=field,
        value=text if as_written.current or anew else AS_IT_STANDS,
        on_change=changed,
        on_submit=submitted,
        on_focus=lambda: set_focused(True),
        on_blur=lambda: set_focused(False),
        autofocus=True,
        hint_text=_("Cari: akta, BPJS, SIM, beasiswa …"),
        hint_style=ft.TextStyle(color=INK_2),
        border=ft.NoInputBorder(),
        content_padding=ft.Padding.symmetric(horizontal=4, vertical=18),
        color=INK,
        keyboard_type=ft.KeyboardType.TEXT,
        autocorrect=False,
    )
    bar = ft.Container(
        ft.Row(
            [
                icon_button("search.back", ft.Icons.ARROW_BACK, _("Kembali"), app.back),
                ft.Container(
                    ft.Semantics(identifier="search.field", label=_("Cari layanan"), content=box), expand=True
                ),
                # Always there: what comes and goes beside a field takes its focus where a screen reader
                # is used in a browser.
                icon_button("search.clear", ft.Icons.CLOSE, _("Kosongkan"), clear, disabled=not text),
            ],
            spacing=4,
        ),
        bgcolor=CARD,
        border=ft.Border.all(2, PRIMARY) if focused else ft.Border.all(1, LINE),
        border_radius=CARD_CORNER,
        padding=ft.Padding.symmetric(horizontal=5 if focused else 6),
    )
    if elsewhere is not None:
        return _in_other_regions(app, elsewhere, bar, asked, lambda: set_wide(False))
    controls: list[ft.Control] = []
    if searcher is not None and app.catalogue.size:
        controls.append(where_it_looks(app, found, searcher, write))
    if app.catalogue.size == 0:
        controls.append(no_catalogue(app))
    elif not asked:
        controls += [
            words.secondary(_("Tulis yang ingin Anda urus, dengan kata sehari-hari.")),
            ft.Row(
                [
                    action_chip(
                        f"search.example.{number}",
                        app.language.say(example),
                        partial(write, app.language.say(example)),
                        icon=ft.Icons.SEARCH,
                    )
                    for number, example in enumerate(_EXAMPLES)
                ],
                wrap=True,
                spacing=8,
                run_spacing=8,
            ),
        ]
    elif found.hits and searcher is not None:
        controls += [
            ft.Semantics(
                identifier="search.count", container=True, content=words.secondary(count(app, found))
            ),
            Renewed(
                [result(app, hit, searcher, chosen=at == n) for n, hit in enumerate(found.hits)],
                f"{text}/{most}",
                key="results",
            ),
        ]
        if found.more and most < _ALL:
            more = _("Tampilkan {n} hasil lagi", n=min(found.more, _ALL - most))
            controls.append(buttons.text_button("search.more", more, lambda: set_most(_ALL)))
        controls += events(app, found, partial(plans, searcher), text)
        controls += away(app, found, searcher.region, lambda: set_wide(True))
    elif searcher is not None:
        controls += nothing(app, found, searcher, partial(plans, searcher), write, text)
    return task(app, "/search", controls, header=_head(bar, []), beside="home", scroller=scroller)


def _head(bar: ft.Control, below: Sequence[ft.Control]) -> ft.Control:
    """The same tree whatever stands below the field, so that it keeps what was typed and the focus."""
    return ft.Column([bar, *below], spacing=8, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _in_other_regions(
    app: App,
    elsewhere: Elsewhere,
    bar: ft.Control,
    asked: str,
    leave: Callable[[], None],
) -> ft.View:
    """The same services in all other regions, as many as there are."""
    frame = use_frame()
    _ = app.language.text
    head = _head(
        bar,
        [
            ft.Row(
                [
                    ft.Semantics(
                        identifier="search.count",
                        container=True,
                        expand=True,
                        content=words.secondary(
                            _("{n} layanan di daerah lain", n=app.language.number(len(elsewhere)))
                        ),
                    ),
                    buttons.text_button("search.only-here", _("Tutup"), leave, label=_("Tutup daerah lain")),
                ],
            ),
        ],
    )

    def rows(first: int, last: int) -> Sequence[ft.Control]:
        return [
            window_row(
                f"search.elsewhere.{hit.row.id}",
                service_icon(hit.row.icon),
                highlighted(app.language.say(hit.row.title), hit.spans, lines=row_lines(frame.text_scale)),
                f"{region_names(app, hit.row.regions)} · {service_terms(app, hit.row)}",
                partial(app.go, f"/service/{hit.row.id}"),
                frame.text_scale,
            )
            for hit in elsewhere.hits(first, last)
        ]

    whole = Windowed(len(elsewhere), row_height(frame.text_scale), rows, f"search.elsewhere.{asked}")
    return task(app, "/search", [], header=head, whole=whole, beside="home")
