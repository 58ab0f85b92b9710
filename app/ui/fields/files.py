"""Photos and PDFs: taken in at once, kept encrypted on the device, removed with one tap."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import flet as ft

from app.contract.form import FileField, PhotoField
from app.forms.kinds.files import PHOTO_TYPES
from app.ui import buttons, words
from app.ui.boundary import component
from app.ui.context import use_live
from app.ui.fields.asked import Asked, framed
from app.ui.named import icon_button
from app.ui.tokens import CARD, CARD_CORNER, INK, LINE, MARGIN, PRIMARY, SUNKEN, WRONG

_PDF = "application/pdf"
_FRAMES = {"portrait": 3 / 4, "square": 1.0, "landscape": 4 / 3}
"""Width to height of the frame that a photo is looked at in."""


def file(asked: Asked) -> ft.Control:
    """The files so far, and the button that adds one."""
    field = asked.of(FileField)
    cards = file_cards(asked, field.accept, field.max_bytes, field.max_count)
    return framed(asked, ft.Column(cards, spacing=8, tight=True))


def file_cards(asked: Asked, accept: Sequence[str], max_bytes: int, max_count: int) -> list[ft.Control]:
    """A card for each file of the answer, and the one that adds another while there is room."""
    files = asked.entries

    def remove(sha256: str) -> None:
        asked.answer([f for f in files if f["sha256"] != sha256])

    cards = [_file(asked, index, item, remove) for index, item in enumerate(files)]
    if len(files) < max_count:
        cards.append(_add(asked, accept, max_bytes, some=bool(files)))
    return cards


def _file(asked: Asked, index: int, item: dict[str, Any], remove: Any) -> ft.Control:
    language = asked.app.language
    _ = language.text
    is_pdf = item["media_type"] == _PDF
    kind = _("PDF") if is_pdf else _("foto")
    return ft.Container(
        key=f"{asked.path}.{item['sha256']}",
        content=ft.Row(
            [
                ft.Icon(
                    ft.Icons.PICTURE_AS_PDF_OUTLINED if is_pdf else ft.Icons.IMAGE_OUTLINED,
                    color=INK,
                ),
                ft.Semantics(
                    identifier=f"{asked.identifier}.{index}",
                    container=True,
                    expand=True,
                    content=ft.Column(
                        [
                            words.title(str(item["name"]), max_lines=2, overflow=ft.TextOverflow.ELLIPSIS),
                            words.secondary(f"{kind}, {language.size(item['size'])}"),
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


def _add(asked: Asked, accept: Sequence[str], max_bytes: int, *, some: bool) -> ft.Control:
    language = asked.app.language
    _ = language.text
    size = language.size(max_bytes)
    if _PDF not in accept:
        title, limit = _("Pilih foto"), _("Foto, paling besar {size}.", size=size)
    elif set(accept) == {_PDF}:
        title, limit = _("Pilih PDF"), _("PDF, paling besar {size}.", size=size)
    else:
        title, limit = _("Pilih foto atau PDF"), _("Foto atau PDF, paling besar {size}.", size=size)
    return ft.Container(
        content=ft.Column(
            [
                buttons.secondary(
                    f"{asked.identifier}.add" if asked.field.type == "document" else asked.identifier,
                    _("Tambah lagi") if some else title,
                    asked.attach,
                    icon=ft.Icons.ADD_A_PHOTO_OUTLINED,
                ),
                words.secondary(limit, text_align=ft.TextAlign.CENTER),
            ],
            spacing=10,
            tight=True,
            horizontal_alignment=ft.CrossAxisAlignment.CENTER,
        ),
        border=ft.Border.all(2, WRONG) if asked.problem else ft.Border.all(1, LINE),
        border_radius=CARD_CORNER,
        padding=MARGIN,
        bgcolor=CARD,
    )


@component
def Photo(asked: Asked) -> ft.Control:
    """The photo as it was taken, with the way to take another; before that, what makes a good one."""
    field = asked.of(PhotoField)
    app = asked.app
    _ = app.language.text
    taken = asked.entries[0] if asked.entries else None
    sha256 = str(taken["sha256"]) if taken else ""

    async def read() -> bytes | None:
        return await asked.file(sha256) if sha256 else None

    picture = use_live(read, on=[sha256])
    stack: list[ft.Control] = []
    if field.tips and not taken:
        stack += [
            ft.Row(
                [
                    ft.Icon(ft.Icons.CHECK, color=PRIMARY),
                    ft.Container(words.body(app.language.say(t)), expand=True),
                ],
                spacing=10,
                vertical_alignment=ft.CrossAxisAlignment.START,
            )
            for t in field.tips
        ]
    if taken is not None and picture is not None:
        stack.append(
            ft.Row(
                [
                    ft.Container(
                        ft.Image(
                            src=picture,
                            fit=ft.BoxFit.CONTAIN,
                            semantics_label=_("Foto {name}", name=app.language.say(field.label)),
                            error_content=words.secondary(_("Foto ini tidak dapat ditampilkan.")),
                        ),
                        width=240,
                        height=240 / _FRAMES[field.shape],
                        bgcolor=SUNKEN,
                        border=ft.Border.all(1, LINE),
                        border_radius=CARD_CORNER,
                        clip_behavior=ft.ClipBehavior.ANTI_ALIAS,
                    )
                ],
                alignment=ft.MainAxisAlignment.CENTER,
            )
        )
    stack += file_cards(asked, PHOTO_TYPES, field.max_bytes, 1)
    return ft.Column(stack, spacing=8, tight=True)


def photo(asked: Asked) -> ft.Control:
    """One photo."""
    return framed(asked, Photo(asked, key=asked.path))
