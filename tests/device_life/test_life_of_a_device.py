"""The whole device in its real process, with a real keyring, killed without warning."""

from __future__ import annotations

import asyncio
import json
import os
import random
import sys
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from e2e.process import Running
from wire import PIN, Window, files, in_clear, window

ROOT = Path(__file__).parents[2]
BIRTH = "dukcapil/birth-registration"
FORM = f"/service/{BIRTH}/form"
CHILD = "Arka Contoh Putra Pertama Dari Dua Bersaudara"
BLINK = 0.4
"""Seconds after which an answer that is not called kept must be said to be on its way (`Filing.slow`)."""

SARI = {
    "the NIK": "3273025204969001",
    "the family card": "3273020506219001",
    "the citizen's name": "Sari Contoh",
    "the child's name": "Arka Contoh",
    "the telephone number": "+6281200009001",
    "the street": "Jl. Melati 12",
    "the PIN": PIN,
}

pytestmark = [pytest.mark.timeout(240), pytest.mark.long(70)]


async def sign_in(seen: Window) -> None:
    """Sign in as who the browser chooses, and set the PIN."""
    await seen.tap("welcome.sign-in")
    await seen.see("Buat PIN enam angka")
    await seen.enter_pin()
    await seen.see("Ulangi PIN Anda")
    await seen.enter_pin()
    await seen.see("home.life-event.birth")


async def unlock(seen: Window) -> None:
    """Enter the PIN after a restart."""
    await seen.see("Masukkan PIN")
    await seen.enter_pin()
    await seen.see("home.search")


PAGES = (
    "field.phone",
    "field.mother",
    "field.full_name",
    "field.birth_date",
    "field.place_type",
    "check.send",
)
"""What each page of Sari's form is known by, in their order."""


async def at_page(seen: Window) -> int:
    """Which page of the form is shown, as soon as one is."""

    def shown() -> list[int]:
        return [index for index, mark in enumerate(PAGES) if seen.find(mark)]

    await seen.until(shown, "a page of the form")
    return shown()[-1]


async def to_the_name(seen: Window) -> None:
    """To the page with the child's name, wherever the draft stands."""
    seen.go(FORM)
    name = PAGES.index("field.full_name")
    while (page := await at_page(seen)) != name:
        if page < name:
            await seen.tap("form.next")
            await seen.see(PAGES[page + 1])
        elif seen.find("check.full_name.change"):
            await seen.tap("check.full_name.change")
            await seen.see("field.full_name")
        else:
            await seen.tap("form.back")
            await seen.see(PAGES[page - 1])


async def to_the_check(seen: Window) -> None:
    """On to the check of all answers."""
    while not seen.find("check.send"):
        page = await at_page(seen)
        await seen.tap("form.next")
        await seen.until(lambda page=page: not seen.find(PAGES[page]), "the next page")


