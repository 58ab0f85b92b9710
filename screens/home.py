"""Home: one question, what waits for the citizen, life events, what may come next, pinned and recent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial

import flet as ft

from app.app import App, Region
from app.applications.waiting import Waiting
from app.catalogue.notices import NoticeRow
from app.catalogue.suggesting import Suggestion
from app.contract.phrase import N_, Phrase
from app.suggested import suggested
from app.ui import buttons, words
from app.ui.boundary import component
from app.ui.cards import link_card, links, notice
from app.ui.context import Frame, use_app, use_frame, use_live
from app.ui.frame import place
from app.ui.hooks import use_optional, use_state
from app.ui.icons import service_icon
from app.ui.mark import wordmark
from app.ui.named import icon_button, named
from app.ui.notices import notice_card
from app.ui.regions import region_chip
from app.ui.states import no_catalogue, offline_chip, skeleton
from app.ui.tokens import CARD, CARD_CORNER, INK_2, LINE, PRIMARY, SUNKEN
from app.ui.waiting import waiting_card


@dataclass(frozen=True, slots=True)
class _Event:
    id: str
    title: str
    icon: str


@dataclass(frozen=True, slots=True)
class _Link:
    service: str
    title: str
    agency: str
    icon: str


@dataclass(frozen=True, slots=True)
class _Home:
    notices: tuple[NoticeRow, ...]
    region: Region
    waiting: tuple[Waiting, ...]
    events: tuple[_Event, ...] | None
    pinned_events: tuple[_Event, ...]
    pinned: tuple[_Link, ...]
    recent: tuple[_Link, ...]
    suggestions: tuple[Suggestion, ...]
    services: int
    complete: bool


_GREETINGS = (
    (11, N_("Selamat pagi, {name}.")),
    (15, N_("Selamat siang, {name}.")),
    (18, N_("Selamat sore, {name}.")),
    (24, N_("Selamat malam, {name}.")),
)


def greeting(app: App, at: datetime) -> str:
    """The greeting for the hour, with the citizen's first name."""
    hour = (at.hour - 4) % 24 + 4
    phrase = next(p for until, p in _GREETINGS if hour < until or until == 24)
    return app.language.text(phrase.message, name=app.first_name)


async def _read(app: App) -> _Home:
    catalogue = app.catalogue
    language = app.language

    def link(service_id: str) -> _Link | None:
        entry = catalogue.service(service_id)
        if entry is None:
            return None
        return _Link(
            entry.id, language.say(entry.title), language.say(catalogue.agency_name(entry)), entry.icon
        )

    marked = await app.marks.read()
    region = await app.region(marked)
    pinned = [link(s) for s in marked.pinned]
    recent = [link(s) for s in marked.recent]
    events = tuple(_Event(e.id, language.say(e.title), e.icon) for e in catalogue.life_events())
    by_id = {event.id: event for event in events}
    waiting = await app.waiting()
    # What is under way has its own card, under the route of its service or application.
    begun = {w.route.removeprefix("/service/").removesuffix("/form") for w in waiting}
    return _Home(
        notices=tuple(n for n in catalogue.board.current(region.code) if n.id not in marked.put_away),
        region=region,
        waiting=tuple(waiting),
        events=events or None,
        pinned_events=tuple(by_id[e] for e in marked.pinned_events if e in by_id),
        pinned=tuple(p for p in pinned if p),
        recent=tuple(r for r in recent if r and r not in pinned),
        suggestions=await suggested(app, marked, {*begun, *marked.pinned}),
        services=catalogue.size,
        complete=catalogue.complete,
    )


