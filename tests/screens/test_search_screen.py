"""Search: as you type, on the device."""

from __future__ import annotations

import pytest
from errands import BIRTH
from looks import in_every_look

from backend.sandbox.country import Country


@pytest.fixture
async def searching(citizen):
    await citizen.at_home("sari")
    await citizen.tap("home.search")
    return citizen


async def test_before_a_word_it_says_how_to_ask(searching):
    searching.should_see("search.field", "Tulis yang ingin Anda urus")
    searching.should_not_see("search.count")
    assert any(e.disabled for e in searching.find("search.clear").walk())
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


async def test_back_from_a_result_leads_to_the_search_as_it_was_left(searching):
    await searching.type("search.field", "bpjs")
    await searching.tap("search.more")
    await searching.tap("search.result.bpjs-kesehatan/join")
    await searching.tap("back")
    assert searching.value("search.field") == "bpjs"
    searching.should_see("search.result.bpjs-kesehatan/join")
    searching.should_not_see("search.more")
    await searching.tap("search.back")
    await searching.tap("home.search")
    assert searching.value("search.field") == ""


async def test_back_leads_to_where_one_was(searching):
    await searching.tap("search.back")
    searching.should_see("home.search")


# What was met


def _met(citizen, identifier: str) -> list[str]:
    """The pieces of a result's words that stand out, by weight and ground alike."""
    found = []
    for element in citizen.find(identifier).walk():
        for span in element.node.nodes("spans"):
            style = span.get("style")
            if style:
                assert style["font_family"].endswith("800")
                assert style["bgcolor"]
                found.append(span.get("text"))
    return found


@pytest.mark.parametrize(
    ("typed", "met"),
    [
        ("akta", ["Akta"]),
        ("akte lahr", ["Akta", "lahir"]),
        ("kelahi", ["kelahi"]),
        ("akta dukcapil", ["Akta", "Dukcapil"]),
    ],
)
async def test_what_was_met_stands_out_in_title_and_agency(searching, typed, met):
    await searching.type("search.field", typed)
    assert _met(searching, f"search.result.{BIRTH}") == met


async def test_another_name_of_the_same_thing_stands_out_too(searching):
    await searching.type("search.field", "kartu identitas anak")
    assert _met(searching, "search.result.dukcapil/child-identity-card") == ["Kartu identitas anak", "KIA"]


# Nothing has it all


async def test_a_word_that_nobody_knows_is_guessed_at_and_a_tap_takes_the_guess(searching):
    await searching.type("search.field", "vaksinasssiiii")
    searching.should_see("Maksud Anda “vaksin”?", "search.complaint", "Belum ada yang persis")
    await in_every_look(searching, data=["vaksin"])
    await searching.tap("search.guess")
    assert searching.value("search.field") == "vaksin"
    searching.should_see("search.result.kemenkes/vaccination-record")


async def test_what_is_near_and_the_life_events_that_fit_lead_on(searching):
    await searching.type("search.field", "akta kelahiran kucing terbang angkasa")
    searching.should_see("Yang paling dekat", f"search.near.{BIRTH}", "search.life-event.birth")
    await in_every_look(searching, data=["akta"])
    await searching.tap("search.life-event.birth")
    searching.should_see("event.start")


async def test_where_nothing_is_near_what_others_do_and_who_listens_lead_on(searching):
    await searching.type("search.field", "zzzzzz")
    searching.should_see("Sering diurus di Kota Bandung", "search.complaint", "Lapor keluhan")
    await searching.tap("search.complaint")
    searching.should_see("service.start", "Lapor keluhan")


# The keyboard and the ear


async def test_arrow_keys_choose_a_result_enter_opens_it_and_each_is_said(searching):
    await searching.type("search.field", "bpjs")
    rows = [
        e.identifier for e in searching.see().elements() if (e.identifier or "").startswith("search.result.")
    ]
    await searching.press_key("Enter")
    searching.should_see("search.field")
    for _ in range(3):
        await searching.press_key("Arrow Down")
    await searching.press_key("Arrow Up")
    assert "selected" in searching.find(rows[1]).states()
    assert "BPJS" in searching.phone.announcements[-1]
    await in_every_look(searching, data=["bpjs"])
    assert searching.value("search.field") == "bpjs"
    await searching.tap("search.field")
    await searching.press_key("Enter")
    searching.should_see("service.start")


async def test_escape_empties_the_field_and_then_leads_back(searching):
    await searching.type("search.field", "bpjs")
    await searching.press_key("Escape")
    assert searching.value("search.field") == ""
    await searching.press_key("Escape")
    searching.should_see("home.search")


async def test_under_another_screen_the_keys_are_not_for_search(searching):
    await searching.type("search.field", "akta")
    await searching.tap(f"search.result.{BIRTH}")
    await searching.press_key("Escape")
    searching.should_see("service.start")


async def test_how_many_were_found_is_said_once_it_is_quiet(searching):
    await searching.type("search.field", "akta", keystrokes=True)
    await searching.settle()
    said = [one for one in searching.phone.announcements if "layanan ditemukan" in one]
    assert len(said) == 1
    await searching.type("search.field", "zzzzzz")
    await searching.settle()
    assert searching.phone.announcements[-1] == "Belum ada yang persis seperti itu"


async def test_an_example_is_typed_by_a_tap(searching):
    await searching.tap("search.example.0")
    assert searching.value("search.field") == "anak baru lahir"
    searching.should_see(f"search.result.{BIRTH}")


# For developers


async def test_developers_see_why_a_result_stands_where_it_does_and_citizens_do_not(searching):
    await searching.type("search.field", "akte")
    searching.should_not_see("kata itu sendiri", "nilai ")
    await searching.device.holdings.marks.explain(True)
    await searching.settle()
    searching.should_see("“akte”: akte (kata itu sendiri)", "× 0.95 daerah", "nilai ")
    await in_every_look(searching, data=["akte", "akta"])


async def test_a_service_of_the_life_event_on_the_way_here_ranks_higher(citizen):
    await citizen.at_home("sari", "/event/moving")
    await citizen.device.holdings.marks.explain(True)
    await citizen.press_key("K", ctrl=True)
    await citizen.type("search.field", "bpjs")
    citizen.should_see("peristiwa")


# A catalogue on the move


async def test_while_the_rest_is_loading_it_says_so_and_finds_in_what_is_here(searching):
    catalogue = searching.device.catalogue
    edition, catalogue._edition = catalogue._edition, None
    await searching.type("search.field", "akta")
    searching.should_see("selebihnya sedang dimuat", f"search.result.{BIRTH}")
    await in_every_look(searching, data=["akta"])
    catalogue._edition = edition


async def test_a_new_edition_comes_in_while_results_are_on_the_screen(searching):
    await searching.type("search.field", "akta")
    searching.should_see(f"search.result.{BIRTH}", "dari 26 layanan")
    backend = searching.sandbox.app.state.backend
    services = backend.services
    await backend.services_changed(services.within(Country(3_000, 1, written=frozenset(services.ids()))))
    # Nobody asks for it: Loket looks every minute.
    await searching.clock.advance(61)
    searching.should_see(f"search.result.{BIRTH}", "dari 3.000 layanan", "search.elsewhere")
    assert searching.value("search.field") == "akta"
