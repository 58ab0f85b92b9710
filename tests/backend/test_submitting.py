from __future__ import annotations

import asyncio
import hashlib
import shutil
from datetime import datetime

import pytest
from backend_desk import SERVICES
from joserfc import jws
from joserfc.jwk import KeySet

from app.contract.applications import SIGNATURE_ALGORITHM, Receipt
from app.contract.canonical import canonical_bytes, sha256_hex
from app.contract.reference import read_reference


async def test_a_submission_becomes_an_application_with_a_receipt(desk):
    application = await desk.apply()
    assert read_reference(application["reference"]) == application["reference"]
    assert application["state"] == "received"
    assert application["title"]["en"]
    assert application["agency"] == "dukcapil"
    assert [entry["kind"] for entry in application["timeline"]] == ["received"]
    assert (await desk.get("applications")).json() == [application]
    assert (await desk.get(f"applications/{application['reference']}")).json() == application


async def test_the_receipt_is_signed_by_a_published_key_over_all_its_other_fields(desk):
    submission = await desk.submission()
    answer = await desk.post("applications", submission, "k")
    receipt = Receipt.model_validate(answer.json()["receipt"])
    keys = KeySet.import_key_set((await desk.get("keys")).json())
    signed = jws.deserialize_compact(receipt.signed, keys, algorithms=[SIGNATURE_ALGORITHM])
    content = receipt.model_dump(mode="json", exclude_none=True, exclude={"signed"})
    assert signed.payload == canonical_bytes(content)
    assert receipt.content_sha256 == sha256_hex(canonical_bytes({**submission, "language": "id"}))


async def test_one_working_day_from_monday_morning_is_tuesday_morning(desk):
    receipt = (await desk.apply())["receipt"]
    assert datetime.fromisoformat(receipt["promised_by"]) - datetime.fromisoformat(
        receipt["received_at"]
    ) == (desk.clock.now.replace(day=3) - desk.clock.now)


async def test_a_repeated_submission_gets_the_first_answer_again(desk):
    submission = await desk.submission()
    first = await desk.post("applications", submission, "same")
    desk.clock.advance(hours=1)
    again = await desk.post("applications", submission, "same")
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert again.headers["idempotency-replayed"] == "true"
    assert len((await desk.get("applications")).json()) == 1


async def test_a_repeated_submission_is_answered_even_when_the_form_has_changed_since(
    desk, start_desk, tmp_path
):
    submission = await desk.submission()
    first = await desk.post("applications", submission, "same")
    folder = tmp_path / "services"
    _copy_services_with_version(folder, 2)
    newer = await start_desk(services=folder)
    assert (await newer.post("applications", submission, "same")).content == first.content
    begun_before = await newer.post("applications", submission, "begun before")
    assert (begun_before.status_code, begun_before.json()["version"]) == (201, 1)
    desk.clock.advance(days=31)
    other = await newer.post("applications", submission, "other")
    assert (other.status_code, other.json()["type"]) == (
        409,
        "https://loket.example/problems/outdated-definition",
    )


async def test_the_same_key_with_another_body_is_refused(desk):
    await desk.post("applications", await desk.submission(), "same")
    other = await desk.post("applications", await desk.submission(full_name="Budi Kecil"), "same")
    assert other.status_code == 422
    assert other.json()["type"].endswith("idempotency-mismatch")
    assert len((await desk.get("applications")).json()) == 1


async def test_the_same_key_of_another_citizen_is_another_key(desk):
    await desk.apply("sari", "same")
    await desk.apply("rina", "same", father_listed=False)
    assert len((await desk.get("applications", "rina")).json()) == 1


@pytest.mark.parametrize("header", [None, "", "unquoted", '""', '"a"b"', '"é"', '"' + "x" * 256 + '"'])
async def test_a_submission_without_a_proper_key_is_refused(desk, header):
    headers = desk.citizen() | ({} if header is None else {"Idempotency-Key": header.encode("latin-1")})
    answer = await desk.http.post("/v1/applications", headers=headers, json=await desk.submission())
    assert answer.status_code == 400
    assert answer.json()["type"].endswith("idempotency-key-missing")


