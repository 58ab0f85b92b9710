"""The digital membership card."""

from __future__ import annotations

CARD = "bpjs-kesehatan/membership-card"


def test_ones_own_card_takes_one_answer(fill_in):
    filled = fill_in(CARD, "siti", {"clinic_right": "keep", "phone": "0812 3456 7890"})
    assert filled.pages == ["holder", "details", "contact"]
    card = filled.issued["health-insurance-card"]
    assert (card["full_name"], card["number"]) == ("Siti Rekaan", "0009900000009")
    assert card["clinic"] == "Puskesmas Rekaan Tembalang"


def test_a_card_for_somebody_else_in_the_family(fill_in):
    person = fill_in(CARD, "wayan", {}).me.get("family.members").value[1]
    wife = {k: v for k, v in person.items() if k not in ("relation", "marital_status")} | {"from": "family"}
    filled = fill_in(CARD, "wayan", {"holder": wife, "clinic_right": "keep"})
    assert filled.issued["health-insurance-card"]["full_name"] == "Ayu Peraga"


def test_nobody_takes_a_strangers_card(fill_in):
    stranger = {"nik": "3273020308949002", "full_name": "Budi Contoh", "from": "typed"}
    assert [p.field for p in fill_in(CARD, "wayan", {"holder": stranger}).held_up] == ["holder"]


def test_a_clinic_that_is_wrong_is_changed_first(fill_in):
    filled = fill_in(CARD, "rina", {"clinic_right": "change"})
    assert filled.ends_with == "bpjs-kesehatan/change-class-or-clinic"


def test_whoever_is_no_member_joins_first(fill_in):
    assert fill_in(CARD, "yosef", {}).ends_with == "bpjs-kesehatan/join"
