from __future__ import annotations

import json
import logging

import pytest
from backend_desk import BIRTH, PERSONAS
from sqlalchemy.exc import OperationalError
from starlette.datastructures import Headers

from backend.observation import JsonLines
from backend.speech import language_of

SECRETS = ("3273025204969001", "Sari Contoh", "+6281200009001", "Bima Contoh")


@pytest.mark.parametrize(
    ("accept", "language"),
    [
        (None, "id"),
        ("en", "en"),
        ("en-GB,en;q=0.9", "en"),
        ("fr, en;q=0.5, id;q=0.4", "en"),
        ("id;q=0.1, en;q=0.2", "en"),
        ("en;q=0", "id"),
        ("en;q=abc", "id"),
        (";;;,,,=", "id"),
        ("jv", "id"),
    ],
)
def test_the_language_of_an_answer_is_the_one_liked_best(accept, language):
    assert language_of(Headers({"accept-language": accept} if accept else {})).tag == language


async def test_a_refusal_speaks_the_language_that_was_asked_for(desk):
    indonesian = (await desk.http.get("/v1/nowhere")).json()
    english = await desk.http.get("/v1/nowhere", headers={"Accept-Language": "en"})
    assert indonesian["title"] == "Tidak ditemukan"
    assert english.headers["content-language"] == "en"
    assert english.headers["vary"] == "Accept-Language"


async def test_a_method_that_is_not_served_names_those_that_are(desk):
    answer = await desk.http.put("/v1/catalogue")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET")
    assert answer.json()["type"].endswith("invalid-request")


async def test_too_many_requests_are_refused_for_one_citizen_until_the_minute_is_over(start_desk):
    desk = await start_desk(requests_per_minute=3)
    answers = [await desk.get("messages") for _ in range(4)]
    assert [a.status_code for a in answers] == [200, 200, 200, 429]
    assert answers[0].headers["ratelimit"] == '"citizen";r=2;t=60'
    assert answers[0].headers["ratelimit-policy"] == '"citizen";q=3;w=60'
    desk.clock.advance(seconds=20)
    refused = await desk.get("messages")
    assert refused.headers["retry-after"] == "40"
    assert refused.headers["ratelimit"] == '"citizen";r=0;t=40'
    assert (await desk.get("messages", "rina")).status_code == 200
    desk.clock.advance(seconds=40)
    assert (await desk.get("messages")).status_code == 200


async def test_a_suspended_citizen_is_told_so(desk):
    suspended = next(name for name, p in PERSONAS.items() if p.account == "suspended")
    answer = await desk.get("me", suspended)
    assert answer.status_code == 403
    assert answer.json()["type"].endswith("forbidden")


async def test_a_persona_with_faults_is_served_slowly_and_sometimes_not_at_all(desk):
    name, persona = next((n, p) for n, p in PERSONAS.items() if p.faults.error_rate)
    statuses = [(await desk.get("messages", name)).status_code for _ in range(200)]
    assert set(desk.slept) == {persona.faults.latency_ms / 1000}
    assert len(desk.slept) == 200
    failed = statuses.count(503) / 200
    assert abs(failed - persona.faults.error_rate) < 0.15
    assert set(statuses) == {200, 503}
    assert {(await desk.get("messages")).status_code for _ in range(20)} == {200}


async def test_a_request_keeps_the_callers_trace(desk):
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    answer = await desk.http.get("/v1/nowhere", headers={"traceparent": f"00-{trace}-00f067aa0ba902b7-01"})
    version, told, parent, flags = answer.headers["traceparent"].split("-")
    assert (version, told, flags) == ("00", trace, "01")
    assert parent != "00f067aa0ba902b7"
    assert answer.json()["instance"] == f"urn:trace:{trace}"


@pytest.mark.parametrize("header", ["", "x", f"00-{'0' * 32}-00f067aa0ba902b7-01", f"00-{'A' * 32}-b-01"])
async def test_a_trace_that_cannot_be_read_is_begun_anew(desk, header):
    answer = await desk.http.get("/healthz", headers={"traceparent": header})
    assert len(answer.headers["traceparent"].split("-")[1]) == 32
    assert answer.headers["traceparent"].split("-")[1] not in ("0" * 32, "A" * 32)


async def test_the_log_of_a_whole_errand_tells_routes_and_nothing_of_the_citizen(desk, caplog):
    caplog.set_level(logging.INFO)
    application = await desk.apply()
    await desk.get(f"applications/{application['reference']}?x=Sari%20Contoh")
    await desk.post("applications", b'{"service": "Sari Contoh"}', "k")
    await desk.accept(application["reference"])
    await desk.get("documents")
    lines = [JsonLines().format(record) for record in caplog.records]
    requests = [json.loads(line) for line in lines if '"event": "request"' in line]
    assert {"/applications/{reference}", "/applications", "/documents"} <= {r["route"] for r in requests}
    assert all(r["trace"] and r["status"] and r["ms"] >= 0 for r in requests)
    assert not [line for line in lines for secret in SECRETS if secret in line]


async def test_the_database_file_has_nothing_of_the_citizen_in_clear(desk, tmp_path):
    await desk.accept((await desk.apply())["reference"])
    await desk.backend.database.close()
    content = b"".join(path.read_bytes() for path in tmp_path.glob("loket.db*"))
    assert desk.backend.database.postgresql or content
    assert not [secret for secret in SECRETS if secret.encode() in content]


async def test_a_fault_of_ours_is_a_problem_and_its_text_stays_out_of_the_log(desk, caplog, monkeypatch):
    async def broken(*_arguments):
        raise RuntimeError("Sari Contoh 3273025204969001")

    monkeypatch.setattr("backend.routes.citizens.read_me", broken)
    answer = await desk.get("me")
    assert answer.status_code == 500
    assert answer.json()["type"].endswith("internal")
    assert "Sari" not in answer.text
    line = next(JsonLines().format(r) for r in caplog.records if r.levelname == "ERROR")
    assert '"fault": "RuntimeError"' in line
    assert "test_refusing.py" in line
    assert "Sari" not in line


@pytest.mark.parametrize(
    "error", [OperationalError("SELECT 1", {}, Exception("gone")), ConnectionRefusedError(), TimeoutError()]
)
async def test_a_database_that_is_away_is_said_and_can_be_tried_again(desk, monkeypatch, error):
    async def broken(*_arguments):
        raise error

    monkeypatch.setattr("backend.routes.citizens.read_me", broken)
    answer = await desk.get("me")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert answer.json()["type"].endswith("unavailable")


async def test_the_server_tells_that_it_is_well(desk):
    assert (await desk.http.get("/healthz")).json() == {"status": "ok"}


async def test_definitions_are_served_however_the_citizen_is_refused(desk):
    assert (
        await desk.http.get(f"/v1/services/{BIRTH}", headers={"Authorization": "junk"})
    ).status_code == 200
