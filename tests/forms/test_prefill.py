"""What the state knows, with its source, and whom it suggests."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from form_samples import BUDI, NOTIFICATION, SARI, SARIS_FAMILY, TODAY, definition_of, me_with

from app.contract.citizen import Me
from app.contract.definition import ServiceDefinition
from app.forms.kinds.person import candidates
from app.forms.prefill import permitted
from app.forms.view import View, view

ALL = ("person.nik", "family.members", "birth.notification", "person.birth_date")


def seen(me: Me, *fields: dict[str, Any], permissions: tuple[str, ...] = ALL) -> View:
    return view(definition_of({"fields": list(fields)}, permissions=permissions), {}, me, TODAY, prefill=True)


def test_a_part_of_an_attribute_is_taken_over_with_source_and_date() -> None:
    weight = {"id": "w", "type": "decimal", "prefill": "birth.notification", "prefill_part": "weight_kg"}
    known = seen(me_with(birth__notification=NOTIFICATION), weight).prefilled["w"]
    assert (known.value, str(known.source_title), known.as_of) == ("3.2", "Kartu keluarga", date(2026, 3, 3))
    assert known.source.concept == "birth.notification"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ({"type": "date"}, "2026-02-31"),
        ({"type": "date", "latest": {"today": {}}}, "2027-01-01"),
        ({"type": "date"}, None),
        ({"type": "date"}, {"unexpected": 1}),
    ],
)
def test_a_value_that_the_field_could_not_accept_is_not_offered(field: dict[str, Any], value: Any) -> None:
    me = me_with(person__birth_date=value)
    assert seen(me, {"id": "x", "prefill": "person.birth_date", **field}).prefilled == {}


def test_a_part_of_something_that_has_none_is_not_offered() -> None:
    me = me_with(birth__notification="garbage")
    asked = {"id": "x", "type": "text", "prefill": "birth.notification", "prefill_part": "regency"}
    assert seen(me, asked).prefilled == {}


def person(**more: Any) -> dict[str, Any]:
    return {"id": "p", "type": "person", "prefill": "family.members", **more}


def suggested(me: Me, *suggest: str, **more: Any) -> str | None:
    known = seen(me, person(suggest=list(suggest), **more)).prefilled.get("p")
    return known.value["full_name"] if known else None


CHILD = {"nik": "3273011203150001", "full_name": "Anak Contoh", "sex": "male", "birth_date": "2015-03-12"}
GRANNY = {"nik": "3273015203500001", "full_name": "Nenek Contoh", "sex": "female", "birth_date": "1950-03-12"}
WHOLE = [*SARIS_FAMILY, {**CHILD, "relation": "child"}, {**GRANNY, "relation": "parent"}]


@pytest.mark.parametrize(
    ("citizen", "role", "name"),
    [
        (SARI, "self", "Sari Contoh"),
        (SARI, "spouse", "Budi Contoh"),
        (BUDI, "spouse", "Sari Contoh"),
        (CHILD, "mother", "Sari Contoh"),
        (CHILD, "father", "Budi Contoh"),
        (BUDI, "mother", "Nenek Contoh"),
        (CHILD, "spouse", None),
        (SARI, "mother", None),
        (GRANNY, "father", None),
    ],
)
def test_relatives_are_found_on_the_card_as_the_citizen_sees_them(
    citizen: dict[str, str], role: str, name: str | None
) -> None:
    assert suggested(me_with(person__nik=citizen["nik"], family__members=WHOLE), role) == name


def test_the_first_whom_the_condition_lets_is_suggested() -> None:
    me = me_with(person__nik=BUDI["nik"], family__members=WHOLE)
    female = {"field": "person", "part": "sex", "is": "female"}
    assert suggested(me, "self", "spouse", where=female) == "Sari Contoh"
    assert suggested(me, "self", "spouse") == "Budi Contoh"


def test_two_spouses_are_not_guessed_between() -> None:
    second = {**GRANNY, "relation": "wife"}
    me = me_with(person__nik=BUDI["nik"], family__members=[*SARIS_FAMILY, second])
    assert suggested(me, "spouse") is None


def test_nobody_is_suggested_to_a_citizen_who_is_not_on_the_card() -> None:
    assert suggested(me_with(person__nik="3273011203900099", family__members=WHOLE), "self") is None
    assert suggested(me_with(family__members=WHOLE), "self") is None
    assert suggested(me_with(person__nik=SARI["nik"], family__members="garbage"), "self") is None


def test_only_those_whom_the_condition_lets_may_be_chosen() -> None:
    me = me_with(person__nik=SARI["nik"], family__members=WHOLE)
    found = seen(me, person(where={"field": "person", "part": "sex", "is": "female"}))
    asked = found.pages[0].fields[0]
    assert asked.type == "person"
    assert [p["full_name"] for p in candidates(asked, found.situation)] == ["Sari Contoh", "Nenek Contoh"]


def test_a_service_reads_what_it_declares_and_nothing_else() -> None:
    definition = definition_of({"fields": [{"id": "x", "type": "text"}]}, permissions=("person.phone",))
    me = me_with(person__phone="+6281234567890", person__nik=SARI["nik"])
    assert [a.concept for a in permitted(definition, me).attributes] == ["person.phone"]


def test_the_register_proves_a_requirement_and_a_condition_leaves_it_out(
    birth: ServiceDefinition, sari: Me, dewi: Me
) -> None:
    from app.forms.journey import Journey

    def needed(me: Me, **answers: Any) -> dict[str, str | None]:
        journey = Journey(birth, me, TODAY)
        for path, value in answers.items():
            journey.answer(path, value)
        return {r.id: str(s.title) if s else None for r, s in journey.evidence()}

    assert needed(sari)["birth-letter"] == "RSUD Kota Bandung"
    assert needed(dewi)["birth-letter"] is None
    assert "late-approval" not in needed(dewi)
    assert "late-approval" in needed(dewi, birth_date="1/9/2026")
