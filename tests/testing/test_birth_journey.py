"""The main job, whole: a birth from the life event to the certificate, by everything but a browser."""

from __future__ import annotations

import time
from datetime import date

import pytest

from app.testing.loket import LoketCitizen
from app.testing.phone import File

WITNESSES = (("3403014506850001", "Ratna Saksi"), ("3403010107800002", "Joko Saksi"))
PDF = b"%PDF-1.4\n1 0 obj\n<</Type/Catalog>>\nendobj\ntrailer\n<</Root 1 0 R>>\n%%EOF\n"
FORM = "/service/dukcapil/birth-registration/form"


async def _to_the_name(citizen: LoketCitizen) -> None:
    await citizen.tap("home.life-event.birth")
    await citizen.tap("Akta kelahiran")
    citizen.should_see(
        "Gratis", "1 hari kerja", "1 dari 14 isian", "UU 24/2013", "untuk mengisi data ibu dan ayah"
    )
    await citizen.tap("service.start")
    citizen.should_see("0812-0000-9001")
    await citizen.tap("form.next")
    citizen.should_see("Sari Contoh", "Budi Contoh", "Data kependudukan (Dukcapil)")
    await citizen.tap("form.next")


async def _to_the_check(citizen: LoketCitizen) -> None:
    await _to_the_name(citizen)
    await citizen.type("field.full_name", "Arka Contoh Putra", keystrokes=True)
    for _ in range(3):
        await citizen.tap("form.next")
    citizen.should_see("Periksa sebelum dikirim", "Arka Contoh Putra", "check.full_name.change")


async def _send(citizen: LoketCitizen) -> None:
    await citizen.tap("field.declaration")
    await citizen.tap("check.send")


async def test_a_birth_is_registered_from_welcome_to_certificate_in_under_two_seconds(citizen):
    began = time.process_time()
    await citizen.open()
    await citizen.sign_in("sari")
    await _to_the_check(citizen)
    await _send(citizen)
    citizen.should_see("Sudah diterima", "receipt.reference")
    await citizen.tap("receipt.follow")
    citizen.should_see("Permohonan diterima")
    await citizen.let_agency_work(90)
    citizen.should_see("Disetujui", "Akta kelahiran")
    await citizen.tap("application.documents")
    citizen.should_see("documents.birth-certificate", "documents.family-card", "Arka Contoh Putra")
    await citizen.tap("nav.messages")
    citizen.should_see("Permohonan diterima", "Permohonan disetujui")
    await citizen.tap("nav.home")
    assert time.process_time() - began < 2


async def test_everything_on_the_way_has_a_name_an_identifier_and_room(citizen):
    lacking: set[str] = set()

    def look() -> None:
        lacking.update(map(str, [*citizen.nameless_controls(), *citizen.small_targets()]))

    await citizen.open()
    look()
    await citizen.sign_in("sari")
    look()
    await _to_the_name(citizen)
    look()
    await citizen.tap("form.next")
    citizen.should_see("field.full_name")
    look()
    await citizen.type("field.full_name", "Arka Contoh Putra")
    for _ in range(3):
        await citizen.tap("form.next")
        look()
    await _send(citizen)
    look()
    for place in ("activity", "documents", "messages", "account"):
        await citizen.go(f"/{place}")
        look()
    assert not lacking, "\n".join(sorted(lacking))


async def test_a_missing_name_is_told_at_the_field_and_aloud(citizen):
    await citizen.at_home("sari")
    await _to_the_name(citizen)
    await citizen.tap("form.next")
    citizen.should_see("field.full_name")
    assert citizen.announcements


async def test_an_answer_is_there_after_the_phone_has_died(citizen):
    await citizen.at_home("sari")
    await _to_the_name(citizen)
    await citizen.type("field.full_name", "Arka Contoh Putra")
    await citizen.lose_power()
    await citizen.enter_pin()
    await citizen.go(FORM)
    citizen.should_see("Arka Contoh Putra")


async def test_a_phone_that_dies_while_sending_sends_exactly_one_application(citizen):
    await citizen.at_home("sari")
    await _to_the_check(citizen)
    citizen.network.lose_answers(1)
    await _send(citizen)
    await citizen.lose_power()
    await citizen.enter_pin()
    await citizen.clock.advance(120)
    await citizen.go("/activity")
    assert len([e for e in citizen.see().elements() if (e.identifier or "").startswith("activity.")]) == 1


async def test_a_birth_written_offline_is_sent_when_the_network_comes(citizen):
    await citizen.at_home("sari")
    await _to_the_name(citizen)
    await citizen.set_connectivity()
    await citizen.type("field.full_name", "Arka Contoh Putra")
    for _ in range(3):
        await citizen.tap("form.next")
    await _send(citizen)
    citizen.should_not_see("receipt.reference")
    await citizen.set_connectivity("wifi")
    await citizen.clock.advance(120)
    citizen.should_see("receipt.reference")


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize(("width", "height"), [(412, 892), (820, 1180), (1366, 768)])
async def test_the_way_is_the_same_at_every_size_and_language(citizen, width, height, language):
    await citizen.at_home("sari", width=width, height=height, language=language, text_scale=2.0)
    await citizen.tap("home.life-event.birth")
    await citizen.tap("event.service.dukcapil/birth-registration")
    await citizen.tap("service.start")
    for _ in range(2):
        await citizen.tap("form.next")
    await citizen.type("field.full_name", "Arka Contoh Putra")
    for _ in range(3):
        await citizen.tap("form.next")
    await _send(citizen)
    citizen.should_see("receipt.reference")


async def test_a_late_birth_at_home_without_letter_goes_the_long_way(citizen):
    await citizen.at_home("dewi", FORM)
    for _ in range(2):
        await citizen.tap("form.next")
    await citizen.type("field.full_name", "Bima Misal Putra")
    await citizen.tap("field.sex.male")
    await citizen.tap("form.next")
    await citizen.tap("field.birth_date.pick")
    await citizen.pick(date(2025, 12, 7))
    for field, answer in {"birth_time": "04.35", "birth_place": "Gunungkidul", "weight": "3,1"}.items():
        await citizen.type(f"field.{field}", answer)
    await citizen.type("field.birth_order", "2")
    citizen.should_see("7 Desember 2025")
    await citizen.tap("form.next")
    await citizen.tap("field.place_type.home")
    await citizen.tap("field.helper.midwife")
    await citizen.tap("form.next")
    await citizen.tap("field.has_letter.no")
    citizen.should_see("Tidak apa-apa")
    await citizen.tap("field.birth_statement")
    await citizen.tap("form.next")
    for number, (nik, name) in enumerate(WITNESSES):
        await citizen.type(f"field.witnesses.{number}.nik", nik)
        await citizen.type(f"field.witnesses.{number}.full_name", name)
        await citizen.type(f"field.witnesses.{number}.phone", f"08120000900{number + 1}")
    await citizen.tap("form.next")
    citizen.should_see("Mengapa baru dilaporkan sekarang?")
    await citizen.type("field.late_reason", "Kami baru pindah rumah dan menunggu surat.")
    await citizen.tap("field.has_late_decision.yes")
    await citizen.pick_files("field.late_decision", File("surat.pdf", PDF))
    citizen.should_see("surat.pdf")
    await citizen.tap("form.next")
    citizen.should_see("Periksa sebelum dikirim", "Bima Misal Putra", "surat.pdf")
    await _send(citizen)
    citizen.should_see("receipt.reference")
    assert any(call.startswith("PATCH /v1/attachments/") for call in citizen.network.asked)
