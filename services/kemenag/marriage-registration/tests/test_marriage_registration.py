"""Registering a marriage at the KUA, as the personas meet it."""

from __future__ import annotations

import pytest

MARRY = "kemenag/marriage-registration"
PAPER = {"name": "surat.pdf", "media_type": "application/pdf", "size": 400_000, "sha256": "d4" * 32}
BRIDE = {"nik": "9171036005989009", "full_name": "Marta Misal", "from": "typed"}
PLAN = {
    "way": "islam",
    "partner": BRIDE,
    "partner_status": "never",
    "wedding_date": "2026-12-20",
    "wedding_time": "09:00",
    "place": "kua",
    "guardian_kind": "father",
    "guardian": "Petrus Misal",
    "witnesses": [
        {"full_name": "Abdul Misal", "nik": "9171031409709004"},
        {"full_name": "Umar Misal", "nik": "9171031509709005"},
    ],
    "dowry": "Emas 5 gram",
    "introduction": {"files": [PAPER]},
}


def test_a_widower_marries_at_the_office_for_free(fill_in):
    assert [p.field for p in fill_in(MARRY, "yosef", PLAN).held_up] == ["own_ending"]
    filled = fill_in(MARRY, "yosef", PLAN | {"own_ending": {"files": [PAPER]}})
    assert filled.pages == ["way", "partner", "wedding", "guardian", "papers", "contact"]
    assert "fee" not in filled.sent
    assert filled.issued["marriage-schedule"]["office"] == "KUA Abepura"


def test_a_wedding_at_home_within_two_weeks_costs_and_needs_a_letter(fill_in):
    home = {"street": "Jl. Biak 3", "region_code": "91.71", "district": "Abepura"}
    answers = {**PLAN, "own_ending": {"files": [PAPER]}, "place": "elsewhere", "venue": home}
    answers |= {"wedding_date": "2026-12-01", "fee": "bank_transfer"}
    assert [p.field for p in fill_in(MARRY, "yosef", answers).held_up] == ["late_letter"]
    filled = fill_in(MARRY, "yosef", answers | {"late_letter": [PAPER]})
    assert filled.sent["fee"]["amount"] == 600_000


@pytest.mark.parametrize(
    ("day", "needed"),
    [("2027-02-27", ["parents_permission", "dispensation"]), ("2027-03-01", ["parents_permission"])],
)
def test_age_counts_on_the_day_of_the_wedding(fill_in, day, needed):
    groom = {"nik": "5371030101959009", "full_name": "Markus Misal", "from": "typed"}
    filled = fill_in(MARRY, "putri", {**PLAN, "partner": groom, "wedding_date": day})
    assert [p.field for p in filled.held_up] == needed


def test_the_couple_are_a_woman_and_a_man(fill_in):
    filled = fill_in(MARRY, "putri", PLAN)
    assert (filled.pages[-1], [p.field for p in filled.held_up]) == ("partner", ["partner"])


@pytest.mark.parametrize(
    ("persona", "way", "service"),
    [("yosef", "other", "dukcapil/civil-marriage"), ("sari", "islam", ""), ("rina", "islam", "")],
)
def test_whoever_cannot_register_here_is_told_where_to_go(fill_in, persona, way, service):
    filled = fill_in(MARRY, persona, {"way": way})
    assert (filled.pages, filled.ends_with) == (["way"], service)
