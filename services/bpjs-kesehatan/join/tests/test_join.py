"""Joining BPJS Kesehatan, as the personas meet it."""

from __future__ import annotations

import pytest

from app.forms.kinds.person import members

JOIN = "bpjs-kesehatan/join"


def card(fill_in, persona):
    """The people of a persona's family card, as they are chosen."""
    return members(fill_in(JOIN, persona, {}).me)


def test_a_family_of_three_gets_a_number_and_one_payment_code(fill_in):
    people = card(fill_in, "dewi")
    filled = fill_in(
        JOIN,
        "dewi",
        {
            "work": "independent",
            "members": [{"person": person} for person in people],
            "care_class": "3",
            "clinic": "Puskesmas Wonosari",
            "phone": "0812 3456 7890",
            "first_payment": {"method": "qris"},
        },
    )
    assert filled.pages == ["situation", "people", "care", "contact", "payment"]
    assert filled.sent["first_payment"] == {"method": "qris", "amount": 3 * 35_000}
    assert filled.issued["payment-code"]["amount"] == 105_000
    assert len(filled.issued["health-insurance-card"]["number"]) == 13
    assert (
        filled.registered["person.health_insurance_number"]
        == filled.issued["health-insurance-card"]["number"]
    )


@pytest.mark.parametrize(("care_class", "amount"), [("1", 150_000), ("2", 100_000), ("3", 35_000)])
def test_the_first_payment_follows_the_class(fill_in, care_class, amount):
    answers = {"work": "independent", "members": [{"person": card(fill_in, "yosef")[0]}]}
    answers |= {"care_class": care_class, "clinic": "Puskesmas Abepura", "first_payment": "counter"}
    assert fill_in(JOIN, "yosef", answers).sent["first_payment"]["amount"] == amount


def test_nobody_is_registered_twice(fill_in):
    person = card(fill_in, "yosef")[0]
    answers = {"work": "independent", "members": [{"person": person}, {"person": person}]}
    assert [p.field for p in fill_in(JOIN, "yosef", answers).held_up] == ["members.1.person"]


def test_a_member_is_shown_the_way_to_the_card(fill_in):
    assert fill_in(JOIN, "sari", {}).ends_with == "bpjs-kesehatan/membership-card"


@pytest.mark.parametrize(
    ("work", "service"), [("worker", ""), ("state_paid", "kemensos/social-aid-proposal")]
)
def test_whoever_does_not_pay_for_themselves_is_told_where_to_go(fill_in, work, service):
    filled = fill_in(JOIN, "hendra", {"work": work})
    assert (filled.pages, filled.ends_with) == (["situation"], service)
