"""Life events played through: a birth, then insurance for the newborn; a death in the family."""

from __future__ import annotations

import hashlib
import uuid

from joserfc.jwk import OKPKey

from app.contract.citizen import Me
from app.contract.definition import ServiceDefinition
from app.documents.sd_jwt import verify
from app.forms.answers import field_at
from app.forms.journey import Journey
from app.forms.kinds.person import members

NEWBORN = "bpjs-kesehatan/add-newborn"


async def open_form(desk, service, persona):
    definition = ServiceDefinition.model_validate_json((await desk.get(f"services/{service}")).content)
    me = Me.model_validate_json((await desk.get(f"me?service={service}", persona)).content)
    return Journey(definition, me, desk.backend.today)


async def send(desk, journey, persona):
    submission = {
        "service": journey.definition.id,
        "version": journey.definition.version,
        "answers": journey.submission_answers(),
    }
    answer = await desk.post("applications", submission, uuid.uuid4().hex, persona)
    assert answer.status_code == 201, answer.text
    return answer.json()["reference"]


async def upload(desk, data, persona):
    """Send one PDF; gives it as the answer of a file field."""
    sha256 = hashlib.sha256(data).hexdigest()
    file = {"name": "surat.pdf", "media_type": "application/pdf", "size": len(data), "sha256": sha256}
    begun = await desk.post("attachments", file, "letter", persona)
    assert begun.status_code in (200, 201), begun.text
    headers = desk.citizen(persona) | {"Upload-Offset": "0"}
    sent = await desk.http.patch(f"/v1/attachments/{sha256}", headers=headers, content=data)
    assert sent.json()["complete"] is True, sent.text
    return file


async def presented(desk, journey, document):
    """A document as a device presents it: with the claims that the form asks for, and no more."""
    field = field_at(journey.definition.form, "certificate")
    key = OKPKey.import_key((await desk.get("keys")).json()["keys"][0])
    shown = verify(document["credential"], key).present([(claim,) for claim in field.claims])
    about = {name: document[name] for name in ("id", "type", "title", "issuer", "issued_at")}
    return {**about, "presentation": shown}


async def test_the_birth_certificate_opens_the_way_to_insurance(desk):
    before = await open_form(desk, NEWBORN, "sari")
    assert before.view.ends_at.exit.service == "dukcapil/birth-registration"

    await desk.accept((await desk.apply("sari"))["reference"])
    held = (await desk.get("documents")).json()
    certificate = next(d for d in held if d["type"] == "birth-certificate")

    journey = await open_form(desk, NEWBORN, "sari")
    assert journey.view.ends_at is None
    journey.answer("baby", members(journey.me)[-1])
    journey.answer("certificate", await presented(desk, journey, certificate))
    journey.answer("first_payment", "qris")
    journey.answer("declaration", True)
    assert journey.problems() == []
    await desk.accept(await send(desk, journey, "sari"))

    types = [d["type"] for d in (await desk.get("documents")).json()]
    assert types.count("health-insurance-card") == types.count("payment-code") == 1


async def test_who_pays_nothing_is_sent_no_payment_code(desk):
    await desk.accept((await desk.apply("wayan", full_name="Bagus Peraga"))["reference"])
    journey = await open_form(desk, NEWBORN, "wayan")
    certificate = (await desk.get("documents", "wayan")).json()
    certificate = next(d for d in certificate if d["type"] == "birth-certificate")
    journey.answer("baby", members(journey.me)[-1])
    journey.answer("certificate", await presented(desk, journey, certificate))
    journey.answer("declaration", True)
    await desk.accept(await send(desk, journey, "wayan"))
    types = [d["type"] for d in (await desk.get("documents", "wayan")).json()]
    assert "health-insurance-card" in types
    assert "payment-code" not in types


async def test_a_death_takes_the_name_off_the_family_card(desk):
    journey = await open_form(desk, "dukcapil/death-registration", "wayan")
    people = members(journey.me)
    answers = {
        "deceased": people[1],
        "relation": "spouse",
        "place_type": "home",
        "died_on": "2026-10-30",
        "died_at": "04.15",
        "region": {"province": "Bali", "regency": "Kota Denpasar"},
        "cause": "illness",
        "letter_from": "village",
        "declaration": True,
    }
    letter = await upload(desk, b"%PDF-1.7\n" + b"0" * 2000, "wayan")
    for name, value in {**answers, "letter": [letter]}.items():
        journey.answer(name, value)
    assert journey.problems() == []
    await desk.accept(await send(desk, journey, "wayan"))
    after = await open_form(desk, "dukcapil/death-registration", "wayan")
    assert [p["full_name"] for p in members(after.me)] == ["Wayan Peraga", "Kirana Peraga"]
