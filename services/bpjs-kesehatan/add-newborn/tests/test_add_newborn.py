"""A newborn joins BPJS Kesehatan, after the birth has been registered."""

from __future__ import annotations

import pytest

NEWBORN = "bpjs-kesehatan/add-newborn"
BIRTH = "dukcapil/birth-registration"
PHOTO = {"name": "akta.jpg", "media_type": "image/jpeg", "size": 900_000, "sha256": "b" * 64}


def after_birth(fill_in, persona):
    """What the state knows once the birth that the hospital reported has been registered."""
    registered = fill_in(BIRTH, persona, {"full_name": "Bima Contoh"}).registered
    return {"birth.notification": None, **{name: value for name, value in registered.items() if value}}


def answers_for(knows):
    baby = {k: v for k, v in knows["family.members"][-1].items() if k not in ("relation", "marital_status")}
    return {"baby": {**baby, "from": "family"}, "certificate": {"files": [PHOTO]}}


def test_the_birth_comes_first(fill_in):
    filled = fill_in(NEWBORN, "sari", {})
    assert (filled.pages, filled.ends_with) == (["baby"], BIRTH)


def test_after_the_birth_certificate_only_the_baby_is_chosen(fill_in):
    knows = after_birth(fill_in, "sari")
    filled = fill_in(NEWBORN, "sari", {**answers_for(knows), "first_payment": "qris"}, knows=knows)
    assert filled.pages == ["baby", "mother", "clinic", "contact"]
    assert "on_family_card" not in filled.sent
    assert filled.sent["mother"]["full_name"] == "Sari Contoh"
    assert filled.sent["clinic"] == "Puskesmas Contoh Dago"
    assert filled.issued["health-insurance-card"]["full_name"] == "Bima Contoh"
    assert filled.issued["payment-code"]["amount"] == 35_000


def after_birth_of(fill_in, persona):
    members = fill_in(NEWBORN, persona, {}).me.get("family.members").value
    baby = {**members[0], "nik": "3578086011269001", "full_name": "Bayi Umpama", "sex": "female"}
    baby |= {"birth_date": "2026-11-20", "relation": "child"}
    return {
        "family.members": [*members, baby],
        "birth.notification": None,
        "child.certificate_number": "3578-LU-20112026-9001",
    }


@pytest.mark.parametrize("persona", ["rina", "wayan"])
def test_where_an_employer_or_the_state_pays_nothing_is_asked_for(fill_in, persona):
    knows = after_birth_of(fill_in, persona)
    filled = fill_in(NEWBORN, persona, answers_for(knows), knows=knows)
    assert "first_payment" not in filled.sent
    assert set(filled.issued) == {"health-insurance-card"}


def test_a_family_that_is_no_member_joins_first(fill_in):
    answers = {"on_family_card": False}
    assert fill_in(NEWBORN, "dewi", answers).ends_with == "bpjs-kesehatan/join"


def test_nobody_older_than_a_year_is_a_newborn(fill_in):
    knows = {"child.certificate_number": "8171-LU-1"}
    sister = fill_in(NEWBORN, "maria", {}).me.get("family.members").value[-1]
    answers = answers_for({"family.members": [sister]})
    held_up = fill_in(NEWBORN, "maria", answers, knows=knows).held_up
    assert [p.field for p in held_up] == ["baby"]


def test_a_baby_that_is_not_on_the_family_card_is_sent_to_dukcapil(fill_in):
    assert fill_in(NEWBORN, "maria", {"on_family_card": False}).ends_with == BIRTH
