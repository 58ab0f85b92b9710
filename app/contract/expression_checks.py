"""Static checks of expressions: operands that exist, come before, and are numbers or dates as is wanted."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from datetime import date
from typing import Literal

from app.contract import expressions as e
from app.contract.condition_checks import (
    Path,
    Scope,
    answer_type,
    check_condition,
    check_where,
    concept_type,
    count_type,
    field_named,
    type_in_words,
)
from app.contract.conditions import RelativeDate
from app.contract.expressions import Expression
from app.contract.field_types import Type, type_of_field
from app.contract.findings import Fault, did_you_mean, shown
from app.contract.form import GridField, RepeatField, inner_fields

Value = Literal["number", "date"]
Kinding = Generator[Fault, None, Value | None]
"""Yields faults; gives what an expression comes to, or None where that cannot be told."""


def check_expression(
    expression: Expression, wanted: Value | None, scope: Scope, path: Path
) -> Iterator[Fault]:
    """The faults of an expression at `path`, which should come to `wanted` (None: either)."""
    kind = yield from _expression(expression, scope, path)
    if kind is not None and wanted is not None and kind != wanted:
        yield Fault(path, f"what comes to a {wanted}", f"a {kind}")


def _expression(expression: Expression, scope: Scope, path: Path) -> Kinding:
    match expression:
        case bool():
            yield Fault(path, "a number, a date or an operation", shown(expression))
            return None
        case int() | float():
            return "number"
        case date() | RelativeDate():
            return "date"
        case e.Answered():
            kind = yield from answer_type(expression.field, expression.part, scope, path)
            return (yield from _number_or_date(kind, path))
        case e.Known():
            kind = yield from concept_type(expression.concept, expression.part, scope, path)
            return (yield from _number_or_date(kind, path))
        case e.Count():
            yield from count_type(expression.count, None, scope, path, expression.where)
            return "number"
        case e.Total():
            return (yield from _total(expression, scope, path))
        case e.Sum(sum=inner):
            return (yield from _alike(inner, "number", scope, (*path, "sum")))
        case e.Product(product=inner):
            return (yield from _alike(inner, "number", scope, (*path, "product")))
        case e.Difference(difference=inner):
            return (yield from _alike(inner, "number", scope, (*path, "difference")))
        case e.Quotient(quotient=inner):
            return (yield from _alike(inner, "number", scope, (*path, "quotient")))
        case e.Least(least=inner):
            return (yield from _alike(inner, None, scope, (*path, "least")))
        case e.Most(most=inner):
            return (yield from _alike(inner, None, scope, (*path, "most")))
        case e.Between(between=inner):
            yield from _alike(inner, "date", scope, (*path, "between"))
            return "number"
        case e.Age():
            yield from check_expression(expression.age, "date", scope, (*path, "age"))
            if expression.on is not None:
                yield from check_expression(expression.on, "date", scope, (*path, "on"))
            return "number"
        case e.Shifted():
            yield from check_expression(expression.shifted, "date", scope, (*path, "shifted"))
            return "date"
        case e.Cases():
            for i, case in enumerate(expression.cases):
                yield from check_condition(case.when, scope, (*path, "cases", i, "when"))
            values = [case.value for case in expression.cases]
            places: list[Path] = [(*path, "cases", i, "value") for i in range(len(values))]
            if expression.otherwise is not None:
                values.append(expression.otherwise)
                places.append((*path, "otherwise"))
            return (yield from _same(values, places, None, scope))


def _number_or_date(kind: Type | None, path: Path) -> Kinding:
    if kind == "number":
        return "number"
    if kind == "date":
        return "date"
    if kind is None:
        return None
    yield Fault(path, "an answer that is a number or a date", type_in_words(kind))
    return None


def _alike(inner: list[Expression], wanted: Value | None, scope: Scope, path: Path) -> Kinding:
    return (yield from _same(inner, [(*path, i) for i in range(len(inner))], wanted, scope))


def _same(values: list[Expression], places: list[Path], wanted: Value | None, scope: Scope) -> Kinding:
    """Each value is `wanted`, or what the first of them is."""
    for value, place in zip(values, places, strict=True):
        kind = yield from _expression(value, scope, place)
        wanted = wanted or kind
        if kind is not None and kind != wanted:
            yield Fault(place, f"what comes to a {wanted}", f"a {kind}")
    return wanted


def _total(expression: e.Total, scope: Scope, path: Path) -> Kinding:
    asked = yield from field_named("total", expression.total, scope, path)
    if asked is None:
        return None
    if not isinstance(asked, RepeatField | GridField):
        came = f'"{expression.total}" of type {asked.type}'
        yield Fault((*path, "total"), "a repeating section or a grid", came)
        return None
    inner = {f.id: f for f in inner_fields(asked)}
    of = inner.get(expression.of)
    if of is None:
        hint = did_you_mean(expression.of, sorted(inner))
        yield Fault((*path, "of"), f"a field inside {asked.id}", shown(expression.of), hint)
    elif type_of_field(of) != "number":
        yield Fault((*path, "of"), "a field that is a number", f'"{of.id}" of type {of.type}')
    if expression.where is not None:
        yield from check_where(expression.where, asked, scope, (*path, "where"))
    return "number"
