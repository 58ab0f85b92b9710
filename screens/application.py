"""One application: where it stands, what has happened, what comes, and what the agency asks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import flet as ft

from app.app import App
from app.applications.receipts import ReceiptStanding
from app.contract.applications import Application
from app.contract.definition import ServiceDefinition
from app.contract.phrase import N_
from app.ui import buttons, words
from app.ui.boundary import component
from app.ui.cards import card, chip, notice, rows
from app.ui.context import use_app, use_live, use_wake
from app.ui.frame import task
from app.ui.states import offline_chip, skeleton, trouble
from app.ui.timeline import State, Step, timeline
from app.ui.tokens import DONE, INK, INK_2, WAITS

_UNPROVED = N_("Tanda tangan penerima belum bisa dipastikan.")


@dataclass(frozen=True, slots=True)
class _Detail:
    application: Application
    definition: ServiceDefinition | None
    standing: ReceiptStanding


def state_face(item: Application) -> tuple[str, ft.IconData]:
    """Tone and icon of an application's state."""
    return {
        "received": ("told", ft.Icons.MARK_EMAIL_READ_OUTLINED),
        "in_review": ("told", ft.Icons.HOURGLASS_EMPTY),
        "question": ("waits", ft.Icons.HELP_OUTLINE),
        "accepted": ("done", ft.Icons.CHECK_CIRCLE_OUTLINE),
        "rejected": ("wrong", ft.Icons.CANCEL_OUTLINED),
    }[item.state]


def state_words(app: App, item: Application) -> str:
    """An application's state in words."""
    _ = app.language.text
    return {
        "received": _("Diterima"),
        "in_review": _("Sedang diperiksa"),
        "question": _("Menunggu Anda"),
        "accepted": _("Disetujui"),
        "rejected": _("Tidak disetujui"),
    }[item.state]


async def _read(app: App, reference: str) -> _Detail | Literal["unknown"]:
    application = await app.application(reference)
    if application is None:
        return "unknown"
    return _Detail(
        application,
        await app.definition(application.service, application.version),
        await app.receipt_standing(application),
    )


def _when(app: App, at: datetime) -> str:
    local = app.to_local(at)
    return f"{app.language.day(local, app.local_now().date())}, {app.language.time(local)}"


def _steps(app: App, detail: _Detail) -> list[Step]:
    _ = app.language.text
    say = app.language.say
    item = detail.application
    steps: list[Step] = []
    for index, entry in enumerate(item.timeline):
        latest = index == len(item.timeline) - 1
        state: State = "done"
        if entry.kind == "rejected":
            state = "wrong"
        elif latest and entry.kind == "question":
            state = "asked"
        elif latest and entry.kind in ("in_review", "answered"):
            state = "now"
        detail_words = _when(app, entry.at)
        if entry.kind == "received" and detail.standing.verified:
            detail_words = _("{when} · ditandatangani", when=detail_words)
        steps.append(
            Step(
                f"{index}.{entry.kind}",
                state,
                say(entry.title),
                detail_words,
                _("sekarang") if state in ("now", "asked") else _("selesai"),
                entry.note,
            )
        )
    if item.state not in ("accepted", "rejected"):
        promised = app.to_local(item.receipt.promised_by)
        steps.append(
            Step(
                "decision",
                "next",
                _("Keputusan"),
                _("paling lambat {date}", date=app.language.date(promised.date())),
                _("nanti"),
            )
        )
        if detail.definition is not None:
            outputs = ", ".join(say(o.title) for o in detail.definition.outputs)
            steps.append(Step("outputs", "next", outputs, _("masuk ke Dokumen"), _("nanti")))
    return steps


