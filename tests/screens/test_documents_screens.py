"""Documents and one document: held on the device, proved before they are shown."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest
from errands import CHILD, decide, hold_back, receive_birth
from looks import in_every_look

from app.testing.loket import LoketCitizen

CERTIFICATE = "documents.birth-certificate"


async def with_documents(citizen: LoketCitizen) -> None:
    """Sari, after her registration was accepted, at her documents."""
    await citizen.at_home("sari")
    reference = await receive_birth(citizen)
    await decide(citizen, reference, kind="accept")
    await citizen.go("/documents")


async def test_none_yet_says_how_they_come(citizen):
    await citizen.at_home("sari", "/documents")
    citizen.should_see("Belum ada dokumen", "documents.find")
    await in_every_look(citizen)
    await citizen.tap("documents.find")
    citizen.should_see("search.field")


async def test_while_they_are_read_the_places_of_what_comes_are_there(citizen):
    await citizen.at_home("sari")
    let_go = hold_back(citizen.device.holdings.wallet, "all")
    await citizen.tap("nav.documents")
    citizen.should_not_see("Belum ada dokumen")
    await in_every_look(citizen)
    let_go()
    await citizen.settle()
    citizen.should_see("Belum ada dokumen")


async def test_each_is_a_card_with_its_holder(citizen):
    await with_documents(citizen)
    citizen.should_see(
        CERTIFICATE, "documents.family-card", "documents.child-identity-card", CHILD, "Baru · "
    )
    await in_every_look(citizen, data=[CHILD, "ARKA CONTOH PUTRA"])


async def test_one_says_who_issued_it_and_that_its_signature_holds(citizen):
    await with_documents(citizen)
    await citizen.tap(CERTIFICATE)
    citizen.should_see(
        "document.verified", "Tanda tangan penerbit cocok", CHILD, "Kota Bandung", "Isi dokumen"
    )
    await in_every_look(citizen, data=[CHILD])
    await citizen.tap("back")
    citizen.should_see(CERTIFICATE)


async def test_they_are_readable_offline_also_after_a_restart(citizen):
    await with_documents(citizen)
    await citizen.set_connectivity()
    await citizen.restart()
    await citizen.enter_pin()
    await citizen.go("/documents")
    citizen.should_see("offline", CERTIFICATE)
    await in_every_look(citizen, data=[CHILD])
    await citizen.tap(CERTIFICATE)
    citizen.should_see("document.verified", "offline", CHILD)
    await in_every_look(citizen, data=[CHILD])


def changed(index: int) -> Callable[[str], str]:
    """A credential with a letter changed in the part `index` (0: signed, 1…: disclosures)."""

    def change(credential: str) -> str:
        parts = credential.split("~")
        middle = len(parts[index]) // 2
        letter = "A" if parts[index][middle] != "A" else "B"
        parts[index] = parts[index][:middle] + letter + parts[index][middle + 1 :]
        return "~".join(parts)

    return change


@pytest.mark.parametrize("tamper", [changed(0), changed(1)], ids=["what is signed", "a claim"])
async def test_one_that_was_changed_shows_no_content_and_says_what_to_do(citizen, tamper):
    def answer(response: httpx.Response) -> httpx.Response:
        documents = response.json()
        for document in documents if isinstance(documents, list) else documents["documents"]:
            document["credential"] = tamper(document["credential"])
        return httpx.Response(200, json=documents)

    citizen.network.answer("/v1/documents", answer)
    await with_documents(citizen)
    citizen.should_see(CERTIFICATE, "Dokumen ini tidak utuh")
    citizen.should_not_see(CHILD)
    await in_every_look(citizen)
    await citizen.tap(CERTIFICATE)
    citizen.should_see("document.unverified", "Isinya tidak ditampilkan")
    citizen.should_not_see(CHILD, "document.verified")
    await in_every_look(citizen)


async def test_one_that_is_not_on_the_device_says_so(citizen):
    await citizen.at_home("sari", "/documents/unknown")
    citizen.should_see("Dokumen ini tidak ada di perangkat", "back")
    await in_every_look(citizen)
    await citizen.tap("back")
    assert citizen.route == "/documents"