async def test_a_key_that_is_being_worked_on_is_answered_with_409(desk):
    submission = await desk.submission()
    database, subject = desk.backend.database, desk.citizen()["Authorization"].split()[1]
    async with database.writing_alone(f"{subject}\nbusy") as session:
        assert session
        answer = await desk.post("applications", submission, "busy")
    assert answer.status_code == 409
    assert answer.json()["type"].endswith("idempotency-in-progress")
    assert answer.headers["retry-after"] == "1"
    assert (await desk.post("applications", submission, "busy")).status_code == 201


async def test_of_many_identical_posts_at_once_exactly_one_application_comes(desk):
    submission = await desk.submission()
    answers = await asyncio.gather(*(desk.post("applications", submission, "race") for _ in range(12)))
    created = [answer for answer in answers if answer.status_code == 201]
    others = {answer.status_code for answer in answers} - {201, 409}
    assert created
    assert not others
    assert len({answer.content for answer in created}) == 1
    assert len((await desk.get("applications")).json()) == 1


async def test_wrong_answers_are_named_where_they_stand_and_nothing_is_kept(desk):
    submission = await desk.submission()
    submission["answers"]["full_name"] = "Bima"
    submission["answers"]["spaceship"] = "x"
    answer = await desk.post("applications", submission, "k")
    assert answer.status_code == 422
    assert answer.json()["type"].endswith("invalid-answers")
    wrong = {error["field"]: error for error in answer.json()["errors"]}
    assert wrong.keys() == {"full_name", "spaceship"}
    assert wrong["full_name"]["page"] == "child"
    assert (await desk.get("applications")).json() == []
    submission = await desk.submission()
    assert (await desk.post("applications", submission, "k")).status_code == 201


@pytest.mark.parametrize(
    ("submission", "status", "problem"),
    [
        ({"service": "dukcapil/none", "version": 1, "answers": {}}, 404, "not-found"),
        ({"service": "dukcapil/birth-registration", "version": 7, "answers": {}}, 409, "outdated-definition"),
        ({"service": "dukcapil/birth-registration"}, 422, "invalid-request"),
        ({"service": 1, "version": "x", "answers": []}, 422, "invalid-request"),
        (b"{", 422, "invalid-request"),
        (b"", 422, "invalid-request"),
        (b"\xff\xfe", 422, "invalid-request"),
        (
            b'{"service":"dukcapil/birth-registration","version":1,"answers":{"full_name":"\\ud800 x"}}',
            422,
            None,
        ),
        (b'{"service":"dukcapil/birth-registration","version":1,"answers":{"birth_order":1e400}}', 422, None),
        (
            b'{"service":"dukcapil/birth-registration","version":1,"answers":{"birth_order":9999999999999999}}',
            422,
            None,
        ),
        (
            b'{"service":"dukcapil/birth-registration","version":1,"answers":'
            + b"[" * 2000
            + b"]" * 2000
            + b"}",
            400,
            None,
        ),
    ],
)
async def test_a_submission_that_cannot_be_read_is_refused_in_one_sentence(desk, submission, status, problem):
    answer = await desk.post("applications", submission, "k")
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem is None or answer.json()["type"].endswith(problem)
    assert answer.json()["detail"]


async def test_an_application_of_somebody_else_is_not_there(desk):
    reference = (await desk.apply("sari"))["reference"]
    assert (await desk.get(f"applications/{reference}", "rina")).status_code == 404
    assert (await desk.get("applications", "rina")).json() == []


async def test_a_reference_is_forgiven_case_and_spaces(desk):
    reference = (await desk.apply())["reference"]
    typed = reference.lower().replace("-", " ")
    assert (await desk.get(f"applications/{typed}")).json()["reference"] == reference


async def test_a_drawn_reference_that_exists_already_is_drawn_again(desk, monkeypatch):
    first = await desk.apply()
    drawn = iter([first["reference"], "7KM4-2WXP-9"])
    monkeypatch.setattr("backend.applications.new_reference", lambda _below: next(drawn))
    assert (await desk.apply())["reference"] == "7KM4-2WXP-9"


def _copy_services_with_version(folder, version: int) -> None:
    shutil.copytree(SERVICES, folder)
    path = folder / "dukcapil/birth-registration/service.yaml"
    path.write_text(path.read_text().replace("version: 1", f"version: {version}", 1))


def test_the_hash_of_a_submission_is_that_of_its_bytes_on_the_wire():
    submission = {"service": "a/b", "version": 1, "answers": {"x": 1}, "language": "id"}
    assert sha256_hex(canonical_bytes(submission)) == hashlib.sha256(canonical_bytes(submission)).hexdigest()
