from __future__ import annotations

import base64
import hashlib
import json
from datetime import UTC, date, datetime

import pytest
from backend_desk import PERSONAS, subject_of
from joserfc import jws
from joserfc.jwk import KeySet

from app.contract.applications import SIGNATURE_ALGORITHM
from app.forms.kinds.identity import NikFacts, read_nik
from backend import agencies


def disclosed(credential: str, keys: dict) -> tuple[dict, dict]:
    """Header-checked payload and disclosed claims of an SD-JWT VC, verified as a reader of RFC 9901 would."""
    signed, *disclosures, end = credential.split("~")
    assert end == ""
    token = jws.deserialize_compact(signed, KeySet.import_key_set(keys), algorithms=[SIGNATURE_ALGORITHM])
    assert token.protected["typ"] == "dc+sd-jwt"
    payload = json.loads(token.payload)
    digests = {
        base64.urlsafe_b64encode(hashlib.sha256(d.encode()).digest()).rstrip(b"=").decode()
        for d in disclosures
    }
    assert digests == set(payload["_sd"])
    claims = {}
    for disclosure in disclosures:
        salt, name, value = json.loads(base64.urlsafe_b64decode(disclosure + "=="))
        assert len(base64.urlsafe_b64decode(salt + "==")) == 16
        claims[name] = value
    return payload, claims


async def test_the_sandbox_agency_reviews_and_accepts_in_its_pace(desk):
    reference = (await desk.apply())["reference"]
    assert await desk.wait(19) == 0
    assert await desk.wait(1) == 1
    assert (await desk.get(f"applications/{reference}")).json()["state"] == "in_review"
    assert await desk.wait(20) == 1
    accepted = (await desk.get(f"applications/{reference}")).json()
    assert accepted["state"] == "accepted"
    kinds = [entry["kind"] for entry in accepted["timeline"]]
    assert kinds == ["received", "in_review", "accepted", "document", "document", "document"]
    assert await desk.wait(3600) == 0


async def test_what_the_agency_will_do_next_survives_a_restart(desk, start_desk):
    reference = (await desk.apply())["reference"]
    restarted = await start_desk()
    assert await restarted.wait(20) == 1
    assert (await restarted.get(f"applications/{reference}")).json()["state"] == "in_review"


async def test_there_is_one_message_a_step_in_every_language(desk):
    reference = (await desk.apply())["reference"]
    await desk.wait(20)
    await desk.decide(reference, kind="reject", reason="Nama ibu tidak terbaca.")
    inbox = (await desk.get("messages")).json()
    timeline = (await desk.get(f"applications/{reference}")).json()["timeline"]
    assert [m["title"] for m in reversed(inbox)] == [entry["title"] for entry in timeline]
    assert all(m["title"].keys() == {"id", "en"} == m["body"].keys() for m in inbox)
    assert all(m["reference"] == reference and not m["read"] for m in inbox)
    assert inbox[0]["body"]["id"].endswith("Nama ibu tidak terbaca.")
    assert timeline[-1]["note"] == "Nama ibu tidak terbaca."
    assert (await desk.get("messages", "rina")).json() == []


async def test_a_message_is_marked_as_read_by_its_citizen_alone(desk):
    await desk.apply()
    message = (await desk.get("messages")).json()[0]["id"]
    headers = desk.citizen("rina")
    assert (await desk.http.post(f"/v1/messages/{message}/read", headers=headers)).status_code == 404
    for _ in range(2):
        assert (
            await desk.http.post(f"/v1/messages/{message}/read", headers=desk.citizen())
        ).status_code == 204
    assert [m["read"] for m in (await desk.get("messages")).json()] == [True]


@pytest.mark.parametrize("message", ["0", "x", "999999999999999999999", "%00", "²"])
async def test_a_message_that_is_not_there_is_not_found(desk, message):
    answer = await desk.http.post(f"/v1/messages/{message}/read", headers=desk.citizen())
    assert answer.status_code == 404


async def test_acceptance_issues_credentials_that_can_be_verified(desk):
    submission = await desk.apply()
    await desk.accept(submission["reference"])
    documents = {d["type"]: d for d in (await desk.get("documents")).json()}
    assert documents.keys() == {"birth-certificate", "family-card", "child-identity-card"}
    keys = (await desk.get("keys")).json()
    payload, certificate = disclosed(documents["birth-certificate"]["credential"], keys)
    assert payload["vct"] == "https://loket.example/credentials/birth-certificate"
    assert payload["iss"] == desk.backend.settings.public_url
    assert payload["iat"] == int(desk.clock.now.timestamp())
    assert "exp" not in payload
    assert "valid_until" not in documents["birth-certificate"]
    assert certificate["full_name"] == "Bima Contoh"
    assert certificate["mother"] == {"nik": "3273025204969001", "full_name": "Sari Contoh"}
    assert certificate["registered_on"] == "2026-11-02"

    card, child_card = disclosed(documents["child-identity-card"]["credential"], keys)
    assert documents["child-identity-card"]["valid_until"] == "2031-10-22T16:59:59Z"
    assert card["exp"] == datetime(2031, 10, 22, 16, 59, 59, tzinfo=UTC).timestamp()
    assert child_card["nik"] == certificate["nik"]
    _, family = disclosed(documents["family-card"]["credential"], keys)
    assert [m["full_name"] for m in family["members"]] == ["Budi Contoh", "Sari Contoh", "Bima Contoh"]
    assert documents["family-card"]["title"]["id"] == "Kartu keluarga baru"
    assert (await desk.get("documents", "rina")).json() == []


