"""Every operation against the real backend: the two sides speak one contract."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from starlette.requests import Request

from app.backend_api.client import BackendClient
from app.backend_api.errors import Refused
from app.catalogue.catalogue import Catalogue
from app.contract.applications import AttachmentRef
from app.contract.canonical import canonical_bytes, sha256_hex
from app.contract.problems import ProblemType
from backend.application import running
from backend.sandbox.personas import Personas
from backend.settings import Settings

NOW = datetime(2026, 3, 9, 3, 5, tzinfo=UTC)
SERVICES = Path(__file__).parents[2] / "services"
BIRTH = "dukcapil/birth-registration"
PDF = b"%PDF-1.7\n" + b"x" * 2000 + b"\n%%EOF\n"
FILE = AttachmentRef(name="surat.pdf", media_type="application/pdf", size=len(PDF), sha256=sha256_hex(PDF))


class Sari:
    """A session, and what stands in for its check at the backend (the identity room tests the real one)."""

    subject = next(p.subject for p in Personas.load().values() if p.id == "sari")

    async def headers(self, method: str, url: str) -> dict[str, str]:
        return {"Authorization": "DPoP sari"}

    async def refused(self, response_headers: Mapping[str, str]) -> bool:
        return False

    async def __call__(self, request: Request) -> Sari:
        assert request.headers["authorization"] == "DPoP sari"
        return self


@pytest.fixture
async def client() -> AsyncIterator[BackendClient]:
    async def address() -> str:
        return "http://127.0.0.1:8700"

    async def no_sleep(_seconds: float) -> None: ...

    sari = Sari()
    async with (
        running(Settings(services=SERVICES), now=lambda: NOW, authenticator=sari) as app,
        httpx.AsyncClient(transport=httpx.ASGITransport(app)) as http,
    ):
        yield BackendClient(
            address, sari, http, lambda: NOW, os.urandom, language=lambda: "en", sleep=no_sleep
        )


def key() -> str:
    return os.urandom(16).hex()


async def test_the_catalogue_is_fetched_once_and_confirmed_by_its_tag(client: BackendClient) -> None:
    signed = await client.catalogue()
    assert signed is not None
    catalogue = await Catalogue.load(None, lambda: NOW)
    await catalogue.sync(client)
    assert await client.catalogue(catalogue.version) is None
    assert await client.catalogue("another") == signed


async def test_the_catalogue_of_the_device_syncs_and_reads_definitions(client: BackendClient) -> None:
    catalogue = await Catalogue.load(None, lambda: NOW)
    assert await catalogue.sync(client)
    assert not await catalogue.sync(client)
    assert catalogue.find("akta kelahiran", "id").hits[0].row.id == BIRTH
    definition = await catalogue.definition(BIRTH, client)
    assert definition == await client.definition(BIRTH, definition.version)
    with pytest.raises(Refused) as caught:
        await catalogue.definition("dukcapil/moon-landing", client)
    assert caught.value.problem.kind is ProblemType.NOT_FOUND


async def test_what_the_state_knows_is_limited_to_the_service(client: BackendClient) -> None:
    whole, limited = await client.me(), await client.me(BIRTH)
    assert whole.get("person.full_name") is not None
    assert {a.concept for a in limited.attributes} < {a.concept for a in whole.attributes}


async def test_a_file_goes_up_in_pieces(client: BackendClient) -> None:
    with pytest.raises(Refused) as caught:
        await client.attachment(FILE.sha256)
    assert caught.value.problem.kind is ProblemType.NOT_FOUND
    there = await client.begin_attachment(FILE, key())
    assert (there.received, there.complete) == (0, False)
    there = await client.append_attachment(FILE.sha256, 0, PDF[:1500])
    assert there.received == 1500
    with pytest.raises(Refused) as caught:
        await client.append_attachment(FILE.sha256, 0, PDF[:1500])
    assert caught.value.problem.kind is ProblemType.UPLOAD_OFFSET
    there = await client.append_attachment(FILE.sha256, 1500, PDF[1500:])
    assert there.complete
    assert await client.attachment(FILE.sha256) == there


async def test_a_refused_submission_names_fields_in_the_citizens_language(client: BackendClient) -> None:
    body = canonical_bytes({"service": BIRTH, "version": 1, "answers": {}})
    with pytest.raises(Refused) as caught:
        await client.create_application(body, key())
    problem = caught.value.problem
    assert problem.kind is ProblemType.INVALID_ANSWERS
    assert {"full_name", "birth_date"} <= {error.field for error in problem.errors}
    assert "answers" in str(caught.value.phrase).lower()


async def test_an_empty_account_reads_as_empty(client: BackendClient) -> None:
    assert await client.applications() == []
    assert await client.messages() == []
    assert await client.documents() == []
    assert len(await client.signing_keys()) == 1
    for refused in (client.application("7KM4-2WXP-9"), client.mark_read("nothing")):
        with pytest.raises(Refused) as caught:
            await refused
        assert caught.value.problem.kind is ProblemType.NOT_FOUND


async def test_a_question_that_nobody_asked_cannot_be_answered(client: BackendClient) -> None:
    body = canonical_bytes({"question": "q1", "answers": {}})
    with pytest.raises(Refused) as caught:
        await client.answer_question("7KM4-2WXP-9", body, key())
    assert caught.value.problem.kind is ProblemType.NOT_FOUND
