"""Search: as you type, on the device."""

from __future__ import annotations

import pytest
from errands import BIRTH
from looks import in_every_look


@pytest.fixture
async def searching(citizen):
    await citizen.at_home("sari")
    await citizen.tap("home.search")
    return citizen


async def test_before_a_word_it_says_how_to_ask(searching):
    searching.should_see("search.field", "Tulis yang ingin Anda urus")
    searching.should_not_see("search.clear", "search.count")
    await in_every_look(searching)


@pytest.mark.parametrize("asked", ["akta", "anak baru lahir", "akte kelahirn", "KIA"])
async def test_the_words_of_every_day_find_the_service(searching, asked):
    await searching.type("search.field", asked, keystrokes=True)
    searching.should_see(f"search.result.{BIRTH}", "search.count")


async def test_results_say_who_how_long_and_what_it_costs(searching):
    await searching.type("search.field", "akta")
    searching.should_see("Dukcapil", "1 hari kerja", "gratis")
    await in_every_look(searching, data=["akta"])
    await searching.tap(f"search.result.{BIRTH}")
    searching.should_see("service.start")


async def test_nothing_found_says_what_to_try(searching):
    await searching.type("search.field", "zzzzzz")
    searching.should_see("Belum ketemu", "search.home")
    await in_every_look(searching)
    await searching.tap("search.home")
    searching.should_see("home.search")


async def test_clearing_empties_the_field_and_keeps_the_keyboard_there(searching):
    await searching.type("search.field", "akta")
    await searching.tap("search.clear")
    assert searching.value("search.field") == ""
    assert searching.focused is not None
    searching.should_see("Tulis yang ingin Anda urus")


async def test_it_needs_no_network(searching):
    await searching.set_connectivity()
    await searching.type("search.field", "akta")
    searching.should_see(f"search.result.{BIRTH}")
    await in_every_look(searching, data=["akta"])


async def test_back_leads_to_where_one_was(searching):
    await searching.tap("search.back")
    searching.should_see("home.search")
