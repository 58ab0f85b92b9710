"""Home: a question, what waits for the citizen, life events, pinned and recent services."""

from __future__ import annotations

import os
from datetime import timedelta

import httpx
import pytest
from errands import BIRTH, SERVICE, begin_birth, decide, end_session, hold_back, receive_birth, send_birth
from looks import SIZES, in_every_look

from app.contract.notices import Notice
from app.testing.loket import LoketCitizen
from backend import notices


async def test_a_new_citizen_is_greeted_by_name_and_finds_every_life_event(citizen):
    await citizen.at_home("sari")
    citizen.should_see("Selamat pagi, Sari.", "Apa yang ingin Anda urus?", "home.search")
    for event in ("birth", "education", "health", "death"):
        citizen.should_see(f"home.life-event.{event}")
    citizen.should_not_see("Lanjutkan", "Disematkan", "Terakhir dibuka")
    await in_every_look(citizen)


@pytest.mark.parametrize(
    ("hours", "greeting"),
    [
        (0, "Selamat pagi"),
        (4, "Selamat siang"),
        (7, "Selamat sore"),
        (12, "Selamat malam"),
        (17, "Selamat malam"),
    ],
)
async def test_the_greeting_is_that_of_the_hour(citizen, hours, greeting):
    await citizen.clock.advance(timedelta(hours=hours))  # from 09.05
    await citizen.at_home("sari")
    citizen.should_see(f"{greeting}, Sari.")


async def test_while_it_is_read_the_places_of_what_comes_are_there(citizen):
    let_go = await _with_storage_held(citizen)
    citizen.should_see("home.search")
    citizen.should_not_see("home.life-event.birth")
    await in_every_look(citizen)
    let_go()
    await citizen.settle()
    citizen.should_see("home.life-event.birth")


async def _with_storage_held(citizen: LoketCitizen):
    await citizen.at_home("sari", "/account")
    let_go = hold_back(citizen.device.holdings.drafts, "all")
    await citizen.tap("nav.home")
    return let_go


async def test_a_draft_says_how_much_is_left_and_leads_back_to_its_place(citizen):
    await citizen.at_home("sari")
    draft = await begin_birth(citizen)
    citizen.should_see("Lanjutkan", f"home.continue.{draft.id}", "1 dari 14 isian tersisa")
    await in_every_look(citizen)
    await citizen.tap(f"home.continue.{draft.id}")
    citizen.should_see("field.full_name")


async def test_a_question_of_an_agency_comes_first(citizen):
    await citizen.at_home("sari")
    reference = await receive_birth(citizen)
    await begin_birth(citizen)
    citizen.should_see(f"home.continue.{reference}", "Diterima, janji selesai")
    await decide(citizen, reference, kind="ask", reason="Nama ayah?", page="parents", field="father")
    citizen.should_see("Ada pertanyaan untuk Anda")
    order = [
        e.identifier for e in citizen.see().elements() if (e.identifier or "").startswith("home.continue.")
    ]
    assert order[0] == f"home.continue.{reference}"
    await in_every_look(citizen)


async def test_what_is_overdue_shows_by_itself(citizen):
    await citizen.at_home("sari")
    reference = await receive_birth(citizen)
    await citizen.clock.advance(timedelta(days=8))
    await citizen.enter_pin()
    citizen.should_see(f"home.continue.{reference}", "Sudah lewat dari janji")
    await in_every_look(citizen)


async def test_what_waits_for_a_network_is_on_home(citizen):
    await citizen.at_home("sari")
    filing = await begin_birth(citizen, full_name="Arka Contoh Putra", declaration=True)
    await citizen.set_connectivity()
    await citizen.device.holdings.outbox.send(filing.draft, filing.journey.submission_answers(), "id")
    await citizen.settle()
    citizen.should_see("offline", f"home.continue.{filing.id}", "Siap dikirim")
    await in_every_look(citizen)


