"""What becomes of a submission: timeline, messages, documents, questions; and the receipts that prove it."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from device import BIRTH, Clock, Device, no_network, only_for
from fastapi import FastAPI

from app.applications.receipts import (
    ReceiptInvalid,
    check_signature,
    export,
    receipt_hash,
    signed_with,
)
from app.backend_api.errors import Unreachable
from app.contract.applications import Application, Decision, Message, Receipt
from app.forms.journey import CHECK, Journey
from backend import agencies
from backend.agencies import AgencyAccess


async def delivered(device: Device) -> Application:
    item = await device.send_filled()
    device.outbox.start()
    done = await device.until(item.id, "delivered")
    application = await device.applications.get(done.reference or "")
    assert application is not None
    return application


async def decide(backend: FastAPI, reference: str, decision: Decision) -> None:
    """What an officer does."""
    parts = backend.state.backend
    async with parts.database.writing() as session:
        row = await agencies.find(session, AgencyAccess(None), reference, locked=True)
        await agencies.decide(parts, session, row, decision)


# Timelines, messages, documents


async def test_an_accepted_application_brings_messages_and_documents(
    device: Device, backend: FastAPI, clock: Clock
) -> None:
    application = await delivered(device)
    clock.forward(minutes=5)
    await decide(backend, application.reference, Decision(kind="accept"))
    await device.applications.refresh()
    await device.inbox.refresh()
    await device.wallet.refresh()
    [now] = await device.applications.all()
    assert now.state == "accepted"
    assert now.timeline[0].kind == "received"
    assert await device.applications.as_of() == clock.now()
    held = await device.wallet.all()
    assert {document.type for document in held} == {"birth-certificate", "family-card", "child-identity-card"}
    assert all(document.valid for document in held)
    certificate = next(d for d in held if d.type == "birth-certificate")
    assert certificate.holder == "Bintang Misal"
    assert certificate.summary is not None
    assert await device.inbox.unread() >= 2


async def test_everything_is_readable_without_a_network(device: Device, backend: FastAPI) -> None:
    application = await delivered(device)
    await decide(backend, application.reference, Decision(kind="accept"))
    for look in (device.applications, device.inbox, device.wallet):
        await look.refresh()
    device.line.always = no_network
    asked = len(device.line.requests)
    for look in (device.applications, device.inbox, device.wallet):
        with pytest.raises(Unreachable):
            await look.refresh()
    assert len(await device.applications.all()) == 1
    assert len(await device.inbox.all()) >= 2
    assert all(document.valid for document in await device.wallet.all())
    [application] = await device.applications.all()
    assert (await device.receipts.standing(application)).verified
    assert len(device.line.requests) == asked + 3


async def test_an_older_answer_does_not_turn_back_the_time(
    device: Device, backend: FastAPI, clock: Clock
) -> None:
    application = await delivered(device)
    clock.forward(minutes=5)
    await decide(backend, application.reference, Decision(kind="accept"))
    await device.applications.refresh()
    async with device.storage.transaction() as t:
        await device.applications.keep(
            t, application.model_copy(update={"updated_at": clock.now() + timedelta(days=1)})
        )
    await device.applications.refresh()
    kept = await device.applications.get(application.reference)
    assert kept is not None
    assert kept.state == "received"


async def test_what_did_not_change_wakes_nobody(device: Device) -> None:
    await delivered(device)
    await device.applications.refresh()
    await device.inbox.refresh()
    await device.wallet.refresh()
    told: list[str] = []
    device.applications.watch(lambda: told.append("applications"))
    device.inbox.watch(lambda: told.append("messages"))
    device.wallet.watch(lambda: told.append("documents"))
    await device.applications.refresh()
    await device.inbox.refresh()
    await device.wallet.refresh()
    await device.storage.get("x", "y")
    await asyncio.sleep(0)
    assert told == []


async def test_a_message_read_offline_is_read_at_once_and_told_later(device: Device) -> None:
    await delivered(device)
    await device.inbox.refresh()
    [message] = await device.inbox.all()
    assert not message.read
    device.line.always = no_network
    await device.inbox.mark_read(message.id)
    assert await device.inbox.unread() == 0
    assert not (await _on_backend(device))[0].read
    await device.inbox.refresh()
    assert (await _on_backend(device))[0].read
    assert await device.inbox.unread() == 0
    posts = [r for r in device.line.requests if r.url.path.endswith("/read")]
    await device.inbox.mark_read(message.id)
    await device.inbox.refresh()
    assert len([r for r in device.line.requests if r.url.path.endswith("/read")]) == len(posts)


async def test_a_message_read_here_does_not_come_back_unread_while_the_backend_cannot_be_told(
    device: Device,
) -> None:
    await delivered(device)
    await device.inbox.refresh()
    [message] = await device.inbox.all()
    device.line.always = only_for("POST", "/v1/messages", no_network)
    await device.inbox.mark_read(message.id)
    with pytest.raises(Unreachable):
        await device.inbox.refresh()
    assert await device.inbox.unread() == 0


async def _on_backend(device: Device) -> list[Message]:
    device.line.always = None
    return await device.client.messages()


async def test_a_message_that_the_backend_no_longer_has_is_not_told_for_ever(device: Device) -> None:
    await delivered(device)
    await device.inbox.refresh()
    await device.storage.put("messages.read", "ffffffffffffffffffffffffffffffff", "2026-03-09T00:00:00+00:00")
    await device.inbox.refresh()
    assert await device.storage.all("messages.read") == []


# Questions


async def test_a_question_is_answered_through_the_outbox(
    device: Device, backend: FastAPI, clock: Clock
) -> None:
    application = await delivered(device)
    ask = Decision(kind="ask", page="child", field="full_name", reason="Apakah ejaannya benar?")
    clock.forward(minutes=1)
    await decide(backend, application.reference, ask)
    await device.applications.refresh()
    [asked] = await device.applications.all()
    assert asked.state == "question"
    assert asked.question is not None
    definition = await device.client.definition(BIRTH)
    draft = await device.drafts.begin(definition, reference=asked.reference, question=asked.question)
    assert (await device.drafts.of_question(asked.reference, asked.question.id)) is not None
    assert await device.drafts.of_service(BIRTH) is None
    journey = Journey(definition, await device.client.me(BIRTH), device.today, only="child")
    journey.answer("full_name", "Bintang Cahaya Misal")
    journey.answer("sex", "female")
    assert journey.forward() == []
    assert journey.at == CHECK
    item = await device.outbox.send(draft, journey.submission_answers(), "id")
    done = await device.until(item.id, "delivered")
    assert done.reference == asked.reference
    again = await device.applications.get(asked.reference)
    assert again is not None
    assert again.state == "in_review"
    assert (await device.receipts.standing(again)).verified
    assert len(await device.receipts.all()) == 1


async def test_answers_to_one_application_go_out_in_their_order_and_others_do_not_wait(
    device: Device, backend: FastAPI
) -> None:
    first, other = await delivered(device), await delivered(device)
    await device.outbox.stop()
    definition = await device.client.definition(BIRTH)
    ask = Decision(kind="ask", page="child", reason="Benar?")
    for application in (first, other):
        await decide(backend, application.reference, ask)
    await device.applications.refresh()
    items = []
    for application, name in ((first, "Satu Misal"), (first, "Dua Misal"), (other, "Tiga Misal")):
        asked = await device.applications.get(application.reference)
        assert asked is not None
        draft = await device.drafts.begin(definition, reference=asked.reference, question=asked.question)
        items.append(await device.outbox.send(draft, {"full_name": name, "sex": "female"}, "id"))
    device.line.faults = [no_network]
    device.outbox.start()
    await device.until(items[0].id, "delivered")
    await device.until(items[2].id, "delivered")
    # The second answer finds the question answered: it is a draft again, not a silence.
    await device.until(items[1].id, "refused")
    posts = [r for r in device.line.requests if r.url.path.endswith("/answers")]
    told = [(r.url.path.split("/")[3], b"Dua" in r.content) for r in posts]
    assert told.index((first.reference, False)) == 0
    assert told[1] == (other.reference, False)
    assert told[-1] == (first.reference, True)


# Receipts


async def test_receipts_form_a_chain(device: Device, clock: Clock) -> None:
    first = await delivered(device)
    clock.forward(minutes=1)
    second = await delivered(device)
    assert first.receipt.previous_receipt is None
    assert second.receipt.previous_receipt == receipt_hash(first.receipt)
    assert (await device.receipts.standing(second)).verified
    await device.storage.delete("receipts", first.reference)
    broken = await device.receipts.standing(second)
    assert not broken.verified
    assert "tidak ada di perangkat" in str(broken.reason)


async def test_a_receipt_whose_fields_were_changed_proves_nothing(device: Device) -> None:
    application = await delivered(device)
    receipt = application.receipt
    key = await device.keys.find(signed_with(receipt))
    assert key is not None
    check_signature(receipt, key)
    changes = {
        "reference": "2222-2222-2",
        "content_sha256": "0" * 64,
        "received_at": receipt.received_at + timedelta(seconds=1),
        "promised_by": receipt.promised_by + timedelta(days=1),
        "version": 2,
        "previous_receipt": "1" * 64,
        "signed": receipt.signed[:-4] + "AAAA",
    }
    for name, value in changes.items():
        with pytest.raises(ReceiptInvalid):
            check_signature(receipt.model_copy(update={name: value}), key)
    for nonsense in ("", "a.b.c", "..", "eyJhbGciOiJub25lIn0..", receipt.signed.split(".")[0]):
        with pytest.raises(ReceiptInvalid):
            signed_with(receipt.model_copy(update={"signed": nonsense}))


async def test_a_receipt_that_changes_at_the_backend_is_told(device: Device) -> None:
    application = await delivered(device)
    other = application.receipt.model_copy(update={"content_sha256": "0" * 64})
    standing = await device.receipts.standing(application.model_copy(update={"receipt": other}))
    assert not standing.verified
    assert "berbeda dari yang tersimpan" in str(standing.reason)


async def test_a_receipt_for_other_content_than_was_sent_is_told(device: Device) -> None:
    application = await delivered(device)
    kept = await device.storage.get("receipts", application.reference)
    assert isinstance(kept, dict)
    await device.storage.put("receipts", application.reference, {**kept, "sent": "0" * 64})
    standing = await device.receipts.standing(application)
    assert not standing.verified
    assert "berbeda dari isi yang Anda kirim" in str(standing.reason)


async def test_a_receipt_of_an_unknown_key_is_neither_proved_nor_accused(
    device: Device, clock: Clock
) -> None:
    item = await device.send_filled()
    device.line.always = only_for("GET", "/v1/keys", no_network)
    device.outbox.start()
    done = await device.until(item.id, "delivered")
    application = await device.applications.get(done.reference or "")
    assert application is not None
    standing = await device.receipts.standing(application)
    assert not standing.verified
    assert "begitu tersambung" in str(standing.reason)
    device.line.always = None
    assert (await device.receipts.standing(application)).verified


async def test_a_forged_key_name_does_not_make_the_device_ask_for_ever(device: Device, clock: Clock) -> None:
    for _ in range(5):
        assert await device.keys.find("nobody") is None
    assert len(device.line.sent("GET", "/v1/keys")) == 1
    clock.forward(minutes=2)
    assert await device.keys.find("nobody") is None
    assert len(device.line.sent("GET", "/v1/keys")) == 2


async def test_receipts_of_another_device_come_with_the_applications(device: Device) -> None:
    application = await delivered(device)
    for collection in ("receipts", "applications"):
        await device.storage.delete(collection, application.reference)
    await device.applications.refresh()
    [again] = await device.applications.all()
    assert (await device.receipts.standing(again)).verified


async def test_what_is_late_shows_by_itself_but_not_while_it_waits_for_the_citizen(
    device: Device, backend: FastAPI, clock: Clock
) -> None:
    application = await delivered(device)
    assert await device.applications.overdue() == []
    clock.at = application.receipt.promised_by + timedelta(seconds=1)
    assert [a.reference for a in await device.applications.overdue()] == [application.reference]
    assert (await device.receipts.standing(application)).overdue
    await decide(backend, application.reference, Decision(kind="ask", page="child", reason="Benar?"))
    await device.applications.refresh()
    assert await device.applications.overdue() == []


async def test_an_exported_receipt_reads_back_and_still_proves(device: Device) -> None:
    application = await delivered(device)
    file = export(application.receipt)
    assert file.endswith(b"}\n")
    again = Receipt.model_validate_json(file)
    key = await device.keys.find(signed_with(again))
    assert key is not None
    check_signature(again, key)
