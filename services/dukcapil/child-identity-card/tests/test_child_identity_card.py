"""The child identity card."""

from __future__ import annotations

import pytest

KIA = "dukcapil/child-identity-card"
FILE = {"name": "berkas.jpg", "media_type": "image/jpeg", "size": 900_000, "sha256": "a1" * 32}


def child_of(fill_in, persona, index):
    person = fill_in(KIA, persona, {}).me.get("family.members").value[index]
    return {k: v for k, v in person.items() if k not in ("relation", "marital_status")} | {"from": "family"}


def answers_for(child, **more):
    certificate = {"has_certificate": True, "certificate": {"files": [FILE]}}
    return {"reason": "first", "child": child, "relation": "parent", **certificate, **more}


def test_from_five_years_on_the_card_has_a_photo(fill_in):
    answers = answers_for(child_of(fill_in, "wayan", 2), photo=[FILE])
    filled = fill_in(KIA, "wayan", answers)
    assert filled.pages == ["reason", "child", "evidence", "photo", "contact"]
    assert filled.issued["child-identity-card"]["full_name"] == "Kirana Peraga"


def test_a_younger_child_needs_none(fill_in):
    members = fill_in(KIA, "dewi", {}).me.get("family.members").value
    baby = {**members[2], "nik": "3403011008249001", "birth_date": "2024-08-10", "full_name": "Bima Misal"}
    answers = answers_for({k: v for k, v in baby.items() if k not in ("relation", "marital_status")})
    answers["child"]["from"] = "family"
    knows = {"family.members": [*members, baby]}
    filled = fill_in(KIA, "dewi", {**answers, "phone": "0812 3456 7890"}, knows=knows)
    assert filled.pages == ["reason", "child", "evidence", "contact"]
    assert "photo" not in filled.sent


def test_a_lost_card_takes_a_letter_of_the_police(fill_in):
    held_up = fill_in(KIA, "wayan", {"reason": "lost"}).held_up
    assert [p.field for p in held_up] == ["police_letter"]


@pytest.mark.parametrize(
    ("answers", "page", "service"),
    [
        ({"reason": "adult"}, "reason", ""),
        ({"has_certificate": False}, "evidence", "dukcapil/birth-registration"),
    ],
)
def test_other_ways_lead_elsewhere(fill_in, answers, page, service):
    filled = fill_in(KIA, "wayan", answers_for(child_of(fill_in, "wayan", 2)) | answers)
    assert (filled.pages[-1], filled.ends_with) == (page, service)


def test_nobody_of_age_is_a_child(fill_in):
    held_up = fill_in(KIA, "hendra", answers_for(child_of(fill_in, "hendra", 2))).held_up
    assert [p.field for p in held_up] == ["child"]
