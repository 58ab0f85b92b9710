"""The preview: a save shows in the running app at once, and the panel changes what it says it changes."""

from __future__ import annotations

import asyncio
import re
import shutil
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from authoring.sample_service import ID, SERVICE, write_sample
from starlette.responses import PlainTextResponse
from typer.testing import CliRunner

from app.authoring.command import service as command
from app.authoring.preview import panel as pages
from app.authoring.preview.line import LATENCY, Line
from app.authoring.preview.opening import open_preview
from app.authoring.preview.panel import Panel
from app.authoring.preview.pointed import Pointed
from app.authoring.preview.stage import SIZES, Stage
from app.backend_api.errors import Unreachable
from app.browser import Gate, free_port
from app.contract.language import Language
from app.testing.citizen import Citizen
from app.testing.clock import Clock
from app.testing.loket import PIN

FORM = f"/service/{ID}/form"
URL = "http://127.0.0.1:8700"
DAY = "10 Desember 2026"
SUMMARY = "Minta izin untuk acara di jalan atau lapangan. Jawabannya dalam tiga hari kerja."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_sample(tmp_path / "agencies")


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime(2026, 11, 24, 2, 5, tzinfo=UTC))


@pytest.fixture
async def stage(folder: Path, clock: Clock) -> AsyncIterator[Stage]:
    async with Stage.up(Pointed(folder), "sari", URL, now=clock.now) as up:
        yield up


@pytest.fixture
async def window(stage: Stage, clock: Clock) -> AsyncIterator[Citizen]:
    async for citizen in opened(stage, clock):
        yield citizen


async def opened(stage: Stage, clock: Clock) -> AsyncIterator[Citizen]:
    citizen = Citizen(stage.main, clock=clock)
    await citizen.open()
    yield citizen
    await citizen.leave()


