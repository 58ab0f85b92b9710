"""Which aid is on record."""

from __future__ import annotations

import pytest

CHECK_AID = "kemensos/social-aid-check"
PROPOSAL = "kemensos/social-aid-proposal"


def test_whoever_receives_aid_sees_it_and_gets_a_statement(fill_in):
    answers = {"next": "statement", "purpose": "school"}
    filled = fill_in(CHECK_AID, "putri", answers)
    assert filled.pages == ["place", "result", "letter"]
    assert filled.sent["region"]["village"] == "Oesapa"
    assert filled.issued["social-aid-statement"]["programmes"] == "Program Keluarga Harapan (PKH)"


def test_without_a_telephone_number_on_record_it_is_asked_for(fill_in):
    answers = {"next": "statement", "purpose": "health"}
    assert [p.field for p in fill_in(CHECK_AID, "siti", answers).held_up] == ["phone"]
    assert fill_in(CHECK_AID, "siti", {**answers, "phone": "0812 3456 7890"}).sent["purpose"] == "health"


def test_a_statement_says_as_well_that_there_is_none(fill_in):
    filled = fill_in(CHECK_AID, "hendra", {"next": "statement", "purpose": "other"})
    assert filled.issued["social-aid-statement"]["programmes"] == "Tidak ada bantuan yang tercatat"


@pytest.mark.parametrize(("persona", "wish"), [("hendra", "propose"), ("siti", "object")])
def test_who_wants_to_change_it_is_shown_the_way(fill_in, persona, wish):
    filled = fill_in(CHECK_AID, persona, {"next": wish})
    assert (filled.pages[-1], filled.ends_with) == ("result", PROPOSAL)


def test_whoever_receives_aid_is_not_asked_to_propose_themselves(fill_in):
    assert [p.field for p in fill_in(CHECK_AID, "siti", {"next": "propose"}).held_up] == ["next"]
