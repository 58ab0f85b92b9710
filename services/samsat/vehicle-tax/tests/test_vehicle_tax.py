"""The yearly vehicle tax, as the personas meet it."""

from __future__ import annotations

from app.forms.kinds.person import members

TAX = "samsat/vehicle-tax"
YEARLY = {"plate_change": False, "printed": False}


def test_an_owner_sees_the_sum_before_paying(fill_in):
    filled = fill_in(TAX, "hendra", {**YEARLY, "whose": "own", "fee": "qris"})
    assert filled.pages == ["vehicle", "own", "proof", "pay"]
    assert filled.sent["fee"] == {"method": "qris", "amount": 2_475_000 + 143_000}
    assert filled.issued["vehicle-endorsement"]["plate"] == "AB 9917 XQ"
    assert filled.registered["vehicle.tax_due"] == "2027-12-19"


def test_overdue_tax_is_sent_without_a_sum(fill_in):
    filled = fill_in(TAX, "wayan", {**YEARLY, "whose": "own", "printed": True})
    assert "fee" not in filled.sent
    assert filled.sent["address"]["village"] == "Sesetan"


def test_a_motorcycle_pays_the_smaller_contribution(fill_in):
    answers = {**YEARLY, "whose": "own", "fee": "counter"}
    filled = fill_in(TAX, "wayan", answers, knows={"vehicle.tax_due": "2026-11-24"})
    assert filled.sent["fee"]["amount"] == 245_000 + 35_000


def test_somebody_of_the_family_names_plate_and_chassis(fill_in):
    son = members(fill_in(TAX, "siti", {}).me)[0]
    answers = {**YEARLY, "owner": son, "category": "car", "plate": "h1234ab", "chassis": "9K123"}
    filled = fill_in(TAX, "siti", {**answers, "phone": "081200000007"})
    assert filled.pages == ["vehicle", "family", "proof", "pay"]
    assert filled.issued["vehicle-tax-receipt"]["plate"] == "H 1234 AB"
    assert filled.registered == {}


def test_five_yearly_plates_are_replaced_at_the_office(fill_in):
    filled = fill_in(TAX, "hendra", {"whose": "own", "plate_change": True})
    assert (filled.pages, filled.ends_with) == (["vehicle"], "")
