"""Static checks of conditions: operands that exist, come before, and have the type that is tested."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from app.contract.concepts import CONCEPTS, PARTS, Shape
from app.contract.conditions import All, Any_, Bound, Comparison, Condition, Not, RelativeDate
from app.contract.findings import Fault, Step, did_you_mean, one_of, shown
from app.contract.form import AnyField, ChoiceField, ChoicesField, RepeatField

Type = Literal["text", "number", "date", "boolean", "structure", "file", "none"] | frozenset[str]
"""What a value can be compared with; a set lists the only texts that it can be."""

_OF_FIELDS: Mapping[str, Type] = {
    "text": "text",
    "long_text": "text",
    "integer": "number",
    "decimal": "number",
    "date": "date",
    "time": "text",
    "yes_no": "boolean",
    "nik": "text",
    "kk": "text",
    "phone": "text",
    "email": "text",
    "person": "structure",
    "file": "file",
    "declaration": "boolean",
    "note": "none",
    "repeat": "file",
}
_OF_SHAPES: Mapping[str, Type] = {
    "text": "text",
    "nik": "text",
    "kk": "text",
    "date": "date",
    "sex": frozenset(("female", "male")),
    "phone": "text",
    "email": "text",
    "time": "text",
    "address": "structure",
    "people": "file",
    "marriage": "structure",
    "birth": "structure",
    "boolean": "boolean",
    "integer": "number",
    "decimal": "number",
}
_PERSON: Mapping[str, Shape | tuple[str, ...]] = {
    **{part: PARTS["people"][part] for part in ("nik", "full_name", "sex", "birth_date", "birth_place")},
    "from": ("family", "typed"),
}
_ORDER = ("less_than", "at_most", "more_than", "at_least", "before", "after")
_WORDS = {"equals": "is", "differs": "is_not", "among": "in"}


@dataclass(frozen=True, slots=True)
class Scope:
    """What a condition may name.

    `fields` by id, and the concepts that are `permitted`; `later` fields exist but are answered only
    afterwards; `person` is true where nothing but the person at hand may be named.
    """

    fields: Mapping[str, AnyField]
    permitted: frozenset[str]
    later: frozenset[str] = field(default_factory=frozenset[str])
    person: bool = False


def check_condition(condition: Condition, scope: Scope, path: tuple[Step, ...]) -> Iterator[Fault]:
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


def check_bound(bound: Bound | None, path: tuple[Step, ...]) -> Iterator[Fault]:
    """A bound of a date field must be a day."""
    if bound is not None and not isinstance(bound, date | RelativeDate):
        yield Fault(path, "a date (2026-03-07) or {today: {days: -60}}", shown(bound))


def check_concept(concept: str, permitted: frozenset[str], path: tuple[Step, ...]) -> Iterator[Fault]:
    """A concept that is read must exist and be permitted."""
    if concept not in CONCEPTS:
        yield Fault(path, "a known concept", shown(concept), did_you_mean(concept, sorted(CONCEPTS)))
    elif concept not in permitted:
        came = f'"{concept}" without one'
        yield Fault(path, "a concept with a permission", came, "Add it under permissions, with a reason.")


def type_of_field(asked: AnyField) -> Type:
    """What the answer of a field can be compared with."""
    if isinstance(asked, ChoiceField | ChoicesField):
        return frozenset(option.value for option in asked.options)
    return _OF_FIELDS.get(asked.type, "text")


def type_of_concept(concept: str, part: str | None) -> Type | None:
    """What an attribute (or one part of it) can be compared with; None where there is no such part."""
    shape: Shape | tuple[str, ...] = CONCEPTS[concept].shape
    if part is not None:
        parts = PARTS.get(shape)
        if parts is None or part not in parts:
            return None
        shape = parts[part]
    return frozenset(shape) if isinstance(shape, tuple) else _OF_SHAPES[shape]


def _comparison(test: Comparison, scope: Scope, path: tuple[Step, ...]) -> Iterator[Fault]:
    if test.concept is not None:
        known = list(check_concept(test.concept, scope.permitted, (*path, "concept")))
        yield from known
        if test.concept in CONCEPTS:
            kind = type_of_concept(test.concept, test.part)
            if kind is None:
                parts = list(PARTS.get(CONCEPTS[test.concept].shape, {}))
                yield Fault((*path, "part"), _parts(parts), shown(test.part))
            else:
                yield from _test(test, kind, path)
        return
    key, name = ("count", test.count) if test.count is not None else ("field", test.field or "")
    if key == "field" and scope.person and name == "person":
        yield from _of_person(test, path)
        return
    if scope.person:
        yield Fault((*path, key), '"field: person", the person at hand', shown(name))
        return
    asked = scope.fields.get(name)
    if asked is None:
        if name in scope.later:
            yield Fault((*path, key), "a field before this one", f'"{name}", which comes later')
        else:
            hint = did_you_mean(name, sorted(scope.fields))
            yield Fault((*path, key), "a field of this form", shown(name), hint)
    elif key == "count":
        if not isinstance(asked, RepeatField):
            yield Fault((*path, key), "a repeating section", f'"{name}" of type {asked.type}')
        elif test.part is not None:
            yield Fault((*path, "part"), "no part of a number", shown(test.part))
        else:
            yield from _test(test, "number", path)
    elif asked.type == "person":
        yield from _of_person(test, path)
    elif test.part is not None:
        yield Fault((*path, "part"), f"no part: {asked.type} answers have none", shown(test.part))
    else:
        yield from _test(test, type_of_field(asked), path)


def _of_person(test: Comparison, path: tuple[Step, ...]) -> Iterator[Fault]:
    if test.part is None:
        yield from _test(test, "structure", path)
    elif test.part not in _PERSON:
        yield Fault((*path, "part"), _parts(list(_PERSON)), shown(test.part))
    else:
        shape = _PERSON[test.part]
        yield from _test(test, frozenset(shape) if isinstance(shape, tuple) else _OF_SHAPES[shape], path)


def _parts(parts: list[str]) -> str:
    return one_of(parts) if parts else "no part: this has none"


def _test(comparison: Comparison, kind: Type, path: tuple[Step, ...]) -> Iterator[Fault]:
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
    elif name in _ORDER:
        if kind not in ("number", "date"):
            yield Fault(
                (*path, key), "a number or a date to compare with", "a text" if kind == "text" else "a word"
            )
        elif (kind == "date") != isinstance(wanted, date | RelativeDate):
            expected = "a date (2026-03-07) or {today: {days: -60}}" if kind == "date" else "a number"
            came = "a date" if isinstance(wanted, date | RelativeDate) else shown(wanted)
            yield Fault((*path, key), expected, came)
    elif name == "among":
        for i, one in enumerate(wanted):
            yield from _value(one, kind, (*path, key, i))
    else:
        yield from _value(wanted, kind, (*path, key))


def _value(value: bool | int | float | str, kind: Type, path: tuple[Step, ...]) -> Iterator[Fault]:
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
