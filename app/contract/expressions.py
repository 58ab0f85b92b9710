"""Values worked out from answers, as data: sums, counts, ages, the days between two dates. Never code.

An expression is a number or date, the answer of a field, an attribute of the citizen, a day relative to
today, or an operation over expressions. What it comes to is a number or a date, or nothing where an answer
that it needs is missing; `sum`, `total`, `least` and `most` leave missing ones out, as a form on paper does.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal, cast

from pydantic import BaseModel, Discriminator, Field, Tag

from app.contract.conditions import Condition, RelativeDate
from app.contract.field import FieldId, Strict


class Answered(Strict):
    """The answer of a field, or one `part` of it."""

    field: str
    part: str | None = None


class Known(Strict):
    """What the state knows of the citizen, or one `part` of it."""

    concept: str
    part: str | None = None


class Count(Strict):
    """How many: entries of a repeating section or rows of a grid (`where` it is true), options, or files."""

    count: FieldId
    where: Condition | None = None


class Total(Strict):
    """The sum of the inner field `of` over the entries of a repeating section, or over the rows of a grid.

    Where there is a `where`, over those for which it is true.
    """

    total: FieldId
    of: FieldId
    where: Condition | None = None


class Sum(Strict):
    """All of them together; what is missing is left out."""

    sum: list[Expression] = Field(min_length=1)


class Product(Strict):
    """All of them multiplied."""

    product: list[Expression] = Field(min_length=2)


class Difference(Strict):
    """The first without the second."""

    difference: list[Expression] = Field(min_length=2, max_length=2)


class Quotient(Strict):
    """The first divided by the second, rounded half up to `decimals`. Nothing where the second is zero."""

    quotient: list[Expression] = Field(min_length=2, max_length=2)
    decimals: int = Field(2, ge=0, le=6)


class Least(Strict):
    """The smallest, or the earliest; what is missing is left out."""

    least: list[Expression] = Field(min_length=1)


class Most(Strict):
    """The largest, or the latest; what is missing is left out."""

    most: list[Expression] = Field(min_length=1)


class Between(Strict):
    """The whole days, months or years from the first date to the second; negative where it is before."""

    between: list[Expression] = Field(min_length=2, max_length=2)
    unit: Literal["days", "months", "years"] = "days"


class Age(Strict):
    """The age in whole years of whoever was born on the date, today or `on` another day."""

    age: Expression
    on: Expression | None = None


class Shifted(Strict):
    """A date moved: months and years first (a day that the month lacks becomes its last one), then days."""

    shifted: Expression
    days: int = 0
    months: int = 0
    years: int = 0


class Case(Strict):
    """One value, and when it is the one."""

    when: Condition
    value: Expression


class Cases(Strict):
    """The value of the first case whose condition is true, else `otherwise`."""

    cases: list[Case] = Field(min_length=1)
    otherwise: Expression | None = None


_OPERATIONS: dict[str, type[BaseModel]] = {
    "field": Answered,
    "concept": Known,
    "today": RelativeDate,
    "count": Count,
    "total": Total,
    "sum": Sum,
    "product": Product,
    "difference": Difference,
    "quotient": Quotient,
    "least": Least,
    "most": Most,
    "between": Between,
    "age": Age,
    "shifted": Shifted,
    "cases": Cases,
}


def _operation(value: Any) -> str:
    if isinstance(value, dict):
        keys = cast("dict[str, Any]", value)
        return next((name for name in _OPERATIONS if name in keys), "field")
    if isinstance(value, BaseModel):
        return next((name for name, model in _OPERATIONS.items() if type(value) is model), "field")
    if isinstance(value, date | str):
        return "date"
    return "whole" if isinstance(value, int) else "decimal"


Expression = Annotated[
    Annotated[int, Tag("whole")]
    | Annotated[float, Tag("decimal")]
    | Annotated[date, Tag("date")]
    | Annotated[Answered, Tag("field")]
    | Annotated[Known, Tag("concept")]
    | Annotated[RelativeDate, Tag("today")]
    | Annotated[Count, Tag("count")]
    | Annotated[Total, Tag("total")]
    | Annotated[Sum, Tag("sum")]
    | Annotated[Product, Tag("product")]
    | Annotated[Difference, Tag("difference")]
    | Annotated[Quotient, Tag("quotient")]
    | Annotated[Least, Tag("least")]
    | Annotated[Most, Tag("most")]
    | Annotated[Between, Tag("between")]
    | Annotated[Age, Tag("age")]
    | Annotated[Shifted, Tag("shifted")]
    | Annotated[Cases, Tag("cases")],
    Discriminator(_operation),
]

for _model in (Sum, Product, Difference, Quotient, Least, Most, Between, Age, Shifted, Case, Cases):
    _model.model_rebuild()
