"""The health summary."""

from __future__ import annotations

RECORD = "kemenkes/health-record"


def agreed(name):
    return {"name": name, "agreed": True}


def test_ones_own_record_with_what_the_register_knows(fill_in):
    answers = {"for_whom": "me", "has_missing": False, "own_consent": agreed("Siti Rekaan")}
    filled = fill_in(RECORD, "siti", {**answers, "phone": "0812 3456 7890"})
    assert filled.pages == ["person", "places", "consent"]
    summary = filled.issued["health-summary"]
    assert (summary["blood_type"], summary["allergies"]) == ("B", "Amoksisilin")


def test_a_childs_record_holds_nothing_of_the_parent(fill_in):
    child = fill_in(RECORD, "dewi", {}).me.get("family.members").value[2]
    child = {k: v for k, v in child.items() if k not in ("relation", "marital_status")} | {"from": "family"}
    answers = {"for_whom": "child", "child": child, "has_missing": True}
    answers |= {"places": [{"facility": "Puskesmas Wonosari", "period": "years"}]}
    answers |= {"parent_consent": agreed("Dewi Misal"), "phone": "0812 3456 7890"}
    filled = fill_in(RECORD, "dewi", answers)
    assert filled.issued["health-summary"]["full_name"] == "Bayu Misal"
    assert "blood_type" not in filled.issued["health-summary"]


def test_a_spouse_is_no_child(fill_in):
    spouse = fill_in(RECORD, "dewi", {}).me.get("family.members").value[0]
    spouse = {k: v for k, v in spouse.items() if k not in ("relation", "marital_status")} | {"from": "family"}
    held_up = fill_in(RECORD, "dewi", {"for_whom": "child", "child": spouse}).held_up
    assert [p.field for p in held_up] == ["child"]


def test_an_adult_opens_their_own_record(fill_in):
    assert fill_in(RECORD, "hendra", {"for_whom": "adult"}).ends_with == ""


def test_without_consent_there_is_no_summary(fill_in):
    answers = {"for_whom": "me", "has_missing": False}
    assert "own_consent" in [p.field for p in fill_in(RECORD, "putri", answers).held_up]