def _banner(app: App, detail: _Detail) -> ft.Control | None:
    _ = app.language.text
    item = detail.application
    if item.question is not None:
        return notice(
            "waits",
            ft.Icons.HELP_OUTLINE,
            _("Ada pertanyaan untuk Anda"),
            item.question.text,
            action=buttons.primary(
                "application.answer",
                _("Jawab sekarang"),
                lambda: app.answer_question(item),
                icon=ft.Icons.ARROW_FORWARD,
            ),
            identifier="application.question",
        )
    if item.state == "accepted":
        return notice(
            "done",
            ft.Icons.CHECK_CIRCLE_OUTLINE,
            _("Sudah selesai"),
            _("Dokumennya sudah ada di perangkat ini."),
            action=buttons.primary("application.documents", _("Lihat dokumen"), lambda: app.go("/documents")),
            identifier="application.accepted",
        )
    if item.state == "rejected":
        reason = next((e.note for e in reversed(item.timeline) if e.kind == "rejected" and e.note), None)
        return notice(
            "wrong",
            ft.Icons.CANCEL_OUTLINED,
            _("Belum bisa disetujui"),
            reason or _("Instansi tidak menyebut alasan. Hubungi mereka dengan nomor permohonan ini."),
            action=buttons.primary(
                "application.again", _("Perbaiki dan kirim lagi"), lambda: app.begin_again(item)
            ),
            identifier="application.rejected",
        )
    if detail.standing.overdue:
        contact = detail.definition.contact if detail.definition else None
        return notice(
            "waits",
            ft.Icons.RUNNING_WITH_ERRORS,
            _("Sudah lewat dari janji"),
            _(
                "Janjinya {date}. Anda berhak bertanya ke {office}{phone}. Sebutkan nomor permohonan ini.",
                date=app.to_local(item.receipt.promised_by).date(),
                office=app.language.say(contact.title) if contact else _("instansi penerima"),
                phone=f" ({contact.phone})" if contact and contact.phone else "",
            ),
            identifier="application.overdue",
        )
    return None


def detail_controls(app: App, detail: _Detail) -> list[ft.Control]:
    """The body of an application, for its own screen and for the desktop's side."""
    _ = app.language.text
    item = detail.application
    tone, icon = state_face(item)
    controls: list[ft.Control] = [
        ft.Row(
            [
                ft.Semantics(
                    identifier="application.reference",
                    container=True,
                    content=ft.Text(
                        item.reference,
                        theme_style=ft.TextThemeStyle.TITLE_LARGE,
                        color=INK,
                        selectable=True,
                    ),
                ),
                ft.Semantics(
                    identifier="application.state",
                    container=True,
                    content=chip(state_words(app, item), icon=icon, tone=tone),
                ),
            ],
            alignment=ft.MainAxisAlignment.SPACE_BETWEEN,
            wrap=True,
            run_spacing=8,
        )
    ]
    banner = _banner(app, detail)
    if banner is not None:
        controls.append(banner)
    controls += [ft.Container(height=8), timeline(_steps(app, detail)), ft.Container(height=8)]
    signed = detail.standing.verified
    controls += [
        words.section(_("Tanda terima")),
        rows(
            [
                ft.Row(
                    [
                        ft.Icon(
                            ft.Icons.VERIFIED if signed else ft.Icons.HISTORY_TOGGLE_OFF,
                            color=DONE if signed else WAITS,
                            size=24,
                        ),
                        ft.Container(
                            words.body(
                                _("Ditandatangani oleh penerima")
                                if signed
                                else app.language.say(detail.standing.reason or _UNPROVED)
                            ),
                            expand=True,
                        ),
                    ],
                    spacing=14,
                ),
                words.secondary(
                    _("Sidik isi kiriman: {hash} …", hash=item.receipt.content_sha256[:16]), color=INK_2
                ),
            ]
        ),
        buttons.secondary(
            "application.save-receipt",
            _("Simpan tanda terima"),
            lambda: app.save_receipt(item),
            icon=ft.Icons.DOWNLOAD_OUTLINED,
        ),
    ]
    return controls


@component
def ApplicationDetail(reference: str) -> ft.Control:
    """An application beside the list on a desktop."""
    app = use_app()
    detail = use_live(
        lambda: _read(app, reference),
        *app.watches("applications", "receipts"),
        on=[reference, app.language.tag],
    )
    if detail is None or detail == "unknown":
        return skeleton(2)
    return card(
        words.heading(app.language.say(detail.application.title)),
        *detail_controls(app, detail),
        spacing=12,
        padding=24,
    )


@component
def ApplicationScreen() -> ft.View:
    """An application on its own screen."""
    app = use_app()
    _ = app.language.text
    reference = ft.use_route_params()["reference"]
    detail = use_live(
        lambda: _read(app, reference),
        *app.watches("applications", "receipts"),
        on=[reference, app.language.tag],
        wake=use_wake(f"/activity/{reference}"),
    )
    if detail is None or detail == "unknown":
        missing = trouble(
            _("Permohonan ini tidak ada di perangkat"),
            _(
                "Nomornya {reference}. Buka Aktivitas untuk melihat semua permohonan Anda.",
                reference=reference,
            ),
        )
        body: list[ft.Control] = [missing if detail and app.synced_at else skeleton()]
        return task(app, f"/activity/{reference}", body, on_back=app.back, beside="activity")
    offline = offline_chip(app)
    return task(
        app,
        f"/activity/{reference}",
        [*([ft.Row([offline], wrap=True)] if offline else []), *detail_controls(app, detail)],
        title=app.language.say(detail.application.title),
        on_back=app.back,
        beside="activity",
    )
