"""The official letter on a plot of land, as the personas meet it."""

from __future__ import annotations

EXTRACT = "atr-bpn/certificate-extract"
PHOTO = {"name": "sertifikat.jpg", "media_type": "image/jpeg", "size": 900_000, "sha256": "e" * 64}
SLEMAN = {"region_code": "34.04", "district": "Ngaglik", "village": "Sariharjo"}


def test_an_owner_types_nothing_about_their_land(fill_in):
    filled = fill_in(EXTRACT, "hendra", {"purpose": "loan", "relation": "owner", "fee": "qris"})
    assert filled.pages == ["purpose", "own", "pay"]
    assert filled.sent["fee"] == {"method": "qris", "amount": 50_000}
    assert filled.issued["land-extract"]["certificate"] == "13041201990017"


def test_an_heir_proves_the_inheritance(fill_in):
    answers = {"purpose": "inherit", "relation": "heir", "number": "Hak Milik 01234", "place": SLEMAN}
    answers |= {"front": [PHOTO], "fee": "counter"}
    filled = fill_in(EXTRACT, "hendra", answers)
    assert (filled.pages, [p.field for p in filled.held_up]) == (
        ["purpose", "land", "right"],
        ["inheritance_letter"],
    )
    filled = fill_in(EXTRACT, "hendra", answers | {"inheritance_letter": {"files": [PHOTO]}})
    assert filled.issued["land-extract"]["certificate"] == "Hak Milik 01234"


def test_whoever_only_wants_to_know_is_shown_the_free_check(fill_in):
    filled = fill_in(EXTRACT, "siti", {"purpose": "look"})
    assert (filled.pages, filled.ends_with) == (["purpose"], "atr-bpn/certificate-check")
