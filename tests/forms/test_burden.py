"""What a form costs a citizen, counted the same way for every service."""

from __future__ import annotations

import pytest
from form_samples import NEEDED, definition_of

from app.contract.definition import ServiceDefinition
from app.contract.form import known_field_types
from app.forms.burden import Burden, burden_of


def test_a_form_of_one_question_costs_a_question_its_words_and_a_minute() -> None:
    definition = definition_of(
        {"title": "Siapa nama Anda?", "fields": [{"id": "name", "type": "text", "label": "Nama"}]}
    )
    assert burden_of(definition) == Burden(questions=1, words=5, minutes=1)


def test_what_is_known_worked_out_declared_or_only_read_is_no_question() -> None:
    fields = [
        {"id": "phone", "type": "phone", "prefill": "person.phone"},
        {"id": "note", "type": "note", "body": "Satu dua tiga"},
        {"id": "sum", "type": "computed", "value": 1},
        {"id": "yes", "type": "declaration", "statement": "Benar"},
        {"id": "part", "type": "section"},
    ]
    found = burden_of(definition_of({"fields": fields}, permissions=("person.phone",)))
    assert found.questions == 0
    assert found.words > 5


def test_a_grid_costs_a_question_a_cell_and_a_section_that_of_its_least_entries() -> None:
    grid = {"id": "grid", "type": "grid", **NEEDED["grid"]}
    people = {"id": "people", "type": "repeat", **NEEDED["repeat"], "minimum": 3}
    assert burden_of(definition_of({"fields": [grid]})).questions == 2
    assert burden_of(definition_of({"fields": [people]})).questions == 3
    assert burden_of(definition_of({"fields": [{**people, "minimum": 0}]})).questions == 1


def test_a_file_costs_a_minute() -> None:
    one = burden_of(definition_of({"fields": [{"id": "a", "type": "file"}]}))
    two = burden_of(definition_of({"fields": [{"id": "a", "type": "file"}, {"id": "b", "type": "photo"}]}))
    assert two.minutes == one.minutes + 1


@pytest.mark.parametrize("kind", sorted(known_field_types()))
def test_every_type_has_a_burden_that_grows_with_the_form(kind: str) -> None:
    field = {"id": "a", "type": kind, **NEEDED.get(kind, {})}
    one = burden_of(definition_of({"fields": [field]}))
    two = burden_of(definition_of({"fields": [field, {**field, "id": "b"}]}))
    assert two.questions == 2 * one.questions
    assert two.words > one.words
    assert two.minutes >= one.minutes >= 1


def test_the_words_are_those_of_the_language(birth: ServiceDefinition) -> None:
    assert burden_of(birth, "en").words != burden_of(birth, "id").words
    assert burden_of(birth).questions > 10
