"""What waits for the citizen: questions, what is late, drafts, what is on its way or with an agency."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from app.contract.phrase import N_, Phrase, Size
from app.contract.text import Text

if TYPE_CHECKING:
    from app.applications.drafts import Draft, Drafts
    from app.applications.outbox import Outbox
    from app.applications.sending import OutboxItem
    from app.applications.timelines import Applications
    from app.contract.applications import Application

Kind = Literal["question", "overdue", "draft", "outbox", "moving"]


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing to go on with. `done` in [0, 1] where progress can be told."""

    id: str
    kind: Kind
    title: Text
    detail: Phrase
    route: str
    done: float | None = None


async def waiting(
    drafts: Drafts, outbox: Outbox, applications: Applications, now: datetime, *, online: bool = True
) -> list[Waiting]:
    """Everything that waits, what needs the citizen first."""
    found: list[Waiting] = []
    asked = {d.reference for d in await drafts.all() if d.reference}
    for application in await applications.all():
        entry = _of_application(application, now)
        if entry is not None and not (entry.kind == "question" and application.reference in asked):
            found.append(entry)
    found += [_of_draft(draft) for draft in await drafts.all()]
    found += [_of_outbox(item, online=online) for item in await outbox.all() if item.state != "delivered"]
    order: tuple[Kind, ...] = ("question", "overdue", "draft", "outbox", "moving")
    return sorted(found, key=lambda w: order.index(w.kind))


def _of_application(application: Application, now: datetime) -> Waiting | None:
    route = f"/activity/{application.reference}"
    if application.state == "question":
        return Waiting(
            application.reference, "question", application.title, N_("Ada pertanyaan untuk Anda"), route
        )
    from app.applications.receipts import is_overdue

    if is_overdue(application, now):
        return Waiting(
            application.reference, "overdue", application.title, N_("Sudah lewat dari janji"), route
        )
    if application.state in ("received", "in_review"):
        promised = application.receipt.promised_by
        return Waiting(
            application.reference,
            "moving",
            application.title,
            N_("Diterima, janji selesai {date}", date=promised.date()),
            route,
        )
    return None


def _of_draft(draft: Draft) -> Waiting:
    route = (
        f"/service/{draft.service}/form" if draft.reference is None else f"/activity/{draft.reference}/answer"
    )
    if draft.refusal is not None:
        return Waiting(
            draft.id, "draft", draft.title, N_("Ada yang perlu diperbaiki. Isian Anda aman."), route
        )
    if draft.remaining is None or not draft.total:
        return Waiting(draft.id, "draft", draft.title, N_("Tersimpan di perangkat"), route)
    if draft.remaining == 0:
        detail = N_("Siap diperiksa dan dikirim")
    else:
        detail = N_(
            "{left} dari {total} isian tersisa · tersimpan di perangkat",
            left=draft.remaining,
            total=draft.total,
        )
    return Waiting(draft.id, "draft", draft.title, detail, route, 1 - draft.remaining / draft.total)


def _of_outbox(item: OutboxItem, *, online: bool) -> Waiting:
    state = item.seen(online=online)
    details: dict[str, Phrase] = {
        "waiting": N_("Siap dikirim. Loket mengirim sendiri begitu ada jaringan."),
        "uploading": N_(
            "Mengirim lampiran: {done} dari {total}", done=Size(item.done), total=Size(item.total)
        ),
        "sending": N_("Sedang dikirim"),
        "uncertain": N_("Terkirim, menunggu kepastian penerima. Tidak akan terkirim dua kali."),
        "refused": N_("Ada yang perlu diperbaiki. Isian Anda aman."),
    }
    share = item.done / item.total if state == "uploading" and item.total else None
    return Waiting(item.id, "outbox", item.title, details[state], f"/sent/{item.id}", share)
