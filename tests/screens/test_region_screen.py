"""The region: chosen once or from the register, and changed by one tap."""

from __future__ import annotations

import pytest
from looks import in_every_look


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


async def test_a_region_is_found_by_what_people_call_it(choosing):
    called = {
        "solo": "33.72",
        "surab": "35.78",
        "kota bandung": "32.73",
        "jogja": "34.71",
        "surabya": "35.78",
    }
    for typed, found in called.items():
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
