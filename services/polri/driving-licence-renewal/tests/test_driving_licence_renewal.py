"""Renewing a driving licence, as the personas meet it."""

from __future__ import annotations

import pytest

RENEW = "polri/driving-licence-renewal"
PHOTO = {"name": "foto.jpg", "media_type": "image/jpeg", "size": 400_000, "sha256": "a1" * 32}
READY = {
    "has_results": True,
    "health_result": {"files": [PHOTO]},
    "psychology_result": {"files": [PHOTO]},
    "photo": [PHOTO],
    "signature_photo": [PHOTO],
    "fee": "qris",
}


def test_a_car_licence_about_to_end_is_sent_home_for_another_five_years(fill_in):
    filled = fill_in(RENEW, "hendra", {**READY, "delivery": "post"})
    assert filled.pages == ["licence", "tests", "pictures", "delivery", "pay"]
    assert filled.sent["address"]["village"] == "Sariharjo"
    assert filled.sent["fee"]["amount"] == 80_000
    assert filled.issued["driving-licence"]["office"] == "Satpas Kabupaten Sleman"
    assert filled.registered["licence.valid_until"] == "2031-11-24"


@pytest.mark.parametrize("persona", ["wayan", "yosef"])
def test_too_early_and_too_late_end_with_advice(fill_in, persona):
    filled = fill_in(RENEW, persona, READY)
    assert (filled.pages, filled.ends_with) == (["licence"], "")


@pytest.mark.parametrize(("until", "ends"), [("2027-02-22", None), ("2027-02-23", ""), ("2026-11-23", "")])
def test_renewal_opens_ninety_days_before_the_end(fill_in, until, ends):
    filled = fill_in(RENEW, "wayan", {**READY, "delivery": "pickup"}, knows={"licence.valid_until": until})
    assert filled.ends_with == ends
    if ends is None:
        assert filled.sent["fee"]["amount"] == 75_000
        assert filled.sent["office"]["regency"] == "Kota Denpasar"


def test_without_the_tests_nothing_is_paid(fill_in):
    filled = fill_in(RENEW, "hendra", {"has_results": False})
    assert (filled.pages[-1], filled.ends_with) == ("tests", "")
