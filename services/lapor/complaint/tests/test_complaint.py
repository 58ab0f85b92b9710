"""A complaint to LAPOR!."""

from __future__ import annotations

COMPLAINT = "lapor/complaint"
PLACE = {"district": "Tembalang", "regency": "Kota Semarang", "province": "Jawa Tengah"}
STORY = {
    "story": "Lampu jalan di gang kami mati sudah dua minggu. Mohon diperbaiki.",
    "happened_on": "20 November 2026",
    "region": PLACE,
    "visibility": "secret",
    "public": True,
}


def test_a_broken_lamp_is_reported_with_a_point_on_the_map(fill_in):
    point = {"latitude": -7.0521, "longitude": 110.4381}
    filled = fill_in(COMPLAINT, "dewi", {"topic": "road", "point": point, "phone": "0812 3456 7890", **STORY})
    assert filled.pages == ["kind", "story", "place", "evidence", "name"]
    assert filled.sent["point"] == point
    assert filled.sent["region"]["region_code"].startswith("33.74")
    assert filled.issued["complaint-ticket"]["region"] == "Kota Semarang"
    assert len(filled.issued["complaint-answer"]["number"]) == 7


def test_only_what_can_be_found_on_a_map_asks_for_a_point(fill_in):
    point = {"latitude": -7.0521, "longitude": 110.4381}
    filled = fill_in(COMPLAINT, "sari", {"topic": "aid", "point": point, **STORY})
    assert "point" not in filled.sent
    assert filled.sent["phone"] == "+6281200009001"


def test_a_danger_is_not_for_a_form(fill_in):
    filled = fill_in(COMPLAINT, "sari", {"topic": "danger"})
    assert (filled.pages, filled.ends_with) == (["kind"], "")


def test_what_will_happen_tomorrow_is_no_complaint(fill_in):
    filled = fill_in(COMPLAINT, "sari", {"topic": "aid", **STORY, "happened_on": "25 November 2026"})
    assert [p.field for p in filled.held_up] == ["happened_on"]