async def test_pinned_and_recent_services_stand_apart(citizen):
    await citizen.at_home("sari", SERVICE)
    await citizen.go("/")
    citizen.should_see("Terakhir dibuka", f"home.recent.{BIRTH}")
    await citizen.go(SERVICE)
    await citizen.tap("service.pin")
    await citizen.go("/")
    citizen.should_see("Disematkan", f"home.pinned.{BIRTH}")
    citizen.should_not_see(f"home.recent.{BIRTH}")
    await in_every_look(citizen)


async def test_a_session_that_is_over_is_said_with_what_is_safe_and_the_way_back(citizen):
    await citizen.at_home("sari")
    await end_session(citizen)
    citizen.should_see("home.signed-out", "Data Anda aman di perangkat ini", "home.sign-in-again")
    await in_every_look(citizen)
    await citizen.tap("home.sign-in-again")
    citizen.should_not_see("home.signed-out")


async def test_another_citizen_is_not_let_in_to_what_the_first_one_keeps(citizen):
    await citizen.at_home("sari")
    await end_session(citizen)
    citizen.persona = "dewi"
    await citizen.tap("home.sign-in-again")
    citizen.should_see("home.signed-out", "Data di perangkat ini milik orang lain")
    await in_every_look(citizen)


async def test_offline_is_said_with_the_time_of_what_is_shown(citizen):
    await citizen.at_home("sari")
    await citizen.set_connectivity()
    citizen.should_see("offline", "Offline · per pukul 09.05 WIB", "home.life-event.birth")
    await in_every_look(citizen)


async def test_without_a_catalogue_and_without_a_network_home_says_when_it_comes(citizen):
    citizen.network.answer("/v1/catalogue", httpx.ConnectError("no route"))
    await citizen.at_home("sari")
    await citizen.set_connectivity()
    citizen.should_see("Daftar layanan belum terunduh", "Data Anda aman di perangkat ini")
    await in_every_look(citizen)
    citizen.network.answer("/v1/catalogue", None)
    await citizen.set_connectivity("wifi")
    await citizen.clock.advance(61)
    citizen.should_see("home.life-event.birth")


async def test_a_desktop_shows_what_waits_beside_the_life_events(citizen):
    width, height = SIZES["desktop"]
    await citizen.at_home("sari", width=width, height=height)
    await send_birth(citizen)
    citizen.should_see("Ctrl K", "Selamat pagi, Sari. Apa yang ingin Anda urus?", "Lanjutkan")
    await citizen.press_key("K", ctrl=True)
    citizen.should_see("search.field")


# What everybody has to know now


async def _post(citizen: LoketCitizen, **said) -> str:
    """Publish a notice as an operator does; gives its id."""
    now = citizen.clock.now()
    given = {
        "id": os.urandom(8).hex(),
        "level": "warning",
        "title": {"id": "Banjir di Bandung", "en": "Flood in Bandung"},
        "text": {"id": "Hindari jalan Soekarno.", "en": "Avoid the road."},
        "valid_from": now,
        "valid_until": now + timedelta(hours=5),
        **said,
    }
    database = citizen.sandbox.app.state.backend.database
    async with database.writing() as session:
        await notices.publish(session, Notice.model_validate(given), now)
    return given["id"]


SAID = ["Banjir di Bandung", "Flood in Bandung", "Hindari jalan Soekarno.", "Avoid the road."]


async def test_an_emergency_stands_above_everything_is_said_and_stays(citizen):
    emergency = await _post(citizen, level="emergency", dismissible=False)
    info = await _post(citizen, level="info", service="lapor/complaint")
    await citizen.at_home("sari")
    citizen.should_see("Darurat", "Pengumuman", f"home.notice.{emergency}", "Berlaku sampai")
    citizen.should_not_see(f"home.notice.away.{emergency}")
    order = [e.identifier for e in citizen.see().elements() if e.identifier]
    assert (
        order.index(f"home.notice.{emergency}")
        < order.index("home.search")
        < order.index(f"home.notice.{info}")
    )
    assert "Banjir di Bandung. Hindari jalan Soekarno." in citizen.phone.announcements
    await in_every_look(citizen, data=SAID)
    await citizen.tap(f"home.notice.service.{info}")
    citizen.should_see("service.start")


