"""A life event and its services."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from errands import BIRTH, CHILD, receive_birth
from looks import in_every_look

from app.app import App
from app.contract.language import Language

SERVICES = Path(__file__).parents[2] / "services"
UNSERVED = """
- id: unserved
  title: Peristiwa baru
  icon: travel
  order: 99
"""


@pytest.fixture
def loket_services(tmp_path: Path) -> Path:
    """Loket's services, and a life event that no service names yet."""
    folder = shutil.copytree(SERVICES, tmp_path / "services")
    events = folder / "life-events.yaml"
    events.write_text(events.read_text() + UNSERVED)
    english = folder / "translations" / "en.yaml"
    english.write_text(english.read_text() + "\nunserved:\n  title: A new situation\n")
    return folder


async def test_a_life_event_lists_its_services(citizen):
    await citizen.at_home("sari", "/event/birth")
    citizen.should_see("Kelahiran anak", f"event.service.{BIRTH}", "Dukcapil", "gratis")
    await in_every_look(citizen)
    await citizen.tap(f"event.service.{BIRTH}")
    citizen.should_see("service.start")


async def test_one_without_services_yet_leads_to_search(citizen):
    await citizen.at_home("sari", "/event/unserved")
    citizen.should_see("Belum ada layanan untuk peristiwa ini", "event.search")
    await in_every_look(citizen)
    await citizen.tap("event.search")
    citizen.should_see("search.field")


async def test_it_is_readable_offline(citizen):
    await citizen.at_home("sari", "/event/birth")
    await citizen.set_connectivity()
    citizen.should_see("offline", f"event.service.{BIRTH}")
    await in_every_look(citizen)


async def test_one_that_is_not_there_says_so(citizen):
    await citizen.at_home("sari", "/event/weather")
    citizen.should_see("Peristiwa ini tidak ada di daftar", "event.search")
    await in_every_look(citizen)


async def test_without_a_catalogue_it_says_when_it_comes(citizen):
    citizen.network.answer("/v1/catalogue", httpx.ConnectError("no route"))
    await citizen.at_home("sari", "/event/birth")
    await citizen.set_connectivity()
    citizen.should_see("Daftar layanan belum terunduh")
    await in_every_look(citizen)


NEWBORN = "bpjs-kesehatan/add-newborn"


async def test_the_next_step_says_how_much_is_left_to_type_and_starts_by_one_button(citizen):
    await citizen.at_home("sari", "/event/birth")
    citizen.should_see(
        "langkah berikut", "1 dari 14 isian perlu diketik", "0 dari 2 selesai", "paling cepat 10 Maret"
    )
    await citizen.tap("event.start")
    citizen.should_see("service.start", "Akta kelahiran")


async def test_while_a_step_is_with_the_agency_it_says_so(citizen):
    await citizen.at_home("sari")
    await receive_birth(citizen)
    await citizen.go("/event/birth")
    citizen.should_see("diproses")
    await in_every_look(citizen)


async def test_what_one_step_issued_is_ticked_and_flows_into_the_next(citizen):
    await citizen.at_home("sari")
    await receive_birth(citizen)
    await citizen.let_agency_work(180)
    await citizen.clock.advance(61)
    await citizen.go("/event/birth")
    citizen.should_see("1 dari 2 selesai", "Sudah ada di Dokumen · Dukcapil", "selesai", "event.start")
    await in_every_look(citizen)
    await citizen.tap("event.start")
    citizen.should_see("service.start", "BPJS untuk bayi baru lahir")
    await citizen.tap("service.start")
    opened = await App(citizen.device, None, Language.load("id")).service(NEWBORN)
    # The child that the first step registered is on the family card that the second one reads.
    assert CHILD in str(opened.journey.me)
    held = {document.type for document in await citizen.device.holdings.wallet.all()}
    assert held >= {"birth-certificate", "family-card"}


async def test_when_all_steps_are_done_it_says_so(citizen):
    await citizen.at_home("sari", "/event/birth")
    app_plan = App.plan

    async def all_done(app: App, event_id: str):
        made = await app_plan(app, event_id)
        stages = tuple(tuple(replace(s, state="done") for s in stage) for stage in made.stages)
        return replace(made, stages=stages)

    App.plan = all_done
    try:
        await citizen.device.holdings.marks.pin_event("birth")
        await citizen.settle()
        citizen.should_see("event.done", "2 dari 2 selesai")
        citizen.should_not_see("event.start")
        await in_every_look(citizen)
    finally:
        App.plan = app_plan


async def test_all_services_of_an_event_stand_on_a_page_of_their_own(citizen):
    await citizen.at_home("sari", "/event/health/services")
    citizen.should_see(
        "Kesehatan & BPJS", "6 layanan tersedia · Kota Bandung", "event.service.bpjs-kesehatan/join"
    )
    await in_every_look(citizen)
    await citizen.set_connectivity()
    citizen.should_see("offline")
    await citizen.tap("back")
    citizen.should_see("event.pin")
    await citizen.go("/event/unserved/services")
    citizen.should_see("Belum ada layanan untuk peristiwa ini")
