"""Messages: one for each step of an application."""

from __future__ import annotations

from errands import decide, hold_back, receive_birth
from looks import in_every_look


async def test_none_yet_says_what_comes_here(citizen):
    await citizen.at_home("sari", "/messages")
    citizen.should_see("Belum ada pesan", "Setiap langkah urusan Anda dikabarkan di sini.")
    await in_every_look(citizen)


async def test_while_they_are_read_the_places_of_what_comes_are_there(citizen):
    await citizen.at_home("sari")
    let_go = hold_back(citizen.device.holdings.inbox, "all")
    await citizen.tap("nav.messages")
    citizen.should_not_see("Belum ada pesan")
    await in_every_look(citizen)
    let_go()
    await citizen.settle()
    citizen.should_see("Belum ada pesan")


async def test_each_step_is_a_message_the_newest_first_and_opening_one_reads_it(citizen):
    await citizen.at_home("sari", "/messages")
    reference = await receive_birth(citizen)
    await decide(citizen, reference, kind="accept")
    messages = [e for e in citizen.see().elements() if (e.identifier or "").startswith("messages.")]
    assert "Permohonan diterima" in messages[-1].name
    assert all("belum dibaca" in message.name for message in messages)
    await in_every_look(citizen)
    assert messages[-1].identifier is not None
    await citizen.tap(messages[-1].identifier)
    assert citizen.route == f"/activity/{reference}"
    await citizen.go("/messages")
    assert "belum dibaca" not in citizen.find(messages[-1].identifier).name
    await in_every_look(citizen)


async def test_the_way_to_them_says_how_many_are_unread(citizen):
    await citizen.at_home("sari")
    reference = await receive_birth(citizen)
    await decide(citizen, reference, kind="reject", reason="Berkas tidak terbaca.")
    unread = len(await citizen.device.holdings.inbox.all())
    assert str(unread) in citizen.find("nav.messages").name


async def test_offline_they_stay_readable_and_can_be_read(citizen):
    await citizen.at_home("sari", "/messages")
    await receive_birth(citizen)
    await citizen.clock.advance(10)
    await citizen.set_connectivity()
    citizen.should_see("offline", "Permohonan diterima")
    await in_every_look(citizen)
