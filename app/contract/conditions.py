"""Conditions as data: when a field, page, requirement, cost or option applies.

A condition is `all`, `any` or `not` over comparisons. A comparison names one operand (an answer by
field, an attribute by concept, or the count of a repeating section) and one test. It is never code.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal, Self, cast

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, model_validator


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Today(_Strict):
    """A date relative to the day the form is filled in: `{today: {days: -60}}`."""

    days: int = 0
    months: int = 0
    years: int = 0


class RelativeDate(_Strict):
    """A bound that moves with the day."""

    today: Today


class AnswerBound(_Strict):
    """A bound that another answer gives: `{field: start}`, or one `part` of it; for dates moved by a shift.

    `{field: start, days: 30}` is thirty days after the answer of `start`.
    """

    field: str
    part: str | None = None
    days: int = 0
    months: int = 0
    years: int = 0


Scalar = bool | int | float | str
Bound = RelativeDate | AnswerBound | date | int | float


class Comparison(_Strict):
    """One test of one operand. Exactly one operand and exactly one test are given.

    Operands: `field` (id of a field; inside a repeating section, of the same entry), `concept`
    (an attribute of the citizen), `count` (id of a repeating section: number of entries; of a grid: of rows
    that are filled in; of `choices`: of those chosen). `where` counts only the entries or rows for which it
    is true. `part` picks a key of a structured answer (a person's `sex`). What stands at the right may be
    another answer: `{field: end, after: {field: start}}`.
    """

    field: str | None = None
    concept: str | None = None
    count: str | None = None
    where: Condition | None = None
    part: str | None = None

    equals: Scalar | AnswerBound | None = Field(None, alias="is")
    differs: Scalar | AnswerBound | None = Field(None, alias="is_not")
    among: list[Scalar] | None = Field(None, alias="in")
    answered: bool | None = None
    less_than: Bound | None = None
    at_most: Bound | None = None
    more_than: Bound | None = None
    at_least: Bound | None = None
    before: Bound | None = None
    after: Bound | None = None

    @model_validator(mode="after")
    def _one_operand_one_test(self) -> Self:
        if sum(v is not None for v in (self.field, self.concept, self.count)) != 1:
            raise ValueError("give exactly one of: field, concept, count")
        if self.where is not None and self.count is None:
            raise ValueError("give `where` beside `count` alone")
        if len(self.tests) != 1:
            raise ValueError(
                "give exactly one test of: is, is_not, in, answered, less_than, at_most, more_than, "
                "at_least, before, after"
            )
        return self

    @property
    def tests(self) -> dict[str, Any]:
        """The tests that are given, by name (one in a valid comparison)."""
        return {name: getattr(self, name) for name in _TESTS if getattr(self, name) is not None}


_TESTS = (
    *("equals", "differs", "among", "answered"),
    *("less_than", "at_most", "more_than", "at_least", "before", "after"),
)


class All(_Strict):
    """True where every condition is."""

    all: list[Condition] = Field(min_length=1)


class Any_(_Strict):  # noqa: N801 - `Any` is taken
    """True where at least one condition is."""

    any: list[Condition] = Field(min_length=1)


class Not(_Strict):
    """True where the condition is false."""

    not_: Condition = Field(alias="not")


def _kind(value: Any) -> Literal["all", "any", "not", "comparison"]:
    if isinstance(value, dict):
        keys = set(cast("dict[str, Any]", value))
    else:
        keys = set(value.__class__.model_fields) if isinstance(value, BaseModel) else set[str]()
    if "all" in keys:
        return "all"
    if "any" in keys:
        return "any"
    if "not" in keys or "not_" in keys:
        return "not"
    return "comparison"


Condition = Annotated[
    Annotated[All, Tag("all")]
    | Annotated[Any_, Tag("any")]
    | Annotated[Not, Tag("not")]
    | Annotated[Comparison, Tag("comparison")],
    Discriminator(_kind),
]

for _model in (All, Any_, Not, Comparison):
    _model.model_rebuild()
