"""Proposals and objections."""

from __future__ import annotations

PROPOSAL = "kemensos/social-aid-proposal"
PHOTO = {"name": "rumah.jpg", "media_type": "image/jpeg", "size": 900_000, "sha256": "e" * 64}
STORY = "Ayah saya sudah lama sakit, dan kami hidup dari upah mencuci."
THEIRS = {
    "street": "Gang Mawar, rumah ketiga dari kiri",
    "village": "Mojo",
    "district": "Gubeng",
    "regency": "Kota Surabaya",
    "province": "Jawa Timur",
}


def test_ones_own_family_is_chosen_not_typed(fill_in):
    answers = {"kind": "own", "situation": ["no_work", "ill"], "house_photo": [PHOTO], "story": STORY}
    filled = fill_in(PROPOSAL, "putri", answers)
    assert filled.pages == ["kind", "person", "place", "situation", "story"]
    assert filled.sent["own_address"]["village"] == "Oesapa"
    assert filled.issued["social-aid-proposal"]["person"] == "Putri Rekaan"


def test_a_neighbour_is_proposed_by_name(fill_in):
    answers = {"kind": "other", "person_name": "Mbah Umpama", "their_address": THEIRS}
    filled = fill_in(PROPOSAL, "rina", {**answers, "situation": ["elderly"], "story": STORY})
    assert "house_photo" not in filled.sent
    assert "person_nik" not in filled.sent
    assert filled.issued["social-aid-proposal"]["person"] == "Mbah Umpama"


def test_an_objection_says_what_is_not_right(fill_in):
    answers = {"kind": "objection", "person_name": "Pak Umpama", "their_address": THEIRS}
    filled = fill_in(PROPOSAL, "rina", {**answers, "objection": "died", "story": STORY})
    assert filled.pages == ["kind", "person", "place", "objection", "story"]
    assert filled.sent["objection"] == "died"


def test_aid_that_never_came_is_a_complaint(fill_in):
    assert fill_in(PROPOSAL, "siti", {"kind": "missing"}).ends_with == "lapor/complaint"
