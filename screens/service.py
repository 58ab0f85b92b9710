"""A service before it is begun: what you get, who can, what you need, what it costs, which data and why."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import flet as ft

from app.app import App, Region
from app.catalogue.catalogue import Offering
from app.contract.concepts import CONCEPTS
from app.contract.definition import Cost, Requirement, ServiceDefinition
from app.contract.medal import Level
from app.contract.phrase import Phrase
from app.forms.answers import Source
from app.forms.journey import Journey
from app.ui import buttons, words
from app.ui.boundary import component
from app.ui.cards import card, chip, fact, hairline, notice, rows
from app.ui.context import use_app, use_frame, use_live, use_wake
from app.ui.frame import task
from app.ui.hooks import use_state
from app.ui.medal import medal_chip, medal_dialog
from app.ui.named import icon_button
from app.ui.regions import region_names, where
from app.ui.states import offline_chip, skeleton, trouble
from app.ui.tokens import DONE, INK, INK_2
from screens.own_part import own_part


@dataclass(frozen=True, slots=True)
class _Reading:
    definition: ServiceDefinition
    agency: str
    journey: Journey
    requirements: list[tuple[Requirement, Source | None]]
    begun: bool
    pinned: bool
    medal: Level | None
    region: Region
    offering: Offering


async def _read(app: App, service_id: str) -> _Reading | Phrase:
    found = await app.service(service_id)
    if isinstance(found, Phrase):
        return found
    listed = app.catalogue.service(service_id)
    marked = await app.marks.read()
    region = await app.region(marked)
    return _Reading(
        definition=found.definition,
        agency=app.language.say(app.catalogue.agency_name_of(found.definition.id)),
        journey=found.journey,
        requirements=found.journey.evidence(),
        begun=found.draft is not None,
        pinned=service_id in marked.pinned,
        medal=listed.medal if listed else None,
        region=region,
        offering=app.catalogue.offering(service_id, region.code),
    )


def cost_words(app: App, costs: list[Cost]) -> str:
    """What it costs in one word or sum: the lowest, with “mulai” where there are several."""
    _ = app.language.text
    amounts = sorted({c.amount for c in costs})
    if amounts == [0]:
        return _("Gratis")
    if len(amounts) == 1:
        return app.language.money(amounts[0])
    if amounts[0] == 0:
        return _("Gratis, atau sampai {most}", most=app.language.money(amounts[-1]))
    return _(
        "{least} sampai {most}", least=app.language.money(amounts[0]), most=app.language.money(amounts[-1])
    )


def _outputs(app: App, d: ServiceDefinition) -> ft.Control:
    say = app.language.say
    items: list[ft.Control] = []
    for output in d.outputs:
        lines: list[ft.Control] = [words.body(say(output.title))]
        if output.detail:
            lines.append(words.secondary(say(output.detail)))
        items.append(
            ft.Row(
                [
                    ft.Icon(ft.Icons.DESCRIPTION_OUTLINED, color=INK),
                    ft.Column(lines, spacing=0, tight=True, expand=True),
                ],
                spacing=14,
            )
        )
    return rows(items)


def _requirements(app: App, needed: list[tuple[Requirement, Source | None]]) -> ft.Control:
    _ = app.language.text
    say = app.language.say
    items: list[ft.Control] = []
    for requirement, known in needed:
        lines: list[ft.Control] = [words.body(say(requirement.title))]
        if known is not None:
            lines.append(
                words.secondary(_("tercatat di {source}, {date}", source=say(known.title), date=known.as_of))
            )
        elif requirement.detail:
            lines.append(words.secondary(say(requirement.detail)))
        items.append(
            ft.Row(
                [
                    ft.Icon(
                        ft.Icons.CHECK_CIRCLE if known else ft.Icons.RADIO_BUTTON_UNCHECKED,
                        color=DONE if known else INK_2,
                        semantics_label=_("sudah ada") if known else _("perlu disiapkan"),
                    ),
                    ft.Column(lines, spacing=0, tight=True, expand=True),
                ],
                spacing=14,
                vertical_alignment=ft.CrossAxisAlignment.START,
            )
        )
    return rows(items)


def _data(app: App, d: ServiceDefinition, open_: bool, toggle: ft.Control) -> ft.Control:
    say = app.language.say
    lines: list[ft.Control] = []
    for permission in d.permissions:
        concept = CONCEPTS.get(permission.concept)
        name = say(concept.title) if concept else permission.concept
        lines.append(
            ft.Text(
                spans=[
                    ft.TextSpan(f"{name}: ", style=ft.TextStyle(weight=ft.FontWeight.W_600)),
                    ft.TextSpan(say(permission.reason)),
                ],
                theme_style=ft.TextThemeStyle.BODY_MEDIUM,
                color=INK,
            )
        )
    if open_:
        legal = {item.id: item for item in d.legal}
        basis = legal.get(d.privacy.legal_basis)
        _ = app.language.text
        lines += [
            ft.Container(height=6),
            words.secondary(_("Dasar hukum: {law}", law=say(basis.title) if basis else "-")),
            words.secondary(_("Disimpan: {retention}", retention=say(d.privacy.retention))),
            words.secondary(
                _(
                    "Dibagikan: {whom}",
                    whom=say(d.privacy.shared_with) if d.privacy.shared_with else _("tidak ke pihak lain"),
                )
            ),
        ]
    lines.append(toggle)
    return card(
        ft.Row(
            [
                ft.Icon(ft.Icons.VISIBILITY_OUTLINED, color=INK),
                ft.Column(lines, spacing=6, tight=True, expand=True),
            ],
            spacing=14,
            vertical_alignment=ft.CrossAxisAlignment.START,
        )
    )


def _elsewhere(app: App, d: ServiceDefinition) -> ft.Control:
    say = app.language.say
    items: list[ft.Control] = []
    icons = {
        "app": ft.Icons.PHONE_ANDROID,
        "office": ft.Icons.STORE_OUTLINED,
        "phone": ft.Icons.CALL_OUTLINED,
        "web": ft.Icons.LANGUAGE,
    }
    entries = [(icons[c.type], say(c.title), [c.detail, c.hours]) for c in d.channels]
    contact = [t for t in (d.contact.phone, d.contact.email) if t]
    for icon, title, details in entries:
        lines: list[ft.Control] = [words.body(title)]
        lines += [words.secondary(say(t)) for t in details if t]
        items.append(
            ft.Row(
                [ft.Icon(icon, color=INK), ft.Column(lines, spacing=0, tight=True, expand=True)],
                spacing=14,
                vertical_alignment=ft.CrossAxisAlignment.START,
            )
        )
    lines = [words.body(say(d.contact.title)), *(words.secondary(c, selectable=True) for c in contact)]
    if d.contact.hours:
        lines.append(words.secondary(say(d.contact.hours)))
    items.append(
        ft.Row(
            [
                ft.Icon(ft.Icons.SUPPORT_AGENT, color=INK),
                ft.Column(lines, spacing=0, tight=True, expand=True),
            ],
            spacing=14,
            vertical_alignment=ft.CrossAxisAlignment.START,
        )
    )
    return rows(items)


def _not_here(app: App, reading: _Reading) -> ft.Control:
    """Where the service is offered, since it is not where the citizen is."""
    _ = app.language.text
    return notice(
        "waits",
        ft.Icons.WRONG_LOCATION_OUTLINED,
        _("Tidak dilayani di {region}", region=where(app, reading.region)),
        _("Layanan ini untuk warga {regions}.", regions=region_names(app, reading.offering.regions)),
        action=buttons.text_button("service.region", _("Ganti daerah"), lambda: app.go("/region")),
        identifier="service.elsewhere",
    )


def _ways_on(app: App, reading: _Reading, service_id: str) -> list[ft.Control]:
    """The one action; for who lives elsewhere, the like service of their own region first."""
    _ = app.language.text
    begin = _("Lanjutkan") if reading.begun else _("Mulai")
    if reading.offering.here or reading.begun:
        return [
            buttons.primary(
                "service.start", begin, lambda: app.begin(service_id), icon=ft.Icons.ARROW_FORWARD
            )
        ]
    instead = reading.offering.instead
    own = (
        buttons.primary(
            "service.instead",
            _("Buka layanan {agency}", agency=app.language.say(app.catalogue.agency_name(instead))),
            partial(app.go, f"/service/{instead.id}"),
            icon=ft.Icons.ARROW_FORWARD,
        )
        if instead is not None
        else buttons.primary("service.search", _("Cari layanan lain"), partial(app.go, "/search"))
    )
    return [own, buttons.secondary("service.start", _("Tetap mulai di sini"), lambda: app.begin(service_id))]


@component
def Service() -> ft.View:
    """Everything worth knowing before the first question."""
    app = use_app()
    frame = use_frame()
    _ = app.language.text
    say = app.language.say
    params = ft.use_route_params()
    service_id = f"{params['agency']}/{params['service']}"
    route = f"/service/{service_id}"
    details, set_details = use_state(False)
    explained, set_explained = use_state(False)
    tries, set_tries = use_state(0)

    def again() -> None:
        app.refresh()
        set_tries(tries + 1)

    reading = use_live(
        lambda: _read(app, service_id),
        *app.watches("drafts", "marks", "attributes", "catalogue"),
        app.device.watch,
        on=[service_id, app.language.tag, tries],
        wake=use_wake(route),
    )

    async def remember() -> None:
        await app.marks.opened(service_id)

    ft.use_effect(remember, [service_id])
    medal = reading.medal if isinstance(reading, _Reading) else None
    ft.use_dialog(
        medal_dialog(app, medal, lambda: set_explained(False)) if medal is not None and explained else None
    )

    if reading is None or isinstance(reading, Phrase):
        body: list[ft.Control] = (
            [skeleton(4)]
            if reading is None
            else [
                trouble(
                    _("Layanan ini belum bisa dibuka"),
                    say(reading),
                    action=buttons.secondary("service.retry", _("Coba lagi"), again),
                )
            ]
        )
        return task(app, route, body, on_back=app.back, beside="home")

    pinned = reading.pinned

    async def pin() -> None:
        await app.marks.pin(service_id, pinned=not pinned)

    d = reading.definition
    journey = reading.journey
    time = app.language.duration(d.processing_time.amount, d.processing_time.unit)
    pin_icon = ft.Icons.PUSH_PIN if reading.pinned else ft.Icons.PUSH_PIN_OUTLINED
    offline = offline_chip(app)
    chips: list[ft.Control] = [chip(reading.agency, icon=ft.Icons.ACCOUNT_BALANCE_OUTLINED)]
    if medal is not None:
        chips.append(medal_chip(app, medal, lambda: set_explained(True)))
    if offline is not None:
        chips.append(offline)
    facts: list[ft.Control] = [
        fact(ft.Icons.SCHEDULE, _("Selesai"), time),
        fact(ft.Icons.PAYMENTS_OUTLINED, _("Biaya"), cost_words(app, d.costs)),
        fact(
            ft.Icons.EDIT_NOTE,
            _("Yang perlu diketik"),
            _("{left} dari {total} isian", left=journey.remaining(), total=journey.total()),
        ),
    ]
    controls: list[ft.Control] = [
        ft.Row(
            chips,
            wrap=True,
            spacing=8,
            run_spacing=8,
            vertical_alignment=ft.CrossAxisAlignment.CENTER,
        ),
        words.heading(say(d.title)),
        words.lead(say(d.summary)),
        *([] if reading.offering.here else [_not_here(app, reading)]),
        rows(facts),
        *own_part(app, journey, frame),
        words.section(_("Yang Anda terima")),
        _outputs(app, d),
        words.section(_("Untuk siapa")),
        card(words.body(say(d.audience))),
    ]
    if journey.evidence():
        controls += [words.section(_("Siapkan")), _requirements(app, reading.requirements)]
    toggle = buttons.text_button(
        "service.data-details",
        _("Sembunyikan rincian") if details else _("Lihat rincian dan dasar hukum"),
        lambda: set_details(not details),
    )
    controls += [
        words.section(_("Data yang dipakai")),
        _data(app, d, details, toggle),
        words.section(_("Dasar hukum")),
        card(
            *(
                control
                for index, item in enumerate(d.legal)
                for control in (
                    *([ft.Container(hairline(), padding=ft.Padding.symmetric(vertical=12))] if index else []),
                    words.body(say(item.title)),
                    words.secondary(_("dibaca {date}", date=app.language.date(item.dated))),
                )
            )
        ),
        words.section(_("Cara lain dan bertanya")),
        _elsewhere(app, d),
    ]
    return task(
        app,
        route,
        controls,
        on_back=app.back,
        end=[
            icon_button(
                "service.pin",
                pin_icon,
                _("Lepas sematan") if reading.pinned else _("Sematkan di Beranda"),
                pin,
            )
        ],
        foot=_ways_on(app, reading, service_id),
        beside="home",
    )
