"""The form: one page of questions at a time."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import httpx
import pytest
from errands import CHILD, FORM, SERVICE, begin_birth, hold_back
from looks import in_every_look

from app.contract.phrase import N_
from app.storage.errors import StorageError
from app.testing.loket import LoketCitizen
from app.testing.phone import File

PDF = b"%PDF-1.4\n1 0 obj\n<</Type/Catalog>>\nendobj\ntrailer\n<</Root 1 0 R>>\n%%EOF\n"
JPEG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffd9")

# Dewi has to answer everything herself, and goes the long way: late, without a letter.
DEWI: dict[str, dict[str, Any]] = {
    "reporter": {"phone": "081200009002"},
    "parents": {},
    "child": {"full_name": "Bima Misal Putra", "sex": "male"},
    "birth": {
        "birth_date": "2025-12-07",
        "birth_time": "04:35",
        "birth_place": "Gunungkidul",
        "weight": "3.1",
        "birth_order": 2,
    },
    "place": {"place_type": "home", "helper": "midwife"},
    "letter": {"has_letter": False, "birth_statement": True},
    "witnesses": {},
    "late": {},
}
WITNESSES = [
    {"nik": "3403014506850001", "full_name": "Ratna Saksi", "phone": "+6281200009011"},
    {"nik": "3403010107800002", "full_name": "Joko Saksi", "phone": "+6281200009012"},
]
WRITTEN = ["Bima Misal Putra", "Ratna Saksi", "Joko Saksi", CHILD]


async def dewi_at(citizen: LoketCitizen, page: str, **answers: Any) -> None:
    """Dewi's form at `page`, everything before it answered; `answers` as well."""
    await citizen.at_home("dewi")
    given: dict[str, Any] = {}
    for id_, theirs in DEWI.items():
        if id_ == page:
            break
        given |= theirs
    if page == "late":
        given["witnesses"] = WITNESSES
    await begin_birth(citizen, page="" if answers else page, **given, **answers)
    await citizen.go(FORM)


@pytest.mark.parametrize(
    ("page", "sees"),
    [
        ("parents", ["field.family_card", "field.mother", "field.father", "Data kependudukan (Dukcapil)"]),
        ("child", ["field.full_name", "field.sex.female", "Tanpa gelar"]),
        ("birth", ["field.birth_date", "field.birth_time", "field.weight", "kg", "field.birth_order"]),
        ("place", ["field.place_type.home", "field.helper.midwife"]),
        ("letter", ["field.has_letter.yes", "Ada surat keterangan lahir?"]),
        ("witnesses", ["Saksi 1", "Saksi 2", "field.witnesses.0.nik", "field.witnesses.1.phone"]),
        ("late", ["field.late_reason", "field.has_late_decision.no", "Tidak ada denda"]),
    ],
)
async def test_every_page_asks_in_every_look(citizen, page, sees):
    await dewi_at(citizen, page)
    citizen.should_see(*sees, "form.next", "form.back", "Tersimpan")
    await in_every_look(citizen, data=WRITTEN)


async def test_what_the_state_knows_is_shown_with_its_source_and_can_be_changed(citizen):
    await citizen.at_home("sari", FORM)
    citizen.should_see("0812-0000-9001", "Dari Kontak di akun Anda", "field.phone.change")
    await in_every_look(citizen)
    await citizen.tap("field.phone.change")
    citizen.should_not_see("field.phone.change")
    await citizen.type("field.phone", "081299990000")
    await in_every_look(citizen)
    await citizen.tap("form.next")
    await citizen.tap("form.back")
    assert citizen.value("field.phone") == "0812-9999-0000"


async def test_a_page_that_is_not_complete_says_what_is_missing_at_the_field_and_aloud(citizen):
    await dewi_at(citizen, "child")
    await citizen.tap("form.next")
    citizen.should_see("field.full_name.error", "field.sex.error")
    assert "2 isian perlu dilengkapi" in citizen.announcements[-1]
    assert citizen.focused is not None
    await in_every_look(citizen, data=WRITTEN)
    await citizen.type("field.full_name", "Bima Misal Putra")
    await citizen.tap("field.sex.male")
    citizen.should_not_see("field.full_name.error", "field.sex.error")


