"""Checking a land certificate, as the personas meet it."""

from __future__ import annotations

CHECK = "atr-bpn/certificate-check"
SLEMAN = {"region_code": "34.04", "district": "Ngaglik", "village": "Sariharjo"}
PHONE = "0812 0000 9006"


def test_an_owner_confirms_what_the_land_book_says(fill_in):
    filled = fill_in(CHECK, "hendra", {"whose": "own"})
    assert filled.pages == ["purpose", "own", "contact"]
    assert filled.sent["own_number"] == "13041201990017"
    assert filled.issued["land-certificate-status"]["address"]["village"] == "Sariharjo"


def test_a_buyer_is_not_offered_their_own_land(fill_in):
    bought = {"whose": "buy", "kind": "paper", "right": "ownership", "right_number": "01234", "place": SLEMAN}
    filled = fill_in(CHECK, "hendra", bought)
    assert filled.pages == ["purpose", "certificate", "place", "contact"]
    assert filled.issued["land-certificate-status"]["number"] == "01234"
    assert "own_number" not in filled.sent


def test_the_number_of_an_electronic_certificate_has_fourteen_digits(fill_in):
    answers = {"whose": "pledge", "kind": "electronic", "number": "13.04.12", "phone": PHONE}
    assert [p.field for p in fill_in(CHECK, "siti", answers).held_up] == ["number"]
    answers |= {"number": "13041201990018", "place": SLEMAN}
    assert fill_in(CHECK, "siti", answers).sent["number"] == "13041201990018"
