from __future__ import annotations

import asyncio
import os
import re
import socket
from pathlib import Path

import httpx
import pytest
import uvicorn
from relying_party import BASE, ISSUER, data_personas

from backend.application import create
from backend.database import Database
from backend.sandbox.identity_provider.provider import IdentityProvider, SandboxRefused
from backend.sandbox.personas import Personas
from backend.settings import Settings

PERSONAS = Personas.load()
SERVICES = Path(__file__).parents[3] / "services"


async def test_every_persona_has_a_button_with_name_and_situation(party):
    page = (await party.page(await party.request_uri())).text
    assert data_personas(page) == list(PERSONAS)
    for persona in PERSONAS.values():
        assert persona.name in page
        assert persona.situation.in_("id") in page


async def test_the_page_says_that_nobody_here_is_real(party):
    page = (await party.page(await party.request_uri())).text
    assert "rekaan" in page


@pytest.mark.parametrize(
    ("ui_locales", "accept", "language"),
    [
        ("en", "id", "en"),
        ("id", "en", "id"),
        ("jv id-ID en", "en", "id"),
        ("de", "en-GB,id;q=0.5", "en"),
        ("", "de, en;q=0.4, id;q=0.9", "id"),
        ("", "", "id"),
    ],
)
async def test_the_page_speaks_the_language_that_is_asked_for(party, ui_locales, accept, language):
    answer = await party.page(await party.request_uri(ui_locales=ui_locales), **{"accept-language": accept})
    assert answer.headers["content-language"] == language
    assert f'<html lang="{language}">' in answer.text
    assert PERSONAS["sari"].situation.in_(language) in answer.text


async def test_nothing_runs_in_the_page_and_nothing_comes_from_elsewhere(party):
    answer = await party.page(await party.request_uri())
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert "form-action 'self' http://127.0.0.1:51234;" in policy
    assert "<script" not in answer.text
    assert not re.search(r"\son\w+=|javascript:", answer.text)
    assert not re.search(r"(?:src|href)=[\"']https?:", answer.text)
    assert answer.headers["x-frame-options"] == "DENY"
    assert answer.headers["referrer-policy"] == "no-referrer"


async def test_the_phones_scheme_is_a_way_out_of_the_form_too(party):
    answer = await party.page(await party.request_uri(redirect_uri="id.loket.app://app/sign-in"))
    assert "form-action 'self' id.loket.app:;" in answer.headers["content-security-policy"]


async def test_the_style_is_the_one_that_the_policy_allows(party):
    import hashlib
    from base64 import b64encode

    answer = await party.page(await party.request_uri())
    style = re.search(r"<style>(.*?)</style>", answer.text, re.DOTALL)
    digest = b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"'sha256-{digest}'" in answer.headers["content-security-policy"]


async def test_fonts_come_from_the_provider_itself(party, http):
    answer = await party.page(await party.request_uri())
    weights = re.findall(r'url\("fonts/(\d+)\.ttf"\)', answer.text)
    assert weights
    for weight in weights:
        font = await http.get(f"/idp/fonts/{weight}.ttf")
        assert (font.status_code, font.headers["content-type"]) == (200, "font/ttf")
    for wrong in ("600", "..%2f400", "x"):
        assert (await http.get(f"/idp/fonts/{wrong}.ttf")).status_code == 404


async def test_an_unknown_request_gets_a_page_that_says_what_to_do(http):
    answer = await http.get("/idp/authorize", params={"client_id": "loket-app", "request_uri": "<b>x</b>"})
    assert answer.status_code == 400
    assert "Kembali ke Loket" in answer.text
    assert "<b>x" not in answer.text


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8700", "192.168.1.7", "127.0.0.1.evil.example", "["]
)
@pytest.mark.parametrize(
    "path", ["/idp/jwks", "/idp/authorize", "/.well-known/oauth-authorization-server/idp"]
)
async def test_another_name_for_this_machine_is_refused(http, host, path):
    assert (await http.get(path, headers={"Host": host})).status_code == 403


async def test_another_machine_is_refused(app):
    transport = httpx.ASGITransport(app, client=("192.168.1.7", 4711))
    async with httpx.AsyncClient(transport=transport, base_url=BASE) as http:
        assert (await http.get("/idp/jwks")).status_code == 403


@pytest.mark.parametrize(
    ("issuer", "profile"),
    [
        (ISSUER, "production"),
        ("https://loket.example/idp", "sandbox"),
        ("http://192.168.1.7:8700/idp", "sandbox"),
        ("http://0.0.0.0:8700/idp", "sandbox"),
    ],
)
async def test_it_starts_in_the_sandbox_and_on_loopback_alone(issuer, profile, clock):
    database = Database("sqlite+aiosqlite://")
    with pytest.raises(SandboxRefused):
        IdentityProvider(
            issuer=issuer,
            profile=profile,
            database=database,
            personas=PERSONAS,
            now=clock,
            random_bytes=os.urandom,
        )
    await database.close()


async def test_a_browser_without_javascript_signs_in_by_keyboard(tmp_path, clock):
    """Chromium holds the redirect after the form to `form-action`, which no other client of ours does."""
    from playwright.async_api import async_playwright

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = Settings(
        public_url=f"http://127.0.0.1:{port}",
        database=f"sqlite:///{tmp_path}/b.db",
        services=SERVICES,
    )
    server = uvicorn.Server(
        uvicorn.Config(create(settings, now=clock), host="127.0.0.1", port=port, log_level="error")
    )
    serving = asyncio.create_task(server.serve())
    arrived: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

    async def app_listens(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line = await reader.readline()
        if line.startswith(b"GET /signed-in?") and not arrived.done():
            arrived.set_result(line)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
        writer.close()

    listener = await asyncio.start_server(app_listens, "127.0.0.1", 0)
    back = listener.sockets[0].getsockname()[1]
    while not server.started:  # noqa: ASYNC110 (uvicorn tells by a flag alone)
        await asyncio.sleep(0.01)
    try:
        async with httpx.AsyncClient() as http, async_playwright() as playwright:
            answer = await http.post(
                f"{settings.token_issuer}/par",
                data={
                    "client_id": "loket-app",
                    "response_type": "code",
                    "redirect_uri": f"http://127.0.0.1:{back}/signed-in",
                    "scope": "openid",
                    "state": "state-of-the-app",
                    "nonce": "nonce-of-the-app",
                    "code_challenge": "a" * 43,
                    "code_challenge_method": "S256",
                },
            )
            browser = await playwright.chromium.launch(
                executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu", "--no-first-run"]
            )
            page = await browser.new_page(java_script_enabled=False, viewport={"width": 320, "height": 640})
            query = f"client_id=loket-app&request_uri={answer.json()['request_uri']}"
            await page.goto(f"{settings.token_issuer}/authorize?{query}")
            sari = page.get_by_role("button", name=re.compile("Sari Contoh"))
            assert (await sari.bounding_box())["height"] >= 48
            await page.keyboard.press("Tab")
            await page.keyboard.press("Enter")
            line = await asyncio.wait_for(arrived, 10)
            await browser.close()
        assert b"code=" in line
        assert b"iss=" in line
    finally:
        listener.close()
        server.should_exit = True
        await serving
