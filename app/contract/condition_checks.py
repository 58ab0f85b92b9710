"""Static checks of conditions: operands that exist, come before, and have the type that is tested."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from app.contract.concepts import CONCEPTS, PARTS, Shape
from app.contract.conditions import (
    All,
    AnswerBound,
    Any_,
    Bound,
    Comparison,
    Condition,
    Not,
    RelativeDate,
)
from app.contract.field_types import Type, can_be_counted, parts_of_field, type_of_field, type_of_shape
from app.contract.findings import Fault, Step, did_you_mean, one_of, shown
from app.contract.form import AnyField, inner_fields

Path = tuple[Step, ...]
Typing = Generator[Fault, None, Type | None]
"""Yields faults; gives the type of what was named, or None where there is nothing to check further."""

_ORDER = ("less_than", "at_most", "more_than", "at_least", "before", "after")
_WORDS = {"equals": "is", "differs": "is_not", "among": "in"}
_A_DATE = "a date (2026-03-07) or {today: {days: -60}}"


@dataclass(frozen=True, slots=True)
class Scope:
    """What a condition may name.

    `fields` by id, and the concepts that are `permitted`; `later` fields exist but are answered only
    afterwards; `person` is true where nothing but the person at hand may be named. `own` is the field whose
    condition it is, and `depends` says which fields each field looks at: together they show a circle.
    """

    fields: Mapping[str, AnyField]
    permitted: frozenset[str]
    later: frozenset[str] = field(default_factory=frozenset[str])
    person: bool = False
    own: str | None = None
    depends: Mapping[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])

    def circle(self, name: str) -> list[str] | None:
        """The way from the own field to `name` and back, by what each looks at; None: there is none."""
        ways: list[list[str]] = [[name]]
        seen = {name}
        while ways:
            way = ways.pop(0)
            if way[-1] == self.own:
                return [way[-1], *way]
            for further in sorted(self.depends.get(way[-1], frozenset()) - seen):
                seen.add(further)
                ways.append([*way, further])
        return None


def check_condition(condition: Condition, scope: Scope, path: Path) -> Iterator[Fault]:
    """The faults of one condition that stands at `path`."""
    match condition:
        case All():
            for i, inner in enumerate(condition.all):
                yield from check_condition(inner, scope, (*path, "all", i))
        case Any_():
            for i, inner in enumerate(condition.any):
                yield from check_condition(inner, scope, (*path, "any", i))
        case Not():
            yield from check_condition(condition.not_, scope, (*path, "not"))
        case Comparison():
            yield from _comparison(condition, scope, path)


def check_bound(bound: Bound | None, scope: Scope, path: Path) -> Iterator[Fault]:
    """A bound of a date field must be a day, or the answer of a date field."""
    if isinstance(bound, AnswerBound):
        yield from _other_answer(bound, "date", scope, path)
    elif bound is not None and not isinstance(bound, date | RelativeDate):
        yield Fault(path, _A_DATE, shown(bound))


def check_concept(concept: str, permitted: frozenset[str], path: Path) -> Iterator[Fault]:
    """A concept that is read must exist and be permitted."""
    if concept not in CONCEPTS:
        yield Fault(path, "a known concept", shown(concept), did_you_mean(concept, sorted(CONCEPTS)))
    elif concept not in permitted:
        came = f'"{concept}" without one'
        yield Fault(path, "a concept with a permission", came, "Add it under permissions, with a reason.")


def type_of_concept(concept: str, part: str | None) -> Type | None:
    """What an attribute (or one part of it) can be compared with; None where there is no such part."""
    shape: Shape | tuple[str, ...] = CONCEPTS[concept].shape
    if part is not None:
        parts = PARTS.get(shape)
        if parts is None or part not in parts:
            return None
        shape = parts[part]
    return type_of_shape(shape)


def _comparison(test: Comparison, scope: Scope, path: Path) -> Iterator[Fault]:
    if test.concept is not None:
        kind = yield from concept_type(test.concept, test.part, scope, path)
    elif test.count is not None:
        kind = yield from count_type(test.count, test.part, scope, path, test.where)
    else:
        kind = yield from answer_type(test.field or "", test.part, scope, path)
    if kind is not None:
        yield from _test(test, kind, scope, path)


def concept_type(concept: str, part: str | None, scope: Scope, path: Path) -> Typing:
    """The type of an attribute of the citizen, or of one part of it."""
    if scope.person:
        yield Fault((*path, "concept"), '"field: person", the person at hand', shown(concept))
        return None
    yield from check_concept(concept, scope.permitted, (*path, "concept"))
    if concept not in CONCEPTS:
        return None
    kind = type_of_concept(concept, part)
    if kind is None:
        yield Fault((*path, "part"), _parts(list(PARTS.get(CONCEPTS[concept].shape, {}))), shown(part))
    return kind


def field_named(key: str, name: str, scope: Scope, path: Path) -> Generator[Fault, None, AnyField | None]:
    """The field called `name`, or None where no such field may be named here."""
    asked = scope.fields.get(name)
    if asked is None or name in scope.later:
        if name in scope.later:
            circle = scope.circle(name)
            came = f"a circle: {' → '.join(circle)}" if circle else f'"{name}", which comes later'
            yield Fault((*path, key), "a field before this one", came)
        else:
            yield Fault(
                (*path, key), "a field of this form", shown(name), did_you_mean(name, sorted(scope.fields))
            )
        return None
    return asked


def count_type(
    name: str, part: str | None, scope: Scope, path: Path, where: Condition | None = None
) -> Typing:
    """The type of a count: a number. `where` says which entries or rows are counted."""
    if scope.person:
        yield Fault((*path, "count"), '"field: person", the person at hand', shown(name))
        return None
    asked = yield from field_named("count", name, scope, path)
    if asked is None:
        return None
    if not can_be_counted(asked):
        yield Fault(
            (*path, "count"),
            "a repeating section, a grid, choices or files",
            f'"{name}" of type {asked.type}',
        )
        return None
    if where is not None:
        yield from check_where(where, asked, scope, (*path, "where"))
    if part is not None:
        yield Fault((*path, "part"), "no part of a number", shown(part))
        return None
    return "number"


def check_where(where: Condition, asked: AnyField, scope: Scope, path: Path) -> Iterator[Fault]:
    """The faults of a condition on the entries or rows of `asked`: it may name their fields first."""
    inner = {one.id: one for one in inner_fields(asked)}
    if not inner:
        came = f'"{asked.id}" of type {asked.type}'
        yield Fault(path, "a repeating section or a grid, whose entries it looks at", came)
        return
    seen = replace(scope, fields={**scope.fields, **inner}, later=scope.later - inner.keys())
    yield from check_condition(where, seen, path)


def answer_type(name: str, part: str | None, scope: Scope, path: Path) -> Typing:
    """The type of an answer, or of one part of it."""
    if scope.person:
        if name != "person":
            yield Fault((*path, "field"), '"field: person", the person at hand', shown(name))
            return None
        parts: Mapping[str, Type] = parts_of_field("person")
        kind: Type = "structure"
        what = "person"
    else:
        asked = yield from field_named("field", name, scope, path)
        if asked is None:
            return None
        parts, kind, what = parts_of_field(asked), type_of_field(asked), asked.type
    if part is None:
        return kind
    if not parts:
        yield Fault((*path, "part"), f"no part: {what} answers have none", shown(part))
        return None
    if part not in parts:
        yield Fault((*path, "part"), _parts(list(parts)), shown(part), did_you_mean(part, list(parts)))
        return None
    return parts[part]


def _parts(parts: list[str]) -> str:
    return one_of(parts) if parts else "no part: this has none"


def _test(comparison: Comparison, kind: Type, scope: Scope, path: Path) -> Iterator[Fault]:
    """Whether what stands at the right of a comparison is of the type that stands at the left."""
    (name, wanted), *_ = comparison.tests.items()
    if name == "answered":
        if kind == "none":
            yield Fault(path, "a field that takes an answer", "a note")
        return
    key = _WORDS.get(name, name)
    if kind in ("structure", "file", "none"):
        hint = "Name one of its parts with `part`." if kind == "structure" else ""
        yield Fault((*path, key), "only the test `answered` here", key, hint)
    elif isinstance(wanted, AnswerBound):
        if name in _ORDER and kind not in ("number", "date"):
            yield Fault((*path, key), "a number or a date to compare with", "a text")
        else:
            yield from _other_answer(wanted, kind, scope, (*path, key))
    elif name in _ORDER:
        if kind not in ("number", "date"):
            yield Fault(
                (*path, key), "a number or a date to compare with", "a text" if kind == "text" else "a word"
            )
        elif (kind == "date") != isinstance(wanted, date | RelativeDate):
            came = "a date" if isinstance(wanted, date | RelativeDate) else shown(wanted)
            yield Fault((*path, key), _A_DATE if kind == "date" else "a number", came)
    elif name == "among":
        for i, one in enumerate(wanted):
            yield from _value(one, kind, (*path, key, i))
    else:
        yield from _value(wanted, kind, (*path, key))


def _other_answer(other: AnswerBound, kind: Type, scope: Scope, path: Path) -> Iterator[Fault]:
    """Another answer at the right must be of the same type; only dates can be moved by a shift."""
    found = yield from answer_type(other.field, other.part, scope, path)
    if found is None:
        return
    alike = found == kind or (_is_text(found) and _is_text(kind))
    if not alike:
        yield Fault(
            (*path, "field"),
            f"an answer that is {type_in_words(kind)}",
            f'"{other.field}", {type_in_words(found)}',
        )
    elif kind != "date" and (other.days or other.months or other.years):
        yield Fault(
            path, "a shift in days, months or years of a date alone", f"a shift of {type_in_words(kind)}"
        )


def _is_text(kind: Type) -> bool:
    return kind == "text" or isinstance(kind, frozenset)


def type_in_words(kind: Type) -> str:
    """`a number`, `a date`, for findings."""
    if isinstance(kind, frozenset):
        return "a word of a list"
    return {"boolean": "yes or no", "structure": "of several parts", "file": "a list", "none": "none"}.get(
        kind, f"a {kind}"
    )


def _value(value: bool | int | float | str, kind: Type, path: Path) -> Iterator[Fault]:
    if isinstance(kind, frozenset):
        if value not in kind:
            hint = did_you_mean(str(value), sorted(kind))
            yield Fault(path, one_of(sorted(kind)), shown(value), hint)
    elif kind == "boolean":
        if not isinstance(value, bool):
            yield Fault(path, "true or false", shown(value))
    elif kind == "number":
        if isinstance(value, bool | str):
            yield Fault(path, "a number", shown(value))
    elif not isinstance(value, str):
        yield Fault(path, "a date (2026-03-07)" if kind == "date" else "a text", shown(value))
    elif kind == "date" and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        yield Fault(path, "a date (2026-03-07)", shown(value))
