"""Our client at a certified provider, and a certified client at our sandbox."""

from __future__ import annotations

import asyncio
import json
import os
import re
import socket
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from urllib.parse import urljoin

import httpx
import pytest
import uvicorn

from app.backend_api.errors import NotSignedIn
from app.identity.errors import SignInError
from app.identity.session import COLLECTION, RECORD, Session
from app.storage.storage import Storage
from backend.application import create
from backend.sandbox.personas import Personas
from backend.settings import Settings

HERE = Path(__file__).parent


def _now() -> datetime:
    return datetime.now(UTC)


class Browser:
    """Follows links, keeps cookies, and fills in the forms of the certified provider."""

    def __init__(self, *, consents: bool = True) -> None:
        self.http = httpx.AsyncClient(follow_redirects=False)
        self.consents = consents
        self.visit: asyncio.Task[httpx.Response] | None = None

    async def open(self, url: str) -> None:
        self.visit = asyncio.create_task(self.read(url))

    async def read(self, url: str) -> httpx.Response:
        answer = await self.http.get(url)
        for _ in range(20):
            if answer.is_redirect:
                answer = await self.http.get(urljoin(str(answer.url), answer.headers["location"]))
            elif form := re.search(
                r"<form[^>]*action=\"([^\"]+)\"[^>]*>(.*?)</form>", answer.text, re.DOTALL
            ):
                answer = await self._fill_in(str(answer.url), form[1], form[2], answer.text)
            else:
                return answer
        raise AssertionError(f"no end to it: {answer.url}")

    async def _fill_in(self, base: str, action: str, form: str, page: str) -> httpx.Response:
        fields = {
            name: unescape(value)
            for name, value in re.findall(r"<input[^>]*name=\"(\w+)\"[^>]*value=\"([^\"]*)\"", form)
        }
        if 'name="login"' in form:
            fields |= {"login": "sari", "password": "any"}
        elif "/interaction/" in base and not self.consents:
            cancel = re.search(r"href=\"([^\"]+/abort)\"", page)
            assert cancel, page
            return await self.http.get(urljoin(base, cancel[1]))
        if "/session/end" in base:
            fields["logout"] = "yes"
        return await self.http.post(urljoin(base, unescape(action)), data=fields)


@asynccontextmanager
async def certified_provider(node: str, *arguments: str):
    process = await asyncio.create_subprocess_exec(
        node,
        str(HERE / "provider.mjs"),
        *arguments,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None
    line = (await process.stdout.readline()).decode().strip()
    try:
        assert line, (await process.stderr.read()).decode()
        yield line
    finally:
        process.stdin.close()
        await process.wait()
        said = (await process.stderr.read()).decode()
    assert "server_error" not in said, said


@pytest.fixture
async def new_session():
    async with httpx.AsyncClient() as http:

        def new_session(issuer: str) -> Session:
            async def where() -> str:
                return issuer

            return Session(issuer=where, client_id="loket-app", http=http, now=_now, random_bytes=os.urandom)

        yield new_session


async def _ask(session: Session, url: str) -> httpx.Response:
    """As the backend's client does: once more where the first refusal taught something."""
    async with httpx.AsyncClient() as http:
        answer = await http.get(url, headers=await session.headers("GET", url))
        if answer.status_code == 401 and await session.refused(answer.headers):
            answer = await http.get(url, headers=await session.headers("GET", url))
        return answer


@pytest.mark.parametrize("how", ["with-par", "without-par"])
async def test_our_client_signs_in_at_a_certified_provider(node, new_session, how):
    storage = await Storage.open(None, os.urandom(32))
    async with certified_provider(node, how) as issuer:
        session, browser = new_session(issuer), Browser()
        await session.sign_in(browser.open)
        assert (session.subject, session.name) == ("sari", "Sari Contoh")
        assert "Anda sudah masuk" in (await browser.visit).text
        await session.attach(storage)
        first = await storage.get(COLLECTION, RECORD)
        for _ in range(2):  # Each time the short-lived token is renewed and the refresh token rotates.
            me = await _ask(session, f"{issuer}/me")
            assert me.json() == {"sub": "sari", "name": "Sari Contoh"}, me.headers
        latest = await storage.get(COLLECTION, RECORD)
        assert latest["refresh_token"] != first["refresh_token"]

        farewell = await browser.read(await session.logout_address())
        assert farewell.status_code == 200
        assert "Sign-out Success" in farewell.text

        await session.sign_out()
        await storage.put(COLLECTION, RECORD, latest)
        stolen = new_session(issuer)
        await stolen.restore(storage)
        with pytest.raises(NotSignedIn):
            await stolen.headers("GET", f"{issuer}/me")
    await storage.close()


async def test_a_citizen_who_refuses_at_a_certified_provider_is_not_signed_in(node, new_session):
    async with certified_provider(node) as issuer:
        session = new_session(issuer)
        with pytest.raises(SignInError) as refused:
            await session.sign_in(Browser(consents=False).open)
        assert refused.value.reason in ("cancelled", "denied")
        assert session.state == "signed_out"


async def test_a_certified_client_signs_in_at_our_sandbox(node, tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = Settings(
        public_url=f"http://127.0.0.1:{port}",
        database=f"sqlite:///{tmp_path}/backend.db",
        services=HERE.parents[1] / "services",
    )
    server = uvicorn.Server(uvicorn.Config(create(settings), host="127.0.0.1", port=port, log_level="error"))
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 (uvicorn tells by a flag alone)
        await asyncio.sleep(0.01)
    try:
        process = await asyncio.create_subprocess_exec(
            node,
            str(HERE / "client.mjs"),
            settings.token_issuer,
            settings.public_url,
            "sari",
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        said, trouble = await process.communicate()
    finally:
        server.should_exit = True
        await serving
    assert process.returncode == 0, trouble.decode()
    subject = Personas.load()["sari"].subject
    assert json.loads(said) == {
        "pushed": ["client_id", "request_uri"],
        "subject": subject,
        "name": "Sari Contoh",
        "tokenType": "dpop",
        "me": subject,
        "rotated": 3,
        "afterwards": "invalid_grant",
        "goodbye": 200,
    }
