"""Conditions that look into entries and rows are checked like any other."""

from __future__ import annotations

from typing import Any

from checked_definitions import found

CHILDREN = {
    "id": "children",
    "type": "repeat",
    "item": "Anak",
    "summary": "{name}",
    "maximum": 3,
    "fields": [
        {"id": "name", "type": "text", "label": "Nama"},
        {"id": "age", "type": "integer", "label": "Umur"},
    ],
}


def asked(test: dict[str, Any], *before: dict[str, Any]) -> list[tuple[str, str]]:
    return found({"fields": [*before, CHILDREN, {"id": "more", "type": "text", "when": test}]})


def young(where: dict[str, Any], **test: Any) -> dict[str, Any]:
    return {"count": "children", "where": where, **(test or {"at_least": 1})}


def test_what_an_entry_has_may_be_named() -> None:
    assert asked(young({"field": "age", "less_than": 3})) == []


def test_a_field_that_neither_the_entry_nor_the_form_has_is_found() -> None:
    assert asked(young({"field": "agee", "less_than": 3})) == [
        ("form.pages.0.fields.1.when.where.field", '"agee"')
    ]


def test_a_wrong_type_inside_is_found() -> None:
    assert asked(young({"field": "age", "is": "three"})) == [
        ("form.pages.0.fields.1.when.where.is", '"three"')
    ]


def test_what_has_no_entries_cannot_be_looked_into() -> None:
    options = [{"value": "a", "label": "A"}, {"value": "b", "label": "B"}]
    some = {"id": "some", "type": "choices", "options": options}
    test = {"count": "some", "where": {"field": "age", "less_than": 3}, "at_least": 1}
    assert asked(test, some) == [("form.pages.0.fields.2.when.where", '"some" of type choices')]


def test_a_concept_inside_needs_its_permission_and_counts_as_used() -> None:
    test = young({"concept": "household.low_income", "is": True})
    assert asked(test) == [("form.pages.0.fields.1.when.where.concept", '"household.low_income" without one')]
    fields = [CHILDREN, {"id": "more", "type": "text", "when": test}]
    permission = [{"concept": "household.low_income", "reason": "untuk contoh"}]
    assert found({"fields": fields}, permissions=permission) == []


def test_more_entries_than_there_can_be_are_never_counted() -> None:
    assert asked(young({"field": "age", "less_than": 3}, at_least=4)) == [
        ("form.pages.0.fields.1.when", "a condition that is never true")
    ]


def test_counts_by_different_conditions_are_different_numbers() -> None:
    small, large = {"field": "age", "less_than": 3}, {"field": "age", "at_least": 3}
    assert asked({"all": [young(small), young(large, at_most=0)]}) == []
    assert asked({"all": [young(small), young(small, at_most=0)]}) == [
        ("form.pages.0.fields.1.when", "a condition that is never true")
    ]


def test_sums_over_some_entries_are_checked() -> None:
    value = {"total": "children", "of": "age", "where": {"field": "name", "at_least": 3}}
    assert [
        path for path, _ in found({"fields": [CHILDREN, {"id": "sum", "type": "computed", "value": value}]})
    ] == ["form.pages.0.fields.1.value.where.at_least"]


def test_a_region_that_is_not_there_is_found() -> None:
    assert found({"fields": [{"id": "a", "type": "text"}]}, regions=["32.73", "99"]) == [
        ("regions.1", '"99"')
    ]
