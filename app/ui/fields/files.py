"""Photos and PDFs: taken in at once, kept encrypted on the device, removed with one tap."""

from __future__ import annotations

from functools import partial
from typing import Any

import flet as ft

from app.contract.form import FileField
from app.ui import buttons, words
from app.ui.fields.asked import Asked, framed
from app.ui.named import icon_button
from app.ui.tokens import CARD, CARD_CORNER, EDGE, INK, LINE, MARGIN, PRIMARY, WRONG


def _kind_words(asked: Asked, item: dict[str, Any]) -> str:
    _ = asked.app.language.text
    return _("PDF") if item["media_type"] == "application/pdf" else _("foto")


def file(asked: Asked) -> ft.Control:
    """The files so far, and the button that adds one."""
    field = asked.of(FileField)
    app = asked.app
    _ = app.language.text
    files = asked.entries

    def remove(sha256: str) -> None:
        asked.answer([f for f in files if f["sha256"] != sha256])

    items: list[ft.Control] = []
    for index, item in enumerate(files):
        items.append(
            ft.Container(
                key=f"{asked.path}.{item['sha256']}",
                content=ft.Row(
                    [
                        ft.Icon(
                            ft.Icons.PICTURE_AS_PDF_OUTLINED
                            if item["media_type"] == "application/pdf"
                            else ft.Icons.IMAGE_OUTLINED,
                            size=24,
                            color=INK,
                        ),
                        ft.Semantics(
                            identifier=f"{asked.identifier}.{index}",
                            container=True,
                            expand=True,
                            content=ft.Column(
                                [
                                    words.title(
                                        str(item["name"]), max_lines=2, overflow=ft.TextOverflow.ELLIPSIS
                                    ),
                                    words.secondary(
                                        f"{_kind_words(asked, item)}, {app.language.size(item['size'])}"
                                    ),
                                ],
                                spacing=0,
                                tight=True,
                            ),
                        ),
                        icon_button(
                            f"{asked.identifier}.{index}.remove",
                            ft.Icons.DELETE_OUTLINE,
                            _("Hapus {name}", name=item["name"]),
                            partial(remove, str(item["sha256"])),
                        ),
                    ],
                    spacing=12,
                ),
                bgcolor=CARD,
                border=ft.Border.all(1, LINE),
                border_radius=CARD_CORNER,
                padding=ft.Padding.only(left=MARGIN, right=4, top=8, bottom=8),
            )
        )
    if len(files) < field.max_count:
        limit = _("Foto atau PDF, paling besar {size}.", size=app.language.size(field.max_bytes))
        items.append(
            ft.Container(
                content=ft.Column(
                    [
                        buttons.secondary(
                            asked.identifier,
                            _("Tambah lagi") if files else _("Pilih foto atau PDF"),
                            asked.attach,
                            icon=ft.Icons.ADD_A_PHOTO_OUTLINED,
                        ),
                        words.secondary(limit, text_align=ft.TextAlign.CENTER),
                    ],
                    spacing=10,
                    tight=True,
                    horizontal_alignment=ft.CrossAxisAlignment.CENTER,
                ),
                border=ft.Border.all(1.5, WRONG if asked.problem else EDGE if files else PRIMARY),
                border_radius=CARD_CORNER,
                padding=MARGIN,
                bgcolor=CARD,
            )
        )
    return framed(asked, ft.Column(items, spacing=8, tight=True))
