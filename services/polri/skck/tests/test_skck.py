"""The police record certificate, as the personas meet it."""

from __future__ import annotations

SKCK = "polri/skck"
PHOTO = {"name": "pasfoto.jpg", "media_type": "image/jpeg", "size": 400_000, "sha256": "f" * 64}
CLEAN = {"involved": False, "fingerprints": False, "photo": [PHOTO], "fee": "qris"}


def test_a_school_leaver_gets_a_certificate_for_a_job(fill_in):
    filled = fill_in(SKCK, "putri", {"purpose": "work", **CLEAN})
    assert filled.pages == ["purpose", "office", "history", "picture", "pay"]
    assert filled.sent["office"]["regency"] == "Kota Kupang"
    assert filled.sent["fee"] == {"method": "qris", "amount": 30_000}
    assert filled.issued["police-certificate"]["purpose"] == "Melamar pekerjaan"
    assert filled.issued["police-certificate"]["record"] == "Tidak ada catatan kepolisian"


def test_going_abroad_names_a_country_and_no_office(fill_in):
    filled = fill_in(SKCK, "maria", {"purpose": "abroad", "country": "Jepang", **CLEAN})
    assert filled.pages == ["purpose", "history", "picture", "pay"]
    assert filled.issued["police-certificate"]["purpose"] == "Ke luar negeri: Jepang"


def test_a_case_is_told_in_a_few_words(fill_in):
    told = {"purpose": "other", "purpose_words": "Menjadi relawan", **CLEAN, "involved": True}
    assert [p.field for p in fill_in(SKCK, "rina", told).held_up] == ["cases"]
    case = {"matter": "Kecelakaan lalu lintas", "year": 2019, "state": "served"}
    filled = fill_in(SKCK, "rina", told | {"cases": [case]})
    assert filled.sent["cases"] == [case]
    assert filled.issued["police-certificate"]["purpose"] == "Menjadi relawan"


def test_whoever_is_not_insured_is_shown_where_to_join(fill_in):
    filled = fill_in(SKCK, "hendra", {})
    assert (filled.pages, filled.ends_with) == (["purpose"], "bpjs-kesehatan/join")
