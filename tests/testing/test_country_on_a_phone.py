"""A citizen among thousands of services: searching, planning, and going through all of them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from app.app import App
from app.contract.language import Language
from app.testing.clock import Clock
from app.testing.loket import LoketCitizen, Sandbox

SERVICES = 3_000


@pytest_asyncio.fixture
async def sandbox(clock: Clock, loket_services: Path, _loaded: None) -> AsyncIterator[Sandbox]:
    """The backend, with a country in it."""
    async with Sandbox.up(clock, services=loket_services, synthesised=SERVICES) as up:
        yield up


def rows(citizen: LoketCitizen, prefix: str) -> list[str]:
    """The identifiers of the rows that are drawn now, in their order."""
    found = (element.identifier for layer in citizen.see().layers for element in layer.walk())
    return [one for one in dict.fromkeys(found) if one and one.startswith(prefix)]


async def at_home(citizen: LoketCitizen) -> None:
    """At home, with the whole catalogue there: one sync waits for the other."""
    await citizen.at_home("sari")
    await citizen.device.sync_catalogue()
    assert citizen.device.catalogue.complete


async def test_what_is_typed_with_a_typo_is_found_among_all_services(citizen):
    await at_home(citizen)
    await citizen.tap("home.search")
    await citizen.type("search.field", "akte lahr anak")
    citizen.should_see("search.result.dukcapil/birth-registration", "dari 3.000 layanan")


async def test_a_life_event_is_a_plan_and_its_next_step_starts(citizen):
    await at_home(citizen)
    await citizen.tap("home.life-event.birth")
    citizen.should_see("langkah berikut", "0 dari", "paling cepat")
    await citizen.tap("event.start")
    citizen.should_see("service.start", "Akta kelahiran")


@pytest.mark.parametrize(
    ("which", "prefix"), [("agencies", "directory.agency."), ("services", "directory.service.")]
)
async def test_the_directory_draws_what_is_near_the_eye_and_nothing_else(citizen, which, prefix):
    await at_home(citizen)
    await citizen.tap("home.directory")
    if which == "services":
        await citizen.tap("directory.services")
        citizen.should_see("3.000 layanan")
    first = rows(citizen, prefix)
    assert 20 < len(first) < 80
    await citizen.scroll(to=200 * 76)
    later = rows(citizen, prefix)
    assert 20 < len(later) < 80
    assert not {*first} & {*later}
    await citizen.scroll(to=0)
    assert first[0] in rows(citizen, prefix)


async def test_from_an_agency_to_its_services_and_back(citizen):
    await at_home(citizen)
    await citizen.tap("home.directory")
    await citizen.tap("directory.agency.bpjs-kesehatan")
    citizen.should_see("agency.service.bpjs-kesehatan/join")
    await citizen.tap("agency.service.bpjs-kesehatan/join")
    citizen.should_see("service.start")


async def test_the_region_is_that_of_the_register_until_another_is_chosen(citizen):
    await at_home(citizen)
    app = App(citizen.device, None, Language.load("id"))
    assert (await app.region()).code == "32.73"
    await app.marks.choose_region("35.78")
    assert (await app.search_context()).region == "35.78"
    await citizen.restart()
    await citizen.enter_pin()
    app = App(citizen.device, None, Language.load("id"))
    assert (await app.region()).code == "35.78"
    await app.marks.choose_region(None)
    assert (await app.region()).code == "32.73"


async def test_a_page_with_many_services_draws_what_is_near_the_eye(citizen, monkeypatch):
    monkeypatch.setattr("screens.directory._MOST", 5)
    await at_home(citizen)
    catalogue = citizen.device.catalogue
    busy = max(catalogue.agencies(), key=lambda agency: len(catalogue.by_agency(agency.id)))
    await citizen.go(f"/agency/{busy.id}")
    offered = [f"agency.service.{row.id}" for row in catalogue.by_agency(busy.id)]
    assert rows(citizen, "agency.service.") == offered
    await citizen.scroll(to=76)
    assert rows(citizen, "agency.service.") == offered


async def test_another_list_begins_at_its_top_wherever_the_one_before_stood(citizen):
    await at_home(citizen)
    await citizen.tap("home.directory")
    await citizen.tap("directory.services")
    first = rows(citizen, "directory.service.")[0]
    await citizen.scroll(to=2_000 * 76)
    await citizen.tap("directory.agencies")
    assert (
        rows(citizen, "directory.agency.")[0]
        == f"directory.agency.{citizen.device.catalogue.agencies(0, 1)[0].id}"
    )
    await citizen.tap("directory.services")
    assert rows(citizen, "directory.service.")[0] == first
