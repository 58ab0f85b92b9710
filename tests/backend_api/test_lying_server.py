"""Whatever comes back, the citizen gets a sentence and the caller knows what is safe to do next."""

from __future__ import annotations

import asyncio
import gzip
import logging
import socket
import traceback
from datetime import timedelta
from email.utils import format_datetime

import pytest
from hostile_server import NOW, Hostile, Signer, Slept, answer, hang_up, problem, say_nothing

from app.backend_api.client import BackendClient
from app.backend_api.errors import (
    BackendError,
    Diverted,
    Malformed,
    NotSignedIn,
    Refused,
    Unavailable,
    Uncertain,
    Unreachable,
)
from app.contract.problems import ProblemType

BODY = b'{"service":"dukcapil/birth-registration"}'
KEY = "00112233445566778899aabbccddeeff"
ATTACHMENT = {
    "name": "surat.pdf",
    "media_type": "application/pdf",
    "size": 10,
    "sha256": "ab" * 32,
    "received": 4,
    "complete": False,
    "chunk_bytes": 100,
}


def spoken(error: BackendError) -> str:
    """What the citizen reads; it must be a sentence."""
    text = str(error.phrase)
    assert text[0].isupper()
    assert text.rstrip().endswith((".", "!", "?"))
    return text


# What is not the contract's


async def test_an_answer_that_is_not_json_is_named_as_such(hostile: Hostile, client: BackendClient) -> None:
    hostile.will(answer(raw=b"<html>It works!</html>"))
    with pytest.raises(Malformed) as caught:
        await client.messages()
    assert "Invalid JSON" in caught.value.found
    assert "aman" in spoken(caught.value)


async def test_a_wrong_content_type_is_named(hostile: Hostile, client: BackendClient) -> None:
    hostile.will(answer(raw=b"[]", kind="text/html; charset=utf-8"))
    with pytest.raises(Malformed, match="messages: content-type: text/html instead of application/json"):
        await client.messages()


async def test_a_wrong_shape_is_located_and_does_not_quote_the_answer(
    hostile: Hostile, client: BackendClient
) -> None:
    hostile.will(answer(body={"subject": "s", "attributes": [{"concept": "person.nik", "value": "3403"}]}))
    with pytest.raises(Malformed) as caught:
        await client.me()
    assert caught.value.where == "attributes.0.source"
    assert "Field required" in caught.value.found
    shown = "".join(traceback.format_exception(caught.value))
    assert "3403" not in shown


async def test_a_definition_of_another_service_is_not_taken(hostile: Hostile, client: BackendClient) -> None:
    hostile.will(answer(body={"keys": []}))
    with pytest.raises(Malformed, match="definition: "):
        await client.definition("dukcapil/birth-registration")


async def test_keys_that_are_no_key_set_are_refused(hostile: Hostile, client: BackendClient) -> None:
    hostile.will(answer(body={}))
    with pytest.raises(Malformed, match="keys"):
        await client.signing_keys()


async def test_an_answer_beyond_the_limit_is_cut_short(hostile: Hostile, client: BackendClient) -> None:
    hostile.will(answer(raw=b"[" + b" " * 8_000_001 + b"]"))
    with pytest.raises(Malformed, match="more than 8000000 bytes"):
        await client.messages()


async def test_a_small_answer_that_unpacks_to_a_huge_one_is_cut_short(
    hostile: Hostile, client: BackendClient
) -> None:
    bomb = gzip.compress(b" " * 50_000_000)
    hostile.will(answer(raw=bomb, headers={"content-encoding": "gzip"}))
    with pytest.raises(Malformed, match="more than 8000000 bytes"):
        await client.messages()


async def test_a_compression_that_is_none_is_named(hostile: Hostile, client: BackendClient) -> None:
    hostile.will(answer(raw=b"[]", headers={"content-encoding": "gzip"}))
    with pytest.raises(Malformed, match="content-encoding"):
        await client.messages()


