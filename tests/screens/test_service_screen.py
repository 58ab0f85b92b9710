"""A service before it is begun."""

from __future__ import annotations

import httpx
import pytest
from errands import SERVICE, begin_birth
from looks import in_every_look

DEFINITION = "/v1/services/"


async def test_everything_worth_knowing_stands_before_the_first_question(citizen):
    await citizen.at_home("sari", SERVICE)
    citizen.should_see(
        "Akta kelahiran", "Gratis", "1 hari kerja", "1 dari 14 isian", "service.start", "Mulai"
    )
    for section in ("Yang Anda terima", "Untuk siapa", "Siapkan", "Data yang dipakai", "Dasar hukum"):
        citizen.should_see(section)
    citizen.should_see("Kartu keluarga baru", "untuk mengisi data ibu dan ayah", "1500537")
    citizen.should_see(label="sudah ada")
    await in_every_look(citizen)


async def test_the_details_of_what_is_done_with_the_data_unfold(citizen):
    await citizen.at_home("sari", SERVICE)
    citizen.should_not_see("Dibagikan: Tidak dibagikan ke pihak lain.")
    await citizen.tap("service.data-details")
    citizen.should_see("Dibagikan: Tidak dibagikan ke pihak lain.", "Disimpan:", "Dasar hukum: UU 24/2013")
    await in_every_look(citizen)
    await citizen.tap("service.data-details")
    citizen.should_not_see("Dibagikan: Tidak dibagikan ke pihak lain.")


async def test_while_it_is_fetched_the_places_of_what_comes_are_there(citizen):
    await citizen.at_home("sari")
    citizen.network.hold()
    await citizen.go(SERVICE)
    citizen.should_see("back")
    citizen.should_not_see("service.start", "service.retry")
    await in_every_look(citizen)
    citizen.network.release()
    await citizen.settle()
    citizen.should_see("service.start")


async def test_one_that_was_begun_goes_on(citizen):
    await citizen.at_home("sari")
    await begin_birth(citizen)
    await citizen.go(SERVICE)
    citizen.should_see("Lanjutkan")
    await in_every_look(citizen)
    await citizen.tap("service.start")
    citizen.should_see("field.full_name")


async def test_it_is_pinned_and_unpinned(citizen):
    await citizen.at_home("sari", SERVICE)
    citizen.should_see(label="Sematkan di Beranda")
    await citizen.tap("service.pin")
    citizen.should_see(label="Lepas sematan")
    await in_every_look(citizen)
    await citizen.tap("service.pin")
    citizen.should_see(label="Sematkan di Beranda")


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (httpx.ConnectError("no route"), "Periksa sambungan"),
        (httpx.Response(500, content=b"<h1>Internal Server Error</h1>"), "Data Anda aman di perangkat ini"),
        (httpx.Response(200, content=b"<html>wifi login</html>"), "tidak dapat dibaca"),
        (httpx.Response(200, json={"id": 5}), "tidak dapat dibaca"),
        (httpx.Response(302, headers={"location": "http://wifi.example/"}), "Wi-Fi umum"),
    ],
    ids=["unreachable", "500", "not JSON", "wrong shape", "diverted"],
)
async def test_one_that_cannot_be_had_says_why_and_tries_again(citizen, answer, words):
    await citizen.at_home("sari")
    citizen.network.answer(DEFINITION, answer)
    await citizen.go(SERVICE)
    await citizen.clock.advance(30)
    citizen.should_see("Layanan ini belum bisa dibuka", words, "service.retry", "back")
    await in_every_look(citizen)
    citizen.network.answer(DEFINITION, None)
    await citizen.tap("service.retry")
    citizen.should_see("service.start")


async def test_one_that_could_not_be_had_comes_with_the_network(citizen):
    await citizen.at_home("sari")
    await citizen.set_connectivity()
    await citizen.go(SERVICE)
    citizen.should_see("Layanan ini belum bisa dibuka")
    await citizen.set_connectivity("wifi")
    citizen.should_see("service.start")


async def test_one_that_does_not_exist_says_so(citizen):
    await citizen.at_home("sari", "/service/dukcapil/unknown")
    citizen.should_see("Layanan ini belum bisa dibuka", "back")
    await in_every_look(citizen)


async def test_one_that_was_read_before_is_readable_offline(citizen):
    await citizen.at_home("sari", SERVICE)
    await citizen.go("/")
    await citizen.set_connectivity()
    await citizen.go(SERVICE)
    citizen.should_see("offline", "service.start", "Gratis")
    await in_every_look(citizen)
