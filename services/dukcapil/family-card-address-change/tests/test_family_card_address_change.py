"""Moving to another address, as the personas meet it."""

from __future__ import annotations

import re

from app.forms.kinds.person import members

MOVE = "dukcapil/family-card-address-change"
PAPER = {"name": "surat.pdf", "media_type": "application/pdf", "size": 400_000, "sha256": "c3" * 32}
NEW = {
    "street": "Jl. Kenanga 4, RT 01/RW 02",
    "region_code": "34.71",
    "district": "Umbulharjo",
    "village": "Sorosutan",
}
HERE = {"who": "all", "abroad": False, "moved_on": "2026-11-20", "reason": "house", "household": "own"}


def test_a_family_that_moves_to_another_city_gets_card_and_letter(fill_in):
    filled = fill_in(MOVE, "hendra", {**HERE, "new_address": NEW, "transfer": True})
    assert filled.pages == ["who", "from", "to", "household", "contact"]
    card = filled.issued["family-card"]
    assert re.fullmatch(r"3471012411269\d{3}", card["family_card_number"])
    assert len(card["members"]) == 3
    assert filled.issued["moving-letter"]["to"]["regency"] == "Kota Yogyakarta"
    assert filled.registered["person.address"]["region_code"] == "34.71.01.1001"
    assert filled.registered["family.card_number"] == card["family_card_number"]


def test_within_the_regency_there_is_no_letter(fill_in):
    near = {**NEW, "region_code": "34.04", "district": "Depok", "village": "Condongcatur"}
    filled = fill_in(MOVE, "hendra", {**HERE, "new_address": near})
    assert "transfer" not in filled.sent
    assert list(filled.issued) == ["family-card"]


def test_one_who_moves_in_with_relatives_brings_their_consent(fill_in):
    son = members(fill_in(MOVE, "hendra", {}).me)[2]
    answers = {**HERE, "who": "some", "movers": [{"person": son}], "children_alone": False}
    answers |= {"new_address": NEW, "transfer": True, "household": "join", "host_card": "3471010101109001"}
    assert [p.field for p in fill_in(MOVE, "hendra", answers).held_up] == ["host_consent"]
    filled = fill_in(MOVE, "hendra", answers | {"host_consent": [PAPER]})
    card = filled.issued["family-card"]
    assert card["family_card_number"] == "3471010101109001"
    assert [one["full_name"] for one in card["members"]] == ["Galih Peraga"]
    assert filled.registered == {}


def test_a_move_abroad_ends_with_advice(fill_in):
    filled = fill_in(MOVE, "wayan", {"who": "all", "abroad": True})
    assert (filled.pages[-1], filled.ends_with) == ("to", "")
