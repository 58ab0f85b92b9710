"""What expressions come to: numbers exactly, dates by the calendar, nothing where an answer is missing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from form_samples import TODAY, me_with
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from app.contract.expressions import Expression
from app.forms.conditions import Situation
from app.forms.expressions import worked_out, years_between

EXPRESSION: TypeAdapter[Any] = TypeAdapter(Expression)
ANSWERS: dict[str, Any] = {
    "income": 2_500_000,
    "people": 4,
    "weight": "3.25",
    "born": "1996-03-07",
    "stay": {"start": "2026-01-30", "end": "2026-03-01"},
    "children": [{"name": "A", "cost": 100}, {"name": "B"}, {"name": "C", "cost": "50.5"}],
    "spending": {"food": {"amount": 10}, "rent": {"amount": 20}, "other": {}},
    "chosen": ["a", "b"],
    "yes": True,
    "text": "tiga",
}


def comes_to(expression: Any, **answers: Any) -> int | str | None:
    me = me_with(person__income=4_000_000, person__birth_date="1990-01-01")
    return worked_out(EXPRESSION.validate_python(expression), Situation(me, TODAY, {**ANSWERS, **answers}))


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (7, 7),
        (0.5, "0.5"),
        ({"field": "income"}, 2_500_000),
        ({"field": "weight"}, "3.25"),
        ({"field": "stay", "part": "end"}, "2026-03-01"),
        ({"concept": "person.income"}, 4_000_000),
        ({"today": {"days": -60}}, "2026-09-25"),
        ({"count": "children"}, 3),
        ({"count": "chosen"}, 2),
        ({"count": "nothing"}, 0),
        ({"total": "children", "of": "cost"}, "150.5"),
        ({"total": "spending", "of": "amount"}, 30),
        ({"total": "nothing", "of": "amount"}, 0),
        ({"sum": [{"field": "income"}, {"field": "missing"}, 1]}, 2_500_001),
        ({"sum": [{"field": "missing"}]}, None),
        ({"product": [{"field": "people"}, 35_000]}, 140_000),
        ({"product": [{"field": "people"}, {"field": "missing"}]}, None),
        ({"difference": [{"field": "income"}, 500_000]}, 2_000_000),
        ({"quotient": [{"field": "income"}, {"field": "people"}], "decimals": 0}, 625_000),
        ({"quotient": [10, 3]}, "3.33"),
        ({"quotient": [1, 0]}, None),
        ({"least": [3, {"field": "missing"}, 2]}, 2),
        ({"most": [{"field": "born"}, "2020-01-01"]}, "2020-01-01"),
        ({"most": [3, "2020-01-01"]}, None),
        ({"between": [{"field": "stay", "part": "start"}, {"field": "stay", "part": "end"}]}, 30),
        ({"between": ["2026-01-31", "2026-02-28"], "unit": "months"}, 0),
        ({"between": ["2026-01-15", "2026-03-15"], "unit": "months"}, 2),
        ({"age": {"field": "born"}}, 30),
        ({"age": {"field": "born"}, "on": "2026-03-06"}, 29),
        ({"age": {"concept": "person.birth_date"}}, 36),
        ({"age": {"field": "text"}}, None),
        ({"shifted": {"field": "born"}, "years": 17, "days": -1}, "2013-03-06"),
        ({"cases": [{"when": {"field": "people", "more_than": 3}, "value": 2}], "otherwise": 1}, 2),
        ({"cases": [{"when": {"field": "people", "more_than": 9}, "value": 2}], "otherwise": 1}, 1),
        ({"cases": [{"when": {"field": "missing", "is": 1}, "value": 2}]}, None),
        ({"sum": [{"field": "yes"}, {"field": "text"}]}, None),
        ({"product": [2**52, 2**52]}, None),
    ],
)
def test_an_expression_comes_to(expression: Any, expected: Any) -> None:
    found = comes_to(expression)
    assert found == expected
    assert type(found) is type(expected)


NUMBERS = st.integers(-(10**9), 10**9) | st.decimals(-9999, 9999, places=3).map(float)


@given(st.lists(NUMBERS, min_size=1, max_size=6))
def test_a_sum_is_exact(numbers: list[int | float]) -> None:
    assert Decimal(str(comes_to({"sum": numbers}))) == sum(Decimal(str(n)) for n in numbers)


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_an_age_is_reached_on_the_birthday_and_not_a_day_before(born: date, day: date) -> None:
    if born > day:
        born, day = day, born
    years = years_between(born, day)
    assert date(born.year + years, 1, 1).year <= day.year
    assert (day - born).days / 366 - 1 < years <= (day - born).days / 365


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "cost", "start"]), inner)
    ),
    max_leaves=6,
)


@given(answer=ANYTHING)
@pytest.mark.parametrize(
    "expression",
    [
        {"sum": [{"field": "x"}, 1]},
        {"total": "x", "of": "cost"},
        {"count": "x"},
        {"age": {"field": "x"}},
        {"quotient": [{"field": "x"}, {"field": "x", "part": "a"}]},
        {"shifted": {"field": "x"}, "days": 10**9},
        {"between": [{"field": "x", "part": "start"}, {"field": "x"}], "unit": "months"},
    ],
)
def test_no_answer_makes_an_expression_fail(expression: Any, answer: Any) -> None:
    found = comes_to(expression, x=answer)
    assert found is None or isinstance(found, int | str)
