"""After sending: on its way, then the receipt with a number that can be read aloud."""

from __future__ import annotations

from typing import Literal

import flet as ft

from app.app import App
from app.applications.sending import OutboxItem
from app.contract.applications import Application
from app.ui import buttons, words
from app.ui.boundary import component
from app.ui.cards import TONES, card, hairline, notice
from app.ui.context import use_app, use_live
from app.ui.frame import task
from app.ui.states import skeleton, trouble
from app.ui.tokens import DONE, PRIMARY, SUNKEN


def _seal(tone: str, icon: ft.IconData) -> ft.Control:
    ink, ground = TONES[tone]
    return ft.Container(
        content=ft.Container(
            content=ft.Icon(icon, size=44, color=ink),
            width=56,
            height=56,
            alignment=ft.Alignment.CENTER,
        ),
        width=104,
        height=104,
        border_radius=104,
        bgcolor=ground,
        alignment=ft.Alignment.CENTER,
    )


def _centred(*controls: ft.Control) -> ft.Control:
    return ft.Column(
        list(controls), horizontal_alignment=ft.CrossAxisAlignment.CENTER, spacing=12, tight=True
    )


def _pair(name: str, value: str) -> ft.Control:
    return ft.MergeSemantics(
        content=ft.Row(
            [
                ft.Container(words.secondary(name), expand=2),
                ft.Container(
                    words.title(value, text_align=ft.TextAlign.END),
                    expand=3,
                    alignment=ft.Alignment.CENTER_RIGHT,
                ),
            ],
            spacing=12,
        )
    )


def _arrived(app: App, item: OutboxItem, application: Application) -> str:
    _ = app.language.text
    agency = app.agency_name(application.agency)
    if item.kind == "answer":
        return _("{agency} melanjutkan pemeriksaan. Anda tidak perlu melakukan apa pun.", agency=agency)
    at = app.to_local(application.receipt.received_at)
    return _(
        "{agency} menerima permohonan Anda {day} pukul {time}.",
        agency=agency,
        day=app.language.day(at, app.local_now().date()),
        time=app.language.time(at),
    )


def _receipt(app: App, item: OutboxItem, application: Application, signed: bool) -> list[ft.Control]:
    _ = app.language.text
    language = app.language
    receipt = application.receipt
    promised = app.to_local(receipt.promised_by)
    answers = language.plural("{n} isian", "{n} isian", item.answers)
    files = language.plural("{n} lampiran", "{n} lampiran", len(item.attachments))
    sent = f"{answers}, {files}" if item.attachments else answers
    line = ft.Container(hairline(), padding=ft.Padding.symmetric(vertical=14))
    details: list[ft.Control] = [
        words.secondary(_("Nomor permohonan")),
        ft.Semantics(
            identifier="receipt.reference",
            container=True,
            content=words.figure(application.reference, selectable=True),
        ),
        line,
        _pair(_("Janji selesai"), language.date_with_day(promised.date())),
        line,
        _pair(_("Dikirim"), sent),
    ]
    if signed:
        details += [
            line,
            ft.Row(
                [
                    ft.Icon(ft.Icons.VERIFIED, color=DONE),
                    ft.Container(words.title(_("Ditandatangani oleh penerima"), color=DONE), expand=True),
                ],
                spacing=12,
            ),
        ]
    return [
        _centred(
            _seal("done", ft.Icons.CHECK_CIRCLE),
            words.heading(
                _("Jawaban Anda diterima") if item.kind == "answer" else _("Sudah diterima"),
                text_align=ft.TextAlign.CENTER,
            ),
            words.lead(_arrived(app, item, application), text_align=ft.TextAlign.CENTER),
        ),
        ft.Container(height=8),
        card(*details),
        words.secondary(
            _("Jika lewat dari janji, Loket memberi tahu Anda dan menunjukkan ke mana bertanya."),
            text_align=ft.TextAlign.CENTER,
        ),
    ]


