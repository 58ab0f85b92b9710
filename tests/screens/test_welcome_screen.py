"""Welcome: the first screen, and the one after signing out."""

from __future__ import annotations

from looks import in_every_look


async def test_it_says_what_loket_is_and_has_one_button(citizen):
    await citizen.open()
    citizen.should_see("Satu loket untuk semua urusan Anda.", "welcome.sign-in")
    await in_every_look(citizen)


async def test_the_language_is_chosen_before_anything_else(citizen):
    await citizen.open()
    await citizen.tap("welcome.language.en")
    citizen.should_see("Sign in")
    await citizen.tap("welcome.language.id")
    citizen.should_see("Masuk")


async def test_while_the_citizen_is_in_the_browser_there_is_a_way_back_and_a_second_way_there(citizen):
    await citizen.open()
    await citizen.tap("welcome.sign-in")
    citizen.should_see("Lanjutkan di peramban", "welcome.open-again", "welcome.cancel")
    citizen.should_not_see("welcome.sign-in")
    await in_every_look(citizen)
    first = citizen.last_url
    await citizen.tap("welcome.open-again")
    assert citizen.phone.opened == [first, first]


async def test_giving_up_says_that_nothing_has_changed(citizen):
    await citizen.open()
    await citizen.tap("welcome.sign-in")
    await citizen.tap("welcome.cancel")
    citizen.should_see("welcome.trouble", "Tidak ada yang berubah", "welcome.sign-in")
    assert "Tidak ada yang berubah" in citizen.announcements[-1]
    await in_every_look(citizen)


async def test_whom_the_provider_refuses_reads_why_in_its_own_words(citizen):
    await citizen.open()
    citizen.persona = "tono"
    await citizen.tap("welcome.sign-in")
    said = "Akun ini ditangguhkan. Datanglah ke kantor Dukcapil dengan membawa KTP."
    citizen.should_see("welcome.trouble", said, "welcome.sign-in")
    await in_every_look(citizen, data=[said])


async def test_without_a_network_signing_in_says_what_to_do(citizen):
    await citizen.open()
    await citizen.set_connectivity()
    await citizen.tap("welcome.sign-in")
    citizen.should_see("welcome.trouble", "Periksa sambungan internet", "welcome.sign-in")
    await in_every_look(citizen)
