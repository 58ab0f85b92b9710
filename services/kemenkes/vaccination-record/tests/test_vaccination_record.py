"""The vaccination certificate."""

from __future__ import annotations

VACCINES = "kemenkes/vaccination-record"
PHOTO = {"name": "kia.jpg", "media_type": "image/jpeg", "size": 900_000, "sha256": "f" * 64}


def test_what_is_on_record_needs_no_evidence(fill_in):
    answers = {"for_whom": "me", "purpose": "school", "has_missing": False, "own_consent": True}
    filled = fill_in(VACCINES, "putri", answers)
    assert filled.pages == ["person", "recorded", "contact"]
    assert "HPV" in filled.sent["recorded"]
    assert "HPV" in filled.issued["vaccination-certificate"]["vaccinations"]


def test_a_childs_vaccinations_are_added_from_the_book(fill_in):
    child = fill_in(VACCINES, "maria", {}).me.get("family.members").value[-1]
    child = {k: v for k, v in child.items() if k not in ("relation", "marital_status")} | {"from": "family"}
    answers = {"for_whom": "child", "child": child, "purpose": "school", "has_missing": True}
    answers |= {
        "missing": [
            {"vaccine": "bcg", "given_on": "20 April 2019", "place": "Puskesmas Nusaniwe"},
            {"vaccine": "other", "other_vaccine": "Tifoid", "given_on": "2024-05-02", "place": "Klinik"},
        ],
        "evidence": [PHOTO],
        "parent_consent": True,
    }
    filled = fill_in(VACCINES, "maria", answers)
    assert filled.pages == ["person", "recorded", "missing", "contact"]
    added = filled.issued["vaccination-certificate"]["added"]
    assert added[0] == {"vaccine": "bcg", "given_on": "2019-04-20", "place": "Puskesmas Nusaniwe"}
    assert added[1]["other_vaccine"] == "Tifoid"


def test_no_vaccination_lies_in_the_future(fill_in):
    answers = {"for_whom": "me", "purpose": "work", "has_missing": True, "evidence": [PHOTO]}
    answers |= {"missing": [{"vaccine": "covid", "given_on": "2027-01-01", "place": "Puskesmas"}]}
    held_up = fill_in(VACCINES, "hendra", answers).held_up
    assert [p.field for p in held_up] == ["missing.0.given_on"]


def test_travel_abroad_has_its_own_certificate(fill_in):
    assert fill_in(VACCINES, "hendra", {"for_whom": "me", "purpose": "abroad"}).ends_with == ""
