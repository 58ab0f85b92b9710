"""A life event and its services."""

from __future__ import annotations

import shutil
from pathlib import Path

import httpx
import pytest
from errands import BIRTH
from looks import in_every_look

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
