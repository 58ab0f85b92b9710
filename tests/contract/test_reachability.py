"""Conditions that are never or always true, and circles: found where it is certain, and never guessed."""

from __future__ import annotations

from typing import Any

import pytest
from checked_definitions import definition, found
from hypothesis import given
from hypothesis import strategies as st

from app.contract.form_checks import check_service

YES = {"id": "yes", "type": "yes_no"}
WHERE = {
    "id": "where",
    "type": "choice",
    "options": [{"value": v, "label": v.title()} for v in ("home", "hospital", "other")],
}
AGE = {"id": "age", "type": "integer", "minimum": 0, "maximum": 120}
BORN = {"id": "born", "type": "date"}
SOME = {"id": "some", "type": "choices", "options": [{"value": v, "label": v} for v in ("a", "b")]}
LAST = {"id": "last", "type": "text", "required": False}


def of_page(when: Any, *fields: dict[str, Any]) -> list[tuple[str, str]]:
    """What is found about the condition of a second page, after a first with these fields."""
    return found({"fields": list(fields or (YES, WHERE, AGE, BORN, SOME))}, {"when": when, "fields": [LAST]})


NEVER = [("form.pages.1.when", "a condition that is never true")]
ALWAYS = [("form.pages.1.when", "one that is always true")]


@pytest.mark.parametrize(
    "when",
    [
        {"all": [{"field": "yes", "is": True}, {"field": "yes", "is": False}]},
        {"all": [{"field": "where", "is": "home"}, {"field": "where", "in": ["hospital", "other"]}]},
        {"all": [{"field": "where", "is_not": v} for v in ("home", "hospital", "other")]},
        {"all": [{"field": "age", "less_than": 5}, {"field": "age", "at_least": 5}]},
        {"field": "age", "more_than": 120},
        {"field": "yes", "answered": False},
        {"all": [{"field": "born", "before": "2000-01-01"}, {"field": "born", "after": "2001-01-01"}]},
        {
            "all": [
                {"field": "born", "before": {"today": {"years": -18}}},
                {"field": "born", "after": {"today": {"months": -12}}},
            ]
        },
        {"all": [{"field": "yes", "is": True}, {"not": {"field": "yes", "is": True}}]},
        {"all": [{"field": "age", "is": 3}, {"field": "age", "in": [4, 5]}]},
        {"not": {"any": [{"field": "yes", "is": True}, {"field": "yes", "is": False}]}},
    ],
)
def test_a_page_that_nobody_can_reach_is_told(when: Any) -> None:
    assert of_page(when) == NEVER


@pytest.mark.parametrize(
    "when",
    [
        {"any": [{"field": "yes", "is": True}, {"field": "yes", "is": False}]},
        {"field": "where", "in": ["home", "hospital", "other"]},
        {"any": [{"field": "age", "less_than": 5}, {"field": "age", "at_least": 5}]},
        {"field": "age", "at_most": 120},
        {"field": "yes", "answered": True},
        {"not": {"all": [{"field": "yes", "is": True}, {"field": "yes", "is": False}]}},
    ],
)
def test_a_condition_that_is_always_true_is_told(when: Any) -> None:
    assert of_page(when) == ALWAYS


@pytest.mark.parametrize(
    "when",
    [
        {"field": "yes", "is": True},
        {"all": [{"field": "where", "is": "home"}, {"field": "age", "more_than": 17}]},
        {"all": [{"field": "age", "at_least": 5}, {"field": "age", "at_most": 5}]},
        {"all": [{"field": "some", "is": "a"}, {"field": "some", "is": "b"}]},
        {"all": [{"field": "born", "before": "2000-01-01"}, {"field": "born", "after": {"today": {}}}]},
        {"all": [{"field": "born", "before": {"today": {"days": -60}}}, {"field": "yes", "is": True}]},
        {"all": [{"count": "some", "at_least": 1}, {"count": "some", "at_most": 2}]},
        {"not": {"field": "where", "is": "home"}},
    ],
)
def test_what_may_come_out_either_way_is_not_told(when: Any) -> None:
    assert of_page(when) == []


def test_an_optional_answer_may_be_missing() -> None:
    optional = {**YES, "required": False}
    assert of_page({"field": "yes", "answered": False}, optional) == []
    assert of_page({"any": [{"field": "yes", "is": True}, {"field": "yes", "is": False}]}, optional) == []


