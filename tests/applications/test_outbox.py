"""Exactly once, whatever the line does; nothing lost, whatever the backend says."""

from __future__ import annotations

import asyncio
import json
import shutil
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from device import (
    BIRTH,
    PDF,
    SERVICES,
    Clock,
    Device,
    Send,
    Signer,
    answer_lost,
    no_network,
    only_for,
    request_lost,
    whoever_says_so,
)
from fastapi import FastAPI
from sqlalchemy import delete

from app.applications.attachments import AttachmentLost
from app.contract.canonical import sha256_hex
from app.forms.journey import CHECK, Journey
from app.storage.sealing import JSON
from app.storage.storage import Storage
from backend import tables
from backend.application import running
from backend.settings import Settings


async def arrived(device: Device) -> list[str]:
    """The references that the backend has, asked over a line without faults."""
    device.line.faults, device.line.always = [], None
    return [a.reference for a in await device.client.applications()]


async def test_a_submission_arrives_with_its_file_and_leaves_a_proven_receipt(device: Device) -> None:
    item = await device.send_filled()
    assert (item.state, item.total, item.answers) == ("waiting", len(PDF), 17)
    device.outbox.start()
    done = await device.until(item.id, "delivered")
    assert done.reference is not None
    application = await device.applications.get(done.reference)
    assert application is not None
    standing = await device.receipts.standing(application)
    assert (standing.verified, standing.reason, standing.overdue) == (True, None, False)
    assert await arrived(device) == [done.reference]


async def test_progress_is_told_in_bytes(device: Device) -> None:
    seen: list[tuple[str, int]] = []
    item = await device.send_filled()

    async def look() -> None:
        current = await device.outbox.get(item.id)
        assert current is not None
        seen.append((current.state, current.done))

    tasks: list[asyncio.Task[None]] = []
    device.outbox.watch(lambda: tasks.append(asyncio.create_task(look())))
    device.outbox.start()
    await device.until(item.id, "delivered")
    await asyncio.gather(*tasks)
    uploads = [done for state, done in seen if state == "uploading"]
    assert uploads == sorted(uploads)
    assert len(set(uploads)) >= 4
    assert uploads[0] == 0
    assert {done for state, done in seen if state == "sending"} <= {len(PDF)}
    assert seen[-1][0] == "delivered"


async def test_what_is_sent_are_the_frozen_bytes_and_the_receipt_names_their_hash(device: Device) -> None:
    item = await device.send_filled()
    device.outbox.start()
    done = await device.until(item.id, "delivered")
    [post] = device.line.sent("POST", "/v1/applications")
    assert post.content == item.body
    application = await device.applications.get(done.reference or "")
    assert application is not None
    assert application.receipt.content_sha256 == sha256_hex(item.body)
    assert json.loads(item.body)["service"] == BIRTH


async def test_without_a_network_it_waits_and_goes_out_at_a_kick(device: Device) -> None:
    item = await device.send_filled()
    device.line.always = no_network
    device.outbox.start()
    await device.until(item.id, "waiting", saying="tidak dapat dihubungi")
    assert device.line.sent("POST", "/v1/applications") == []
    device.line.always = None
    device.outbox.kick()
    assert (await device.until(item.id, "delivered")).reference


async def test_a_timeout_never_creates_a_second_application(device: Device) -> None:
    item = await device.send_filled()
    device.line.always = only_for("POST", "/v1/applications", answer_lost)
    device.outbox.start()
    await device.until(item.id, "uncertain", saying="tidak akan menjadi dua")
    device.line.always = None
    device.outbox.kick()
    done = await device.until(item.id, "delivered")
    posts = device.line.sent("POST", "/v1/applications")
    assert len(posts) >= 2
    assert len({post.content for post in posts}) == 1
    assert len({post.headers["idempotency-key"] for post in posts}) == 1
    assert await arrived(device) == [done.reference]