def _on_its_way(app: App, item: OutboxItem) -> list[ft.Control]:
    _ = app.language.text
    state = item.seen(online=app.online)
    title, text, tone, icon = {
        "waiting": (
            _("Siap dikirim"),
            _("Loket mengirim sendiri begitu ada jaringan. Anda boleh menutup aplikasi ini."),
            "told",
            ft.Icons.SCHEDULE_SEND_OUTLINED,
        ),
        "uploading": (
            _("Mengirim lampiran"),
            _("{done} dari {total}", done=app.language.size(item.done), total=app.language.size(item.total)),
            "chosen",
            ft.Icons.UPLOAD_OUTLINED,
        ),
        "sending": (_("Mengirim permohonan"), _("Sebentar lagi."), "chosen", ft.Icons.SEND_OUTLINED),
        "uncertain": (
            _("Menunggu kepastian penerima"),
            _("Kiriman mungkin sudah sampai. Loket memastikannya. Tidak akan terkirim dua kali."),
            "waits",
            ft.Icons.SYNC_PROBLEM_OUTLINED,
        ),
    }.get(state, (_("Mengirim"), "", "chosen", ft.Icons.SEND_OUTLINED))
    controls: list[ft.Control] = [
        ft.Container(height=24),
        _centred(
            _seal(tone, icon),
            ft.Semantics(
                identifier=f"sent.{state}",
                container=True,
                content=words.heading(title, text_align=ft.TextAlign.CENTER),
            ),
            words.lead(text, text_align=ft.TextAlign.CENTER),
        ),
        ft.ProgressBar(
            value=item.done / item.total if state == "uploading" and item.total else None,
            color=PRIMARY,
            bgcolor=SUNKEN,
            bar_height=6,
            border_radius=6,
            visible=state in ("uploading", "sending"),
        ),
        *(
            [
                notice(
                    "waits",
                    ft.Icons.INFO_OUTLINE,
                    _("Mengapa belum sampai"),
                    app.language.say(item.trouble),
                    identifier="sent.trouble",
                )
            ]
            if item.trouble is not None and app.online
            else []
        ),
        notice(
            "told",
            ft.Icons.SHIELD_OUTLINED,
            _("Isian Anda aman"),
            _("Tersimpan tersandi di perangkat ini sampai ada tanda terima."),
        ),
    ]
    return controls


async def _read(app: App, item_id: str) -> tuple[OutboxItem, Application | None, bool] | Literal["unknown"]:
    return await app.sending(item_id) or "unknown"


@component
def Sent() -> ft.View:
    """Follows one submission from the device to its receipt."""
    app = use_app()
    _ = app.language.text
    item_id = ft.use_route_params()["item"]
    shown = use_live(
        lambda: _read(app, item_id),
        *app.watches("outbox", "applications", "receipts"),
        on=[item_id, app.language.tag],
    )
    route = f"/sent/{item_id}"
    if shown is None or shown == "unknown":
        body: list[ft.Control] = [
            skeleton()
            if shown is None
            else trouble(
                _("Kiriman ini tidak ada di perangkat"),
                _("Buka Aktivitas untuk melihat semua yang Anda kirim."),
                action=buttons.secondary(
                    "sent.activity", _("Lihat di Aktivitas"), lambda: app.go("/activity")
                ),
            )
        ]
        return task(app, route, body, on_back=app.go_home, close=True)
    item, application, signed = shown
    if item.state == "refused":
        problem = notice(
            "wrong",
            ft.Icons.ERROR_OUTLINE,
            _("Belum bisa diterima"),
            app.language.say(item.problem) if item.problem else None,
            identifier="sent.refused",
        )
        return task(
            app,
            route,
            [
                ft.Container(height=24),
                words.heading(_("Ada yang perlu diperbaiki")),
                words.lead(_("Isian Anda masih lengkap. Perbaiki yang ditandai, lalu kirim lagi.")),
                problem,
            ],
            on_back=app.go_home,
            close=True,
            foot=[
                buttons.primary(
                    "sent.mend", _("Perbaiki isian"), lambda: app.mend(item), icon=ft.Icons.EDIT_OUTLINED
                )
            ],
        )
    if application is None:
        return task(
            app,
            route,
            _on_its_way(app, item),
            on_back=app.go_home,
            close=True,
            foot=[buttons.secondary("sent.activity", _("Lihat di Aktivitas"), lambda: app.go("/activity"))],
        )
    return task(
        app,
        route,
        _receipt(app, item, application, signed),
        on_back=app.go_home,
        close=True,
        foot=[
            buttons.primary(
                "receipt.follow",
                _("Ikuti perkembangan"),
                lambda: app.enter("/activity", f"/activity/{application.reference}"),
            ),
            buttons.secondary(
                "receipt.save",
                _("Simpan tanda terima"),
                lambda: app.save_receipt(application),
                icon=ft.Icons.DOWNLOAD_OUTLINED,
            ),
        ],
        spacing=16,
    )