async def test_the_childs_number_is_a_valid_one_of_its_region_birth_and_sex(desk):
    await desk.accept((await desk.apply())["reference"])
    me = (await desk.get("me")).json()
    members = next(a["value"] for a in me["attributes"] if a["concept"] == "family.members")
    child = members[-1]
    assert (child["full_name"], child["relation"]) == ("Bima Contoh", "child")
    facts = read_nik(child["nik"], date(2026, 11, 2))
    assert isinstance(facts, NikFacts)
    assert facts.sex == child["sex"] == "male"
    assert date.fromisoformat(child["birth_date"]) in facts.birth_dates
    assert child["nik"].startswith("327302")


async def test_acceptance_updates_the_register_of_the_whole_family_and_ends_the_notification(desk):
    before = {a["concept"] for a in (await desk.get("me")).json()["attributes"]}
    application = await desk.apply()
    await desk.accept(application["reference"])
    after = {a["concept"]: a for a in (await desk.get("me")).json()["attributes"]}
    assert before - after.keys() == {"birth.notification"}
    assert after["family.members"]["as_of"] == "2026-11-02"
    card = after["family.card_number"]["value"]
    for name, persona in PERSONAS.items():
        theirs = {a.concept: a.value for a in persona.attributes(date(2026, 11, 2))}
        if theirs.get("family.card_number") == card:
            known = {a["concept"]: a["value"] for a in (await desk.get("me", name)).json()["attributes"]}
            assert known["family.members"] == after["family.members"]["value"]


async def test_what_an_application_changed_in_the_register_survives_a_restart(desk, start_desk):
    await desk.accept((await desk.apply())["reference"])
    changed = (await desk.get("me")).json()
    desk.clock.advance(days=3)
    restarted = await start_desk()
    known = {a["concept"]: a for a in (await restarted.get("me")).json()["attributes"]}
    before = {a["concept"]: a for a in changed["attributes"]}
    assert known.keys() == before.keys()
    assert known["family.members"] == before["family.members"]


async def test_a_question_sends_the_citizen_to_one_page_and_waits_for_them(desk):
    reference = (await desk.apply())["reference"]
    await desk.wait(20)
    asked = await desk.decide(
        reference, kind="ask", page="child", field="full_name", reason="Nama di surat lahir berbeda."
    )
    assert asked.status_code == 200
    application = (await desk.get(f"applications/{reference}")).json()
    question = application["question"]
    assert (application["state"], question["page"], question["field"]) == ("question", "child", "full_name")
    assert question["text"] == "Nama di surat lahir berbeda."
    assert await desk.wait(3600) == 0

    body = {"question": question["id"], "answers": {"full_name": "Bima Sakti", "sex": "male"}}
    answered = await desk.post(f"applications/{reference}/answers", body, "answer")
    assert answered.status_code == 200, answered.text
    assert answered.json()["state"] == "in_review"
    assert "question" not in answered.json()
    again = await desk.post(f"applications/{reference}/answers", body, "answer")
    assert again.content == answered.content
    late = await desk.post(f"applications/{reference}/answers", body, "another")
    assert (late.status_code, late.json()["type"][-11:]) == (409, "not-waiting")

    assert await desk.wait(20) == 1
    assert (await desk.get(f"applications/{reference}")).json()["state"] == "accepted"
    _, certificate = disclosed(
        (await desk.get("documents")).json()[0]["credential"], (await desk.get("keys")).json()
    )
    assert certificate["full_name"] == "Bima Sakti"


async def test_only_the_page_that_was_asked_about_may_change(desk):
    reference = (await desk.apply())["reference"]
    await desk.decide(reference, kind="ask", page="child", reason="Periksa nama.")
    question = (await desk.get(f"applications/{reference}")).json()["question"]["id"]

    async def answer(**answers):
        return await desk.post(
            f"applications/{reference}/answers", {"question": question, "answers": answers}, repr(answers)
        )

    stranger = await answer(full_name="Bima Sakti", sex="male", weight="3.5")
    assert stranger.status_code == 422
    assert [e["field"] for e in stranger.json()["errors"]] == ["weight"]
    wrong = await answer(full_name="Bima", sex="male")
    assert [(e["page"], e["field"]) for e in wrong.json()["errors"]] == [("child", "full_name")]
    missing = await answer(sex="male")
    assert [e["field"] for e in missing.json()["errors"]] == ["full_name"]
    other = await desk.post(f"applications/{reference}/answers", {"question": "x", "answers": {}}, "x")
    assert other.status_code == 409
    theirs = await desk.post(
        f"applications/{reference}/answers", {"question": question, "answers": {}}, "y", "rina"
    )
    assert theirs.status_code == 404
    assert (await desk.get(f"applications/{reference}")).json()["answers"]["full_name"] == "Bima Contoh"


