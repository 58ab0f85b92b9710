"""A passport with an appointment, as the personas meet it."""

from __future__ import annotations

import pytest

from app.forms.kinds.person import members

PASSPORT = "imigrasi/passport"
PHOTO = {"name": "akta.jpg", "media_type": "image/jpeg", "size": 400_000, "sha256": "b2" * 32}
COMING = {"place": "bandung", "date": "2026-12-01", "time": "09:00"}
FIRST = {"reason": "first", "proof": {"files": [PHOTO]}, "appointment": COMING, "fee": "qris"}


def on_the_card(fill_in, persona, name):
    """A member of a persona's family card, as it is chosen."""
    return next(p for p in members(fill_in(PASSPORT, persona, {}).me) if p["full_name"].startswith(name))


@pytest.mark.parametrize(
    ("validity", "amount", "until"), [("five", 350_000, "2031-11-24"), ("ten", 650_000, "2036-11-24")]
)
def test_a_first_passport_costs_what_its_validity_says(fill_in, validity, amount, until):
    filled = fill_in(PASSPORT, "sari", {**FIRST, "validity": validity})
    assert filled.pages == ["who", "proof", "kind", "appointment", "pay"]
    assert filled.sent["fee"] == {"method": "qris", "amount": amount}
    assert filled.sent["person"]["full_name"] == "Sari Contoh"
    assert filled.issued["appointment"]["time"] == "09:00"
    assert filled.issued["passport"]["valid_until"] == until


def test_a_passport_that_ends_is_known_already(fill_in):
    answers = {"reason": "ended", "validity": "ten", "appointment": COMING, "fee": "counter"}
    filled = fill_in(PASSPORT, "maria", answers)
    assert filled.pages == ["who", "old", "kind", "appointment", "pay"]
    assert filled.sent["old_number"] == "X9900001"


def test_a_child_gets_five_years_with_the_consent_of_the_parents(fill_in):
    child = on_the_card(fill_in, "maria", "Yohanes")
    answers = {**FIRST, "person": child, "consent": [PHOTO], "travel_with": "both"}
    filled = fill_in(PASSPORT, "maria", {**answers, "validity": "ten"})
    assert (filled.pages[-1], [p.field for p in filled.held_up]) == ("kind", ["validity"])
    filled = fill_in(PASSPORT, "maria", {**answers, "validity": "five"})
    assert filled.pages == ["who", "proof", "parents", "kind", "appointment", "pay"]
    assert filled.issued["passport"]["full_name"] == child["full_name"]


def test_a_lost_passport_needs_the_report_of_the_police(fill_in):
    filled = fill_in(PASSPORT, "rina", {**FIRST, "reason": "lost"})
    assert [p.field for p in filled.held_up] == ["loss_report"]


@pytest.mark.parametrize("day", ["2026-11-25", "2026-11-28", "2026-12-25", "2026-12-26"])
def test_no_office_takes_people_too_soon_too_late_or_when_it_is_closed(fill_in, day):
    filled = fill_in(PASSPORT, "sari", {**FIRST, "validity": "five", "appointment": {**COMING, "date": day}})
    assert [p.field for p in filled.held_up] == ["appointment.date"]