async def test_a_lost_request_looks_the_same_and_ends_the_same(device: Device) -> None:
    item = await device.send_filled()
    device.line.always = only_for("POST", "/v1/applications", request_lost)
    device.outbox.start()
    await device.until(item.id, "uncertain")
    device.line.always = None
    device.outbox.kick()
    done = await device.until(item.id, "delivered")
    assert await arrived(device) == [done.reference]


async def test_an_upload_goes_on_where_it_was_cut(device: Device) -> None:
    item = await device.send_filled()
    pieces = 0

    async def cut_in_the_middle(request: httpx.Request, send: Send) -> httpx.Response:
        nonlocal pieces
        if request.method == "PATCH":
            pieces += 1
            if pieces == 2:
                return await request_lost(request, send)
            if pieces == 4:
                return await answer_lost(request, send)
        return await send(request)

    device.line.always = cut_in_the_middle
    device.outbox.start()
    await device.until(item.id, "delivered")
    offsets = [int(r.headers["upload-offset"]) for r in device.line.requests if r.method == "PATCH"]
    assert offsets == [0, 256_000, 256_000, 512_000, 768_000]
    sizes = [len(r.content) for r in device.line.requests if r.method == "PATCH"]
    assert sum(sizes) == len(PDF) + 256_000


async def test_pauses_grow_and_have_a_bound(device: Device, clock: Clock) -> None:
    item = await device.send_filled()
    device.line.always = no_network
    tries = 0

    async def fourteen_times(request: httpx.Request, send: Send) -> httpx.Response:
        nonlocal tries
        tries += 1
        return await (no_network(request, send) if tries <= 14 else send(request))

    device.line.always = fourteen_times
    device.outbox.start()
    await device.until(item.id, "delivered")
    pauses = clock.slept[:14]
    for number, pause in enumerate(pauses):
        bound = min(300.0, 2.0 * 2**number)
        assert bound / 2 <= pause <= bound


async def test_signed_out_it_waits_for_a_sign_in_and_asks_nobody_meanwhile(
    device: Device, clock: Clock
) -> None:
    item = await device.send_filled()
    assert isinstance(device.signer, Signer)
    subject, device.signer.subject = device.signer.subject, None
    asked = len(device.line.requests)
    device.outbox.start()
    await device.until(item.id, "waiting", saying="Masuk lagi")
    assert len(device.line.requests) == asked
    assert clock.slept == []
    device.signer.subject = subject
    device.outbox.kick()
    await device.until(item.id, "delivered")


async def test_two_taps_send_once(device: Device) -> None:
    draft, journey = await device.filled()
    answers = journey.submission_answers()
    one, other = await asyncio.gather(
        device.outbox.send(draft, answers, "id"), device.outbox.send(draft, answers, "id")
    )
    assert one.key == other.key
    device.outbox.start()
    done = await device.until(one.id, "delivered")
    again = await device.outbox.send(draft, answers, "id")
    assert again.state == "delivered"
    assert await arrived(device) == [done.reference]


async def test_a_late_save_does_not_bring_a_sent_draft_back(device: Device) -> None:
    draft, journey = await device.filled()
    await device.outbox.send(draft, journey.submission_answers(), "id")
    await device.drafts.save(draft)
    assert await device.drafts.all() == []


# Refusals


async def test_a_refused_submission_is_a_draft_again_with_its_errors_and_its_files(device: Device) -> None:
    draft, journey = await device.filled()
    answers = {**journey.submission_answers(), "full_name": "B1ntang"}
    item = await device.outbox.send(draft, answers, "id")
    device.outbox.start()
    refused = await device.until(item.id, "refused")
    assert "perlu diperbaiki" in str(refused.problem)
    back = await device.drafts.get(item.id)
    assert back is not None
    assert back.journey == draft.journey
    assert {e.field for e in back.errors} == {"full_name"}
    assert back.refusal == str(refused.problem)
    assert await device.outbox.all() == []
    [file] = (await device.drafts.files(item.id)).values()
    assert await device.drafts.file(item.id, file.sha256) == PDF
    assert await device.drafts.definition(item.id) is not None
    # Mended and sent again, under a new key.
    again = await device.outbox.send(back, journey.submission_answers(), "id")
    assert again.key != item.key
    done = await device.until(item.id, "delivered")
    assert await arrived(device) == [done.reference]


