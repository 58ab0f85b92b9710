"""The registration of a death."""

from __future__ import annotations

import pytest

DEATH = "dukcapil/death-registration"
LETTER = {"name": "surat.jpg", "media_type": "image/jpeg", "size": 900_000, "sha256": "b2" * 32}
CIRCUMSTANCES = {
    "place_type": "hospital",
    "died_on": "20 November 2026",
    "died_at": "4.15",
    "region": {"province": "Papua", "regency": "Kota Jayapura"},
    "cause": "illness",
    "letter_from": "hospital",
    "letter": [LETTER],
}
WIFE = {"nik": "9171034203989002", "full_name": "Marta Contoh", "from": "typed"}


def member(fill_in, persona, index):
    person = fill_in(DEATH, persona, {}).me.get("family.members").value[index]
    return {k: v for k, v in person.items() if k not in ("relation", "marital_status")} | {"from": "family"}


def test_a_wife_who_is_on_no_card_of_his_is_named(fill_in):
    filled = fill_in(DEATH, "yosef", {"deceased": WIFE, "relation": "spouse", **CIRCUMSTANCES})
    assert filled.pages == ["person", "death", "letter", "contact"]
    certificate = filled.issued["death-certificate"]
    assert certificate["full_name"] == "Marta Contoh"
    assert certificate["certificate_number"].startswith("9171-KM-20112026-")
    assert certificate["place"] == "Kota Jayapura"


def test_who_was_on_the_family_card_is_taken_off_it(fill_in):
    son = member(fill_in, "siti", 0)
    answers = {"deceased": son, "relation": "parent", "phone": "0812 3456 7890", **CIRCUMSTANCES}
    filled = fill_in(DEATH, "siti", answers)
    names = [person["full_name"] for person in filled.registered["family.members"]]
    assert names == ["Ningsih Rekaan", "Siti Rekaan"]
    assert filled.issued["family-card"]["members"] == filled.registered["family.members"]


def test_nobody_dies_before_they_are_born(fill_in):
    child = member(fill_in, "wayan", 2)
    answers = {"deceased": child, "relation": "parent", **CIRCUMSTANCES, "died_on": "2019-12-31"}
    assert [p.field for p in fill_in(DEATH, "wayan", answers).held_up] == ["died_on"]


@pytest.mark.parametrize(
    ("changes", "page"),
    [
        ({"place_type": "abroad"}, "death"),
        ({"place_type": "missing"}, "death"),
        ({"letter_from": "none"}, "letter"),
    ],
)
def test_what_dukcapil_cannot_register_yet_is_told_with_a_way_on(fill_in, changes, page):
    answers = {"deceased": WIFE, "relation": "spouse", **CIRCUMSTANCES, **changes}
    filled = fill_in(DEATH, "yosef", answers)
    assert (filled.pages[-1], filled.ends_with) == (page, "")


def test_a_late_report_is_taken_without_a_word_of_blame(fill_in):
    answers = {"deceased": WIFE, "relation": "spouse", **CIRCUMSTANCES, "died_on": "2026-01-02"}
    filled = fill_in(DEATH, "yosef", answers)
    assert "late" in [field.id for field in filled.journey.fields("contact")]
    assert filled.sent["died_on"] == "2026-01-02"