def write(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


async def save(stage: Stage, window: Citizen, file: Path, old: str, new: str) -> float:
    """Save a change and wait until the screen is at rest; gives the seconds between."""
    write(file, old, new)
    begun = time.perf_counter()
    await stage.reload()
    await window.settle()
    return time.perf_counter() - begun


async def fill_first_page(window: Citizen) -> None:
    await window.go(FORM)
    await window.type("field.name", "Pesta Kampung")
    await window.type("field.day", DAY)
    await window.type("field.guests", "60")


# Saving


async def test_a_save_of_any_file_shows_on_the_open_screen_in_under_a_second(stage, window, folder) -> None:
    window.should_see("Izin keramaian", "service.start")
    took = [await save(stage, window, folder / "service.yaml", "title: Izin keramaian\ns", "title: Pesta\ns")]
    window.should_see("Pesta")
    await stage.device.settings.set(language="en")
    english = folder / "translations" / "en.yaml"
    took.append(await save(stage, window, english, "title: Event permit\ns", "title: Feast\ns"))
    window.should_see("Feast")
    agency = folder.parent / "translations" / "en.yaml"
    took.append(await save(stage, window, agency, "short_name: City of Contoh", "short_name: Contoh Town"))
    window.should_see("Contoh Town")
    # The quickest: what else this machine does meanwhile is no property of the preview.
    assert min(took) < 1


async def test_a_save_shows_in_the_open_form_at_the_same_page_with_the_answers(stage, window, folder) -> None:
    file = folder / "service.yaml"
    await fill_first_page(window)
    took = await save(stage, window, file, "label: Nama acara", "label: Nama pesta")
    window.should_see("Nama pesta", "Pesta Kampung")
    window.should_not_see("Nama acara")
    assert took < 3, "a whole check is in it; the machine may be busy"
    await window.type("field.name", "Pesta Kampung Baru")
    await window.tap("form.next")
    await save(stage, window, file, "title: Di mana acaranya?", "title: Di mana tempatnya?")
    window.should_see("Di mana tempatnya?")
    await window.tap("form.back")
    window.should_see("Pesta Kampung Baru")


async def test_a_page_that_is_gone_leads_on_and_an_answer_that_does_not_fit_is_asked_again(
    stage, window, folder
) -> None:
    await fill_first_page(window)
    await window.tap("form.next")
    window.should_see("Di mana acaranya?")
    place = SERVICE[SERVICE.index("    - id: place") : SERVICE.index("    - id: crowd")]
    needed = SERVICE[SERVICE.index("requirements:") : SERVICE.index("costs:")]
    (folder / "service.yaml").write_text(SERVICE.replace(place, "").replace(needed, ""))
    write(folder / "sandbox.yaml", '      helpers: "{answers.helpers}"\n', "")
    shutil.rmtree(folder / "translations")
    await stage.reload()
    await window.settle()
    assert not stage.told.broken
    window.should_see("Ke nomor mana kami boleh mengabari?")
    name = SERVICE[SERVICE.index("          type: text\n") : SERVICE.index("        - id: day")]
    number = "          type: integer\n          label: Nomor acara\n"
    await save(stage, window, folder / "service.yaml", name, number)
    window.should_see("Nomor acara")
    await window.tap("form.next")
    window.should_see("Acara apa yang Anda adakan?")


async def test_a_save_that_does_not_hold_is_told_and_the_last_one_plays_on(stage, window, folder) -> None:
    file = folder / "service.yaml"
    await save(stage, window, file, "          type: integer", "          type: intejer")
    assert stage.told.broken
    assert 'found "intejer"' in " ".join(found.message for found in stage.told.findings)
    await window.go(FORM)
    window.should_see("Jumlah tamu")
    await save(stage, window, file, "          type: intejer", "          type: integer")
    assert (stage.told.broken, stage.told.findings) == (False, [])


async def test_a_service_that_never_held_appears_once_it_does(folder, clock) -> None:
    write(folder / "service.yaml", "          type: integer", "          type: intejer")
    async with Stage.up(Pointed(folder), "sari", URL, now=clock.now) as stage:
        assert stage.told.broken
        async for window in opened(stage, clock):
            window.should_not_see("service.start")
            await save(stage, window, folder / "service.yaml", "type: intejer", "type: integer")
            window.should_see("Izin keramaian", "service.start")


async def test_what_is_begun_goes_on_in_the_new_form_though_loket_was_locked(stage, window, folder) -> None:
    await fill_first_page(window)
    await stage.device.lock_now()
    await window.settle()
    await save(stage, window, folder / "service.yaml", "label: Nama acara", "label: Nama pesta")
    for digit in PIN:
        await window.tap(f"pin.{digit}")
    window.should_see("Nama pesta", "Pesta Kampung")


async def send(window: Citizen, clock: Clock) -> None:
    """Fill everything in, send it, and let the sandbox's agency decide."""
    await fill_first_page(window)
    await window.tap("form.next")
    await window.tap("field.where.field")
    await window.type("field.helpers.0.helper_name", "Budi")
    await window.type("field.helpers.0.helper_phone", "081234567890")
    for target in ("form.next", "form.next", "field.declaration", "check.send"):
        await window.tap(target)
    await clock.advance(60)
    await window.settle()


async def test_what_is_sent_is_decided_as_the_sandbox_file_says_now(stage, window, folder, clock) -> None:
    await send(window, clock)
    await save(stage, window, folder / "sandbox.yaml", '"{answers.name}"', "Diganti")
    await send(window, clock)
    claims = [line for held in await stage.device.holdings.wallet.all() for line in held.claims]
    names = [Language.load("id").say(claim.text) for claim in claims if claim.name == "name"]
    assert names == ["Diganti", "Pesta Kampung"]


async def test_a_document_is_read_in_the_words_of_its_service_and_says_how_long_it_holds(
    stage, window, clock
) -> None:
    await send(window, clock)
    await window.tap("back")
    await window.tap("nav.documents")
    window.should_see("Acara: Pesta Kampung", "Berlaku sampai")
    await window.tap("documents.crowd-permit")
    window.should_see("Hari acara", "Nama: Budi")
    await stage.device.settings.set(language="en")
    await window.settle()
    window.should_see("Day of the event", "Name: Budi", "Valid until")


async def test_every_way_of_saving_is_noticed(folder) -> None:
    file = folder / "service.yaml"
    label = "label: Nama acara"

    def in_place() -> None:
        write(file, label, f"{label} satu")

    def by_rename() -> None:
        shutil.copy(file, folder / ".new")
        write(folder / ".new", f"{label} satu", f"{label} dua")
        (folder / ".new").replace(file)

    def as_a_burst() -> None:
        for n in range(20):
            file.write_text("")
            file.write_text(SERVICE.replace(label, f"{label} {n}"))

    def of_the_whole_folder() -> None:
        other = folder.parents[2] / "other"
        shutil.copytree(folder.parent, other)
        shutil.rmtree(folder.parent)
        write(other / folder.name / "service.yaml", "summary: Minta", "summary: Ajukan")
        other.rename(folder.parent)

    async with Stage.up(Pointed(folder), "sari", URL) as stage:
        watching = asyncio.create_task(stage.watch())
        took: list[float] = []
        for way in (in_place, by_rename, as_a_burst, of_the_whole_folder):
            before = stage.told.taken_up
            await asyncio.to_thread(way)
            saved = time.perf_counter()
            async with asyncio.timeout(20):
                while stage.told.taken_up == before or stage.told.broken:
                    await stage.after(stage.told.revision, 1)
            took.append(time.perf_counter() - saved)
        newest = await stage.device.catalogue.definition(ID, stage.device.client)
        assert newest.summary.in_("id").startswith("Ajukan")
        assert min(took) < 1
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)


