"""What is agreed to: a declaration to tick, a signature by name, a way to pay."""

from __future__ import annotations

from functools import partial

import flet as ft

from app.contract.form import DeclarationField, PaymentField, SignatureField
from app.forms.conditions import applies
from app.forms.kinds.worked_out import METHODS, amount_of
from app.ui import words
from app.ui.cards import card, hairline
from app.ui.fields.asked import Asked, framed, remark
from app.ui.fields.lines import Typing
from app.ui.fields.option_cards import option_card
from app.ui.fields.parts import part_line, part_of, text_part

_NAME = Typing(capitals=ft.TextCapitalization.WORDS, autofill=ft.AutofillHint.NAME)
_ICONS = {
    "qris": ft.Icons.QR_CODE_2,
    "bank_transfer": ft.Icons.ACCOUNT_BALANCE_OUTLINED,
    "counter": ft.Icons.STOREFRONT_OUTLINED,
}


def declaration(asked: Asked) -> ft.Control:
    """A statement to tick."""
    field = asked.of(DeclarationField)
    ticked = asked.value is True
    return framed(
        asked,
        option_card(
            asked.identifier,
            asked.app.language.say(field.statement),
            lambda: asked.answer(not ticked),
            chosen=ticked,
            several=True,
            wrong=asked.problem is not None,
        ),
        label=False,
    )


def signature(asked: Asked) -> ft.Control:
    """The citizen's name in full, and their agreement to what stands above it."""
    field = asked.of(SignatureField)
    _ = asked.app.language.text
    agreed = asked.part("agreed")
    ticked = agreed.value is True

    def agree() -> None:
        kept = {key: part for key, part in asked.parts.items() if key != "agreed"}
        asked.answer(kept if ticked else {**kept, "agreed": True})

    return framed(
        asked,
        ft.Column(
            [
                part_line(
                    part_of(asked, text_part("name")),
                    _("Nama lengkap Anda"),
                    typing=_NAME,
                    help_=_("Nama yang Anda tulis di sini berlaku sebagai tanda tangan."),
                ),
                ft.Column(
                    [
                        option_card(
                            agreed.identifier,
                            asked.app.language.say(field.statement),
                            agree,
                            chosen=ticked,
                            several=True,
                            wrong=agreed.problem is not None,
                        ),
                        *remark(agreed),
                    ],
                    spacing=8,
                    tight=True,
                    key=ft.ScrollKey(agreed.identifier),
                    horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
                ),
            ],
            spacing=16,
            tight=True,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        ),
    )


def payment(asked: Asked) -> ft.Control:
    """What is to be paid, and the ways to pay it."""
    field = asked.of(PaymentField)
    app = asked.app
    _ = app.language.text
    situation = asked.journey.view.situation
    amount = amount_of(field, situation)
    chosen = asked.parts.get("method")
    offered = [m for m in field.methods if applies(m.when, situation)]
    said = _("Belum dapat dihitung") if amount is None else app.language.money(amount)
    total = card(
        ft.Semantics(
            identifier=f"{asked.identifier}.amount",
            container=True,
            content=ft.Column(
                [
                    words.secondary(_("Yang harus dibayar")),
                    words.sum_(said),
                ],
                spacing=2,
                tight=True,
            ),
        ),
        ft.Container(hairline(), padding=ft.Padding.symmetric(vertical=12)),
        words.secondary(_("Anda belum membayar sekarang. Kode bayar dikirim setelah permohonan diterima.")),
    )
    return framed(
        asked,
        ft.Column(
            [
                total,
                ft.Semantics(
                    identifier=asked.identifier,
                    container=True,
                    content=ft.Column(
                        [
                            option_card(
                                f"{asked.identifier}.{method.value}",
                                app.language.say(METHODS[method.value]),
                                partial(asked.answer, {"method": method.value}),
                                chosen=chosen == method.value,
                                wrong=asked.problem is not None,
                                end=_ICONS[method.value],
                            )
                            for method in offered
                        ],
                        spacing=8,
                        tight=True,
                    ),
                ),
            ],
            spacing=12,
            tight=True,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        ),
    )
