"""Periods, appointments, documents, signatures, payments, grids and what is worked out."""

from __future__ import annotations

from typing import Any

import pytest
from form_samples import LETTER, TODAY, me_with
from kind_reading import field, read, said

from app.forms import kinds
from app.forms.conditions import Situation
from app.forms.kinds.slots import open_days

# Periods


def test_a_period_is_read_end_by_end_and_what_cannot_be_read_is_kept_as_typed() -> None:
    assert read("date_range", {"start": "1 Feb 2020", "end": "31/12/2024"}) == {
        "start": "2020-02-01",
        "end": "2024-12-31",
    }
    assert read("date_range", {"start": "31/11/2020"}) == {"start": "31/11/2020"}
    assert read("date_range", {"start": " "}) is None


@pytest.mark.parametrize(
    ("value", "more", "words"),
    [
        ({"start": "2020-02-01"}, {}, "Tanggal selesainya belum diisi."),
        ({"end": "2020-02-01"}, {}, "Tanggal mulainya belum diisi."),
        ({"start": "2020-02-01"}, {"open_end": True}, ""),
        (
            {"start": "2020-02-02", "end": "2020-02-01"},
            {},
            "Tanggal selesai mendahului tanggal mulai. Periksa keduanya.",
        ),
        ({"start": "31/11/2020"}, {"open_end": True}, "November hanya sampai tanggal 30. Periksa harinya."),
        (
            {"start": "2020-02-01", "end": "2020-02-02"},
            {"min_days": 3},
            "Paling singkat 3 hari. Ini 2 hari.",
        ),
        ({"start": "2020-02-01", "end": "2020-02-02"}, {"max_days": 1}, "Paling lama 1 hari. Ini 2 hari."),
        (
            {"start": "2027-02-01", "end": "2027-02-02"},
            {"latest": {"today": {}}},
            "Tanggal ini belum tiba. Periksa lagi. Tanggal ini belum tiba. Periksa lagi.",
        ),
    ],
)
def test_what_is_wrong_with_a_period_is_told_at_its_end(value: Any, more: Any, words: str) -> None:
    assert said("date_range", value, **more) == words


def test_a_period_that_still_goes_on_is_shown_as_such() -> None:
    asked = field("date_range", open_end=True)
    assert kinds.display(asked, {"start": "2020-02-01"}) == "1 Februari 2020 sampai sekarang"
    assert kinds.display(asked, {"start": "2020-02-01", "end": "2020-03-01"}) == (
        "1 Februari 2020 sampai 1 Maret 2020"
    )


# Appointments

SLOT = {"place": "bandung", "date": "2026-11-26", "time": "08:00"}


def test_an_appointment_is_on_an_open_day_that_is_not_closed() -> None:
    days = open_days(field("slot"), Situation(me_with(), TODAY))
    assert days[0].isoformat() == "2026-11-26"
    assert all(day.weekday() < 5 for day in days)
    assert "2026-12-01" not in {day.isoformat() for day in days}
    assert days[-1].isoformat() == "2026-12-24"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, ""),
        ({"date": "2026-12-01"}, "Jadwal ini tidak ada lagi. Pilih hari lain."),
        ({"date": "2026-11-28"}, "Jadwal ini tidak ada lagi. Pilih hari lain."),
        ({"date": "2026-11-25"}, "Jadwal ini tidak ada lagi. Pilih hari lain."),
        ({"time": "12:00"}, "Pilih jamnya."),
        ({"time": ""}, "Pilih jamnya."),
        ({"place": "elsewhere"}, "Pilih tempatnya."),
        ({"date": None}, "Pilih harinya."),
    ],
)
def test_what_is_wrong_with_an_appointment_is_told(change: Any, words: str) -> None:
    assert said("slot", {**SLOT, **change}) == words


def test_a_place_alone_need_not_be_chosen() -> None:
    one = [{"value": "bandung", "label": "Kantor Bandung"}]
    assert read("slot", {"date": "2026-11-26", "time": "08:00"}, places=one) == SLOT
    shown = kinds.display(field("slot"), SLOT)
    assert shown == "Kamis, 26 November 2026 pukul 08.00, Kantor Bandung"


