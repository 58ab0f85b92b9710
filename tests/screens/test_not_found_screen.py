"""An address that Loket does not know, and the way back from one that it does."""

from __future__ import annotations

import pytest
from errands import FORM, SERVICE
from looks import in_every_look


async def test_an_unknown_address_says_so_and_leads_home(citizen):
    await citizen.at_home("sari", "/nowhere/at/all")
    citizen.should_see("Halaman ini tidak ada", "Data Anda aman", "not-found.home")
    await in_every_look(citizen)
    await citizen.tap("not-found.home")
    citizen.should_see("home.search")


@pytest.mark.parametrize(
    ("link", "back"),
    [
        ("/event/birth", ["/"]),
        (SERVICE, ["/"]),
        (FORM, [SERVICE, "/"]),
        ("/documents/one", ["/documents"]),
        ("/activity/7KM4-2WXP-9", ["/activity"]),
        ("/activity/7KM4-2WXP-9/answer", ["/activity/7KM4-2WXP-9", "/activity"]),
    ],
)
async def test_from_a_link_into_the_app_back_leads_to_what_it_belongs_to(citizen, link, back):
    await citizen.at_home("sari", link)
    for route in back:
        await citizen.back()
        assert citizen.route == route


async def test_a_link_waits_for_the_pin(citizen):
    await citizen.at_home("sari")
    await citizen.restart(route=SERVICE)
    citizen.should_see("Masukkan PIN")
    await citizen.enter_pin()
    citizen.should_see("service.start")
