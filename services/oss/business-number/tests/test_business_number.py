"""A business number for a micro business, as the personas meet it."""

from __future__ import annotations

import pytest

NIB = "oss/business-number"
SNACKS = {"kind": "snacks", "what": "Keripik singkong", "since": "2025-02-01", "sales": "36 juta"}
SHOP = {
    "owner": "person",
    "capital": "15 juta",
    "regulated": False,
    "business_name": "Keripik Dewi",
    "activities": [SNACKS],
    "food": True,
    "at_home": True,
    "workers": {"women": {"count": 2}, "men": {"count": 0}},
    "environment": True,
    "safety": True,
    "zoning": True,
}


def test_a_business_at_home_types_no_address(fill_in):
    filled = fill_in(NIB, "dewi", SHOP)
    assert filled.pages == ["kind", "activities", "place", "workers", "promises", "contact"]
    assert filled.sent["home"]["village"] == "Wonosari"
    assert filled.sent["workers_total"] == 2
    issued = filled.issued["business-number"]
    assert (len(issued["number"]), issued["activity"]) == (13, "Keripik singkong")
    assert filled.registered["business.number"] == issued["number"]


def test_a_shop_elsewhere_says_where(fill_in):
    market = {
        "street": "Pasar Argosari",
        "region_code": "34.03",
        "district": "Wonosari",
        "village": "Baleharjo",
    }
    filled = fill_in(NIB, "dewi", {**SHOP, "at_home": False, "address": market})
    assert filled.issued["business-number"]["address"]["street"] == "Pasar Argosari"
    assert "home" not in filled.sent


def test_each_field_of_business_is_told_once(fill_in):
    filled = fill_in(NIB, "dewi", {**SHOP, "activities": [SNACKS, SNACKS]})
    assert [p.field for p in filled.held_up] == ["activities.1.kind"]


@pytest.mark.parametrize(
    "answers", [{"owner": "company"}, {"capital": "1.000.000.001"}, {"regulated": True}], ids=str
)
def test_whoever_is_no_micro_business_of_low_risk_is_told_where_to_go(fill_in, answers):
    filled = fill_in(NIB, "hendra", {**SHOP, **answers})
    assert (filled.pages, filled.ends_with) == (["kind"], "")


def test_nobody_gets_a_second_number(fill_in):
    filled = fill_in(NIB, "dewi", SHOP, knows={"business.number": "1234567890123"})
    assert (filled.pages, filled.ends_with) == (["kind"], "")
