from __future__ import annotations

import asyncio
import hashlib
import re
from base64 import b64encode
from urllib.parse import urlsplit

import httpx
import pytest

from app.contract.language import Language
from app.identity.redirect import LoopbackRedirect
from app.identity.returned import page

STATE = "the-state-of-this-sign-in"


@pytest.fixture
async def redirect():
    redirect = LoopbackRedirect()
    redirect.uri = await redirect.open(STATE, Language.load("id"))
    redirect.port = urlsplit(redirect.uri).port
    yield redirect
    await redirect.close("failed")


async def _ask(port: int, raw: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(raw)
    answer = await reader.read()
    writer.close()
    return answer


def _get(port: int, target: str, *headers: str) -> bytes:
    lines = [f"GET {target} HTTP/1.1", *(headers or (f"Host: 127.0.0.1:{port}",)), "", ""]
    return "\r\n".join(lines).encode()


async def test_it_listens_on_loopback_alone_at_a_port_of_the_systems_choice(redirect):
    assert urlsplit(redirect.uri)._replace(netloc="").geturl() == "http:///signed-in"
    assert urlsplit(redirect.uri).hostname == "127.0.0.1"
    assert [s.getsockname()[0] for s in redirect._server.sockets] == ["127.0.0.1"]


async def test_the_browser_sees_what_became_of_the_sign_in_and_not_before(redirect):
    async with httpx.AsyncClient() as http:
        visit = asyncio.create_task(http.get(redirect.uri, params={"code": "c", "state": STATE}))
        assert await redirect.answer() == {"code": "c", "state": STATE}
        assert not visit.done()
        await redirect.close("signed_in")
        answer = await visit
    assert answer.status_code == 200
    assert "Anda sudah masuk" in answer.text
    policy = answer.headers["content-security-policy"]
    style = re.search(r"<style>(.*?)</style>", answer.text, re.DOTALL)
    digest = b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "script" not in policy
    expected = {
        "cache-control": "no-store",
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
    }
    assert expected.items() <= dict(answer.headers).items()
    assert "<script" not in answer.text
    assert "http" not in answer.text, "nothing comes from elsewhere"


@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("/elsewhere?code=c&state=" + STATE, 404),
        ("/signed-in/?code=c&state=" + STATE, 404),
        ("http://127.0.0.1/signed-in?code=c&state=" + STATE, 404),
        ("/signed-in", 400),
        ("/signed-in?code=c", 400),
        ("/signed-in?code=c&state=forged", 400),
        ("/signed-in?code=c&state=", 400),
        (f"/signed-in?code=c&state={STATE}&state={STATE}", 400),
        ("/signed-in?state=%ff%fe", 400),
        ("/signed-in?" + "&".join(f"a{n}=1" for n in range(40)), 400),
    ],
)
async def test_what_is_not_the_answer_is_refused_and_the_answer_may_still_come(redirect, target, status):
    answer = await _ask(redirect.port, _get(redirect.port, target))
    assert answer.startswith(f"HTTP/1.1 {status} ".encode())
    async with httpx.AsyncClient() as http:
        visit = asyncio.create_task(http.get(redirect.uri, params={"code": "c", "state": STATE}))
        assert (await redirect.answer())["code"] == "c"
        await redirect.close("signed_in")
        assert (await visit).status_code == 200


async def test_another_name_for_this_machine_is_refused(redirect):
    target = f"/signed-in?code=c&state={STATE}"
    for host in ("localhost", f"evil.example:{redirect.port}", "127.0.0.1", ""):
        answer = await _ask(redirect.port, _get(redirect.port, target, f"Host: {host}"))
        assert answer.startswith(b"HTTP/1.1 404 ")
    twice = _get(
        redirect.port, target, f"Host: 127.0.0.1:{redirect.port}", f"Host: 127.0.0.1:{redirect.port}"
    )
    assert (await _ask(redirect.port, twice)).startswith(b"HTTP/1.1 404 ")


async def test_only_get_is_answered(redirect):
    async with httpx.AsyncClient() as http:
        answer = await http.post(redirect.uri, params={"code": "c", "state": STATE})
    assert answer.status_code == 405


async def test_the_second_answer_is_told_that_it_comes_too_late(redirect):
    async with httpx.AsyncClient() as http:
        first = asyncio.create_task(http.get(redirect.uri, params={"code": "c", "state": STATE}))
        await redirect.answer()
        second = await http.get(redirect.uri, params={"code": "other", "state": STATE})
        assert second.status_code == 410
        await redirect.close("signed_in")
        assert (await first).status_code == 200


@pytest.mark.parametrize(
    "raw", [b"\x00" * 64 + b"\r\n\r\n", b"GET\r\n\r\n", b"A" * 20_000, b"GET / HTTP/1.1\r\n"]
)
async def test_garbage_harms_nothing(redirect, raw):
    reader, writer = await asyncio.open_connection("127.0.0.1", redirect.port)
    writer.write(raw)
    writer.write_eof()
    await reader.read()
    writer.close()
    visit = asyncio.create_task(_ask(redirect.port, _get(redirect.port, f"/signed-in?code=c&state={STATE}")))
    assert (await redirect.answer())["code"] == "c"
    await redirect.close("cancelled")
    assert "Anda batal masuk" in (await visit).decode()


async def test_closing_frees_the_port_even_while_a_browser_holds_a_spare_connection(redirect):
    _, writer = await asyncio.open_connection("127.0.0.1", redirect.port)
    await redirect.close("failed")
    with pytest.raises(ConnectionError):
        await asyncio.open_connection("127.0.0.1", redirect.port)
    writer.close()


def test_the_page_says_it_in_the_citizens_language():
    assert "Anda sudah masuk" in page("signed_in", Language.load("id"))
    assert 'lang="en"' in page("signed_in", Language.load("en"))