def _search_field(app: App, frame: Frame, services: int) -> ft.Control:
    _ = app.language.text
    hint = (
        _("Cari di {n} layanan: akta, BPJS, SIM, beasiswa …", n=app.language.number(services))
        if frame.width == "desktop" and services > 100
        else _("Cari: akta, BPJS, SIM, beasiswa …")
    )
    row: list[ft.Control] = [
        ft.Icon(ft.Icons.SEARCH, size=24, color=INK_2),
        ft.Container(
            words.body(hint, color=INK_2, max_lines=1, overflow=ft.TextOverflow.ELLIPSIS), expand=True
        ),
    ]
    if frame.width == "desktop":
        row.append(
            ft.Container(
                words.label("Ctrl K", color=INK_2),
                bgcolor=SUNKEN,
                border_radius=999,
                padding=ft.Padding.symmetric(horizontal=12, vertical=6),
            )
        )
    return named(
        "home.search",
        ft.Container(
            content=ft.Row(row, spacing=14),
            on_click=lambda: app.go("/search"),
            ink=True,
            bgcolor=CARD,
            border=ft.Border.all(1, LINE),
            border_radius=CARD_CORNER,
            padding=ft.Padding.symmetric(horizontal=20, vertical=18),
            shadow=ft.BoxShadow(
                blur_radius=18, offset=ft.Offset(0, 6), color=ft.Colors.with_opacity(0.06, ft.Colors.SHADOW)
            ),
        ),
        button=True,
        label=_("Cari layanan"),
    )


def _events_grid(app: App, frame: Frame, events: tuple[_Event, ...]) -> list[ft.Control]:
    columns = 3 if frame.text_scale <= 1.3 else 2 if frame.text_scale <= 1.7 else 1

    def cell(event: _Event) -> ft.Control:
        return named(
            f"home.life-event.{event.id}",
            ft.Container(
                content=ft.Column(
                    [
                        ft.Icon(service_icon(event.icon), size=28, color=PRIMARY),
                        words.title(event.title, max_lines=3, overflow=ft.TextOverflow.ELLIPSIS),
                    ],
                    alignment=ft.MainAxisAlignment.SPACE_BETWEEN,
                    spacing=10,
                ),
                on_click=lambda: app.go(f"/event/{event.id}"),
                ink=True,
                bgcolor=CARD,
                border=ft.Border.all(1, LINE),
                border_radius=CARD_CORNER,
                padding=14,
                height=round(104 * (1 + (frame.text_scale - 1) * 0.5)),
            ),
            button=True,
        )

    lines: list[ft.Control] = []
    for start in range(0, len(events), columns):
        cells: list[ft.Control] = []
        for event in events[start : start + columns]:
            one = cell(event)
            one.expand = True
            cells.append(one)
        cells += [ft.Container(expand=True) for _ in range(columns - len(cells))]
        lines.append(ft.Row(cells, spacing=10))
    return lines


def _link_cards(app: App, prefix: str, items: tuple[_Link, ...]) -> list[ft.Control]:
    return [
        link_card(
            f"{prefix}.{item.service}",
            service_icon(item.icon),
            item.title,
            item.agency,
            partial(app.go, f"/service/{item.service}"),
            bare=True,
        )
        for item in items
    ]


def _pinned_rows(app: App, home: _Home) -> ft.Control:
    events = [
        link_card(
            f"home.pinned-event.{event.id}",
            service_icon(event.icon),
            event.title,
            app.language.text("Peristiwa dalam hidup"),
            partial(app.go, f"/event/{event.id}"),
            tone="waits",
            bare=True,
        )
        for event in home.pinned_events
    ]
    return links([*events, *_link_cards(app, "home.pinned", home.pinned)])


def _suggested(app: App, found: tuple[Suggestion, ...]) -> list[ft.Control]:
    """What may come next, each with why, and the way to switch it off."""
    _ = app.language.text
    head = ft.Row(
        [
            ft.Container(words.section(_("Mungkin berikutnya")), expand=True),
            # The heading has its space above it; beside it the button stands as high.
            ft.Container(
                buttons.text_button(
                    "home.suggestions.off",
                    _("Matikan"),
                    partial(app.marks.suggest, False),
                    label=_("Matikan saran"),
                ),
                padding=ft.Padding.only(top=14),
            ),
        ],
    )
    cards = [
        link_card(
            f"home.suggestion.{one.row.id}",
            service_icon(one.row.icon),
            app.language.say(one.row.title),
            app.language.say(one.because),
            partial(app.go, f"/service/{one.row.id}"),
            bare=True,
        )
        for one in found
    ]
    return [head, links(cards)]


