"""After sending: on its way, uncertain, refused, and the receipt."""

from __future__ import annotations

import json
from datetime import timedelta

import httpx
import pytest
from errands import CHILD, FORM, begin_birth, end_session
from looks import in_every_look

from app.contract.problems import ProblemType
from app.testing.loket import LoketCitizen
from app.testing.phone import File

PDF = b"%PDF-1.4\n" + b"surat " * 100_000 + b"\n%%EOF\n"
APPLICATIONS = "POST /v1/applications"


async def send(citizen: LoketCitizen) -> None:
    """Sari's registration, sent with the button."""
    await checked(citizen)
    await citizen.tap("check.send")


async def checked(citizen: LoketCitizen) -> None:
    """Sari's registration, ready to be sent."""
    await begin_birth(citizen, full_name=CHILD, declaration=True)
    await citizen.go(FORM)


async def test_the_receipt_has_a_number_a_promise_and_a_signature(citizen):
    await citizen.at_home("sari")
    await send(citizen)
    citizen.should_see(
        "Sudah diterima", "receipt.reference", "Janji selesai", "14 isian", "hari ini pukul 09.05"
    )
    citizen.should_see("Ditandatangani oleh penerima", "receipt.follow", "receipt.save")
    reference = citizen.find("receipt.reference").name
    await in_every_look(citizen, data=[CHILD, reference])
    await citizen.tap("receipt.save")
    saved = json.loads(citizen.phone.saved[f"loket-{reference}.json"])
    assert saved["reference"] == reference
    await citizen.tap("receipt.follow")
    citizen.should_see("application.state")


async def test_offline_it_waits_and_says_that_it_goes_by_itself(citizen):
    await citizen.at_home("sari")
    await checked(citizen)
    await citizen.set_connectivity()
    await citizen.tap("check.send")
    citizen.should_see("sent.waiting", "Loket mengirim sendiri begitu ada jaringan", "Isian Anda aman")
    await in_every_look(citizen)
    await citizen.tap("sent.activity")
    citizen.should_see("Siap dikirim")


async def test_while_it_is_sent_it_says_so(citizen):
    await citizen.at_home("sari")
    await checked(citizen)
    citizen.network.hold()
    await citizen.tap("check.send")
    citizen.should_see("sent.sending", "Isian Anda aman")
    await in_every_look(citizen)
    citizen.network.release()
    await citizen.settle()
    citizen.should_see("receipt.reference")


async def test_an_upload_tells_how_far_it_is_in_numbers(citizen):
    await citizen.at_home("dewi")
    await begin_birth(
        citizen,
        full_name="Bima Misal Putra", sex="male", birth_date="2026-01-20", birth_time="04:35",
        birth_place="Gunungkidul", weight="3.1", birth_order=2, place_type="home", helper="midwife",
        has_letter=True,
    )  # fmt: skip
    await citizen.go(FORM)
    await citizen.pick_files("field.birth_letter", File("surat.pdf", PDF))
    await citizen.tap("form.next")
    await citizen.tap("field.declaration")
    pieces = 0

    def after_one(response: httpx.Response) -> httpx.Response:
        nonlocal pieces
        pieces += response.request.method == "PATCH"
        if pieces == 1:
            citizen.network.hold()
        return response

    citizen.network.answer("/v1/attachments", after_one)
    await citizen.tap("check.send")
    citizen.should_see("sent.uploading", "256 kB dari 600 kB")
    await in_every_look(citizen)
    citizen.network.release()
    await citizen.settle()
    citizen.should_see("receipt.reference", "1 lampiran")


