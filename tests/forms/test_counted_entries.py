"""Counting and adding up the entries, or the rows, that meet a condition."""

from __future__ import annotations

from typing import Any

import pytest
from form_samples import NOBODY, TODAY, definition_of

from app.contract.conditions import Comparison
from app.forms.journey import Journey

CHILDREN = {
    "id": "children",
    "type": "repeat",
    "item": "Anak",
    "summary": "{name}",
    "fields": [
        {"id": "name", "type": "text", "label": "Nama"},
        {"id": "born", "type": "date", "label": "Lahir"},
        {"id": "care", "type": "money", "label": "Penitipan"},
    ],
}
UNDER_THREE = {"field": "born", "after": {"today": {"years": -3}}}
MONTHS = {
    "id": "months",
    "type": "grid",
    "required": False,
    "rows": [{"id": f"m{i}", "label": f"Bulan {i}"} for i in range(1, 5)],
    "columns": [
        {
            "id": "who",
            "type": "choice",
            "label": "Siapa",
            "required": False,
            "options": [{"value": "mother", "label": "Ibu"}, {"value": "father", "label": "Ayah"}],
        }
    ],
}


def total(value: dict[str, Any]) -> dict[str, Any]:
    return {"id": "worked_out", "type": "computed", "value": value}


def journey(*fields: dict[str, Any], children: list[dict[str, Any]] | None = None) -> Journey:
    begun = Journey(definition_of({"fields": list(fields)}), NOBODY, TODAY)
    if children is not None:
        begun.answer("children", children)
    return begun


def child(born: str, care: int | None = None) -> dict[str, Any]:
    return {"name": "Arka", "born": born, **({} if care is None else {"care": care})}


@pytest.mark.parametrize(
    ("children", "shown"),
    [
        (None, False),
        ([], False),
        ([child("2019-01-01")], False),
        ([child("2019-01-01"), child("2025-01-01")], True),
        ([{"name": "Arka"}], False),
    ],
    ids=["unanswered", "none", "too old", "one of two", "unknown"],
)
def test_a_field_appears_where_one_entry_meets_the_condition(
    children: list[dict[str, Any]] | None, shown: bool
) -> None:
    when = {"count": "children", "where": UNDER_THREE, "at_least": 1}
    asked = journey(CHILDREN, {"id": "extra", "type": "text", "when": when}, children=children)
    assert ("extra" in {f.id for f in asked.fields("p0")}) is shown


def test_only_the_entries_that_meet_the_condition_are_added_up_and_counted() -> None:
    children = [child("2019-01-01", 100), child("2025-01-01", 30), child("2026-01-01", 7)]
    asked = journey(
        CHILDREN, total({"total": "children", "of": "care", "where": UNDER_THREE}), children=children
    )
    assert asked.value("worked_out") == 37
    asked = journey(CHILDREN, total({"count": "children", "where": UNDER_THREE}), children=children)
    assert asked.value("worked_out") == 2


def test_a_condition_on_entries_may_look_at_the_form_around_them() -> None:
    later = {"field": "born", "after": {"field": "married"}}
    married = {"id": "married", "type": "date"}
    asked = journey(married, CHILDREN, total({"count": "children", "where": later}))
    asked.answer("married", "2022-02-02")
    asked.answer("children", [child("2019-01-01"), child("2025-01-01")])
    assert asked.value("worked_out") == 1


def test_rows_of_a_grid_are_counted_by_what_is_in_them() -> None:
    who = {"field": "who", "is": "father"}
    enough = {"valid_if": {"count": "months", "where": who, "at_least": 2}, "message": "Kurang."}
    asked = journey({**MONTHS, "checks": [enough]})
    asked.answer("months.m1.who", "mother")
    asked.answer("months.m2.who", "father")
    assert [str(p.phrase.values["message"]) for p in asked.problems("p0")] == ["Kurang."]
    asked.answer("months.m4.who", "father")
    assert asked.problems("p0") == []


def test_without_a_condition_the_rows_that_are_filled_in_are_counted() -> None:
    asked = journey(MONTHS, total({"count": "months"}))
    assert asked.value("worked_out") == 0
    asked.answer("months.m2.who", "father")
    assert asked.value("worked_out") == 1


def test_where_stands_beside_a_count_alone() -> None:
    with pytest.raises(ValueError, match="beside `count` alone"):
        Comparison.model_validate({"field": "a", "where": UNDER_THREE, "at_least": 1})