async def loket(device: Running, *arguments: str) -> Any:
    """What the command `loket` answers, as JSON."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "app.command", *arguments, "--json",
        cwd=ROOT, env={**os.environ, "LOKET_HOME": str(device.home)},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    told, failed = await process.communicate()
    assert process.returncode == 0, failed.decode()
    return json.loads(told)


async def test_killed_at_any_moment_of_the_form_every_answer_is_there(device):
    chance = random.Random(20260307)  # noqa: S311
    given: list[float] = []
    died = 0.0
    for life in range(4):
        await device.start()
        async with window(device.address, "sari") as seen:
            await (unlock(seen) if life else sign_in(seen))
            await to_the_name(seen)
            kept = (await seen.field("field.full_name")).get("value", "")
            sure = sum(died - at > BLINK for at in given)
            assert CHILD.startswith(kept)
            # Blanks at the end are no part of an answer.
            assert len(kept) >= len(CHILD[:sure].rstrip()), f"only {kept!r} of {CHILD[:sure]!r} is there"
            given = []
            for letters in range(1, chance.randrange(8, len(CHILD))):
                await seen.type("field.full_name", CHILD[:letters])
                given.append(monotonic())
                await asyncio.sleep(chance.uniform(0, 0.05))
            await asyncio.sleep(chance.uniform(0, 0.5))
            died = monotonic()
            await device.kill()


async def test_killed_while_sending_exactly_one_application_arrives(device):
    chance = random.Random(20260308)  # noqa: S311
    for death in range(4):
        await device.start()
        async with window(device.address, "sari") as seen:
            if death == 0:
                await sign_in(seen)
                await to_the_name(seen)
                await seen.type("field.full_name", CHILD)
                await to_the_check(seen)
                await seen.tap("field.declaration")
            else:
                await unlock(seen)
            await send_if_it_is_a_draft(seen)
            await asyncio.sleep(chance.uniform(0, 0.15))
            await device.kill()
    await device.start()
    async with window(device.address) as seen:
        await unlock(seen)
        await send_if_it_is_a_draft(seen)
        seen.go("/activity")
        await seen.until(lambda: _references(seen), "the application")
        (reference,) = _references(seen)
        assert [one["reference"] for one in await loket(device, "agency", "list")] == [reference]
        seen.go(f"/activity/{reference}")
        await seen.see("application.state", "Ditandatangani oleh penerima")


async def send_if_it_is_a_draft(seen: Window) -> None:
    """Tap the button that sends, where a death came before the tap was heard; gives no time to anything."""
    if not seen.find("check.send"):
        seen.go("/activity")
        await seen.until(lambda: _named(seen, "activity."), "what there is")
        if not seen.find("Siap diperiksa dan dikirim"):
            return
        seen.go(FORM)
        # The button is there first, the long page between comes in pieces.
        await seen.see("check.send", "field.declaration")
    declared = seen.find("field.declaration")
    if declared and declared[0].node.get("checked") is not True:
        await seen.tap("field.declaration")
        await seen.until(lambda: seen.find("field.declaration")[0].node.get("checked"), "the declaration")
    await seen.tap("check.send")


def _named(seen: Window, beginning: str) -> list[str]:
    named = [e.identifier or "" for e in seen.screen().elements()] if seen.wire.views() else []
    return [name.removeprefix(beginning) for name in named if name.startswith(beginning)]


def _references(seen: Window) -> list[str]:
    found = _named(seen, "activity.")
    return [one for one in found if not one.startswith("waiting.") and one != "find"]


async def test_an_agency_asks_and_rejects_by_hand_and_nothing_of_the_citizen_lies_about_in_clear(device):
    await device.start()
    async with window(device.address, "sari") as seen:
        await sign_in(seen)
        await to_the_name(seen)
        await seen.type("field.full_name", CHILD)
        await to_the_check(seen)
        await seen.tap("field.declaration")
        await seen.tap("check.send")
        await seen.see("receipt.reference")
        await seen.tap("receipt.follow")
        await seen.see("Sedang diperiksa")

        (application,) = await loket(device, "agency", "list", "--state", "in_review")
        reference = application["reference"]
        question = "Siapa nama ayah di surat lahir?"
        await loket(
            device, "agency", "ask", reference, "--page", "parents", "--field", "father", "-q", question
        )
        await seen.see("application.question", question)
        await seen.tap("application.answer")
        await seen.see("Yang ditanyakan instansi", question, "field.father")
        await seen.tap("field.father.other")
        await seen.see("field.father.nik")
        await seen.rest()
        await seen.type("field.father.nik", "3273011203910003")
        await seen.rest()
        await seen.type("field.father.full_name", "Beni Contoh")
        await seen.rest()
        await to_the_check(seen)
        assert not seen.find("check.full_name")
        await seen.tap("field.declaration")
        await seen.tap("check.send")
        await seen.see("receipt.reference")

        shown = await loket(device, "agency", "show", reference)
        assert shown["answers"]["father"]["full_name"] == "Beni Contoh"
        reason = "Nama ayah tidak sama dengan buku nikah."
        await loket(device, "agency", "reject", reference.lower().replace("-", " "), "--reason", reason)
        seen.go(f"/activity/{reference}")
        await seen.see("application.rejected", reason, "Tidak disetujui")
        seen.go("/messages")
        await seen.see(reason)

    secrets = {**SARI, "the answer": "Beni Contoh", "the reason": reason, "the question": question}
    for moment in ("running", "killed"):
        kept = files(device.home)
        assert {"device.db", "lock.json", "backend/loket.db", "backend/log.jsonl"} <= kept.keys(), moment
        found = [line for name, content in kept.items() for line in in_clear(secrets, content, name)]
        found += in_clear(secrets, device.printed.encode(), "what the process printed")
        assert not found, "\n".join(found)
        await device.kill()


async def test_the_search_for_secrets_finds_them_however_they_are_written():
    import base64

    for written in (b"Sari Contoh", "Sari Contoh".encode("utf-16"), b"Sari Contoh".hex().encode()):
        assert in_clear({"name": "Sari Contoh"}, b"...." + written + b"...", "a file")
    for shift in range(6):
        written = base64.b64encode(b"x" * shift + b"Sari Contoh" + b"yyyy")
        assert in_clear({"name": "Sari Contoh"}, written, "a file"), shift