async def test_a_refusal_without_a_problem_is_not_taken_for_the_backends(
    hostile: Hostile, client: BackendClient
) -> None:
    hostile.will(answer(403, raw=b"<html>Blocked by proxy</html>", kind="text/html"))
    with pytest.raises(Malformed, match="status 403"):
        await client.create_application(BODY, KEY)


# Somebody else


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_to_another_host_is_refused_and_not_followed(
    hostile: Hostile, client: BackendClient, status: int
) -> None:
    hostile.will(answer(status, raw=b"", headers={"location": "http://evil.example/login"}))
    with pytest.raises(Diverted) as caught:
        await client.create_application(BODY, KEY)
    assert "Wi-Fi" in spoken(caught.value)
    assert len(hostile.received) == 1


async def test_not_modified_without_a_question_for_it_is_refused(
    hostile: Hostile, client: BackendClient
) -> None:
    hostile.will(answer(304, raw=b""))
    with pytest.raises(Diverted):
        await client.catalogue()


# Silence and broken lines


async def test_a_slow_answer_to_a_read_is_unreachable_after_three_tries(
    hostile: Hostile, client: BackendClient, slept: Slept
) -> None:
    hostile.will(say_nothing)
    with pytest.raises(Unreachable) as caught:
        await client.messages()
    assert "Periksa sambungan" in spoken(caught.value)
    assert len(hostile.received) == 3
    assert len(slept.seconds) == 2
    assert 0 <= slept.seconds[0] <= 0.5
    assert 0 <= slept.seconds[1] <= 1.0


async def test_an_answer_that_drips_for_ever_ends_at_the_total(
    hostile: Hostile, client: BackendClient
) -> None:
    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100000\r\n\r\n")
        gone = asyncio.ensure_future(reader.read())
        while not gone.done():
            writer.write(b" ")
            await asyncio.wait([gone], timeout=0.05)

    hostile.will(drip)
    with pytest.raises(Unreachable, match="TimeoutError"):
        await client.messages()


async def test_a_slow_answer_to_a_write_is_uncertain_and_every_try_has_the_same_bytes_and_key(
    hostile: Hostile, client: BackendClient
) -> None:
    hostile.will(say_nothing)
    with pytest.raises(Uncertain) as caught:
        await client.create_application(BODY, KEY)
    assert "tidak akan menjadi dua" in spoken(caught.value)
    assert [r.body for r in hostile.received] == [BODY] * 3
    assert {r.headers["idempotency-key"] for r in hostile.received} == {f'"{KEY}"'}


async def test_a_reset_before_the_answer_is_uncertain_for_a_write_and_unreachable_for_a_read(
    hostile: Hostile, client: BackendClient
) -> None:
    hostile.will(hang_up)
    with pytest.raises(Uncertain):
        await client.create_application(BODY, KEY)
    with pytest.raises(Unreachable):
        await client.messages()


async def test_a_truncated_answer_is_not_an_answer(hostile: Hostile, client: BackendClient) -> None:
    hostile.will(answer(raw=b'[{"id": "1"', length=5000))
    with pytest.raises(Unreachable, match="RemoteProtocolError"):
        await client.messages()
    with pytest.raises(Uncertain, match="RemoteProtocolError"):
        await client.create_application(BODY, KEY)


async def test_words_that_are_not_http_are_not_an_answer(hostile: Hostile, client: BackendClient) -> None:
    async def ssh(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"SSH-2.0-OpenSSH_9.9\r\n")

    hostile.will(ssh)
    with pytest.raises(Unreachable):
        await client.messages()


async def test_a_closed_port_is_unreachable_for_a_write_too(client: BackendClient, hostile: Hostile) -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        hostile.url = f"http://127.0.0.1:{held.getsockname()[1]}"
        with pytest.raises(Unreachable) as caught:
            await client.create_application(BODY, KEY)
    assert "aman" in spoken(caught.value)


