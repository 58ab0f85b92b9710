"""One document: what stands in it, who issued it, and whether its signature holds."""

from __future__ import annotations

import flet as ft

from app.ui import words
from app.ui.boundary import component
from app.ui.cards import notice, rows
from app.ui.context import use_app, use_live
from app.ui.frame import task
from app.ui.states import offline_chip, skeleton, trouble
from app.ui.tokens import INK_2
from screens.documents import document_face


@component
def DocumentScreen() -> ft.View:
    """A document with all that it says."""
    app = use_app()
    _ = app.language.text
    say = app.language.say
    document_id = ft.use_route_params()["document"]
    held = use_live(app.documents, *app.watches("documents"), on=[document_id, app.language.tag])
    route = f"/documents/{document_id}"
    if held is None:
        return task(app, route, [skeleton()], on_back=app.back, beside="documents")
    document = next((d for d in held if d.id == document_id), None)
    if document is None:
        body: list[ft.Control] = [
            trouble(
                _("Dokumen ini tidak ada di perangkat"),
                _("Kembali ke Dokumen untuk melihat yang Anda punya."),
            )
        ]
        return task(app, route, body, on_back=app.back, beside="documents")
    offline = offline_chip(app)
    claims: list[ft.Control] = [
        ft.MergeSemantics(
            content=ft.Column(
                [
                    words.secondary(say(claim.label), color=INK_2),
                    words.title(say(claim.text), selectable=True),
                ],
                spacing=2,
                tight=True,
            )
        )
        for claim in document.claims
    ]
    standing = (
        notice(
            "done",
            ft.Icons.VERIFIED_OUTLINED,
            _("Tanda tangan penerbit cocok"),
            _(
                "Diterbitkan {issuer}, {date}.",
                issuer=app.agency_name(document.issuer),
                date=document.issued_at,
            ),
            identifier="document.verified",
        )
        if document.valid
        else notice(
            "wrong",
            ft.Icons.GPP_MAYBE_OUTLINED,
            _("Tanda tangan belum bisa dipastikan"),
            say(document.trouble) if document.trouble else None,
            identifier="document.unverified",
        )
    )
    controls: list[ft.Control] = [
        *([ft.Row([offline], wrap=True)] if offline else []),
        document_face(app, document, tall=True),
        standing,
        words.section(_("Isi dokumen")),
        rows(claims),
    ]
    return task(
        app, route, controls, title=say(document.title), on_back=app.back, spacing=16, beside="documents"
    )
