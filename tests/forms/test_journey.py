"""A journey: its route, its place, its count, and how it is kept."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from form_samples import NOBODY, TODAY, definition_of, me_with

from app.contract.citizen import Me
from app.contract.definition import ServiceDefinition
from app.contract.language import Language
from app.forms.answers import Answers
from app.forms.journey import CHECK, Journey

ROOT = Path(__file__).parents[2]
Define = Callable[..., ServiceDefinition]

NAME = {"id": "name", "type": "text"}
TWINS = {"id": "twins", "type": "yes_no"}
SECOND = {"id": "second", "type": "text", "when": {"field": "twins", "is": True}}
PHONE = {"id": "phone", "type": "phone", "prefill": "person.phone"}


def three_pages() -> ServiceDefinition:
    return definition_of(
        {"id": "first", "fields": [NAME, TWINS]},
        {"id": "second_page", "when": {"field": "twins", "is": True}, "fields": [SECOND]},
        {"id": "last", "fields": [{"id": "note", "type": "text", "required": False}, PHONE]},
        permissions=("person.phone",),
        declaration={"id": "agreed", "label": "Pernyataan", "statement": "Benar."},
    )


@pytest.fixture
def journey() -> Journey:
    return Journey(three_pages(), me_with(person__phone="+6281234567890"), TODAY)


def through(journey: Journey, **answers: Any) -> None:
    for path, value in answers.items():
        journey.answer(path, value)
    while journey.at != CHECK:
        assert journey.forward() == []


# The route


def test_a_journey_begins_at_its_first_page(journey: Journey) -> None:
    assert journey.at == "first"
    assert [p.id for p in journey.pages] == ["first", "last"]


def test_a_page_with_something_missing_is_not_passed(journey: Journey) -> None:
    problems = journey.forward()
    assert [(p.page, p.field) for p in problems] == [("first", "name"), ("first", "twins")]
    assert journey.at == "first"


def test_an_answer_opens_the_page_that_hangs_on_it(journey: Journey) -> None:
    journey.answer("name", "Bintang")
    journey.answer("twins", True)
    assert journey.forward() == []
    assert journey.at == "second_page"


def test_a_warning_is_told_and_holds_nothing_up(define: Define) -> None:
    check = {"valid_if": {"field": "weight", "at_most": 6}, "message": "Periksa.", "warning": True}
    definition = define({"fields": [{"id": "weight", "type": "decimal", "checks": [check]}]})
    journey = Journey(definition, NOBODY, TODAY)
    (said,) = journey.answer("weight", "7")
    assert (said.warning, str(said.phrase)) == (True, "Periksa.")
    assert journey.forward() == []


def test_a_deep_link_leads_no_further_than_what_is_done(journey: Journey) -> None:
    assert journey.go("last") == "first"
    assert journey.go(CHECK) == "first"
    assert journey.go("no_such_page") == "first"
    through(journey, name="Bintang", twins=False)
    assert journey.go("last") == "last"
    assert journey.go("second_page") == CHECK


def test_an_answer_taken_back_takes_the_citizen_back(journey: Journey) -> None:
    through(journey, name="Bintang", twins=False)
    journey.answer("name", "")
    assert journey.at == "first"


def test_back_goes_page_by_page_and_stops_at_the_first(journey: Journey) -> None:
    through(journey, name="Bintang", twins=False)
    assert journey.back()
    assert journey.at == "last"
    assert journey.back()
    assert journey.at == "first"
    assert not journey.back()


def test_a_change_link_comes_back_to_the_check_page(journey: Journey) -> None:
    through(journey, name="Bintang", twins=False)
    assert journey.change("first") == "first"
    assert journey.changing
    journey.answer("name", "Cahaya")
    assert journey.forward() == []
    assert journey.at == CHECK
    assert not journey.changing


def test_a_change_that_opens_a_page_leads_there_before_the_check_page(journey: Journey) -> None:
    through(journey, name="Bintang", twins=False)
    journey.change("first")
    journey.answer("twins", True)
    journey.forward()
    assert journey.at == "second_page"
    journey.answer("second", "Cahaya")
    assert journey.forward() == []
    assert journey.at == CHECK


def test_back_from_a_change_link_returns_to_the_check_page(journey: Journey) -> None:
    through(journey, name="Bintang", twins=False)
    journey.change("first")
    assert journey.back()
    assert journey.at == CHECK


def test_an_answer_is_kept_while_its_page_is_hidden_and_is_not_sent(journey: Journey) -> None:
    through(journey, name="Bintang", twins=True, second="Cahaya")
    journey.answer("twins", False)
    assert "second" not in journey.submission_answers()
    journey.answer("twins", True)
    assert journey.submission_answers()["second"] == "Cahaya"


def test_the_check_page_holds_the_declaration(journey: Journey) -> None:
    through(journey, name="Bintang", twins=False)
    assert [f.id for f in journey.fields()] == ["agreed"]
    assert [(p.page, p.field) for p in journey.problems()] == [(CHECK, "agreed")]
    assert journey.answer("agreed", True) == []
    assert journey.problems() == []
    assert journey.submission_answers()["agreed"] is True


# What is typed


def test_what_cannot_be_read_is_kept_as_typed_and_told(define: Define) -> None:
    journey = Journey(define({"fields": [{"id": "born", "type": "date"}]}), NOBODY, TODAY)
    (problem,) = journey.answer("born", "31 November 2026")
    assert str(problem.phrase) == "November hanya sampai tanggal 30. Periksa harinya."
    assert journey.value("born") == "31 November 2026"
    assert journey.forward() == [problem]
    assert journey.answer("born", "30 November 2026") == []
    assert journey.value("born") == "2026-11-30"


def test_a_field_that_the_form_does_not_have_cannot_be_answered(journey: Journey) -> None:
    with pytest.raises(KeyError):
        journey.answer("nothing", "x")
    with pytest.raises(KeyError):
        journey.answer("name.0.inner", "x")


# What the state knows


def test_a_prefilled_answer_is_confirmed_by_passing_its_page_and_keeps_its_source(journey: Journey) -> None:
    journey.answer("name", "Bintang")
    journey.answer("twins", False)
    journey.forward()
    assert journey.prefilled("phone") is not None
    journey.forward()
    assert journey.prefilled("phone") is None
    source = journey.source("phone")
    assert source is not None
    assert str(source.title) == "Kartu keluarga"
    assert journey.answers.values["phone"] == "+6281234567890"


def test_an_edited_prefill_becomes_the_citizens_own_and_can_be_restored(journey: Journey) -> None:
    journey.answer("phone", "0813 0000 0001")
    assert journey.source("phone") is None
    assert journey.value("phone") == "+6281300000001"
    journey.restore("phone")
    assert journey.value("phone") == "+6281234567890"
    assert journey.source("phone") is not None


def test_an_emptied_prefill_stays_empty(journey: Journey) -> None:
    journey.answer("phone", "")
    assert journey.value("phone") is None
    assert Journey.from_json(journey.definition, journey.to_json(), journey.me, TODAY).value("phone") is None


def test_a_prefill_that_appears_on_a_passed_page_is_not_confirmed_unseen() -> None:
    definition = definition_of(
        {"id": "one", "fields": [TWINS, {**PHONE, "when": {"field": "twins", "is": True}}]},
        permissions=("person.phone",),
    )
    journey = Journey(definition, me_with(person__phone="+6281234567890"), TODAY)
    through(journey, twins=False)
    journey.answer("twins", True)
    assert journey.at == "one"


def test_the_count_tells_what_is_left_to_type(journey: Journey) -> None:
    assert (journey.remaining(), journey.total(), journey.known()) == (2, 3, 1)
    journey.answer("name", "Bintang")
    assert (journey.remaining(), journey.total(), journey.known()) == (1, 3, 1)
    journey.answer("note", "catatan")
    assert (journey.remaining(), journey.total(), journey.known()) == (1, 4, 1)
    journey.answer("phone", "12")
    assert (journey.remaining(), journey.known()) == (2, 0)


# Steps


def test_pages_of_one_step_are_one_step_and_the_check_page_is_the_last(define: Define) -> None:
    definition = define(
        {"id": "a", "step": "Anak", "fields": [NAME]},
        {"id": "b", "step": "Anak", "fields": [TWINS]},
        {"id": "c", "step": "Bukti", "fields": [{"id": "x", "type": "text"}]},
    )
    journey = Journey(definition, NOBODY, TODAY)
    told = [journey.progress(p).words() for p in ("a", "b", "c", CHECK)]
    assert told == [
        "Langkah 1 dari 3 · Anak",
        "Langkah 1 dari 3 · Anak",
        "Langkah 2 dari 3 · Bukti",
        "Langkah 3 dari 3 · Periksa",
    ]
    fractions = [journey.progress(p).fraction for p in ("a", "b", "c", CHECK)]
    assert fractions == sorted(fractions)
    assert 0 < fractions[0] < fractions[-1] < 1
    assert "Anak" in journey.progress("a").words(Language.load("en"))


# Repeating sections

WITNESSES = {
    "id": "witnesses",
    "type": "repeat",
    "item": "Saksi",
    "minimum": 2,
    "maximum": 2,
    "unique": "nik",
    "summary": "{name}, {phone}",
    "fields": [
        {"id": "name", "type": "text", "label": "Nama"},
        {"id": "nik", "type": "nik", "label": "NIK"},
        {"id": "away", "type": "yes_no", "label": "Jauh?"},
        {"id": "phone", "type": "phone", "label": "Telepon", "when": {"field": "away", "is": True}},
    ],
}


@pytest.fixture
def witnesses() -> Journey:
    return Journey(definition_of({"id": "w", "fields": [WITNESSES]}), NOBODY, TODAY)


def test_entries_are_added_answered_and_removed(witnesses: Journey) -> None:
    assert [p.field for p in witnesses.forward()] == ["witnesses"]
    assert witnesses.add_entry("witnesses") == 0
    assert witnesses.add_entry("witnesses") == 1
    with pytest.raises(ValueError, match="2 entries"):
        witnesses.add_entry("witnesses")
    witnesses.answer("witnesses.1.name", "Ani")
    witnesses.remove_entry("witnesses", 0)
    assert witnesses.entries("witnesses") == [{"name": "Ani"}]
    with pytest.raises(KeyError):
        witnesses.remove_entry("witnesses", 5)
    with pytest.raises(KeyError):
        witnesses.answer("witnesses.7.name", "x")
    with pytest.raises(KeyError):
        witnesses.add_entry("name")


def test_an_entry_has_its_own_conditions_and_problems(witnesses: Journey) -> None:
    witnesses.add_entry("witnesses")
    witnesses.add_entry("witnesses")
    witnesses.answer("witnesses.0.away", True)
    field = witnesses.fields("w")[0]
    assert field.type == "repeat"
    assert [f.id for f in witnesses.entry_fields(field, 0)] == ["name", "nik", "away", "phone"]
    assert [f.id for f in witnesses.entry_fields(field, 1)] == ["name", "nik", "away"]
    assert [p.field for p in witnesses.forward()] == [
        "witnesses.0.name",
        "witnesses.0.nik",
        "witnesses.0.phone",
        "witnesses.1.name",
        "witnesses.1.nik",
        "witnesses.1.away",
    ]


def test_the_same_person_twice_is_told_at_the_second(witnesses: Journey) -> None:
    for i in (0, 1):
        witnesses.add_entry("witnesses")
        witnesses.answer(f"witnesses.{i}.nik", "3273015203930001")
    assert [p.field for p in witnesses.problems("w") if "sudah dipakai" in str(p.phrase)] == [
        "witnesses.1.nik"
    ]


def test_entries_count_field_by_field_also_those_still_missing(witnesses: Journey) -> None:
    assert (witnesses.remaining(), witnesses.total()) == (6, 6)
    witnesses.add_entry("witnesses")
    witnesses.answer("witnesses.0.name", "Ani")
    witnesses.answer("witnesses.0.away", True)
    assert (witnesses.remaining(), witnesses.total()) == (5, 7)


def test_hidden_answers_of_an_entry_are_not_sent(witnesses: Journey) -> None:
    witnesses.add_entry("witnesses")
    witnesses.answer("witnesses.0.away", True)
    witnesses.answer("witnesses.0.phone", "081234567890")
    witnesses.answer("witnesses.0.away", False)
    assert witnesses.submission_answers() == {"witnesses": [{"away": False}]}


# One question


def test_a_question_leads_to_its_page_alone_and_sends_that_page_alone(journey: Journey) -> None:
    through(journey, name="Bintang", twins=False)
    journey.answer("agreed", True)
    asked = Journey(journey.definition, journey.me, TODAY, journey.answers, only="first")
    assert [p.id for p in asked.pages] == ["first"]
    assert asked.go("last") == "first"
    asked.answer("name", "Cahaya")
    assert asked.forward() == []
    assert asked.at == CHECK
    assert asked.problems() == []
    assert asked.submission_answers() == {"name": "Cahaya", "twins": False}


# Keeping


def test_a_draft_returns_to_the_same_place_with_the_same_answers(journey: Journey) -> None:
    through(journey, name="Bintang", twins=False)
    journey.change("first")
    journey.answer("name", "Cahaya")
    state = json.loads(json.dumps(journey.to_json()))
    again = Journey.from_json(journey.definition, state, journey.me, TODAY)
    assert again.at == "first"
    assert again.changing
    assert again.to_json() == journey.to_json()
    assert again.source("phone") == journey.source("phone")
    again.forward()
    assert again.at == CHECK


def test_a_draft_of_an_older_form_keeps_its_answers_and_goes_through_the_pages_again(
    journey: Journey,
) -> None:
    through(journey, name="Bintang", twins=False)
    newer = definition_of({"id": "first", "fields": [NAME, {"id": "added", "type": "text"}]}, version=2)
    again = Journey.from_json(newer, journey.to_json(), journey.me, TODAY)
    assert again.renewed
    assert again.at == "first"
    assert again.value("name") == "Bintang"
    assert again.submission_answers() == {"name": "Bintang"}
    assert again.to_json()["version"] == 2


@pytest.mark.parametrize(
    "state",
    [None, [], {}, {"service": "other/service"}]
    + [
        {"service": "agency/service", "version": 1, **more}
        for more in ({}, {"passed": "x"}, {"passed": [], "at": 5})
    ]
    + [{"service": "agency/service", "version": 1, "passed": [], "answers": a} for a in (None, {"values": 3})]
    + [
        {
            "service": "agency/service",
            "version": 1,
            "passed": [],
            "answers": {"values": {}, "sources": {"a": s}},
        }
        for s in (None, {}, {"concept": "c", "title": {"id": "T"}, "as_of": "x"})
    ],
)
def test_a_state_that_is_none_is_told_as_such(state: Any) -> None:
    with pytest.raises(ValueError, match=r"."):
        Journey.from_json(three_pages(), state, NOBODY, TODAY)


def test_answers_are_known_by_concept() -> None:
    definition = definition_of({"fields": [{**NAME, "concept": "child.full_name"}, TWINS]})
    journey = Journey(definition, NOBODY, TODAY, Answers({"name": "Bintang Pratama", "twins": True}))
    assert journey.told_elsewhere() == {"child.full_name": "Bintang Pratama"}


# Versions of the app


def test_an_unknown_type_without_fallback_holds_up_and_says_to_update(define: Define) -> None:
    journey = Journey(define({"fields": [{"id": "x", "type": "hologram"}]}), NOBODY, TODAY)
    (problem,) = journey.forward()
    assert "Perbarui aplikasi" in str(problem.phrase)


def test_an_unknown_type_is_shown_by_its_fallback(define: Define) -> None:
    definition = define(
        {
            "fields": [
                {"id": "x", "type": "hologram", "fallback": "text"},
                {"id": "y", "type": "hologram", "fallback": "hide"},
            ]
        }
    )
    journey = Journey(definition, NOBODY, TODAY)
    assert [f.id for f in journey.fields()] == ["x"]
    journey.answer("x", " teks ")
    assert journey.forward() == []
    assert journey.submission_answers() == {"x": "teks"}


def test_a_note_is_shown_and_takes_no_answer(define: Define) -> None:
    definition = define({"fields": [{"id": "n", "type": "note", "body": "Isi"}, NAME]})
    journey = Journey(definition, NOBODY, TODAY, Answers({"n": "x", "name": "A"}))
    assert [f.id for f in journey.fields()] == ["n", "name"]
    assert journey.submission_answers() == {"name": "A"}
    assert journey.total() == 1


def test_a_concept_without_permission_is_not_read_whatever_the_backend_sent(define: Define) -> None:
    journey = Journey(
        define(
            {"fields": [PHONE]}, {"when": {"concept": "person.phone", "answered": True}, "fields": [NAME]}
        ),
        me_with(person__phone="+6281234567890"),
        TODAY,
    )
    assert journey.value("phone") is None
    assert len(journey.pages) == 1


def test_me_is_untouched(sari: Me, birth: ServiceDefinition) -> None:
    before = sari.model_dump()
    Journey(birth, sari, TODAY).forward()
    assert sari.model_dump() == before


def test_a_kept_draft_is_not_changed_by_what_is_answered_afterwards(witnesses: Journey) -> None:
    witnesses.add_entry("witnesses")
    kept = witnesses.to_json()
    before = json.dumps(kept)
    witnesses.answer("witnesses.0.name", "Ani")
    assert json.dumps(kept) == before
    again = Journey.from_json(witnesses.definition, kept, NOBODY, TODAY)
    again.answer("witnesses.0.name", "Budi")
    assert json.dumps(kept) == before


def test_a_form_loads_no_library_that_it_may_not_need() -> None:
    code = "import sys, app.forms.review; print({'phonenumbers', 'ruamel.yaml'} & {*sys.modules})"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert told.stdout.strip() == "set()"
