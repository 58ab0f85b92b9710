"""This year's tax of the citizen's own vehicle: when it falls due, how much it is, and what it is made of.

Figures are those of the register and of the definition (`tax`, `contribution`); a vehicle of somebody else in
the family is not in the register of the citizen, so there is nothing to show for it.
"""

from __future__ import annotations

from datetime import date, timedelta

import flet as ft

from app.sdk import Screen, Text, card, tokens, words

TITLE = Text({"id": "Kendaraan {plate}", "en": "Vehicle {plate}"})
DUE = Text({"id": "Jatuh tempo {due}", "en": "Due on {due}"})
LEFT = Text({"id": "{days} hari lagi", "en": "{days} days to go"})
TOMORROW = Text({"id": "Besok hari terakhirnya", "en": "Tomorrow is the last day"})
TODAY = Text({"id": "Hari ini hari terakhirnya", "en": "Today is the last day"})
SINCE_YESTERDAY = Text({"id": "Lewat sejak kemarin", "en": "Overdue since yesterday"})
LATE = Text({"id": "Lewat {days} hari", "en": "{days} days overdue"})
FINE = Text({"id": "Denda dihitung Samsat", "en": "Samsat works out the fine"})
YEAR = Text(
    {
        "id": "{months} dari 12 bulan masa pajak sudah lewat",
        "en": "{months} of 12 months of the tax year are over",
    }
)
SUM = Text({"id": "Pajak dan sumbangan setahun", "en": "Tax and contribution for a year"})
TAX = Text({"id": "Pajak kendaraan, untuk provinsi", "en": "Vehicle tax, for the province"})
CONTRIBUTION = Text(
    {
        "id": "Sumbangan wajib, untuk asuransi kecelakaan",
        "en": "Compulsory contribution, for accident insurance",
    }
)
SOURCE = Text({"id": "Dari {source}, per {day}", "en": "From {source}, as of {day}"})

MONTHS = 12
_BAR = 16
_LARGE = 1.3


def draw(screen: Screen) -> ft.Control | None:
    """The tax of the vehicle that is registered in the citizen's name; None where there is none."""
    plate, due = screen.known("vehicle.plate"), screen.known("vehicle.tax_due")
    tax, contribution = screen.worked_out("tax"), screen.worked_out("contribution")
    if plate is None or due is None or not isinstance(tax, int) or not isinstance(contribution, int):
        return None
    source = screen.say(SOURCE, source=due.source, day=due.as_of)
    return ft.Column(
        [
            words.section(screen.say(TITLE, plate=plate.value)),
            card(
                _due(screen, date.fromisoformat(due.value)),
                ft.Container(height=24),
                _parts(screen, tax, contribution),
                ft.Container(height=12),
                words.secondary(source),
            ),
        ],
        spacing=12,
        tight=True,
    )


def months_over(due: date, today: date) -> int:
    """How many of the twelve months up to `due` are over; all of them once it has come."""
    left = (due.year - today.year) * MONTHS + due.month - today.month + (due.day > today.day)
    return max(0, min(MONTHS, MONTHS - left))


def _due(screen: Screen, due: date) -> ft.Control:
    """The day, how far off it is, and the year as twelve months."""
    days = (due - screen.today) // timedelta(days=1)
    late = days < 0
    ink, ground = (tokens.WAITS, tokens.WAITS_BOX) if late else (tokens.DONE, tokens.DONE_BOX)
    near = {-1: SINCE_YESTERDAY, 0: TODAY, 1: TOMORROW}
    said = screen.say(near.get(days, LATE if late else LEFT), days=abs(days))
    over = months_over(due, screen.today)
    lines: list[ft.Control] = [
        words.title(screen.say(DUE, due=due)),
        ft.Row(
            [
                ft.Icon(ft.Icons.PRIORITY_HIGH if late else ft.Icons.SCHEDULE, size=20, color=ink),
                ft.Container(words.label(said, color=ink), expand=True),
            ],
            spacing=8,
        ),
    ]
    if late:
        lines.append(words.secondary(screen.say(FINE)))
    cells: list[ft.Control] = [
        ft.Container(height=_BAR, expand=1, border_radius=4, bgcolor=ink if month < over else ground)
        for month in range(MONTHS)
    ]
    return ft.Column(
        [
            *lines,
            ft.Semantics(exclude_semantics=True, content=ft.Row(cells, spacing=3)),
            words.secondary(screen.say(YEAR, months=over)),
        ],
        spacing=6,
        tight=True,
    )


def _parts(screen: Screen, tax: int, contribution: int) -> ft.Control:
    """The sum, a bar of its parts in proportion, and each part in words."""
    parts = [(TAX, tax, tokens.PRIMARY), (CONTRIBUTION, contribution, tokens.TOLD)]
    bar: list[ft.Control] = [
        ft.Container(height=_BAR, expand=max(1, amount // 1000), bgcolor=color) for _, amount, color in parts
    ]
    return ft.Column(
        [
            words.secondary(screen.say(SUM)),
            words.figure(screen.language.money(tax + contribution)),
            ft.Semantics(
                exclude_semantics=True,
                content=ft.Container(
                    ft.Row(bar, spacing=3), border_radius=8, clip_behavior=ft.ClipBehavior.ANTI_ALIAS
                ),
            ),
            *(_part(screen, title, amount, color) for title, amount, color in parts),
        ],
        spacing=6,
        tight=True,
    )


def _part(screen: Screen, title: Text, amount: int, color: ft.Colors) -> ft.Control:
    name, money = words.body(screen.say(title)), words.title(screen.language.money(amount))
    square = ft.Container(width=14, height=14, border_radius=4, bgcolor=color)
    if screen.width == "phone" and screen.text_scale > _LARGE:
        # Beside a sum in large letters no word of the name would fit.
        lines = ft.Column([name, money], spacing=0, tight=True, expand=True)
        row = ft.Row([square, lines], spacing=12)
    else:
        row = ft.Row([square, ft.Container(name, expand=True), money], spacing=12)
    return ft.MergeSemantics(content=row)
