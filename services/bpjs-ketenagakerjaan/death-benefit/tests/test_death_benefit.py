"""The death benefit of a worker's family, as the personas meet it."""

from __future__ import annotations

from app.forms.kinds.person import members

BENEFIT = "bpjs-ketenagakerjaan/death-benefit"
PAPER = {"name": "akta.jpg", "media_type": "image/jpeg", "size": 400_000, "sha256": "b8" * 32}
WIFE = {"nik": "9171036005989009", "full_name": "Lidia Contoh", "from": "typed"}
CLAIM = {
    "deceased": WIFE,
    "died_on": "2026-10-30",
    "at_work": False,
    "relation": "spouse",
    "certificate": {"files": [PAPER]},
    "any_children": False,
    "bank_name": "Bank Contoh",
    "account_number": "012345678901",
    "signature": {"name": "Yosef Contoh", "agreed": True},
}


def test_a_widower_is_paid_without_a_letter_of_inheritance(fill_in):
    filled = fill_in(BENEFIT, "yosef", CLAIM)
    assert filled.pages == ["who", "family", "children", "bank"]
    assert filled.issued["benefit-payment"]["amount"] == 42_000_000
    assert filled.issued["benefit-payment"]["deceased"]["full_name"] == "Lidia Contoh"


def test_a_mother_chooses_from_the_card_and_proves_the_inheritance(fill_in):
    son = members(fill_in(BENEFIT, "siti", {}).me)[0]
    answers = {**CLAIM, "deceased": son, "relation": "parent", "phone": "0812 0000 9007"}
    answers |= {"signature": {"name": "Siti Rekaan", "agreed": True}}
    assert [p.field for p in fill_in(BENEFIT, "siti", answers).held_up] == ["heir_letter"]
    assert fill_in(BENEFIT, "siti", answers | {"heir_letter": [PAPER]}).sent["deceased"] == son


def test_two_children_at_school_are_told_by_name(fill_in):
    child = {"full_name": "Ana Contoh", "nik": "9171034506159001", "level": "primary"}
    answers = {**CLAIM, "any_children": True, "children": [child, child]}
    assert [p.field for p in fill_in(BENEFIT, "yosef", answers).held_up] == ["children.1.nik"]
    assert fill_in(BENEFIT, "yosef", answers | {"children": [child]}).sent["children"] == [child]


def test_an_accident_at_work_leads_to_the_employer(fill_in):
    filled = fill_in(BENEFIT, "yosef", {**CLAIM, "at_work": True})
    assert (filled.pages, filled.ends_with) == (["who"], "")
