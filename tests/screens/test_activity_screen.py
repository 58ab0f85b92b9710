"""Activity: what is on its way, what is with an agency, what is done."""

from __future__ import annotations

import httpx
from errands import begin_birth, decide, hold_back, receive_birth, send_birth
from looks import SIZES, in_every_look

OFFLINE = httpx.ConnectError("no route")


async def test_nothing_begun_yet_leads_to_search(citizen):
    await citizen.at_home("sari", "/activity")
    citizen.should_see("Belum ada urusan", "activity.find")
    await in_every_look(citizen)
    await citizen.tap("activity.find")
    citizen.should_see("search.field")


async def test_while_it_is_read_the_places_of_what_comes_are_there(citizen):
    await citizen.at_home("sari")
    let_go = hold_back(citizen.device.holdings.applications, "all")
    await citizen.tap("nav.activity")
    citizen.should_not_see("Belum ada urusan")
    await in_every_look(citizen)
    let_go()
    await citizen.settle()
    citizen.should_see("Belum ada urusan")


async def test_drafts_submissions_and_applications_stand_in_their_order(citizen):
    await citizen.at_home("sari", "/activity")
    done = await receive_birth(citizen)
    moving = await receive_birth(citizen, "Bayu Contoh Putra")
    await decide(citizen, done, kind="accept")
    draft = await begin_birth(citizen)
    citizen.should_see(f"activity.waiting.{draft.id}", f"activity.{moving}", "Selesai", f"activity.{done}")
    citizen.should_see("Disetujui", "Sedang diperiksa")
    order = [e.identifier for e in citizen.see().elements() if (e.identifier or "").startswith("activity.")]
    assert order == [f"activity.waiting.{draft.id}", f"activity.{moving}", f"activity.{done}"]
    await in_every_look(citizen)


async def test_offline_what_was_known_stays_readable(citizen):
    await citizen.at_home("sari", "/activity")
    reference = await receive_birth(citizen)
    await citizen.set_connectivity()
    citizen.should_see("offline", f"activity.{reference}")
    await in_every_look(citizen)


async def test_what_is_on_its_way_without_a_network_waits(citizen):
    await citizen.at_home("sari", "/activity")
    citizen.network.answer("POST /v1/applications", OFFLINE)
    item = await send_birth(citizen)
    await citizen.set_connectivity()
    citizen.should_see(f"activity.waiting.{item}", "Siap dikirim")
    await in_every_look(citizen)
    await citizen.tap(f"activity.waiting.{item}")
    citizen.should_see("sent.waiting")


async def test_a_desktop_shows_the_application_beside_the_list(citizen):
    width, height = SIZES["desktop"]
    await citizen.at_home("sari", "/activity", width=width, height=height)
    first = await receive_birth(citizen)
    second = await receive_birth(citizen, "Bayu Contoh Putra")
    citizen.should_see("application.reference", "application.save-receipt")
    for reference in (first, second):
        await citizen.tap(f"activity.{reference}")
        assert citizen.find("application.reference").name == reference
        assert citizen.route == "/activity"