async def test_an_answer_that_was_lost_is_uncertain_and_never_failed(citizen):
    await citizen.at_home("sari")
    citizen.network.answer(APPLICATIONS, httpx.ReadTimeout("no answer"))
    await send(citizen)
    citizen.should_see("sent.uncertain", "Tidak akan terkirim dua kali")
    await in_every_look(citizen)
    citizen.network.answer(APPLICATIONS, None)
    await citizen.clock.advance(61)
    citizen.should_see("receipt.reference")


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, content=b"<html>wifi login</html>"),
        httpx.Response(201, json={"reference": 5}),
        httpx.Response(500, content=b"Internal Server Error"),
        httpx.ReadError("connection reset by peer"),
    ],
    ids=["not JSON", "wrong shape", "500", "reset"],
)
async def test_whatever_the_backend_answers_nothing_is_lost_and_it_arrives_once(citizen, answer):
    await citizen.at_home("sari")
    citizen.network.answer(APPLICATIONS, answer)
    await send(citizen)
    citizen.should_see("Isian Anda aman")
    citizen.should_not_see("receipt.reference", "sent.refused")
    await in_every_look(citizen)
    citizen.network.answer(APPLICATIONS, None)
    for _ in range(4):
        await citizen.clock.advance(61)
    citizen.should_see("receipt.reference")
    assert len(await citizen.device.holdings.applications.all()) == 1


async def test_what_is_refused_says_why_and_leads_to_the_answer_that_is_to_be_mended(citizen):
    await citizen.at_home("sari")
    citizen.network.answer(APPLICATIONS, refusal("full_name", "Nama ini sudah terdaftar."))
    await send(citizen)
    said = ["Satu isian perlu diperbaiki.", "Nama ini sudah terdaftar.", CHILD]
    citizen.should_see("sent.refused", said[0], "Isian Anda masih lengkap", "sent.mend")
    await in_every_look(citizen, data=said)
    citizen.network.answer(APPLICATIONS, None)
    await citizen.go("/")
    citizen.should_see("Ada yang perlu diperbaiki. Isian Anda aman.")
    await citizen.go(FORM)
    citizen.should_see("field.full_name.error", said[1])
    await in_every_look(citizen, data=said)
    await citizen.tap("form.next")
    citizen.should_see(said[1])
    await citizen.type("field.full_name", "Arka Contoh Putri")
    await citizen.tap("form.next")
    citizen.should_see("check.send", "check.refused")
    await citizen.tap("check.send")
    citizen.should_see("receipt.reference")


async def test_a_refused_answer_that_was_left_as_it_is_is_not_sent_again(citizen):
    await citizen.at_home("sari")
    citizen.network.answer(APPLICATIONS, refusal("full_name", "Nama ini sudah terdaftar."))
    await send(citizen)
    asked = len(citizen.network.asked)
    await citizen.tap("sent.mend")
    citizen.should_see("field.full_name.error")
    await citizen.go("/")
    await citizen.go(FORM)
    citizen.should_see("field.full_name.error")
    assert not [a for a in citizen.network.asked[asked:] if a.startswith("POST")]


async def test_a_submission_that_waits_for_a_sign_in_says_so(citizen):
    await citizen.at_home("sari")
    await checked(citizen)
    await end_session(citizen)
    await citizen.tap("check.send")
    citizen.should_see("sent.waiting", "sent.trouble", "Masuk lagi untuk melanjutkan")
    await in_every_look(citizen)


def refusal(field: str, message: str) -> httpx.Response:
    """What the backend answers to a submission with a wrong answer."""
    problem = {
        "type": ProblemType.INVALID_ANSWERS.value,
        "title": "Isian belum benar",
        "status": 422,
        "detail": "Satu isian perlu diperbaiki.",
        "errors": [{"field": field, "message": message}],
    }
    return httpx.Response(422, json=problem, headers={"content-type": "application/problem+json"})


async def test_one_that_is_not_there_leads_on(citizen):
    await citizen.at_home("sari", "/sent/unknown")
    citizen.should_see("back", "Kiriman ini tidak ada di perangkat")
    await in_every_look(citizen)


async def test_closing_leads_home(citizen):
    await citizen.at_home("sari")
    await send(citizen)
    await citizen.tap("back")
    citizen.should_see("home.search")
    await citizen.clock.advance(timedelta(seconds=5))
