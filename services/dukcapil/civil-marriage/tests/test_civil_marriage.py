"""Recording a marriage at Dukcapil, as the personas meet it."""

from __future__ import annotations

CIVIL = "dukcapil/civil-marriage"
PAPER = {"name": "surat.jpg", "media_type": "image/jpeg", "size": 400_000, "sha256": "a7" * 32}
MARRIED = {
    "way": "christian",
    "foreign": False,
    "partner": {"nik": "9171036005989009", "full_name": "Marta Misal", "from": "typed"},
    "partner_status": "never",
    "married_on": "2026-11-14",
    "place": {"region_code": "91.71"},
    "house": "Gereja Contoh Abepura",
    "letter": [PAPER],
    "witnesses": [
        {"full_name": "Petrus Misal", "nik": "9171031409709004"},
        {"full_name": "Paulus Misal", "nik": "9171031509709005"},
    ],
    "couple_photo": [PAPER],
}


def test_a_widower_is_recorded_as_married_again(fill_in):
    assert [p.field for p in fill_in(CIVIL, "yosef", MARRIED).held_up] == ["own_ending"]
    filled = fill_in(CIVIL, "yosef", MARRIED | {"own_ending": {"files": [PAPER]}})
    assert filled.pages == ["way", "partner", "ceremony", "witnesses", "papers", "contact"]
    assert filled.issued["marriage-certificate"]["office"] == "Dukcapil Kota Jayapura"
    assert filled.registered["person.marital_status"] == "Kawin"
    assert filled.registered["marriage.record"]["spouse_nik"] == "9171036005989009"


def test_an_older_wedding_is_recorded_too(fill_in):
    answers = {**MARRIED, "own_ending": {"files": [PAPER]}, "married_on": "2021-02-06"}
    assert fill_in(CIVIL, "yosef", answers).sent["married_on"] == "2021-02-06"


def test_a_young_bride_brings_the_permission_of_her_parents(fill_in):
    groom = {"nik": "5371030101959009", "full_name": "Markus Misal", "from": "typed"}
    answers = {**MARRIED, "partner": groom, "place": {"region_code": "53.71"}}
    assert [p.field for p in fill_in(CIVIL, "putri", answers).held_up] == ["permission"]


def test_muslims_are_shown_the_way_to_the_kua(fill_in):
    filled = fill_in(CIVIL, "yosef", {"way": "islam"})
    assert (filled.pages, filled.ends_with) == (["way"], "kemenag/marriage-registration")


def test_couples_of_two_countries_and_the_married_get_advice(fill_in):
    assert fill_in(CIVIL, "yosef", {**MARRIED, "foreign": True}).ends_with == ""
    assert fill_in(CIVIL, "sari", MARRIED).ends_with == ""