async def test_a_file_that_the_backend_refuses_is_an_error_at_its_field(device: Device) -> None:
    draft, journey = await device.filled()
    fake = await device.drafts.attach(draft.id, "surat.pdf", b"%PDF-1.7 but then\x00" + b"\xff\xd8\xff" * 9)
    device.line.always = only_for("PATCH", "/v1/attachments", _type_refused)
    answers = {**journey.submission_answers(), "birth_letter": [fake.model_dump()]}
    item = await device.outbox.send(draft, answers, "id")
    device.outbox.start()
    await device.until(item.id, "refused")
    back = await device.drafts.get(item.id)
    assert back is not None
    [error] = back.errors
    assert error.field == "birth_letter.0"
    assert "aman" in error.message


async def _type_refused(request: httpx.Request, send: Send) -> httpx.Response:
    """The last bytes change on the way, so that the backend finds another content than was announced."""
    changed = httpx.Request(
        request.method, request.url, headers=request.headers, content=b"\x00" * len(request.content)
    )
    return await send(changed)


async def test_a_file_that_is_not_on_the_device_is_found_before_anything_is_frozen(device: Device) -> None:
    draft, journey = await device.filled()
    answers = journey.submission_answers()
    answers["birth_letter"] = [{**answers["birth_letter"][0], "sha256": "ab" * 32}]
    with pytest.raises(AttachmentLost):
        await device.outbox.send(draft, answers, "id")
    assert await device.outbox.all() == []
    assert [d.id for d in await device.drafts.all()] == [draft.id]


async def test_files_that_the_backend_has_lost_are_sent_once_more(device: Device, backend: FastAPI) -> None:
    lost = False

    async def lose_the_files(request: httpx.Request, send: Send) -> httpx.Response:
        nonlocal lost
        if not lost and request.method == "POST" and request.url.path == "/v1/applications":
            lost = True
            async with backend.state.backend.database.writing() as session:
                await session.execute(delete(tables.AttachmentChunk))
                await session.execute(delete(tables.Attachment))
        return await send(request)

    item = await device.send_filled()
    device.line.always = lose_the_files
    device.outbox.start()
    done = await device.until(item.id, "delivered")
    assert lost
    assert await arrived(device) == [done.reference]


async def test_what_is_delivered_is_forgotten_at_the_next_start(device: Device) -> None:
    item = await device.send_filled()
    device.outbox.start()
    done = await device.until(item.id, "delivered")
    assert done.body == b""
    await device.outbox.stop()
    assert await device.drafts.files(item.id) == {}
    assert await device.drafts.definition(item.id) is None
    other = await device.send_filled()
    device.outbox.start()
    await device.until(other.id, "delivered")
    assert await device.outbox.get(item.id) is None


