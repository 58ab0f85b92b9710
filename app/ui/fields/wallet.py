"""A document of the wallet, shown claim by claim; or photos of it, where it is not held."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import flet as ft

from app.contract.form import DocumentField
from app.contract.phrase import Phrase
from app.ui import words
from app.ui.boundary import component
from app.ui.context import use_live
from app.ui.fields.asked import Asked, framed
from app.ui.fields.files import file_cards
from app.ui.fields.option_cards import option_card
from app.ui.hooks import use_state

if TYPE_CHECKING:
    from app.documents.wallet import HeldDocument


@component
def Held(asked: Asked) -> ft.Control:
    """The documents of these types that hold, and the way to give a photo instead."""
    field = asked.of(DocumentField)
    app = asked.app
    _ = app.language.text
    documents = use_live(app.documents, *app.watches("documents"))
    by_file, set_by_file = use_state("files" in asked.parts)
    fitting = [d for d in documents or () if d.type in field.document_types and d.valid]
    chosen = asked.parts.get("id")
    filing = by_file or "files" in asked.parts or (documents is not None and not fitting)

    async def choose(document: HeldDocument) -> None:
        set_by_file(False)
        answer = await app.present(document, field.claims)
        if isinstance(answer, Phrase):
            await app.announce(app.language.say(answer))
            return
        asked.answer(answer)

    def use_files() -> None:
        set_by_file(True)
        if chosen is not None:
            asked.answer(None)

    cards: list[ft.Control] = [
        option_card(
            f"{asked.identifier}.{document.id}",
            app.language.say(document.title),
            partial(choose, document),
            chosen=chosen == document.id,
            detail=_shared(asked, document, field.claims),
            wrong=asked.problem is not None,
        )
        for document in fitting
    ]
    if field.or_file and fitting:
        cards.append(
            option_card(
                f"{asked.identifier}.by-file",
                _("Foto atau PDF saja"),
                use_files,
                chosen=filing,
                detail=_("Kalau dokumennya tidak ada di Loket"),
            )
        )
    if not fitting and documents is not None:
        nothing = (
            _("Dokumen ini belum ada di Loket. Tambahkan foto atau PDF-nya.")
            if field.or_file
            else _("Dokumen ini belum ada di Loket. Urus dulu layanannya, lalu kembali ke sini.")
        )
        cards.append(words.secondary(nothing))
    if field.or_file and filing:
        cards += file_cards(
            replace(asked, value=asked.parts.get("files"), answer=partial(_files, asked)),
            field.accept,
            field.max_bytes,
            field.max_count,
        )
    return ft.Semantics(
        identifier=asked.identifier,
        container=True,
        content=ft.Column(cards, spacing=8, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH),
    )


def _files(asked: Asked, files: object) -> None:
    asked.answer({"files": files} if files else None)


def _shared(asked: Asked, document: HeldDocument, wanted: Sequence[str]) -> str:
    """What of the document the agency will read."""
    language = asked.app.language
    names = [language.say(line.label) for line in document.claims if line.name in wanted]
    if not names:
        return language.text("Instansi hanya melihat bahwa dokumen ini ada dan berlaku.")
    return language.text("Yang dibagikan: {names}.", names=", ".join(names))


def document(asked: Asked) -> ft.Control:
    """A document of the wallet."""
    return framed(asked, Held(asked, key=asked.path))
