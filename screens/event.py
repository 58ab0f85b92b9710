"""A life event as a plan: what to do first, what can be done together, what is there already."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Literal

import flet as ft

from app.app import App, Opened
from app.catalogue.plan import Plan, Step
from app.contract.phrase import N_
from app.ui import buttons, words
from app.ui.boundary import component
from app.ui.cards import chip, notice
from app.ui.context import use_app, use_live, use_wake
from app.ui.frame import task
from app.ui.named import icon_button, named
from app.ui.services import service_line, service_links
from app.ui.states import empty, no_catalogue, offline_chip, skeleton, trouble
from app.ui.tokens import (
    CARD,
    CARD_CORNER,
    DONE,
    DONE_BOX,
    INK_2,
    LINE,
    MARGIN,
    ON_PRIMARY,
    PRIMARY,
    SUNKEN,
)

_MOST_OTHERS = 12
_BULLET = 28


@dataclass(frozen=True, slots=True)
class _Event:
    """`typed` of `fields` are left to type in the next step, where its form is on the device or can be had.
    `issuers`: who issued what is held, by document type."""

    id: str
    title: str
    plan: Plan
    pinned: bool
    issuers: dict[str, str]
    left: tuple[int, int] | None


_Missing = Literal["unknown", "no catalogue"]


async def _read(app: App, event_id: str) -> _Event | _Missing:
    events = app.catalogue.life_events()
    event = next((e for e in events or () if e.id == event_id), None)
    if event is None:
        return "unknown" if events else "no catalogue"
    plan = await app.plan(event_id)
    opened = await app.service(plan.next.row.id) if plan.next else None
    return _Event(
        id=event_id,
        title=app.language.say(event.title),
        plan=plan,
        pinned=event_id in (await app.marks.read()).pinned_events,
        issuers={held.type: app.agency_name(held.issuer) for held in await app.documents() if held.valid},
        left=(opened.journey.remaining(), opened.journey.total()) if isinstance(opened, Opened) else None,
    )


def _figures(app: App, plan: Plan) -> ft.Control:
    """How long, how much, how far."""
    _ = app.language.text
    cost = _("gratis") if plan.cost == 0 else _("mulai {cost}", cost=app.language.money(plan.cost))
    finish = _("paling cepat {day}", day=app.language.day(plan.finish, app.local_now().date()))
    done = _("{done} dari {all} selesai", done=plan.done, all=len(plan.steps))
    all_done = plan.done == len(plan.steps)
    return ft.Row(
        [
            *(
                []
                if all_done
                else [chip(finish, icon=ft.Icons.SCHEDULE), chip(cost, icon=ft.Icons.PAYMENTS_OUTLINED)]
            ),
            chip(done, icon=ft.Icons.CHECK, tone="done" if plan.done else "plain"),
        ],
        wrap=True,
        spacing=10,
        run_spacing=10,
    )


_CHIPS = {
    "done": ("done", ft.Icons.CHECK, N_("selesai")),
    "running": ("told", ft.Icons.HOURGLASS_EMPTY, N_("diproses")),
    "next": ("chosen", None, N_("langkah berikut")),
    "ready": ("plain", None, N_("bisa dimulai")),
}
"""How a step says where it stands; what has none waits."""

_STATES = {
    "done": N_("Sudah selesai"),
    "running": N_("Sedang diproses"),
    "next": N_("Langkah berikut"),
    "ready": N_("Bisa dimulai"),
    "later": N_("Nanti"),
    "along": N_("Terbit otomatis"),
}


def _bullet_size(app: App) -> int:
    return round(_BULLET * min(app.text_scale, 1.5))


def _bullet(app: App, step: Step, number: int) -> ft.Control:
    ground, content = SUNKEN, words.label(str(number), color=INK_2)
    if step.state == "done":
        ground, content = DONE_BOX, ft.Icon(ft.Icons.CHECK, size=18, color=DONE)
    elif step.state in ("next", "running"):
        icon = ft.Icons.ARROW_FORWARD if step.state == "next" else ft.Icons.HOURGLASS_EMPTY
        ground, content = PRIMARY, ft.Icon(icon, size=16, color=ON_PRIMARY)
    size = _bullet_size(app)
    return ft.Container(
        content=content,
        width=size,
        height=size,
        border_radius=size,
        bgcolor=ground,
        alignment=ft.Alignment.CENTER,
    )


def _detail(app: App, step: Step, event: _Event, titles: dict[str, str]) -> str:
    _ = app.language.text
    if step.state == "along" and step.along_with is not None:
        return _("Terbit otomatis bersama {service}", service=titles[step.along_with])
    if step.state == "done":
        day = app.language.date(step.finish)
        issuer = next((event.issuers[one] for one in step.row.produces if one in event.issuers), None)
        if issuer is None:
            return _("Selesai {day}", day=day)
        return _("Sudah ada di Dokumen · {issuer}, {day}", issuer=issuer, day=day)
    line = service_line(app, step.row)
    if step.state == "next" and event.left is not None:
        left, fields = event.left
        return _("{line} · {left} dari {fields} isian perlu diketik", line=line, left=left, fields=fields)
    return line


def _head(app: App, step: Step, title: str) -> ft.Control:
    """The title, and where the step stands: beside it, or below it where words are large."""
    found = _CHIPS.get(step.state)
    words_ = words.title(title, expand=True)
    if found is None:
        return ft.Row([words_])
    tone, icon, said = found
    state = chip(app.language.say(said), icon=icon, tone=tone)
    if app.text_scale > 1.3:
        return ft.Column([ft.Row([words_]), ft.Row([state])], spacing=6, tight=True)
    return ft.Row(
        [words_, state],
        alignment=ft.MainAxisAlignment.SPACE_BETWEEN,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )


def _step(app: App, step: Step, event: _Event, titles: dict[str, str]) -> ft.Control:
    _ = app.language.text
    is_next = step.state == "next"
    head = _head(app, step, titles[step.row.id])
    face = named(
        f"event.service.{step.row.id}",
        ft.Container(
            content=ft.Column(
                [head, words.secondary(_detail(app, step, event, titles))],
                spacing=2,
                tight=True,
            ),
            on_click=partial(app.go, f"/service/{step.row.id}"),
            ink=True,
            border_radius=CARD_CORNER,
            padding=MARGIN,
        ),
        button=True,
    )
    lines: list[ft.Control] = [face]
    if is_next:
        start = buttons.primary("event.start", _("Mulai"), partial(app.go, f"/service/{step.row.id}"))
        lines.append(ft.Container(start, padding=ft.Padding.only(left=MARGIN, right=MARGIN, bottom=MARGIN)))
    return ft.Container(
        content=ft.Column(lines, spacing=0, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH),
        bgcolor=CARD,
        border=ft.Border.all(2 if is_next else 1, PRIMARY if is_next else LINE),
        border_radius=CARD_CORNER,
    )


def _stage(
    app: App, event: _Event, steps: tuple[Step, ...], number: int, titles: dict[str, str]
) -> ft.Control:
    """The steps of one stage, beside its bullet, on the line that joins the stages."""
    _ = app.language.text
    lead = max(
        steps, key=lambda step: ("later", "along", "done", "ready", "running", "next").index(step.state)
    )
    cards: list[ft.Control] = []
    if len(steps) > 1:
        waits = next((step.after[0] for step in steps if step.state == "later"), None)
        said = (
            _("Setelah {service}, bersamaan", service=titles[waits])
            if waits in titles
            else _("Bisa bersamaan")
        )
        cards.append(ft.Container(words.label(said, color=INK_2), padding=ft.Padding.only(top=4)))
    last, size = number == len(event.plan.stages), _bullet_size(app)
    cards += [_step(app, step, event, titles) for step in steps]
    return ft.Semantics(
        key=f"stage.{number}",
        container=True,
        label=app.language.say(_STATES[lead.state]),
        content=ft.Stack(
            [
                ft.Container(width=2, bgcolor=LINE, left=size // 2 - 1, top=size, bottom=0, visible=not last),
                ft.Row(
                    [
                        _bullet(app, lead, number),
                        ft.Container(
                            ft.Column(
                                cards,
                                spacing=12,
                                tight=True,
                                horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
                            ),
                            expand=True,
                            padding=ft.Padding.only(bottom=0 if last else 20),
                        ),
                    ],
                    spacing=14,
                    vertical_alignment=ft.CrossAxisAlignment.START,
                ),
            ]
        ),
    )


def _planned(app: App, event: _Event) -> list[ft.Control]:
    _ = app.language.text
    plan = event.plan
    search = buttons.secondary("event.search", _("Cari layanan"), lambda: app.go("/search"), expand=False)
    controls: list[ft.Control] = [words.heading(event.title)]
    if plan.steps:
        titles = {step.row.id: app.language.say(step.row.title) for step in plan.steps}
        controls.append(_figures(app, plan))
        if plan.done == len(plan.steps):
            controls.append(
                notice(
                    "done",
                    ft.Icons.CHECK_CIRCLE,
                    _("Semua langkah selesai"),
                    _("Dokumen yang terbit ada di Dokumen, juga tanpa internet."),
                    identifier="event.done",
                )
            )
        controls.append(
            ft.Column(
                [_stage(app, event, steps, number, titles) for number, steps in enumerate(plan.stages, 1)],
                spacing=0,
                tight=True,
            )
        )
    if plan.others:
        controls.append(
            words.section(_("Mungkin juga perlu"))
            if plan.steps
            else words.lead(_("Pilih yang ingin Anda urus."))
        )
        controls.append(service_links(app, "event.service", plan.others[:_MOST_OTHERS]))
        if len(plan.others) > _MOST_OTHERS:
            n = app.language.number(len(plan.others) + len(plan.steps))
            controls.append(
                buttons.secondary(
                    "event.services",
                    _("Lihat semua {n} layanan", n=n),
                    partial(app.go, f"/event/{event.id}/services"),
                    expand=False,
                )
            )
    if not plan.steps and not plan.others:
        controls.append(
            empty(
                ft.Icons.INBOX_OUTLINED,
                _("Belum ada layanan untuk peristiwa ini"),
                _(
                    "Coba cari dengan kata Anda sendiri. Layanan baru muncul di sini "
                    "tanpa memperbarui aplikasi."
                ),
                action=search,
            )
        )
    return controls


@component
def LifeEvent() -> ft.View:
    """What to do when this happens."""
    app = use_app()
    _ = app.language.text
    event_id = ft.use_route_params()["event"]
    event = use_live(
        lambda: _read(app, event_id),
        *app.watches("catalogue", "applications", "documents", "drafts", "marks", "attributes"),
        on=[event_id, app.language.tag],
        wake=use_wake(f"/event/{event_id}"),
    )
    offline = offline_chip(app)
    controls: list[ft.Control] = [*([ft.Row([offline], wrap=True)] if offline else [])]
    if event is None:
        controls.append(skeleton())
    elif event == "no catalogue":
        controls.append(no_catalogue(app))
    elif event == "unknown":
        controls.append(
            trouble(
                _("Peristiwa ini tidak ada di daftar"),
                _("Daftarnya mungkin berubah. Data Anda aman. Pilih dari Beranda, atau cari layanannya."),
                action=buttons.secondary(
                    "event.search", _("Cari layanan"), lambda: app.go("/search"), expand=False
                ),
            )
        )
    else:
        controls += _planned(app, event)
    end: list[ft.Control] = []
    if isinstance(event, _Event):
        pinned = event.pinned

        async def pin() -> None:
            await app.marks.pin_event(event_id, pinned=not pinned)

        end.append(
            icon_button(
                "event.pin",
                ft.Icons.BOOKMARK if event.pinned else ft.Icons.BOOKMARK_OUTLINE,
                _("Lepas sematan") if event.pinned else _("Sematkan di Beranda"),
                pin,
            )
        )
    return task(app, f"/event/{event_id}", controls, on_back=app.back, end=end, beside="home")