@pytest.mark.parametrize(
    ("page", "field", "answer", "words"),
    [
        ("reporter", "phone", "12", "nomor"),
        ("child", "full_name", "Bima", "2 kata"),
        ("child", "full_name", "B1ma Putra", "Gunakan huruf saja"),
        ("birth", "birth_date", "31 Februari 2026", "tanggal"),
        ("birth", "birth_date", "1 Januari 2030", "belum tiba"),
        ("birth", "birth_time", "25.70", "jam"),
        ("birth", "weight", "banyak", "angka"),
        ("birth", "birth_order", "99", "20"),
    ],
)
async def test_an_answer_that_cannot_be_is_said_on_leaving_the_field(citizen, page, field, answer, words):
    await dewi_at(citizen, page)
    if page == "reporter" and not any(e.kind == "field" for e in citizen.find(f"field.{field}").walk()):
        await citizen.tap(f"field.{field}.change")
    await citizen.type(f"field.{field}", answer)
    await citizen.tap("form.next")
    error = citizen.find(f"field.{field}.error")
    assert words.casefold() in error.name.casefold()
    await in_every_look(citizen, data=[*WRITTEN, answer])


async def test_what_is_only_unusual_is_told_and_holds_nothing_up(citizen):
    await dewi_at(citizen, "birth", **{k: v for k, v in DEWI["birth"].items() if k != "weight"})
    await citizen.type("field.weight", "6,5")
    await citizen.tap("form.next")
    citizen.should_see("field.weight.warning", "Berat ini jarang terjadi")
    assert "Berat ini jarang terjadi" in citizen.announcements[-1]
    await in_every_look(citizen, data=WRITTEN)
    await citizen.tap("form.next")
    citizen.should_see("Siapa yang membantu kelahiran?")


async def test_a_date_and_a_time_can_be_picked(citizen):
    await dewi_at(citizen, "birth")
    await citizen.tap("field.birth_date.pick")
    await citizen.pick(date(2025, 12, 7))
    assert citizen.value("field.birth_date") == "7 Desember 2025"
    await citizen.tap("field.birth_time.pick")
    await citizen.pick(None)
    assert citizen.value("field.birth_time") == ""


async def test_somebody_outside_the_family_card_is_named_by_number_and_name(citizen):
    await dewi_at(citizen, "parents")
    await citizen.tap("field.father.change")
    await citizen.tap("field.father.other")
    citizen.should_see("field.father.nik", "field.father.full_name")
    await citizen.tap("form.next")
    citizen.should_see("field.father.error")
    await in_every_look(citizen)


async def test_wrong_witnesses_are_told_at_their_own_fields(citizen):
    await dewi_at(citizen, "witnesses")
    for n in range(2):
        await citizen.type(f"field.witnesses.{n}.nik", "3403014506850001")
        await citizen.type(f"field.witnesses.{n}.full_name", "Ratna Saksi")
        await citizen.type(f"field.witnesses.{n}.phone", "081200009011")
    await citizen.type("field.witnesses.0.nik", "34")
    await citizen.tap("form.next")
    citizen.should_see("field.witnesses.0.nik.error", "Masih kurang 14 angka")
    await in_every_look(citizen, data=WRITTEN)
    await citizen.type("field.witnesses.0.nik", "3403014506850001")
    await citizen.tap("form.next")
    citizen.should_see("form.next", "sudah")
    await in_every_look(citizen, data=WRITTEN)


async def test_a_file_is_shown_by_name_kind_and_size_and_taken_away_again(citizen):
    await dewi_at(citizen, "letter", has_letter=True)
    await citizen.pick_files("field.birth_letter", File("surat lahir.pdf", PDF))
    citizen.should_see("field.birth_letter.0", "surat lahir.pdf", "PDF, 72 B", "Tambah lagi")
    await in_every_look(citizen, data=["surat lahir.pdf"])
    await citizen.tap("field.birth_letter.0.remove")
    citizen.should_not_see("surat lahir.pdf")


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (File("surat.pdf", b""), "kosong"),
        (File("surat.pdf", b"MZ\x90\x00 a program"), "foto"),
        (File("surat.exe", b"MZ\x90\x00 a program"), "foto"),
        (File("surat.pdf", PDF + bytes(50_000_000)), "terlalu besar: 50 MB"),
    ],
    ids=["0 bytes", "another type inside", "another type", "50 MB"],
)
async def test_a_file_that_cannot_be_taken_is_refused_with_the_reason(citizen, file, words):
    await dewi_at(citizen, "letter", has_letter=True)
    await citizen.pick_files("field.birth_letter", file)
    error = citizen.find("field.birth_letter.error")
    assert words in error.name
    assert words in citizen.announcements[-1]
    await in_every_look(citizen, data=[file.name])
    await citizen.pick_files("field.birth_letter", File("surat lahir.jpg", JPEG))
    citizen.should_not_see("field.birth_letter.error")


