"""Services of regions: one's own first, others when asked, and what is not offered here says so."""

from __future__ import annotations

from pathlib import Path

import pytest
from looks import in_every_look
from regional import cities

BANDUNG, SURABAYA = "polres-kota-bandung/skck", "polres-kota-surabaya/skck"


@pytest.fixture
def loket_services(tmp_path: Path) -> Path:
    """Police certificates of three cities, and what is registered at birth."""
    return cities(tmp_path / "services")


async def test_everywhere_is_a_choice(citizen):
    await citizen.at_home("sari", "/region")
    await citizen.tap("region.everywhere")
    citizen.should_see("Seluruh Indonesia")
    await citizen.tap("home.search")
    await citizen.type("search.field", "skck")
    citizen.should_see(f"search.result.{BANDUNG}", f"search.result.{SURABAYA}")
    citizen.should_not_see("search.elsewhere")
    await in_every_look(citizen, data=["skck"])


async def test_my_region_comes_first_and_the_others_are_one_calm_tap_away(citizen):
    await citizen.at_home("sari", "/search")
    await citizen.type("search.field", "skck")
    citizen.should_see(f"search.result.{BANDUNG}", "2 layanan serupa di luar Kota Bandung")
    citizen.should_not_see(f"search.result.{SURABAYA}")
    await citizen.tap("search.elsewhere")
    citizen.should_see(f"search.elsewhere.{SURABAYA}", "2 layanan di daerah lain")
    citizen.should_not_see(f"search.elsewhere.{BANDUNG}")
    assert citizen.value("search.field") == "skck"
    await in_every_look(citizen, data=["skck"])
    await citizen.tap(f"search.elsewhere.{SURABAYA}")
    await citizen.tap("back")
    citizen.should_see("2 layanan di daerah lain")
    assert citizen.value("search.field") == "skck"
    await citizen.press_key("Escape")
    citizen.should_see(f"search.result.{BANDUNG}")
    await citizen.tap("search.elsewhere")
    await citizen.tap("search.only-here")
    await citizen.tap("search.elsewhere")
    await citizen.type("search.field", "akta")
    citizen.should_see("search.result.dukcapil/birth-registration")


async def test_a_place_in_the_query_is_understood_and_can_be_taken_out(citizen):
    await citizen.at_home("sari", "/search")
    await citizen.type("search.field", "skck di kota surabaya")
    citizen.should_see(f"search.result.{SURABAYA}", "search.place", "Kota Surabaya")
    citizen.should_not_see("search.region")
    await in_every_look(citizen, data=["skck di kota surabaya"])
    await citizen.tap("search.place")
    assert citizen.value("search.field") == "skck"
    citizen.should_see(f"search.result.{BANDUNG}", "search.region")


async def test_what_is_not_offered_here_says_where_and_offers_the_one_at_home(citizen):
    await citizen.at_home("sari", f"/service/{SURABAYA}")
    citizen.should_see(
        "Tidak dilayani di Kota Bandung", "warga Kota Surabaya", "service.instead", "service.region"
    )
    await in_every_look(citizen)
    await citizen.tap("service.instead")
    citizen.should_see("service.start", "Polres Kota Bandung")
    citizen.should_not_see("service.elsewhere")


async def test_from_what_is_not_offered_here_the_region_changes_by_one_tap(citizen):
    await citizen.at_home("sari", f"/service/{SURABAYA}")
    await citizen.tap("service.region")
    await citizen.type("region.field", "surabaya")
    await citizen.tap("region.35.78")
    citizen.should_see("service.start")
    citizen.should_not_see("service.elsewhere")


async def test_who_begins_elsewhere_all_the_same_is_not_stopped(citizen):
    await citizen.at_home("sari", f"/service/{SURABAYA}")
    await citizen.tap("service.start")
    citizen.should_see("form.next")