def test_an_answer_that_is_hidden_is_missing() -> None:
    hidden = {**WHERE, "when": {"field": "yes", "is": True}}
    both = {"all": [{"field": "yes", "is": False}, {"field": "where", "is": "home"}]}
    assert of_page(both, YES, hidden) == NEVER
    assert of_page({"field": "where", "answered": False}, YES, hidden) == []


def test_a_field_that_contradicts_its_page_or_its_section_is_told() -> None:
    no = {"field": "yes", "is": False}
    page = {"when": {"field": "yes", "is": True}, "fields": [{**LAST, "when": no}, {**AGE}]}
    assert found({"fields": [YES]}, page) == [
        ("form.pages.1.fields.0.when", "a condition that is never true")
    ]
    section = {"id": "part", "type": "section", "when": {"field": "yes", "is": True}}
    assert found({"fields": [YES, WHERE]}, {"fields": [section, {**LAST, "when": no}]}) == [
        ("form.pages.1.fields.1.when", "a condition that is never true")
    ]


def test_a_page_after_an_exit_that_always_ends_its_way_is_told() -> None:
    ending = {"when": {"field": "yes", "is": False}, "title": "Tidak di sini", "advice": "Datang ke kantor."}
    first = {"fields": [YES], "exits": [ending]}
    no = {"when": {"field": "yes", "is": False}, "fields": [LAST]}
    assert found(first, no) == NEVER
    assert found(first, {"when": {"field": "yes", "is": True}, "fields": [LAST]}) == ALWAYS


def test_an_option_and_a_cost_that_can_never_be_are_told() -> None:
    contradiction = {"all": [{"field": "yes", "is": True}, {"field": "yes", "is": False}]}
    options = [{"value": "a", "label": "A"}, {"value": "b", "label": "B", "when": contradiction}]
    choice = {"id": "which", "type": "choice", "options": options}
    assert found({"fields": [YES]}, {"fields": [choice]}) == [
        ("form.pages.1.fields.0.options.1.when", "a condition that is never true")
    ]
    costs = [{"amount": 1, "dated": "2026-01-01", "when": contradiction}]
    assert found({"fields": [YES]}, costs=costs) == [("costs.0.when", "a condition that is never true")]


def test_fields_that_look_at_each_other_are_a_circle() -> None:
    a = {**YES, "id": "a", "when": {"field": "b", "is": True}}
    b = {**YES, "id": "b", "when": {"field": "a", "is": True}}
    faults = found({"fields": [a, b]})
    assert faults == [("form.pages.0.fields.0.when.field", "a circle: a → b → a")]
    own = {**YES, "id": "a", "when": {"field": "a", "is": True}}
    assert found({"fields": [own]}) == [("form.pages.0.fields.0.when.field", "a circle: a → a")]


def test_a_value_worked_out_from_itself_is_a_circle() -> None:
    total = {"id": "total", "type": "computed", "value": {"sum": [{"field": "total"}, 1]}}
    (fault,) = found({"fields": [total]})
    assert fault == ("form.pages.0.fields.0.value.sum.0.field", "a circle: total → total")


COMPARISONS = st.one_of(
    st.booleans().map(lambda v: {"field": "yes", "is": v}),
    st.sampled_from(["home", "hospital", "other"]).map(lambda v: {"field": "where", "is": v}),
    st.integers(0, 120).map(lambda v: {"field": "age", "at_least": v}),
    st.integers(0, 120).map(lambda v: {"field": "age", "less_than": v}),
)
CONDITIONS = st.recursive(
    COMPARISONS,
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3).map(lambda v: {"all": v})
        | st.lists(inner, min_size=1, max_size=3).map(lambda v: {"any": v})
        | inner.map(lambda v: {"not": v})
    ),
    max_leaves=5,
)


@given(
    when=CONDITIONS,
    yes=st.booleans(),
    where=st.sampled_from(["home", "hospital", "other"]),
    age=st.integers(0, 120),
)
def test_nothing_is_said_of_a_condition_that_some_citizen_shows_to_be_otherwise(
    when: Any, yes: bool, where: str, age: int
) -> None:
    from datetime import date

    from app.contract.citizen import Me
    from app.forms.conditions import Situation, holds

    tested = definition({"fields": [YES, WHERE, AGE]}, {"when": when, "fields": [LAST]})
    condition = tested.form.pages[1].when
    assert condition is not None
    situation = Situation(
        Me(subject="", attributes=[]), date(2026, 11, 24), {"yes": yes, "where": where, "age": age}
    )
    came = {fault.came for fault in check_service(tested)}
    if holds(condition, situation):
        assert "a condition that is never true" not in came
    else:
        assert "one that is always true" not in came
