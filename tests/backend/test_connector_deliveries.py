"""What happens to an application reaches its agency's own system: at least once, in order, and signed."""

from __future__ import annotations

import asyncio
import base64
from datetime import timedelta

import pytest
from agency_system import (
    DELIVERED,
    DOWN,
    URL,
    System,
    answer_question,
    ask,
    connect,
    courier_of,
    deliveries,
    published_keys,
    standing,
)
from backend_desk import subject_of
from cryptography.exceptions import InvalidSignature
from sqlalchemy import select, text

from app.contract.applications import Submission
from app.contract.deliveries import Delivery
from backend import agencies, applications, tables
from backend.connectors import patience
from backend.connectors.carrier import Outcome
from backend.connectors.courier import LEASE, Courier

sqlite_alone = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""What is the same whatever the database is."""


@pytest.fixture
def system() -> System:
    return System()


@pytest.fixture
async def connected(desk, system):
    """A sandbox whose agency of civil registration has a system of its own."""
    courier_of(desk, system)
    await connect(desk)
    return desk


async def verified(desk, came) -> int:
    """How many of the published keys have signed what came."""
    content = f"{came.headers['webhook-id']}.{came.headers['webhook-timestamp']}.".encode() + came.body
    signatures = [
        base64.b64decode(text.removeprefix("v1a,")) for text in came.headers["webhook-signature"].split()
    ]
    good = 0
    for key in await published_keys(desk):
        for signature in signatures:
            try:
                key.verify(signature, content)
            except InvalidSignature:
                continue
            good += 1
    return good


async def test_an_application_is_delivered_once_it_is_there_and_is_then_under_review(connected, system):
    application = await connected.apply()
    assert system.came == []
    assert await connected.backend.courier.deliver_due() == 1
    (came,) = system.came
    assert came.url == URL
    assert came.id == f"msg_{application['reference'].replace('-', '')}_1"
    told = Delivery.model_validate_json(came.body)
    assert (told.type, told.agency, told.sequence) == ("application.received", "dukcapil", 1)
    assert told.data.reference == application["reference"]
    assert told.data.answers["full_name"] == "Bima Contoh"
    assert await verified(connected, came) == 1
    theirs = (await connected.get(f"applications/{application['reference']}")).json()
    assert [entry["kind"] for entry in theirs["timeline"]] == ["received", "in_review"]
    assert await connected.backend.courier.deliver_due() == 0
    (record,) = await deliveries(connected)
    assert (record["state"], record["attempts"]) == ("delivered", 1)


async def test_an_answer_is_delivered_after_its_application(connected, system):
    reference = (await connected.apply())["reference"]
    await answer_question(connected, reference, "Bima Sakti")
    await connected.backend.courier.deliver_due()
    assert system.sequence == [(reference, 1), (reference, 2)]
    assert [one.told["type"] for one in system.came] == ["application.received", "application.answered"]
    assert system.came[1].told["data"]["answers"]["full_name"] == "Bima Sakti"


async def test_a_retry_has_the_same_identifier_and_the_same_bytes_and_a_new_time(connected, system):
    system.answers = [DOWN, DELIVERED]
    reference = (await connected.apply())["reference"]
    await connected.backend.courier.deliver_due()
    await connected.decide(reference, kind="ask", page="child", reason="Periksa nama.")
    connected.clock.advance(seconds=5)
    await connected.backend.courier.deliver_due()
    first, second = system.came
    assert (first.id, first.body) == (second.id, second.body)
    assert int(second.headers["webhook-timestamp"]) - int(first.headers["webhook-timestamp"]) == 5
    assert await verified(connected, second) == 1


async def test_what_came_later_waits_until_what_came_before_was_taken(connected, system):
    system.answers = [DOWN, DELIVERED]
    reference = (await connected.apply())["reference"]
    await answer_question(connected, reference, "Bima Sakti")
    other = (await connected.apply("rina", father_listed=False))["reference"]
    await connected.backend.courier.deliver_due()
    assert system.sequence == [(reference, 1), (other, 1)]
    connected.clock.advance(seconds=5)
    await connected.backend.courier.deliver_due()
    assert system.sequence[2:] == [(reference, 1), (reference, 2)]


async def test_a_courier_that_dies_between_sending_and_saving_is_followed_by_another(connected, system):
    await connected.apply()
    (parcel,) = await connected.backend.courier.take()
    await system.carry(parcel.url, parcel.headers, parcel.body)
    # It is killed here: what came of it is kept nowhere.
    other = Courier(connected.backend, system)
    assert await other.deliver_due() == 0
    assert [record["state"] for record in await deliveries(connected)] == ["sending"]
    connected.clock.advance(seconds=LEASE.total_seconds())
    assert await other.deliver_due() == 1
    assert system.came[0].id == system.came[1].id
    assert system.came[0].body == system.came[1].body


async def test_a_late_word_of_a_courier_that_was_taken_for_dead_changes_nothing(connected, system):
    await connected.apply()
    (late,) = await connected.backend.courier.take()
    connected.clock.advance(seconds=LEASE.total_seconds())
    other = Courier(connected.backend, system)
    (again,) = await other.take()
    await connected.backend.courier.settle(late, DOWN)
    assert [record["state"] for record in await deliveries(connected)] == ["sending"]
    await other.settle(again, DELIVERED)
    await connected.backend.courier.settle(late, DOWN)
    assert [record["state"] for record in await deliveries(connected)] == ["delivered"]
    assert (await standing(connected)).get("failing_since") is None


async def test_two_couriers_never_have_two_deliveries_of_one_application_or_one_twice(connected, system):
    references = [(await connected.apply(key=f"{number}"))["reference"] for number in range(3)]
    for number, reference in enumerate(references):
        await answer_question(connected, reference, "Bima Sakti", f"answer {number}")
    couriers = [Courier(connected.backend, system) for _ in range(2)]
    seen: list[str] = []
    while taken := await asyncio.gather(*(courier.take() for courier in couriers)):
        parcels = [(courier, parcel) for courier, had in zip(couriers, taken, strict=True) for parcel in had]
        if not parcels:
            break
        applications = [parcel.id.rpartition("_")[0] for _, parcel in parcels]
        assert len(set(applications)) == len(applications)
        seen += [parcel.id for _, parcel in parcels]
        await asyncio.gather(*(courier.settle(parcel, DELIVERED) for courier, parcel in parcels))
    assert len(seen) == len(set(seen)) == 6
    for reference in references:
        plain = reference.replace("-", "")
        assert seen.index(f"msg_{plain}_1") < seen.index(f"msg_{plain}_2")


async def test_no_more_are_under_way_than_the_system_can_take(desk, system):
    couriers = [Courier(desk.backend, system) for _ in range(2)]
    await connect(desk, max_in_flight=2)
    for number in range(5):
        await desk.apply(key=f"{number}")
    taken = await asyncio.gather(*(courier.take() for courier in couriers))
    assert sum(len(parcels) for parcels in taken) == 2
    await couriers[0].settle(next(parcel for parcels in taken for parcel in parcels), DELIVERED)
    assert len(await couriers[0].take()) + len(await couriers[1].take()) == 1


async def test_what_waits_when_a_system_is_connected_is_delivered_and_the_sandbox_decides_no_more(
    desk, system
):
    waiting = (await desk.apply())["reference"]
    decided = (await desk.apply(key="decided"))["reference"]
    await desk.decide(decided, kind="reject", reason="Sudah tercatat.")
    asked = (await desk.apply(key="asked"))["reference"]
    await answer_question(desk, asked, "Bima Sakti")
    courier = courier_of(desk, system)
    assert (await connect(desk))["waiting"] == 2
    await courier.deliver_due()
    assert sorted(system.sequence) == sorted([(waiting, 1), (asked, 2)])
    later = (await desk.apply(key="later"))["reference"]
    assert await desk.wait(3600) == 0
    await courier.deliver_due()
    assert system.sequence[2:] == [(later, 1)]
    assert await desk.wait(3600) == 0


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_an_application_on_its_way_in_while_a_system_is_connected_is_not_forgotten(desk, system):
    """It has looked for a connector, found none, and commits after the connecting began."""
    submission = Submission.model_validate(await desk.submission())
    arrived, committed = asyncio.Event(), asyncio.Event()

    async def on_its_way() -> None:
        async with desk.backend.database.writing() as session:
            await applications.receive(desk.backend, session, subject_of("sari"), submission)
            arrived.set()
            await committed.wait()

    courier = courier_of(desk, system)
    coming = asyncio.create_task(on_its_way())
    await arrived.wait()
    connecting = asyncio.create_task(connect(desk))
    async with asyncio.timeout(5), desk.backend.database.engine.connect() as watching:
        waiting = text(
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'applications'::regclass"
        )
        while not await watching.scalar(waiting):
            pass
    committed.set()
    await asyncio.gather(coming, connecting)
    assert await courier.deliver_due() == 1


async def test_an_agency_without_a_system_is_delivered_nothing(desk, system):
    courier = courier_of(desk, system)
    await desk.apply()
    assert await courier.deliver_due() == 0
    async with desk.backend.database.reading() as session:
        assert (await session.scalars(select(tables.Delivery))).all() == []


async def test_after_disconnecting_the_sandbox_goes_on(connected, system):
    reference = (await connected.apply())["reference"]
    await connected.backend.courier.deliver_due()
    assert (await ask(connected, "DELETE", "connector")).status_code == 204
    assert (await ask(connected, "GET", "connector")).status_code == 404
    assert (await ask(connected, "DELETE", "connector")).status_code == 404
    await connected.wait(20)
    assert (await connected.get(f"applications/{reference}")).json()["state"] == "accepted"
    await connect(connected)
    await connected.backend.courier.deliver_due()
    assert system.sequence == [(reference, 1)]


async def test_a_transaction_that_fails_tells_nothing(connected, system):
    async def fail() -> None:
        async with connected.backend.database.writing() as session:
            row = await session.get(tables.Application, reference)
            await connected.backend.outbox.tell(session, row)
            raise LookupError

    await ask(connected, "DELETE", "connector")
    reference = (await connected.apply())["reference"]
    await connect(connected)
    async with connected.backend.database.writing() as session:
        await session.execute(text("DELETE FROM deliveries"))
    with pytest.raises(LookupError):
        await fail()
    assert await deliveries(connected) == []


# Failing, and giving up


async def test_delays_grow_with_jitter_up_to_six_hours():
    assert [patience.delay(n, lambda bound: 0).total_seconds() for n in (1, 2, 3, 9, 50)] == [
        *(2.5, 7.5, 22.5),
        *(10_800.0, 10_800.0),
    ]
    assert patience.delay(2, lambda bound: bound - 1) == timedelta(seconds=15)
    assert patience.probe_delay(10, lambda bound: bound - 1) == timedelta(seconds=15)
    assert patience.probe_delay(10_000, lambda bound: bound - 1) == timedelta(minutes=15)


@sqlite_alone
async def test_a_busy_system_is_left_alone_for_as_long_as_it_asks(connected, system):
    system.answers = [Outcome("busy", "answered 503", timedelta(seconds=90)), DELIVERED]
    await connected.apply()
    await connected.backend.courier.deliver_due()
    await connected.apply("rina", father_listed=False)
    connected.clock.advance(seconds=89)
    assert await connected.backend.courier.deliver_due() == 0
    assert (await standing(connected))["trouble"] == "answered 503"
    connected.clock.advance(seconds=1)
    assert await connected.backend.courier.deliver_due() == 2
    assert "trouble" not in await standing(connected)


@sqlite_alone
async def test_a_system_that_fails_ten_times_is_probed_with_one_delivery_at_a_time(connected, system):
    system.answers = [DOWN]
    for number in range(12):
        await connected.apply(key=f"{number}")
    for _ in range(patience.CIRCUIT_OPENS):
        await connected.backend.courier.deliver_due()
        connected.clock.advance(seconds=1)
    assert (await standing(connected))["resumes_at"]
    before = len(system.came)
    connected.clock.advance(hours=1)
    assert await connected.backend.courier.deliver_due() == 1
    system.answers = [DELIVERED]
    connected.clock.advance(hours=1)
    assert await connected.backend.courier.deliver_due() == 12
    assert len(system.came) == before + 13
    assert {"resumes_at", "failing_since"}.isdisjoint(await standing(connected))


@sqlite_alone
async def test_a_system_that_takes_nothing_for_three_days_is_stopped_and_loses_nothing(
    connected, system, caplog
):
    system.answers = [DOWN]
    await connected.apply()
    for _ in range(13):
        await connected.backend.courier.deliver_due()
        connected.clock.advance(hours=6)
    stopped = await standing(connected)
    assert (stopped["state"], stopped["waiting"], stopped["dead"]) == ("failed", 1, 0)
    await connected.apply("rina", father_listed=False)
    connected.clock.advance(days=30)
    assert await connected.backend.courier.deliver_due() == 0
    system.answers = [DELIVERED]
    assert (await ask(connected, "POST", "connector/resume")).json()["state"] == "delivering"
    assert await connected.backend.courier.deliver_due() == 2
    assert any(record.getMessage() == "connector stopped" for record in caplog.records)


@sqlite_alone
async def test_410_stops_everything_until_it_is_resumed(connected, system):
    system.answers = [Outcome("gone", "answered 410"), DELIVERED]
    await connected.apply()
    await connected.apply("rina", father_listed=False)
    await connected.backend.courier.deliver_due()
    connected.clock.advance(days=1)
    assert await connected.backend.courier.deliver_due() == 0
    assert (await standing(connected))["state"] == "gone"
    await ask(connected, "POST", "connector/resume")
    await connected.backend.courier.deliver_due()
    assert {record["state"] for record in await deliveries(connected)} == {"delivered"}


async def test_a_delivery_that_is_refused_for_a_week_is_dead_until_it_is_redelivered(connected, system):
    system.answers = [Outcome("refused", "answered 422")]
    reference = (await connected.apply())["reference"]
    for _ in range(29):
        await connected.backend.courier.deliver_due()
        connected.clock.advance(hours=6)
    assert (await standing(connected))["dead"] == 1
    (dead,) = await deliveries(connected, state="dead")
    assert (dead["reference"], dead["trouble"]) == (reference, "answered 422")
    assert await deliveries(connected, state="waiting") == []
    system.answers = [DELIVERED]
    await connected.apply("rina", father_listed=False)
    assert await connected.backend.courier.deliver_due() == 1, "the dead hold up nobody else"
    again = await ask(connected, "POST", "deliveries/redeliver")
    assert again.json() == {"deliveries": 1}
    await connected.backend.courier.deliver_due()
    assert system.came[-1].id == dead["id"] == system.came[0].id
    assert system.came[-1].body == system.came[0].body


@sqlite_alone
async def test_one_delivery_can_be_tried_again_at_once(connected, system):
    system.answers = [DOWN, DELIVERED]
    await connected.apply()
    await connected.backend.courier.deliver_due()
    (record,) = await deliveries(connected)
    assert record["next_attempt_at"]
    assert (await ask(connected, "POST", "deliveries/redeliver", params={"id": record["id"]})).json() == {
        "deliveries": 1
    }
    assert await connected.backend.courier.deliver_due() == 1
    none = await ask(connected, "POST", "deliveries/redeliver", params={"id": record["id"]})
    assert none.json() == {"deliveries": 0}


@sqlite_alone
async def test_while_it_is_paused_everything_is_kept(connected, system):
    assert (await ask(connected, "POST", "connector/pause")).json()["state"] == "paused"
    reference = (await connected.apply())["reference"]
    connected.clock.advance(days=20)
    assert await connected.backend.courier.deliver_due() == 0
    await ask(connected, "POST", "connector/resume")
    await connected.backend.courier.deliver_due()
    assert system.sequence == [(reference, 1)]


@sqlite_alone
async def test_an_application_that_cannot_be_read_does_not_hold_up_the_others(connected, system, caplog):
    broken = (await connected.apply())["reference"]
    fine = (await connected.apply("rina", father_listed=False))["reference"]
    async with connected.backend.database.writing() as session:
        row = await agencies.find(session, agencies.AgencyAccess(None), broken)
        row.sealed_answers = b"not what was sealed"
    await connected.backend.courier.deliver_due()
    assert system.sequence == [(fine, 1)]
    assert "could not make a delivery" in caplog.text


@sqlite_alone
async def test_an_attempt_that_breaks_on_our_side_is_made_again(connected, system):
    class Broken(System):
        async def carry(self, url, headers, body):
            raise ZeroDivisionError

    courier_of(connected, Broken())
    await connected.apply()
    await connected.backend.courier.deliver_due()
    courier_of(connected, system)
    connected.clock.advance(seconds=5)
    assert await connected.backend.courier.deliver_due() == 1


async def test_a_running_courier_delivers_what_is_committed_without_being_asked(connected, system):
    system.held = asyncio.Event()
    running = asyncio.create_task(connected.backend.courier.run())
    await connected.apply()
    async with asyncio.timeout(5):
        await system.arrived.wait()
        assert (await deliveries(connected))[0]["state"] == "sending"
        system.held.set()
        while (await deliveries(connected))[0]["state"] != "delivered":
            pass
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


@sqlite_alone
@pytest.mark.parametrize("part", ["courier", "agency"])
async def test_what_is_stopped_just_as_it_is_woken_stops(desk, part):
    worker = getattr(desk.backend, part)
    running = asyncio.create_task(worker.run())
    while not worker._woken._waiters:  # noqa: ASYNC110  # it looks at the database first
        await asyncio.sleep(0)
    worker._woken.set()
    await asyncio.sleep(0)
    running.cancel()
    await asyncio.wait([running], timeout=1)
    assert running.cancelled()


@sqlite_alone
async def test_no_log_line_tells_anything_about_a_person(connected, system, caplog):
    caplog.set_level("INFO")
    system.answers = [DOWN, DELIVERED]
    await connected.apply()
    await connected.backend.courier.deliver_due()
    connected.clock.advance(seconds=5)
    await connected.backend.courier.deliver_due()
    told = " ".join(f"{record.getMessage()} {getattr(record, 'fields', '')}" for record in caplog.records)
    assert "delivered" in told
    for word in ("Bima", "Contoh", "3273", "system.dukcapil"):
        assert word not in told
    async with connected.backend.database.reading() as session:
        kept = (await session.scalars(select(tables.Delivery))).one()
    assert kept.sealed_body is None, "what was taken is not kept a second time"


# Connecting


@sqlite_alone
async def test_an_address_that_cannot_be_delivered_to_is_refused_at_once(desk):
    for url in ("http://system.example/", "https://10.0.0.1/", "https://", "https://system.example/#a"):
        answer = await ask(desk, "PUT", "connector", json={"url": url})
        assert answer.status_code == 422, answer.text
        assert [error["field"] for error in answer.json()["errors"]] == ["url"]


@sqlite_alone
async def test_a_changed_key_signs_beside_the_old_one_until_the_overlap_is_over(connected, system):
    (old,) = await published_keys(connected)
    rotated = await ask(connected, "POST", "connector/rotate-key", json={"overlap_hours": 24})
    assert len(rotated.json()["keys"]) == 2
    await connected.apply()
    await connected.backend.courier.deliver_due()
    assert await verified(connected, system.came[0]) == 2
    connected.clock.advance(hours=24)
    (new,) = await published_keys(connected)
    assert new != old
    await connected.apply("rina", father_listed=False)
    await connected.backend.courier.deliver_due()
    assert await verified(connected, system.came[1]) == 1
    await ask(connected, "POST", "connector/rotate-key", json={"overlap_hours": 0})
    assert new not in await published_keys(connected)


@sqlite_alone
async def test_private_keys_are_not_in_the_database_in_clear(connected):
    async with connected.backend.database.reading() as session:
        row = (await session.scalars(select(tables.Connector))).one()
        keys = await connected.backend.connectors.public_keys(session, "dukcapil")
    assert b"seed" not in row.sealed_keys
    assert "d" not in keys["keys"][0]


@sqlite_alone
async def test_an_agency_connects_with_its_own_key_and_for_itself_alone(desk):
    async with desk.backend.database.writing() as session:
        own = await agencies.new_key(session, "bpjs-kesehatan", desk.clock(), desk.backend.random_bytes)
    headers = {"Authorization": f"Bearer {own}"}
    put = await desk.http.put("/v1/agency/connector", headers=headers, json={"url": URL})
    assert put.json()["agency"] == "bpjs-kesehatan"
    other = {"params": {"agency": "dukcapil"}, "headers": headers}
    assert (await desk.http.get("/v1/agency/connector", **other)).status_code == 404
    assert (await desk.http.put("/v1/agency/connector", json={"url": URL}, **other)).status_code == 404
    assert (await desk.http.get("/v1/agency/connector")).status_code == 401
    assert (await ask(desk, "GET", "connector", params={"agency": "nobody"})).status_code == 404
    assert (await desk.http.get("/v1/connectors/dukcapil/keys")).status_code == 404


# Decisions that come back


async def test_a_decision_whose_answer_was_lost_is_sent_again_and_made_once(connected):
    reference = (await connected.apply())["reference"]

    async def decide(key: str, **decision):
        return await connected.http.post(
            f"/v1/agency/applications/{reference}/decision",
            headers=connected.agency | {"Idempotency-Key": key},
            json=decision,
        )

    first = await decide('"a"', kind="accept")
    again = await decide('"a"', kind="accept")
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.content == again.content
    assert (await decide('"a"', kind="reject", reason="x")).status_code == 422
    assert (await decide('"b"', kind="accept")).status_code == 409
    assert (await decide("a", kind="accept")).status_code == 400


@sqlite_alone
async def test_the_agency_issues_what_its_decision_says_and_the_sandbox_nothing(connected):
    reference = (await connected.apply())["reference"]
    document = {
        "type": "birth-certificate",
        "vct": "https://dukcapil.example/birth-certificate",
        "claims": {"full_name": "Bima Contoh", "certificate_number": "AL-1"},
    }
    accepted = await connected.decide(reference, kind="accept", documents=[document])
    assert accepted.status_code == 200, accepted.text
    (issued,) = (await connected.get("documents")).json()
    assert (issued["type"], issued["issuer"]) == ("birth-certificate", "dukcapil")
    kinds = [entry["kind"] for entry in accepted.json()["timeline"]]
    assert kinds == ["received", "accepted", "document"]


@sqlite_alone
async def test_a_document_that_cannot_be_issued_is_refused_where_it_is_wrong(desk):
    reference = (await desk.apply())["reference"]
    good = {"type": "birth-certificate", "vct": "https://x.example/b", "claims": {"a": "b"}}
    for change, field in (
        ({"type": "passport"}, "documents.0.type"),
        ({"claims": {"iss": "me"}}, "documents.0.claims"),
        ({"claims": {"n": 2**60}}, "documents.0.claims"),
        ({"claims": {}}, "documents.0.claims"),
        ({"vct": "birth"}, "documents.0.vct"),
        ({"valid_until": "2020-01-01T00:00:00Z"}, "documents.0.valid_until"),
    ):
        answer = await desk.decide(reference, kind="accept", documents=[good | change])
        assert answer.status_code == 422
        assert [error["field"] for error in answer.json()["errors"]] == [field]
    rejected = await desk.decide(reference, kind="reject", reason="x", documents=[good])
    assert [error["field"] for error in rejected.json()["errors"]] == ["documents"]
    assert (await desk.get(f"applications/{reference}")).json()["state"] == "received"