async def test_a_stumble_does_not_end_the_sending(
    device: Device, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = await device.send_filled()
    stumbled = False
    put = device.storage.put

    async def full_once(collection: str, key: str, value: JSON) -> None:
        nonlocal stumbled
        if not stumbled:
            stumbled = True
            raise OSError("3403017012919002: no space left")
        await put(collection, key, value)

    monkeypatch.setattr(device.storage, "put", full_once)
    device.outbox.start()
    await device.until(item.id, "delivered")
    assert "the outbox stumbled: OSError" in caplog.text
    assert "3403017012919002" not in caplog.text


async def test_a_refusal_before_the_key_does_not_give_back_what_may_have_arrived(device: Device) -> None:
    item = await device.send_filled()
    device.line.always = only_for("POST", "/v1/applications", answer_lost)
    device.outbox.start()
    await device.until(item.id, "uncertain")

    async def suspended(request: httpx.Request, _send: Send) -> httpx.Response:
        body = {
            "type": "https://loket.example/problems/forbidden",
            "title": "Ditangguhkan",
            "status": 403,
            "detail": "Akun ini ditangguhkan.",
        }
        return httpx.Response(403, json=body, headers={"content-type": "application/problem+json"})

    device.line.always = suspended
    device.outbox.kick()
    await device.until(item.id, "uncertain", saying="Akun ini ditangguhkan.")
    assert await device.drafts.all() == []
    device.line.always = None
    device.outbox.kick()
    done = await device.until(item.id, "delivered")
    assert await arrived(device) == [done.reference]


async def test_an_item_of_unknown_fate_does_not_send_its_files_again(device: Device) -> None:
    item = await device.send_filled()
    device.line.always = only_for("POST", "/v1/applications", answer_lost)
    device.outbox.start()
    await device.until(item.id, "uncertain")
    device.line.always = None
    device.line.requests.clear()
    device.outbox.kick()
    await device.until(item.id, "delivered")
    assert {request.url.path for request in device.line.requests} <= {"/v1/applications", "/v1/keys"}


async def test_a_form_that_was_renewed_meanwhile_goes_on_in_the_new_version_with_all_answers(
    storage: Storage, clock: Clock, dewi: str, tmp_path: Path
) -> None:
    shutil.copytree(SERVICES, tmp_path / "services")
    settings = Settings(
        services=tmp_path / "services",
        database=f"sqlite:///{tmp_path / 'backend.db'}",
        keys=tmp_path / "keys",
    )
    async with running(settings, now=clock.now, authenticator=whoever_says_so) as first:
        device = Device(storage, httpx.ASGITransport(first), clock, Signer(dewi))
        draft, journey = await device.filled()
        item = await device.outbox.send(draft, journey.submission_answers(), "id")
    publish_again(tmp_path / "services" / BIRTH / "service.yaml")
    async with running(settings, now=clock.now, authenticator=whoever_says_so) as second:
        # The version before is taken for thirty days after a new one is published.
        clock.at += timedelta(days=31)
        device = Device(storage, httpx.ASGITransport(second), clock, Signer(dewi))
        device.outbox.start()
        refused = await device.until(item.id, "refused")
        assert "diperbarui" in str(refused.problem)
        back, definition = await device.drafts.get(item.id), await device.drafts.definition(item.id)
        assert back is not None
        assert definition is not None
        assert (back.version, definition.version) == (2, 2)
        renewed = Journey.from_json(definition, back.journey, await device.client.me(BIRTH), device.today)
        assert renewed.renewed
        while renewed.at != CHECK:
            assert renewed.forward() == []
        assert renewed.submission_answers() == journey.submission_answers()
        await device.outbox.send(back, renewed.submission_answers(), "id")
        done = await device.until(item.id, "delivered")
        assert await arrived(device) == [done.reference]
        await device.close()


def publish_again(path: Path) -> None:
    path.write_text(path.read_text().replace("version: 1\n", "version: 2\n", 1))


async def test_a_backend_that_is_busy_is_waited_for_as_long_as_it_asks(device: Device, clock: Clock) -> None:
    item = await device.send_filled()

    async def busy(_request: httpx.Request, _send: Send) -> httpx.Response:
        return httpx.Response(503, headers={"retry-after": "77", "content-type": "text/plain"})

    device.line.always = only_for("POST", "/v1/applications", busy)
    device.outbox.start()
    await device.until(item.id, "waiting", saying="sibuk")
    again = await device.outbox.get(item.id)
    assert again is not None
    assert not again.sent
    device.line.always = None
    await device.until(item.id, "delivered")
    assert 77 in clock.slept
