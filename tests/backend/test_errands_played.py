"""Errands played through the whole backend: what one of them changes, the next one knows."""

from __future__ import annotations

import uuid

import pytest

from app.contract.citizen import Me
from app.contract.definition import ServiceDefinition
from app.forms.journey import Journey

NEW_HOME = {
    "street": "Jl. Kenanga 4, RT 01/RW 02",
    "province": "Daerah Istimewa Yogyakarta",
    "regency": "Kota Yogyakarta",
    "district": "Umbulharjo",
    "village": "Sorosutan",
}
MOVING = {
    "who": "all",
    "abroad": False,
    "new_address": NEW_HOME,
    "moved_on": "2026-11-01",
    "reason": "work",
    "household": "own",
    "transfer": True,
}
SHOP = {
    "owner": "person",
    "capital": "15 juta",
    "regulated": False,
    "business_name": "Keripik Dewi",
    "activities": [{"kind": "snacks", "what": "Keripik singkong", "since": "2025-02-01", "sales": "36 juta"}],
    "food": True,
    "at_home": True,
    "workers": {"women": {"count": 2}, "men": {"count": 0}},
    "environment": True,
    "safety": True,
    "zoning": True,
}


async def open_form(desk, service, persona):
    definition = ServiceDefinition.model_validate_json((await desk.get(f"services/{service}")).content)
    me = Me.model_validate_json((await desk.get(f"me?service={service}", persona)).content)
    return Journey(definition, me, desk.backend.today)


async def play(desk, service, persona, answers):
    """Fill in a form, send it, and let the agency accept it; gives the documents of the citizen by type."""
    journey = await open_form(desk, service, persona)
    for name, value in {**answers, "declaration": True}.items():
        journey.answer(name, value)
    assert journey.problems() == []
    submission = {"service": service, "version": 1, "answers": journey.submission_answers()}
    answer = await desk.post("applications", submission, uuid.uuid4().hex, persona)
    assert answer.status_code == 201, answer.text
    await desk.accept(answer.json()["reference"])
    return {d["type"]: d for d in (await desk.get("documents", persona)).json()}


async def test_a_child_born_after_the_move_gets_a_number_of_the_new_place(desk):
    held = await play(desk, "dukcapil/family-card-address-change", "sari", MOVING)
    assert {"family-card", "moving-letter"} <= held.keys()

    await desk.accept((await desk.apply("sari"))["reference"])
    journey = await open_form(desk, "dukcapil/family-card-address-change", "sari")
    child = journey.me.get("family.members").value[-1]
    assert (len(child["nik"]), child["nik"][:4]) == (16, "3471")
    assert journey.me.get("person.address").value["regency"] == "Kota Yogyakarta"


async def test_tax_that_is_paid_is_due_a_year_later(desk):
    paid = {"whose": "own", "plate_change": False, "printed": False, "fee": "qris"}
    before = (await open_form(desk, "samsat/vehicle-tax", "hendra")).me.get("vehicle.tax_due").value
    held = await play(desk, "samsat/vehicle-tax", "hendra", paid)
    assert {"vehicle-tax-receipt", "vehicle-endorsement"} <= held.keys()
    after = (await open_form(desk, "samsat/vehicle-tax", "hendra")).me.get("vehicle.tax_due").value
    assert (int(after[:4]), after[4:]) == (int(before[:4]) + 1, before[4:])


async def test_an_owner_checks_a_plot_and_buys_the_official_letter(desk):
    await play(desk, "atr-bpn/certificate-check", "hendra", {"whose": "own"})
    letter = {"purpose": "loan", "relation": "owner", "fee": "counter"}
    held = await play(desk, "atr-bpn/certificate-extract", "hendra", letter)
    assert {"land-certificate-status", "land-extract"} <= held.keys()


async def test_a_business_number_is_given_once_and_known_from_then_on(desk):
    held = await play(desk, "oss/business-number", "dewi", SHOP)
    assert "business-number" in held
    again = await open_form(desk, "oss/business-number", "dewi")
    assert again.view.ends_at is not None


@pytest.mark.parametrize("kind", ["five", "ten"])
async def test_a_passport_that_ends_is_replaced_after_an_appointment(desk, kind):
    coming = {"place": "makassar", "date": "2026-11-10", "time": "13:00"}
    wanted = {"reason": "ended", "validity": kind, "appointment": coming, "fee": "qris"}
    held = await play(desk, "imigrasi/passport", "maria", wanted)
    assert {"appointment", "passport"} <= held.keys()
