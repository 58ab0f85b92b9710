"""Paying out old-age savings, as the personas meet it."""

from __future__ import annotations

import pytest

SAVINGS = "bpjs-ketenagakerjaan/old-age-savings"
PHOTO = {"name": "wajah.jpg", "media_type": "image/jpeg", "size": 400_000, "sha256": "f6" * 32}
CLAIM = {
    "proof": {"files": [PHOTO]},
    "bank": "bri",
    "account_number": "012345678901",
    "selfie": [PHOTO],
    "signature": {"name": "Yosef Contoh", "agreed": True},
}


def test_whoever_resigned_two_months_ago_is_paid(fill_in):
    filled = fill_in(SAVINGS, "yosef", {**CLAIM, "reason": "resigned"})
    assert filled.pages == ["reason", "savings", "evidence", "bank", "identity"]
    assert filled.issued["savings-payment"]["amount"] == 18_750_000
    assert filled.issued["savings-payment"]["bank"] == "BRI"
    assert filled.registered == {"worker.savings": 0}


@pytest.mark.parametrize(("left_on", "ends"), [("2026-10-24", None), ("2026-10-25", "")])
def test_a_month_has_to_pass(fill_in, left_on, ends):
    filled = fill_in(SAVINGS, "yosef", {**CLAIM, "reason": "laid_off"}, knows={"worker.left_on": left_on})
    assert filled.ends_with == ends


def test_at_fifty_six_no_letter_is_asked_for(fill_in):
    answers = {**CLAIM, "reason": "age", "number": "09990000009", "phone": "0812 0000 9007"}
    answers |= {"signature": {"name": "Siti Rekaan", "agreed": True}}
    filled = fill_in(SAVINGS, "siti", answers)
    assert filled.pages == ["reason", "savings", "bank", "identity"]
    assert "proof" not in filled.sent
    assert "savings" not in filled.sent


@pytest.mark.parametrize(("persona", "reason"), [("hendra", "age"), ("yosef", "working")])
def test_too_early_ends_with_advice(fill_in, persona, reason):
    filled = fill_in(SAVINGS, persona, {**CLAIM, "reason": reason})
    assert (filled.pages, filled.ends_with) == (["reason"], "")