async def test_a_notice_is_put_away_for_good(citizen):
    notice = await _post(citizen)
    await citizen.at_home("sari")
    await citizen.tap(f"home.notice.away.{notice}")
    citizen.should_not_see(f"home.notice.{notice}")
    await citizen.restart()
    await citizen.enter_pin()
    citizen.should_see("home.search")
    citizen.should_not_see(f"home.notice.{notice}")


async def test_a_notice_comes_within_a_minute_is_read_offline_and_ends_by_itself(citizen):
    await citizen.at_home("sari")
    notice = await _post(citizen, valid_until=citizen.clock.now() + timedelta(minutes=4))
    await citizen.clock.advance(61)
    citizen.should_see(f"home.notice.{notice}")
    await citizen.set_connectivity()
    await citizen.restart()
    await citizen.enter_pin()
    citizen.should_see(f"home.notice.{notice}", "offline")
    citizen.device.touch()
    await citizen.clock.advance(200)
    citizen.should_not_see(f"home.notice.{notice}")


async def test_a_notice_that_is_withdrawn_leaves(citizen):
    notice = await _post(citizen)
    await citizen.at_home("sari")
    citizen.should_see(f"home.notice.{notice}")
    async with citizen.sandbox.app.state.backend.database.writing() as session:
        assert await notices.withdraw(session, notice, citizen.clock.now())
    await citizen.clock.advance(61)
    citizen.should_not_see(f"home.notice.{notice}")


async def test_a_notice_of_other_regions_concerns_only_who_looks_there(citizen):
    notice = await _post(citizen, regions=["35.78"])
    await citizen.at_home("sari")
    citizen.should_not_see(f"home.notice.{notice}")
    await citizen.device.holdings.marks.choose_region("35.78")
    await citizen.settle()
    citizen.should_see(f"home.notice.{notice}", "Kota Surabaya")


# What may come next


async def test_suggestions_say_because_of_what_and_are_switched_off_and_on(citizen):
    await citizen.at_home("sari")
    citizen.should_see("Mungkin berikutnya", f"home.suggestion.{BIRTH}", "Karena kelahiran 25 Februari 2026")
    await in_every_look(citizen)
    await citizen.tap("home.suggestions.off")
    citizen.should_not_see("Mungkin berikutnya")
    await citizen.tap("nav.account")
    await citizen.tap("account.suggestions")
    await citizen.tap("nav.home")
    citizen.should_see("Mungkin berikutnya")
    await citizen.tap(f"home.suggestion.{BIRTH}")
    citizen.should_see("service.start")


async def test_a_licence_that_runs_out_is_suggested_with_its_day(citizen):
    await citizen.at_home("hendra")
    citizen.should_see("home.suggestion.polri/driving-licence-renewal", "Karena SIM Anda berlaku sampai")
    citizen.should_see("home.suggestion.samsat/vehicle-tax", "jatuh tempo")


async def test_what_is_begun_already_is_not_suggested(citizen):
    await citizen.at_home("sari")
    await begin_birth(citizen)
    citizen.should_not_see(f"home.suggestion.{BIRTH}")


async def test_a_life_event_is_pinned_from_its_plan(citizen):
    await citizen.at_home("sari", "/event/birth")
    await citizen.tap("event.pin")
    await citizen.go("/")
    citizen.should_see("Disematkan", "home.pinned-event.birth")
    await in_every_look(citizen)
    await citizen.tap("home.pinned-event.birth")
    await citizen.tap("event.pin")
    await citizen.go("/")
    citizen.should_not_see("home.pinned-event.birth")