@component
def SignInAgain() -> ft.Control:
    """Says that the session is over, what is safe, and leads to the sign-in."""
    app = use_app()
    _ = app.language.text
    busy, set_busy = use_state(False)
    trouble_, set_trouble = use_optional(Phrase)

    async def sign_in() -> None:
        set_busy(True)
        set_trouble(await app.sign_in())
        set_busy(False)

    return notice(
        "waits",
        ft.Icons.LOCK_CLOCK_OUTLINED,
        _("Sesi Anda sudah berakhir"),
        app.language.say(trouble_)
        if trouble_
        else _("Data Anda aman di perangkat ini. Masuk lagi agar kiriman dan kabar jalan terus."),
        action=buttons.primary("home.sign-in-again", _("Masuk lagi"), sign_in, busy=busy),
        identifier="home.signed-out",
    )


@component
def Home() -> ft.Control:
    """The place where Loket opens."""
    app = use_app()
    frame = use_frame()
    _ = app.language.text
    home = use_live(
        lambda: _read(app),
        *app.watches(
            "drafts", "outbox", "applications", "documents", "attributes", "marks", "catalogue", "notices"
        ),
        on=[app.language.tag, app.online],
    )

    urgent = [n.id for n in home.notices if n.level == "emergency"] if home else []

    async def say_what_is_urgent() -> None:
        for row in home.notices if home else ():
            if row.id in urgent:
                say = app.language.say
                await app.announce(f"{say(row.title)}. {say(row.text)}")

    ft.use_effect(say_what_is_urgent, urgent)
    head: list[ft.Control] = []
    if frame.width == "phone":
        head.append(
            ft.Row(
                [
                    wordmark(22),
                    icon_button("home.lock", ft.Icons.LOCK_OUTLINE, _("Kunci sekarang"), app.lock_now),
                ],
                alignment=ft.MainAxisAlignment.SPACE_BETWEEN,
            )
        )
    if home is not None:
        head += [notice_card(app, row) for row in home.notices if row.id in urgent]
    hello = greeting(app, app.local_now())
    question = _("Apa yang ingin Anda urus?")
    head.append(words.heading(f"{hello} {question}" if frame.width == "desktop" else f"{hello}\n{question}"))
    offline = offline_chip(app)
    if offline is not None:
        head.append(offline)
    if app.signed_out:
        head.append(SignInAgain())
    head.append(_search_field(app, frame, home.services if home else 0))

    if home is not None:
        head.append(ft.Row([region_chip(app, home.region, "home")], wrap=True))
        head += [notice_card(app, row) for row in home.notices if row.id not in urgent]

    left: list[ft.Control] = []
    right: list[ft.Control] = []
    if home is None:
        left.append(skeleton())
    else:
        if home.waiting:
            right += [
                words.section(_("Lanjutkan")),
                *(waiting_card(app, w, "home.continue") for w in home.waiting),
            ]
        left.append(words.section(_("Peristiwa dalam hidup")))
        if home.events is None:
            left.append(no_catalogue(app))
        else:
            left += _events_grid(app, frame, home.events)
        directory = link_card(
            "home.directory",
            ft.Icons.ACCOUNT_BALANCE_OUTLINED,
            _("Semua instansi"),
            _("{n} layanan", n=app.language.number(home.services))
            if home.complete
            else _("{n} layanan · selebihnya sedang dimuat", n=app.language.number(home.services)),
            lambda: app.go("/directory"),
        )
        if home.pinned or home.pinned_events:
            right += [words.section(_("Disematkan")), _pinned_rows(app, home)]
        if home.suggestions:
            right += _suggested(app, home.suggestions)
        if home.recent:
            right += [
                words.section(_("Terakhir dibuka")),
                links(_link_cards(app, "home.recent", home.recent)),
            ]

        (right if right and frame.width != "desktop" else left).append(directory)

    controls: list[ft.Control]
    if frame.width == "desktop" and right:
        head[-1] = ft.Container(head[-1], width=760)
        controls = [
            *head,
            ft.Container(height=12),
            ft.Row(
                [
                    ft.Column(left, spacing=12, tight=True, expand=4),
                    ft.Column(right, spacing=12, tight=True, expand=3),
                ],
                spacing=32,
                vertical_alignment=ft.CrossAxisAlignment.START,
            ),
        ]
    else:
        waiting_first = right[: 1 + len(home.waiting)] if home and home.waiting else []
        controls = [*head, ft.Container(height=4), *waiting_first, *left, *right[len(waiting_first) :]]
    return place(frame, controls)