# The panel


@pytest.fixture
async def panel(stage: Stage) -> AsyncIterator[httpx.AsyncClient]:
    inside = Panel(PlainTextResponse("the app"), stage, framed=True)
    headers = {"origin": "http://127.0.0.1"}
    transport = httpx.ASGITransport(inside)
    async with httpx.AsyncClient(transport=transport, base_url=headers["origin"], headers=headers) as http:
        yield http


async def test_the_panel_changes_the_app_and_says_how_it_is(stage, window, panel) -> None:
    async def change(**asked: Any) -> dict[str, Any]:
        answer = await panel.post("/_preview/set", json=asked)
        assert answer.status_code == 200, answer.text
        await window.settle()
        return answer.json()

    told = (await panel.get("/_preview/state")).json()
    assert (told["service"], told["persona"], told["findings"]) == (ID, "sari", [])
    assert {"id": "sari", "name": "Sari Contoh", "situation": "Baby born 10 days ago in hospital"} in told[
        "personas"
    ]
    page = window.client.tree.page
    assert (await change(language="en"))["language"] == "en"
    window.should_see("Event permit")
    assert (await change(theme="dark"))["theme"] == "dark"
    assert page.get("theme_mode") == "dark"
    assert (await change(text_scale=2.0))["text_scale"] == 2.0
    body = page.get("theme").get("text_theme").get("body_large").get("size")
    assert body == 32
    assert (await change(size="desktop"))["size"] == "desktop"
    native = page.get("window")
    assert (native.get("width"), native.get("height")) == SIZES["desktop"]
    await window.go(FORM)
    assert (await change(service=ID))["service"] == ID
    window.should_see("service.start")


async def test_another_persona_is_another_citizen_and_starting_over_forgets_what_was_sent(
    stage, window, panel
) -> None:
    await stage.device.settings.set(theme="dark")
    await fill_first_page(window)
    told = (await panel.post("/_preview/set", json={"persona": "putri"})).json()
    await window.settle()
    assert told["persona"] == "putri"
    assert (await stage.device.client.me()).get("person.full_name").value == "Putri Rekaan"
    assert stage.device.settings.get().theme == "dark"
    window.should_see("service.start", "Mulai")
    await fill_first_page(window)
    window.should_see("Pesta Kampung")
    told = (await panel.post("/_preview/set", json={"start_over": True})).json()
    await window.settle()
    assert told["persona"] == "putri"
    window.should_see("service.start", "Mulai")
    await window.go(FORM)
    window.should_not_see("Pesta Kampung")
    device = stage.device
    refused = await panel.post("/_preview/set", json={"persona": "tono"})
    assert refused.status_code == 422
    assert "Nobody else was signed in" in refused.json()["problem"]
    assert stage.device is device


async def test_offline_is_offline_for_the_apps_own_client_and_a_save_shows_all_the_same(
    stage, window, panel, folder, clock
) -> None:
    await panel.post("/_preview/set", json={"network": "offline"})
    await window.settle()
    window.should_see("offline")
    asked = asyncio.ensure_future(stage.device.client.me())
    await clock.advance(60)
    with pytest.raises(Unreachable):
        await asked
    await save(stage, window, folder / "service.yaml", "summary: Minta", "summary: Ajukan")
    window.should_see("offline", SUMMARY.replace("Minta", "Ajukan"))
    assert (await panel.post("/_preview/set", json={"network": "online"})).json()["network"] == "online"
    await clock.advance(10)
    await window.settle()
    window.should_not_see("offline")


REFUSED = (
    b"",
    b"[]",
    b"{",
    b"\xff",
    b'{"persona": "nobody"}',
    b'{"persona": {}}',
    b'{"theme": 1}',
    b'{"text_scale": true}',
    b'{"network": "offline", "pin": "1"}',
    b'{"start_over": false}',
    b'"' + b"x" * 5000 + b'"',
)


async def test_the_panel_refuses_what_it_does_not_offer_and_whoever_is_not_itself(stage, panel) -> None:
    for asked in REFUSED:
        answer = await panel.post("/_preview/set", content=asked)
        assert answer.status_code == 422, asked
        assert "cannot be set" in answer.json()["problem"]
    assert stage.network == "online"
    for origin in ("http://127.0.0.1:9999", "https://evil.example", "null", ""):
        asked = await panel.post("/_preview/set", json={"network": "offline"}, headers={"origin": origin})
        assert asked.status_code == 403
    assert stage.network == "online"
    assert (await panel.get("/")).text == "the app"
    assert (await panel.get("/_preview/nothing")).status_code == 404
    assert (await panel.get("/_preview/../pyproject.toml")).status_code == 200, "the app's to answer"