async def test_an_answer_that_makes_another_page_appear_is_taken_all_the_same(desk):
    reference = (await desk.apply())["reference"]
    await desk.decide(reference, kind="ask", page="birth", field="birth_date", reason="Periksa tanggalnya.")
    application = (await desk.get(f"applications/{reference}")).json()
    page = next(page for page in (await desk.definition()).form.pages if page.id == "birth")
    answers = {field.id: application["answers"][field.id] for field in page.fields}
    late = answers | {"birth_date": "2026-06-01"}
    body = {"question": application["question"]["id"], "answers": late}
    answered = await desk.post(f"applications/{reference}/answers", body, "late")
    assert answered.status_code == 200, answered.text
    assert answered.json()["answers"]["birth_date"] == "2026-06-01"


@pytest.mark.parametrize(
    ("decision", "field"),
    [
        ({"kind": "reject"}, "reason"),
        ({"kind": "reject", "reason": "  "}, "reason"),
        ({"kind": "ask", "page": "child"}, "reason"),
        ({"kind": "ask", "reason": "Mengapa?"}, "page"),
        ({"kind": "ask", "reason": "Mengapa?", "page": "nowhere"}, "page"),
        ({"kind": "ask", "reason": "Mengapa?", "page": "child", "field": "weight"}, "field"),
        ({"kind": "burn", "reason": "x"}, "kind"),
    ],
)
async def test_a_decision_that_says_too_little_is_refused_where_it_lacks(desk, decision, field):
    reference = (await desk.apply())["reference"]
    answer = await desk.decide(reference, **decision)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert (await desk.get(f"applications/{reference}")).json()["state"] == "received"


async def test_a_decision_is_final(desk):
    reference = (await desk.apply())["reference"]
    await desk.accept(reference)
    again = await desk.decide(reference, kind="reject", reason="x")
    assert (again.status_code, again.json()["type"][-11:]) == (409, "not-waiting")
    assert len((await desk.get("documents")).json()) == 3


async def test_a_decision_withdraws_an_open_question(desk):
    reference = (await desk.apply())["reference"]
    await desk.decide(reference, kind="ask", page="child", reason="Periksa nama.")
    assert "question" not in await desk.accept(reference)


async def test_with_manual_decisions_a_reviewed_application_waits_for_a_person(start_desk):
    desk = await start_desk(sandbox_decisions="manual")
    reference = (await desk.apply())["reference"]
    assert await desk.wait(20) == 1
    assert await desk.wait(36_000) == 0
    assert (await desk.accept(reference))["state"] == "accepted"


async def test_an_agency_sees_its_own_applications_alone(desk):
    reference = (await desk.apply())["reference"]
    async with desk.backend.database.writing() as session:
        own = await agencies.new_key(session, "dukcapil", desk.clock(), desk.backend.random_bytes)
        other = await agencies.new_key(session, "bpjs", desk.clock(), desk.backend.random_bytes)

    async def ask(key: str, path: str = ""):
        return await desk.http.get(
            f"/v1/agency/applications{path}", headers={"Authorization": f"Bearer {key}"}
        )

    assert [a["reference"] for a in (await ask(own)).json()] == [reference]
    assert (await ask(own, f"/{reference}")).json()["answers"]["full_name"] == "Bima Contoh"
    assert (await ask(own, "?state=accepted")).json() == []
    assert (await ask(own, "?state=odd")).status_code == 422
    assert (await ask(other)).json() == []
    assert (await ask(other, f"/{reference}")).status_code == 404
    async with desk.backend.database.writing() as session:
        assert await agencies.revoke_key(session, own.split("_")[1], desk.clock())
        assert not await agencies.revoke_key(session, own.split("_")[1], desk.clock())
    for key in (own, own[:-1] + "0", "nonsense", "loket-sandbox-agenci"):
        refused = await ask(key)
        assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Bearer")
    assert (await desk.http.get("/v1/agency/applications", headers=desk.citizen())).status_code == 401
    assert (await desk.http.get("/v1/agency/applications")).status_code == 401


async def test_an_application_that_cannot_be_moved_does_not_hold_up_the_others(desk, caplog):
    broken = (await desk.apply())["reference"]
    await desk.wait(20)
    fine = (await desk.apply("rina", father_listed=False))["reference"]
    async with desk.backend.database.writing() as session:
        row = await agencies.find(session, agencies.AgencyAccess(None), broken)
        row.sealed_answers = b"not what was sealed"
    await desk.wait(20)
    await desk.wait(20)
    assert (await desk.get(f"applications/{fine}", "rina")).json()["state"] == "accepted"
    assert any(record.fields["reference"] == broken for record in caplog.records if hasattr(record, "fields"))


def test_subjects_tell_nothing_of_the_person():
    assert subject_of("sari").isalnum()
    assert "sari" not in subject_of("sari")
