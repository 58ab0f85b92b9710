"""The region: chosen once or from the register, changed by one tap, and what is not offered there says so."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from looks import in_every_look
from regional import with_cities

SERVICES = Path(__file__).parents[2] / "services"
BANDUNG, SURABAYA = "polres-kota-bandung/skck", "polres-kota-surabaya/skck"


@pytest.fixture
def loket_services(tmp_path: Path) -> Path:
    """Loket's services, with police certificates of three cities."""
    return with_cities(shutil.copytree(SERVICES, tmp_path / "services"))


@pytest.fixture
async def choosing(citizen):
    await citizen.at_home("sari")
    await citizen.tap("home.region")
    return citizen


async def test_the_registered_address_comes_first_then_the_country_then_the_province_of_the_citizen(choosing):
    choosing.should_see("Alamat terdaftar: Kota Bandung", "region.everywhere", "region.32.01")
    assert "selected" in choosing.find("region.registered").states()
    drawn = [e for e in choosing.see().elements() if (e.identifier or "").startswith("region.")]
    assert len(drawn) < 80, "only what is near the eye is drawn"
    await in_every_look(choosing)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("solo", "33.72"),
        ("surab", "35.78"),
        ("kota bandung", "32.73"),
        ("jogja", "34.71"),
        ("surabya", "35.78"),
    ],
)
async def test_a_region_is_found_by_what_people_call_it(choosing, typed, found):
    await choosing.type("region.field", typed, keystrokes=True)
    choosing.should_see(f"region.{found}")
    choosing.should_not_see("region.everywhere", "region.11.01")


async def test_a_name_that_is_none_says_what_to_do(choosing):
    await choosing.type("region.field", "atlantis")
    choosing.should_see("Daerah itu belum ketemu", "region.registered")
    await in_every_look(choosing)
    assert choosing.value("region.field") == "atlantis"


async def test_one_tap_chooses_says_so_stays_and_is_taken_back(choosing):
    await choosing.type("region.field", "surabaya")
    await choosing.tap("region.35.78")
    choosing.should_see("home.region", "Kota Surabaya")
    assert choosing.phone.announcements[-1] == "Layanan dicari di: Kota Surabaya"
    await choosing.restart()
    await choosing.enter_pin()
    choosing.should_see("Kota Surabaya")
    await choosing.tap("home.region")
    assert "selected" not in choosing.find("region.registered").states()
    await choosing.tap("region.registered")
    choosing.should_see("Kota Bandung")


async def test_everywhere_is_a_choice(choosing):
    await choosing.tap("region.everywhere")
    choosing.should_see("Seluruh Indonesia")
    await choosing.tap("home.search")
    await choosing.type("search.field", "skck")
    choosing.should_see(f"search.result.{BANDUNG}", f"search.result.{SURABAYA}")
    choosing.should_not_see("search.elsewhere")
    await in_every_look(choosing, data=["skck"])


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