# Documents

HELD = {
    "id": "d1",
    "type": "birth-certificate",
    "title": {"id": "Akta kelahiran", "en": "Birth certificate"},
    "issuer": "dukcapil",
    "issued_at": "2026-03-07T02:05:00+00:00",
    "presentation": "aaa.bbb.ccc~ddd~",
}


def test_a_document_of_the_wallet_is_read_with_what_is_presented() -> None:
    assert read("document", {**HELD, "colour": "red"}) == HELD
    assert said("document", HELD) == ""
    assert kinds.display(field("document"), HELD) == "Akta kelahiran, terbit 7 Maret 2026"


@pytest.mark.parametrize(
    "change",
    [
        {"presentation": "aaa.bbb"},
        {"presentation": "x" * 60_000},
        {"presentation": None},
        {"issued_at": "kemarin"},
        {"title": {}},
        {"id": ""},
    ],
)
def test_what_is_no_document_is_told(change: Any) -> None:
    assert said("document", {**HELD, **change}) == (
        "Dokumen ini tidak terbaca. Pilih lagi dari dokumen Anda."
    )


def test_a_document_of_another_type_is_refused_and_files_may_stand_in() -> None:
    assert said("document", {**HELD, "type": "licence"}).startswith("Jenis dokumen ini tidak dapat dipakai")
    assert read("document", {"files": [LETTER]}) == {"files": [LETTER]}
    assert said("document", {"files": [LETTER]}) == ""
    assert said("document", {"files": [LETTER]}, or_file=False) == "Pilih salah satu dokumen Anda di Loket."
    assert kinds.files_of(field("document"), {"files": [LETTER]}) == {"files.0": LETTER}
    assert kinds.files_of(field("document"), HELD) == {}


# Signatures


def test_a_signature_is_a_name_and_agreement() -> None:
    assert read("signature", {"name": "  Sari   Contoh ", "agreed": True}) == {
        "name": "Sari Contoh",
        "agreed": True,
    }
    assert said("signature", {"name": "Sari"}) == "Centang pernyataan ini jika Anda setuju."
    assert said("signature", {"agreed": True}) == "Tulis nama lengkap Anda sebagai tanda tangan."
    assert read("signature", {"agreed": "yes"}) is None


def test_a_signature_in_another_name_is_pointed_out() -> None:
    situation = Situation(me_with(person__full_name="Sari Contoh"), TODAY)
    asked = field("signature")
    assert list(kinds.check(asked, {"name": "SARI CONTOH", "agreed": True}, situation)) == []
    (finding,) = kinds.check(asked, {"name": "Budi", "agreed": True}, situation)
    assert (finding.part, finding.warning) == ("name", True)


# Files inside others


def test_files_are_found_wherever_an_answer_names_them() -> None:
    photo = {"id": "photo", "type": "photo", "label": "Foto"}
    asked = field("repeat", fields=[photo], summary="")
    assert kinds.files_of(asked, [{}, {"photo": [LETTER]}]) == {"1.photo.0": LETTER}
    assert kinds.files_of(field("file"), [LETTER, LETTER]) == {"0": LETTER, "1": LETTER}
    assert kinds.files_of(field("text"), "x") == {}


def test_a_photo_is_one_and_no_pdf() -> None:
    assert said("photo", [LETTER]) == ""
    pdf = {**LETTER, "media_type": "application/pdf"}
    assert said("photo", [pdf]) == "Jenis berkas surat.jpg tidak dapat dipakai. Gunakan foto (JPEG, PNG)."
    assert said("photo", [LETTER, {**LETTER, "sha256": "b" * 64}]).startswith("Paling banyak 1 berkas.")


# Grids


def test_a_grid_is_read_cell_by_cell() -> None:
    assert read("grid", {"food": {"amount": "1,5 juta"}, "rent": {"amount": ""}}) == {
        "food": {"amount": 1_500_000}
    }
    assert read("grid", {"food": {}}) is None
    assert kinds.display(field("grid"), {"food": {"amount": 10}, "rent": {"amount": 20}}) == (
        "Makanan: Rp10; Sewa rumah: Rp20"
    )