async def test_what_was_uncertain_once_stays_uncertain_when_the_line_then_dies(
    hostile: Hostile, client: BackendClient
) -> None:
    async def hang_up_and_close(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        hostile.url = "http://127.0.0.1:1"
        await hang_up(reader, writer)

    hostile.will(hang_up_and_close)
    with pytest.raises(Uncertain):
        await client.create_application(BODY, KEY)


async def test_a_piece_of_a_file_is_never_repeated_blindly(hostile: Hostile, client: BackendClient) -> None:
    hostile.will(hang_up)
    with pytest.raises(Uncertain):
        await client.append_attachment("ab" * 32, 4, b"x")
    assert len(hostile.received) == 1


# Faults that pass


async def test_a_read_gets_over_a_fault_that_passes(hostile: Hostile, client: BackendClient) -> None:
    hostile.will(hang_up, answer(500, body={}), answer(body=[]))
    assert await client.messages() == []
    assert len(hostile.received) == 3


async def test_a_500_to_a_write_leaves_its_fate_unknown(hostile: Hostile, client: BackendClient) -> None:
    hostile.will(problem(500, "internal"))
    with pytest.raises(Uncertain):
        await client.create_application(BODY, KEY)


async def test_a_500_to_a_read_is_unavailable(hostile: Hostile, client: BackendClient) -> None:
    hostile.will(problem(500, "internal"))
    with pytest.raises(Unavailable) as caught:
        await client.messages()
    assert "sibuk" in spoken(caught.value)


async def test_retry_after_in_seconds_is_honoured_before_the_next_try(
    hostile: Hostile, client: BackendClient, slept: Slept
) -> None:
    hostile.will(problem(503, "unavailable", **{"retry-after": "2"}), answer(body=[]))
    assert await client.messages() == []
    assert 2.0 <= slept.seconds[0] <= 2.5


async def test_retry_after_as_a_date_is_honoured(
    hostile: Hostile, client: BackendClient, slept: Slept
) -> None:
    until = format_datetime(NOW + timedelta(seconds=3), usegmt=True)
    hostile.will(problem(503, "unavailable", **{"retry-after": until}), answer(body=[]))
    assert await client.messages() == []
    assert 3.0 <= slept.seconds[0] <= 3.5


async def test_a_long_retry_after_is_left_to_the_caller(
    hostile: Hostile, client: BackendClient, slept: Slept
) -> None:
    hostile.will(problem(429, "too-many-requests", **{"retry-after": "40"}))
    with pytest.raises(Unavailable) as caught:
        await client.create_application(BODY, KEY)
    assert caught.value.retry_after == 40
    assert slept.seconds == []
    assert len(hostile.received) == 1


@pytest.mark.parametrize("nonsense", ["soon", "", "-1", "1e9", "Sat, 99 Foo 2026 00:00:00 GMT"])
async def test_a_retry_after_that_says_nothing_is_passed_over(
    hostile: Hostile, client: BackendClient, nonsense: str
) -> None:
    hostile.will(problem(503, "unavailable", **{"retry-after": nonsense}), answer(body=[]))
    assert await client.messages() == []


async def test_a_write_that_is_in_progress_is_asked_for_again(
    hostile: Hostile, client: BackendClient
) -> None:
    hostile.will(problem(409, "idempotency-in-progress"), answer(body=ATTACHMENT))
    from app.contract.applications import AttachmentRef

    file = AttachmentRef.model_validate({k: ATTACHMENT[k] for k in ("name", "media_type", "size", "sha256")})
    assert (await client.begin_attachment(file, KEY)).received == 4


# Refusals


async def test_a_refusal_carries_the_problem_and_speaks_its_sentence(
    hostile: Hostile, client: BackendClient
) -> None:
    hostile.will(problem(422, "invalid-answers", detail="Ada {satu} isian yang perlu diperbaiki."))
    with pytest.raises(Refused) as caught:
        await client.create_application(BODY, KEY)
    assert spoken(caught.value) == "Ada {satu} isian yang perlu diperbaiki."
    assert caught.value.problem.kind is ProblemType.INVALID_ANSWERS
    assert caught.value.problem.errors[0].field == "full_name"
    assert len(hostile.received) == 1


async def test_a_problem_of_a_later_version_is_still_a_refusal(
    hostile: Hostile, client: BackendClient
) -> None:
    hostile.will(problem(418, "moon-phase"))
    with pytest.raises(Refused) as caught:
        await client.me()
    assert caught.value.problem.kind is None


# Signing


async def test_a_401_teaches_the_session_and_is_tried_once_more_with_the_same_key(
    hostile: Hostile, client: BackendClient, signer: Signer
) -> None:
    signer.learns = 1
    nonce = {"dpop-nonce": "n1"}
    hostile.will(problem(401, "not-signed-in", **nonce), answer(raw=b"{}"))
    with pytest.raises(Malformed):
        await client.create_application(BODY, KEY)
    assert signer.refusals[0]["dpop-nonce"] == "n1"
    assert [r.headers["authorization"] for r in hostile.received] == ["DPoP token-0", "DPoP token-1"]
    assert len({r.headers["idempotency-key"] for r in hostile.received}) == 1


async def test_a_401_that_teaches_nothing_means_signed_out(hostile: Hostile, client: BackendClient) -> None:
    hostile.will(problem(401, "not-signed-in"))
    with pytest.raises(NotSignedIn) as caught:
        await client.me()
    assert "Masuk lagi" in spoken(caught.value)
    assert len(hostile.received) == 1


async def test_a_401_after_learning_means_signed_out_and_not_a_loop(
    hostile: Hostile, client: BackendClient, signer: Signer
) -> None:
    signer.learns = 99
    hostile.will(problem(401, "not-signed-in"))
    with pytest.raises(NotSignedIn):
        await client.me()
    assert len(hostile.received) == 2


async def test_public_reads_name_no_citizen(hostile: Hostile, client: BackendClient, signer: Signer) -> None:
    hostile.will(answer(body={"keys": []}))
    assert await client.signing_keys() == []
    assert "authorization" not in hostile.received[0].headers
    assert signer.signed == []


# Headers


async def test_every_try_has_one_trace_its_own_span_and_the_citizens_language(
    hostile: Hostile, client: BackendClient
) -> None:
    hostile.will(hang_up, answer(body=[]))
    await client.messages()
    one, other = (r.headers["traceparent"].split("-") for r in hostile.received)
    assert one[0] == other[0] == "00"
    assert one[1] == other[1]
    assert len(one[1]) == 32
    assert one[2] != other[2]
    assert len(one[2]) == 16
    assert hostile.received[0].headers["accept-language"] == "en"


async def test_a_reference_cannot_climb_out_of_its_path(hostile: Hostile, client: BackendClient) -> None:
    hostile.will(problem(404, "not-found"))
    for climbing in ("../agency/applications", "..", ".", "a?b#c"):
        with pytest.raises(Refused):
            await client.application(climbing)
    targets = [r.target for r in hostile.received]
    assert targets == [
        "/v1/applications/..%2Fagency%2Fapplications",
        "/v1/applications/%2E%2E",
        "/v1/applications/%2E",
        "/v1/applications/a%3Fb%23c",
    ]


async def test_logs_and_errors_hold_neither_token_nor_key_nor_body(
    hostile: Hostile, client: BackendClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    hostile.will(hang_up)
    with pytest.raises(Uncertain) as caught:
        await client.create_application(BODY, KEY)
    # Exceptions and logs, not the lines of this file.
    told = caplog.text + "".join(traceback.format_exception_only(caught.value))
    for secret in (BODY.decode(), KEY, "token-0"):
        assert secret not in told


async def test_a_piece_goes_out_raw_at_its_offset(hostile: Hostile, client: BackendClient) -> None:
    hostile.will(answer(body=ATTACHMENT))
    there = await client.append_attachment("ab" * 32, 4, b"\x00\xff")
    assert there.received == 4
    got = hostile.received[0]
    assert (got.method, got.headers["upload-offset"], got.body) == ("PATCH", "4", b"\x00\xff")


async def test_a_proxy_of_the_system_is_not_asked_for_this_machine(
    hostile: Hostile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    from app.backend_api.exchange import http_client

    hostile.will(answer(body=[]))
    async with http_client() as http:
        assert (await http.get(f"{hostile.url}/")).json() == []
