"""What only shows on the way: closing entries, forms that end early, answers told once, documents held."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from answering import answer_kept, do
from field_desk import write_service, write_services

from app.start import ROOT
from app.testing.clock import Clock
from app.testing.gallery.examples import attach
from app.testing.loket import LoketCitizen, Sandbox

AGE = {"id": "age", "type": "integer", "label": "Umur Anda"}
ENDING = {
    "when": {"field": "age", "less_than": 17},
    "title": "Layanan ini untuk usia 17 tahun ke atas",
    "advice": "Untuk anak ada kartu tersendiri.",
    "service": "contoh/money",
}
THREE = [{"value": v, "label": v.title()} for v in ("basic", "plus", "bonus")]
TABLE = {
    "id": "months",
    "type": "grid",
    "label": "Rencana",
    "rows": [{"id": "m1", "label": "Bulan ke-1"}, {"id": "m2", "label": "Bulan ke-2"}],
    "columns": [
        {"id": "who", "type": "choice", "label": "Bagian", "required": False, "options": THREE},
        {"id": "works", "type": "yes_no", "label": "Bekerja?"},
    ],
}
MAYBE = {"id": "maybe", "type": "choice", "label": "Kalau ada", "required": False, "options": THREE}
ELSEWHERE = {
    "when": {"field": "age", "at_least": 0},
    "title": "Urus di perwakilan Indonesia",
    "advice": "Kedutaan terdekat melayani Anda.",
    "url": "https://peduliwni.kemlu.go.id/daftar",
}
PHONE = {"id": "mobile", "type": "phone", "label": "Nomor ponsel", "concept": "emergency.phone"}
SIGNED = {"permissions": [{"concept": "emergency.phone", "reason": "untuk keadaan darurat"}]}


@pytest.fixture(scope="session")
def example_services(tmp_path_factory: pytest.TempPathFactory) -> Path:
    services = write_services(tmp_path_factory.mktemp("ways"))
    people = {
        "id": "people",
        "type": "repeat",
        "label": "Tanggungan",
        "item": "Tanggungan",
        "summary": "{name}",
        "maximum": 4,
        "fields": [{"id": "name", "type": "text", "label": "Nama", "min_length": 3}],
    }
    write_service(services, "dependants", {"fields": [people]})
    write_service(services, "adults", {"fields": [AGE], "exits": [ENDING]}, {"fields": [PHONE]}, **SIGNED)
    write_service(services, "table", {"fields": [TABLE]}, {"fields": [MAYBE]})
    write_service(services, "abroad", {"fields": [AGE], "exits": [ELSEWHERE]})
    write_service(services, "first", {"fields": [PHONE]}, **SIGNED)
    write_service(services, "second", {"fields": [PHONE]}, **SIGNED)
    write_service(services, "third", {"fields": [PHONE]})
    (services / "dukcapil").mkdir()
    shutil.copyfile(ROOT / "services/dukcapil/agency.yaml", services / "dukcapil/agency.yaml")
    shutil.copytree(ROOT / "services/dukcapil/birth-registration", services / "dukcapil/birth-registration")
    return services


@pytest_asyncio.fixture
async def sandbox(clock: Clock, _loaded: None, example_services: Path) -> AsyncIterator[Sandbox]:
    async with Sandbox.up(clock, services=example_services) as up:
        yield up


async def form(citizen: LoketCitizen, name: str) -> None:
    await citizen.go(f"/service/contoh/{name}/form")


# Entries


async def test_an_entry_closes_when_another_is_added_and_opens_to_be_changed(citizen: LoketCitizen) -> None:
    await citizen.at_home()
    await form(citizen, "dependants")
    await citizen.tap("field.people.add")
    await citizen.type("field.people.0.name", "Bintang")
    citizen.should_see("field.people.0.name")
    await citizen.tap("field.people.add")
    citizen.should_see("Bintang", "field.people.0.change", "field.people.1.name")
    citizen.should_not_see("field.people.0.name")
    await citizen.tap("field.people.0.change")
    await citizen.type("field.people.0.name", "Bintang Pratama")
    await citizen.type("field.people.1.name", "Bi")
    await citizen.tap("form.next")
    citizen.should_see("Masih terlalu pendek. Tulis paling sedikit 3 huruf.", "field.people.1.name")
    await citizen.tap("field.people.1.remove")
    await citizen.tap("form.next")
    citizen.should_see("Periksa sebelum dikirim", "Bintang Pratama")


# Tables and choices


async def test_the_choices_of_a_table_are_made_cell_by_cell(citizen: LoketCitizen) -> None:
    await citizen.at_home(text_scale=2.0, theme="dark", width=360, height=640)
    await form(citizen, "table")
    assert not [*citizen.nameless_controls(), *citizen.small_targets()]
    await citizen.tap("field.months.m1.who.plus")
    await citizen.tap("field.months.m1.works.yes")
    await citizen.tap("form.next")
    citizen.should_see("Pilih salah satu.", "field.months.m2.works.error")
    await citizen.tap("field.months.m2.works.no")
    await citizen.tap("form.next")
    citizen.should_see("field.maybe")


async def test_a_choice_that_need_not_be_made_is_taken_back_by_tapping_it_again(
    citizen: LoketCitizen,
) -> None:
    await citizen.at_home()
    await form(citizen, "table")
    for row in ("m1", "m2"):
        await citizen.tap(f"field.months.{row}.works.no")
        await citizen.tap(f"field.months.{row}.works.no")
    await citizen.tap("form.next")
    await citizen.tap("field.maybe.bonus")
    await citizen.tap("field.maybe.bonus")
    await citizen.tap("form.next")
    citizen.should_see("Periksa sebelum dikirim")
    citizen.should_not_see("Bonus")


# Early exits


async def test_a_form_that_ends_early_says_why_and_leads_to_the_right_service(citizen: LoketCitizen) -> None:
    await citizen.at_home()
    await form(citizen, "adults")
    await citizen.type("field.age", "12")
    await citizen.tap("form.next")
    citizen.should_see("form.exit", str(ENDING["title"]), str(ENDING["advice"]), "Contoh: money")
    citizen.should_not_see("form.next")
    assert not [*citizen.nameless_controls(), *citizen.small_targets()]
    await citizen.tap("form.back")
    citizen.should_see("field.age")
    await citizen.tap("form.next")
    await citizen.tap("form.exit.go")
    citizen.should_see("Contoh: money", "service.start")


async def test_a_form_that_ended_goes_on_once_the_answer_is_another(citizen: LoketCitizen) -> None:
    await citizen.at_home(theme="dark", text_scale=2.0)
    await form(citizen, "adults")
    await citizen.type("field.age", "12")
    await citizen.tap("form.next")
    await citizen.tap("form.back")
    await citizen.type("field.age", "20")
    await citizen.tap("form.next")
    citizen.should_see("field.mobile")


async def test_a_form_that_ends_early_can_lead_to_a_page_outside_loket(citizen: LoketCitizen) -> None:
    await citizen.at_home(theme="dark", text_scale=2.0)
    await form(citizen, "abroad")
    await citizen.type("field.age", "40")
    await citizen.tap("form.next")
    citizen.should_see(
        "Lanjutkan di luar Loket", "peduliwni.kemlu.go.id", "Terbuka di peramban", "form.exit.go"
    )
    assert not [*citizen.nameless_controls(), *citizen.small_targets()]
    citizen.phone.browser = None
    await citizen.tap("form.exit.web")
    assert citizen.phone.opened[-1] == ELSEWHERE["url"]


# Answer once


async def send(citizen: LoketCitizen, name: str) -> None:
    await form(citizen, name)
    await citizen.type("field.mobile", "081234567890")
    await citizen.tap("form.next")
    await citizen.tap("check.send")


async def test_what_was_told_one_service_is_offered_in_the_next_with_where_and_when(
    citizen: LoketCitizen,
) -> None:
    await citizen.at_home()
    await send(citizen, "first")
    await form(citizen, "second")
    citizen.should_see("Dari Anda, di Layanan first, per 7 Maret 2026", "0812-3456-7890")
    await citizen.tap("form.next")
    citizen.should_see("Periksa sebelum dikirim", "dari Anda, di Layanan first, per 7 Maret 2026")


async def test_what_was_told_is_not_shown_to_a_service_that_does_not_declare_it(
    citizen: LoketCitizen,
) -> None:
    await citizen.at_home()
    await send(citizen, "first")
    await form(citizen, "third")
    citizen.should_not_see("0812-3456-7890")


async def test_signing_out_forgets_what_was_told(citizen: LoketCitizen) -> None:
    await citizen.at_home()
    await send(citizen, "first")
    assert await citizen.device.holdings.storage.all("told")
    await citizen.go("/account")
    await citizen.device.sign_out()
    assert citizen.device.phase == "welcome"


# Documents


async def test_where_the_wallet_has_no_such_document_a_photo_is_taken(citizen: LoketCitizen) -> None:
    await citizen.at_home()
    await form(citizen, "document")
    citizen.should_see("Dokumen ini belum ada di Loket. Tambahkan foto atau PDF-nya.")
    await do(citizen, attach(".add"))
    kept: Any = await answer_kept(citizen, "document")
    assert kept["files"][0]["name"] == "foto.jpg"


async def register_a_birth(citizen: LoketCitizen) -> None:
    await citizen.go("/service/dukcapil/birth-registration/form")
    for _ in range(2):
        await citizen.tap("form.next")
    await citizen.type("field.full_name", "Arka Contoh Putra")
    for _ in range(3):
        await citizen.tap("form.next")
    await citizen.tap("field.declaration")
    await citizen.tap("check.send")
    await citizen.let_agency_work(90)


async def test_a_document_of_the_wallet_is_shown_claim_by_claim_and_taken_by_the_backend(
    citizen: LoketCitizen,
) -> None:
    await citizen.at_home()
    await register_a_birth(citizen)
    await form(citizen, "document")
    citizen.should_see("Akta kelahiran", "Yang dibagikan: Nama lengkap.", "Foto atau PDF saja")
    (held,) = [d for d in await citizen.device.holdings.wallet.all() if d.type == "birth-certificate"]
    await citizen.tap(f"field.answer.{held.id}")
    kept: Any = await answer_kept(citizen, "document")
    assert kept["id"] == held.id
    assert kept["presentation"].count("~") == 2
    await citizen.tap("form.next")
    citizen.should_see("Akta kelahiran, terbit 7 Maret 2026")
    await citizen.tap("check.send")
    citizen.should_see("receipt.reference")
