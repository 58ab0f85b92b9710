"""Changing the class of ward or the clinic."""

from __future__ import annotations

CHANGE = "bpjs-kesehatan/change-class-or-clinic"
PHOTO = {"name": "surat.jpg", "media_type": "image/jpeg", "size": 900_000, "sha256": "c" * 64}


def test_somebody_who_pays_changes_both(fill_in):
    answers = {"what": ["clinic", "care_class"], "new_clinic": "Klinik Baru Coblong", "new_class": "2"}
    filled = fill_in(CHANGE, "sari", answers)
    assert filled.pages == ["what", "clinic", "care_class", "contact"]
    assert filled.sent["phone"] == "+6281200009001"
    card = filled.issued["health-insurance-card"]
    assert (card["class"], card["clinic"], card["number"]) == ("2", "Klinik Baru Coblong", "0009900000001")
    assert filled.registered["insurance.class_since"] == "2026-11-24"


def test_changing_the_clinic_alone_leaves_the_class(fill_in):
    filled = fill_in(CHANGE, "sari", {"what": ["clinic"], "new_clinic": "Klinik Baru"})
    assert set(filled.registered) == {"insurance.clinic", "insurance.clinic_since"}
    assert filled.issued["health-insurance-card"]["class"] == "3"


def test_the_present_class_is_not_offered(fill_in):
    filled = fill_in(CHANGE, "sari", {"what": ["care_class"], "new_class": "3"})
    assert [p.field for p in filled.held_up] == ["new_class"]


def test_a_class_of_five_months_cannot_be_changed_yet(fill_in):
    filled = fill_in(CHANGE, "maria", {"what": ["care_class"]})
    assert [p.field for p in filled.held_up] == ["what"]
    assert "satu tahun" in str(filled.held_up[0].phrase)


def test_an_employee_is_asked_for_the_clinic_alone_and_why_so_soon(fill_in):
    answers = {"early_reason": "moved", "proof": [PHOTO], "new_clinic": "Puskesmas Kuta"}
    filled = fill_in(CHANGE, "wayan", answers)
    assert filled.pages == ["what", "early", "clinic", "contact"]
    assert "what" not in filled.sent


def test_without_a_reason_one_waits(fill_in):
    assert fill_in(CHANGE, "wayan", {"early_reason": "other"}).ends_with == ""


def test_nobody_changes_what_they_do_not_have(fill_in):
    assert fill_in(CHANGE, "dewi", {}).ends_with == "bpjs-kesehatan/join"