async def test_a_path_in_the_name_of_a_file_goes_nowhere(citizen):
    await dewi_at(citizen, "letter", has_letter=True)
    await citizen.pick_files("field.birth_letter", File(r"..\..\C:\Users\Dewi\..\surat.pdf", PDF))
    citizen.should_see("field.birth_letter.0", "surat.pdf")
    citizen.should_not_see("Users", "..")


async def test_cancelling_the_file_dialog_changes_nothing(citizen):
    await dewi_at(citizen, "letter", has_letter=True)
    await citizen.pick_files("field.birth_letter")
    citizen.should_not_see("field.birth_letter.error", "field.birth_letter.0")


async def test_while_the_form_is_opened_the_places_of_its_questions_are_there(citizen):
    await citizen.at_home("sari")
    let_go = hold_back(citizen.device.holdings.drafts, "of_service")
    await citizen.go(FORM)
    citizen.should_see("back")
    citizen.should_not_see("form.next")
    await in_every_look(citizen)
    let_go()
    await citizen.settle()
    citizen.should_see("form.next")


async def test_a_form_that_cannot_be_had_says_why(citizen):
    await citizen.at_home("sari")
    citizen.network.answer("/v1/services/", httpx.ConnectError("no route"))
    await citizen.go(FORM)
    await citizen.clock.advance(30)
    citizen.should_see("Formulir ini belum bisa dibuka", "Periksa sambungan", "back")
    await in_every_look(citizen)


async def test_offline_a_form_goes_on(citizen):
    await dewi_at(citizen, "child")
    await citizen.set_connectivity()
    await citizen.type("field.full_name", "Bima Misal Putra")
    citizen.should_see("offline", "Tersimpan")
    await in_every_look(citizen, data=WRITTEN)


async def test_while_an_answer_is_on_its_way_to_the_disk_it_is_not_called_kept(citizen):
    await dewi_at(citizen, "child")
    let_go = hold_back(citizen.device.holdings.drafts, "save")
    await citizen.type("field.full_name", "Bima Misal Putra")
    citizen.should_see("Menyimpan …")
    citizen.should_not_see("Tersimpan")
    let_go()
    await citizen.settle()
    citizen.should_see("Tersimpan")


async def test_an_answer_that_could_not_be_kept_is_never_called_kept(citizen, monkeypatch):
    await dewi_at(citizen, "child")

    async def full(*_: Any) -> None:
        raise StorageError(N_("Penyimpanan perangkat penuh."))

    monkeypatch.setattr(citizen.device.holdings.drafts, "save", full)
    await citizen.type("field.full_name", "Bima Misal Putra")
    citizen.should_see("form.unsaved", "Isian terakhir belum tersimpan")
    citizen.should_not_see("Tersimpan", "Menyimpan …")
    assert "belum tersimpan" in citizen.announcements[-1]
    await in_every_look(citizen, data=WRITTEN)
    monkeypatch.undo()
    await citizen.type("field.full_name", "Bima Misal Putra Dewi")
    citizen.should_see("Tersimpan")
    citizen.should_not_see("form.unsaved")


async def test_leaving_and_coming_back_leads_to_the_same_place(citizen):
    await citizen.at_home("dewi", SERVICE)
    await begin_birth(citizen, page="child")
    await citizen.tap("service.start")
    await citizen.type("field.full_name", "Bima Misal Putra")
    await citizen.tap("form.back")
    citizen.should_see("field.mother")
    await citizen.tap("form.back")
    await citizen.tap("form.back")
    citizen.should_see("service.start", "Lanjutkan")
    await citizen.tap("service.start")
    citizen.should_see("field.phone")


async def test_a_lock_in_the_middle_of_a_page_loses_nothing(citizen):
    await dewi_at(citizen, "child")
    await citizen.type("field.full_name", "Bima Misal Putra")
    await citizen.clock.advance(timedelta(minutes=6))
    citizen.should_not_see("Bima")
    await citizen.enter_pin()
    await citizen.go("/")
    await citizen.go(FORM)
    assert citizen.value("field.full_name") == "Bima Misal Putra"