async def test_the_page_offers_what_the_panel_takes_and_brings_everything_itself(panel) -> None:
    answer = await panel.get(pages.PATH)
    offered: dict[str, set[str]] = {}
    for name, value in re.findall(r'type="radio" name="(\w+)" value="([^"]+)"', answer.text):
        offered.setdefault(name, set()).add(value)
    assert offered == {
        "size": set(pages.SIZES),
        "text_scale": {f"{scale:g}" for scale in pages.SCALES},
        "theme": set(pages.THEMES),
        "language": set(pages.LANGUAGES),
        "network": set(pages.NETWORKS),
    }
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "//" not in re.sub(r"<!doctype[^>]*>", "", answer.text)
    for link in re.findall(r'(?:href|src)="(/_preview/[^"]+)"', answer.text):
        assert (await panel.get(link)).status_code == 200


async def test_only_pages_behind_the_same_gate_may_frame_the_app() -> None:
    def gate(**options: Any) -> Gate:
        return Gate(PlainTextResponse("the app"), 80, lambda n: bytes(n), reusable=True, **options)

    for one, lands, frames in (
        (gate(), "/", "DENY"),
        (gate(landing=pages.PATH, framed=True), pages.PATH, "SAMEORIGIN"),
    ):
        async with httpx.AsyncClient(transport=httpx.ASGITransport(one), base_url="http://127.0.0.1") as http:
            refused = await http.get("/", headers={"host": "127.0.0.1:80"})
            assert (refused.status_code, refused.headers["x-frame-options"]) == (403, "DENY")
            let_in = await http.get(one.address, headers={"host": "127.0.0.1:80"})
            assert let_in.headers["location"] == lands
            cookie = {"host": "127.0.0.1:80", "cookie": let_in.headers["set-cookie"].partition(";")[0]}
            inside = await http.get("/", headers=cookie)
            assert (inside.text, inside.headers["x-frame-options"]) == ("the app", frames)


async def test_the_panel_stands_behind_the_gate_and_the_sandbox_can_be_reached_to_sign_in_by_hand(
    folder, capsys
) -> None:
    opening = asyncio.create_task(
        open_preview(Pointed(folder), "sari", port=(port := free_port(0)), opens=False, window=False)
    )
    async with asyncio.timeout(20), httpx.AsyncClient(follow_redirects=True) as browser:
        printed = ""
        while len(addresses := re.findall(r"http://\S+", printed)) < 2:
            await asyncio.sleep(0.02)
            printed += capsys.readouterr().out
        address, backend = addresses
        home = f"http://127.0.0.1:{port}"
        assert address.startswith(home)
        assert (await browser.get(f"{home}{pages.PATH}")).status_code == 403
        assert "<title>Preview" in (await browser.get(address)).text
        assert (await browser.get(f"{home}/fonts/PlusJakartaSans-400.ttf")).status_code == 200
        told = (await browser.get(f"{home}/_preview/state")).json()
        assert (told["service"], told["framed"]) == (ID, True)
        framed = await browser.get(f"{home}/service/{ID}")
        assert (framed.status_code, framed.headers["x-frame-options"]) == (200, "SAMEORIGIN")
        provider = await browser.get(f"{backend}/idp/.well-known/openid-configuration")
        assert provider.json()["issuer"] == f"{backend}/idp"
    opening.cancel()
    await asyncio.gather(opening, return_exceptions=True)


# The line


async def test_a_slow_line_takes_its_time_for_each_request_and_each_byte() -> None:
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    line = Line(httpx.MockTransport(lambda _request: httpx.Response(200, content=bytes(50_000))), sleep)
    async with httpx.AsyncClient(transport=line) as http:
        await http.get(URL)
        assert waited == []
        line.network = "slow"
        assert len((await http.post(URL, content=bytes(100_000))).content) == 50_000
        assert waited == [LATENCY + 2, 1]
        line.network = "offline"
        with pytest.raises(httpx.ConnectError):
            await http.get(URL)


# The command


def told(*arguments: str) -> str:
    result = CliRunner().invoke(command, ["preview", *arguments])
    assert result.exit_code == 1, result.output
    return result.output


def test_the_command_says_what_is_wrong_before_anything_is_started(folder, tmp_path) -> None:
    assert "no service.yaml" in told(str(tmp_path / "nothing"))
    assert "No persona is called nobody. There are: sari" in told(str(folder), "--persona", "nobody")
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert f"Port {port} is taken" in told(str(folder), "--port", port)
