"""The scholarship, as school leavers of different families meet it."""

from __future__ import annotations

import pytest

KIP = "kemdiktisaintek/kip-kuliah"
PHOTO = {"name": "bukti.jpg", "media_type": "image/jpeg", "size": 900_000, "sha256": "d" * 64}
STUDY = {"route": "snbt", "university": "Universitas Contoh", "programme": "Ilmu Komputer"}
UNKNOWN = {
    "graduation": "recent",
    "student_number": "0051234567",
    "school_number": "20101010",
    "school_name": "SMA Misal",
    "email": "dewi@surat.example",
    "phone": "0812 3456 7890",
}


def test_for_a_registered_family_the_form_is_short(fill_in):
    filled = fill_in(KIP, "putri", {"graduation": "this_year", **STUDY})
    assert filled.pages == ["student", "family", "study", "contact"]
    assert filled.sent["student_number"] == "0089900001"
    assert filled.sent["email"] == "putri@surat.example"
    assert "has_card" not in filled.sent
    assert filled.issued["scholarship-decision"]["university"] == "Universitas Contoh"


def test_an_aid_card_takes_the_place_of_income(fill_in):
    answers = {**UNKNOWN, "has_card": True, "aid_card": [PHOTO], "route": "undecided"}
    filled = fill_in(KIP, "dewi", answers)
    assert filled.pages == ["student", "family", "study", "contact"]
    assert set(filled.issued) == {"scholarship-registration"}
    assert filled.sent["aid_card"] == [PHOTO]


def income(father, mother, people):
    return {
        **UNKNOWN,
        **STUDY,
        "has_card": False,
        "father_income": father,
        "mother_income": mother,
        "people": people,
        "income_proof": [PHOTO],
        "ownership": "rent",
        "house_photo": [PHOTO],
    }


@pytest.mark.parametrize(
    ("father", "mother", "people"),
    [("2 juta", "2.000.000", 4), ("5 juta", 0, 7), (0, 0, 1), ("3.000.000", "1.000.000", 1)],
)
def test_below_either_limit_the_form_goes_on(fill_in, father, mother, people):
    filled = fill_in(KIP, "dewi", income(father, mother, people))
    assert filled.pages == ["student", "family", "income", "house", "study", "contact"]
    assert filled.sent["joint_income"] == filled.sent["father_income"] + filled.sent["mother_income"]


@pytest.mark.parametrize(("father", "mother", "people"), [("4 juta", 1, 4), ("10 juta", 0, 13)])
def test_above_both_limits_it_ends_with_advice(fill_in, father, mother, people):
    filled = fill_in(KIP, "dewi", income(father, mother, people))
    assert (filled.pages[-1], filled.ends_with) == ("income", "")


def test_who_left_school_long_ago_is_told_at_once(fill_in):
    filled = fill_in(KIP, "dewi", {**UNKNOWN, "graduation": "earlier"})
    assert (filled.pages, filled.ends_with) == (["student"], "")
