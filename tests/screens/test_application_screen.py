"""One application: where it stands, what has happened, what comes, and what the agency asks."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest
from errands import CHILD, SERVICE, decide, hold_back, receive_birth
from looks import in_every_look

from app.testing.loket import LoketCitizen

ASKED = "Nama ayah di surat berbeda. Siapa nama ayah yang benar?"
REASON = "Nama anak tidak sama dengan surat keterangan lahir."


async def at_application(citizen: LoketCitizen, **decision: str) -> str:
    """Sari at her application, decided on; gives its reference number."""
    await citizen.at_home("sari")
    reference = await receive_birth(citizen)
    if decision:
        await decide(citizen, reference, **decision)
    await citizen.go(f"/activity/{reference}")
    return reference


async def test_the_timeline_says_what_has_happened_and_what_comes(citizen):
    reference = await at_application(citizen)
    citizen.should_see(
        "application.reference", "application.state", reference, "Diterima", "Permohonan diterima"
    )
    citizen.should_see("Keputusan", "paling lambat", "masuk ke Dokumen", "Ditandatangani oleh penerima")
    await in_every_look(citizen)
    await citizen.tap("application.save-receipt")
    assert f"loket-{reference}.json" in citizen.phone.saved


async def test_while_it_is_read_the_places_of_what_comes_are_there(citizen):
    await citizen.at_home("sari")
    reference = await receive_birth(citizen)
    let_go = hold_back(citizen.device.holdings.applications, "get")
    await citizen.go(f"/activity/{reference}")
    citizen.should_see("back")
    citizen.should_not_see("application.state", "tidak ada di perangkat")
    await in_every_look(citizen)
    let_go()
    await citizen.settle()
    citizen.should_see("application.state")


async def test_a_question_leads_to_its_one_page_and_the_answer_goes_to_the_agency(citizen):
    reference = await at_application(citizen, kind="ask", reason=ASKED, page="parents", field="father")
    citizen.should_see("application.question", ASKED, "Menunggu Anda", "application.answer")
    await in_every_look(citizen, data=[ASKED])
    await citizen.tap("application.answer")
    citizen.should_see("Yang ditanyakan instansi", ASKED, "field.father")
    await in_every_look(citizen, data=[ASKED])
    await citizen.tap("field.father.other")
    await citizen.type("field.father.nik", "3273011203910003")
    await citizen.type("field.father.full_name", "Beni Contoh")
    await citizen.tap("form.next")
    citizen.should_see("Periksa sebelum dikirim", "Beni Contoh", "Kirim jawaban")
    citizen.should_not_see("check.full_name", CHILD)
    await in_every_look(citizen, data=["Beni Contoh"])
    await citizen.tap("check.send")
    citizen.should_see("field.declaration.error")
    await citizen.tap("field.declaration")
    await citizen.tap("check.send")
    await citizen.go(f"/activity/{reference}")
    citizen.should_not_see("application.question")
    citizen.should_see("Jawaban Anda diterima")
    await in_every_look(citizen, data=[ASKED])


async def test_a_question_that_was_answered_is_not_asked_again(citizen):
    reference = await at_application(citizen)
    await citizen.go(f"/activity/{reference}/answer")
    citizen.should_see("Formulir ini belum bisa dibuka", "Pertanyaan ini sudah dijawab")
    await in_every_look(citizen)


async def test_one_that_was_accepted_leads_to_its_documents(citizen):
    await at_application(citizen, kind="accept")
    citizen.should_see("application.accepted", "Disetujui", "application.documents")
    await in_every_look(citizen)
    await citizen.tap("application.documents")
    citizen.should_see("documents.birth-certificate")


async def test_one_that_was_rejected_says_why_and_lets_one_try_again(citizen):
    await at_application(citizen, kind="reject", reason=REASON)
    citizen.should_see("application.rejected", REASON, "Tidak disetujui", "application.again")
    await in_every_look(citizen, data=[REASON])
    await citizen.tap("application.again")
    citizen.should_see("service.start")
    assert citizen.route == SERVICE


async def test_a_promise_that_ran_out_says_whom_to_ask(citizen):
    reference = await at_application(citizen)
    await citizen.clock.advance(timedelta(days=8))
    await citizen.enter_pin()
    await citizen.go(f"/activity/{reference}")
    citizen.should_see("application.overdue", "Anda berhak bertanya ke Halo Dukcapil (1500537)")
    await in_every_look(citizen)


async def test_a_receipt_whose_signature_does_not_hold_is_never_called_signed(citizen):
    await citizen.at_home("sari")

    def forged(response: httpx.Response) -> httpx.Response:
        body = response.json()
        for application in body if isinstance(body, list) else body.get("applications", [body]):
            head, _, tail = application["receipt"]["signed"].rpartition(".")
            application["receipt"]["signed"] = f"{head}.{'A' * len(tail)}"
        return httpx.Response(response.status_code, json=body)

    citizen.network.answer("/v1/applications", forged)
    reference = await receive_birth(citizen)
    await citizen.go(f"/activity/{reference}")
    citizen.should_see("Tanda tangan pada tanda terima ini tidak cocok")
    citizen.should_not_see("Ditandatangani oleh penerima", "ditandatangani")
    await in_every_look(citizen)


async def test_a_receipt_whose_key_is_not_known_yet_says_when_it_is_checked(citizen):
    await citizen.at_home("sari")
    citizen.network.answer("/v1/keys", httpx.ConnectError("no route"))
    reference = await receive_birth(citizen)
    await citizen.go(f"/activity/{reference}")
    citizen.should_see("Loket memeriksanya begitu tersambung")
    await in_every_look(citizen)
    citizen.network.answer("/v1/keys", None)
    await citizen.clock.advance(61)
    citizen.should_see("Ditandatangani oleh penerima")


async def test_offline_it_stays_readable(citizen):
    await at_application(citizen)
    await citizen.set_connectivity()
    citizen.should_see("offline", "application.state", "Permohonan diterima")
    await in_every_look(citizen)


async def test_one_that_is_not_on_the_device_says_so(citizen):
    await citizen.at_home("sari", "/activity/7KM4-2WXP-9")
    citizen.should_see("Permohonan ini tidak ada di perangkat", "7KM4-2WXP-9")
    await in_every_look(citizen)


@pytest.mark.parametrize("lead", ["back", "system"])
async def test_back_leads_to_the_list(citizen, lead):
    await at_application(citizen)
    await (citizen.tap("back") if lead == "back" else citizen.back())
    assert citizen.route == "/activity"
