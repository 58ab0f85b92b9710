"""What conditions and expressions name: the concepts that a service reads, the fields that one looks at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, cast

from pydantic import BaseModel

from app.contract.conditions import AnswerBound, Comparison
from app.contract.definition import ServiceDefinition
from app.contract.expressions import Answered, Count, Known, Total
from app.contract.form import AnyField, FieldBase, PersonField, SignatureField


def used_concepts(definition: ServiceDefinition) -> frozenset[str]:
    """The concepts that requirements, conditions, expressions and fields of a service name.

    The concept of a field counts: what was told for it in another service is read here.
    """
    form = definition.form
    found = {r.concept for r in definition.requirements if r.concept}
    for part in (definition.requirements, definition.costs, form.pages, [form.declaration]):
        found |= set(_named(part))
    return frozenset(found)


def models_in(part: Any) -> Iterator[BaseModel]:
    """The models in a part of a definition at any depth, itself first."""
    if isinstance(part, BaseModel):
        yield part
        for name in type(part).model_fields:
            yield from models_in(getattr(part, name))
    elif isinstance(part, list | tuple):
        for one in cast("Iterable[Any]", part):
            yield from models_in(one)


def _named(part: Any) -> Iterator[str]:
    """The concepts that are named in a part of a definition, at any depth."""
    match part:
        case Comparison(where=where):
            if part.concept:
                yield part.concept
            yield from _named(where)
        case Known():
            yield part.concept
        case BaseModel():
            if isinstance(part, FieldBase):
                yield from _of_field(cast("AnyField", part))
            for name in type(part).model_fields:
                yield from _named(getattr(part, name))
        case list() | tuple():
            for one in cast("Iterable[Any]", part):
                yield from _named(one)
        case _:
            pass


def fields_named(part: Any) -> frozenset[str]:
    """The fields that decide whether something is there or what it comes to, by their ids."""
    match part:
        case Comparison() | Answered() | AnswerBound() | Count() | Total():
            names = (getattr(part, key, None) for key in ("field", "count", "total"))
            looked_at = fields_named(getattr(part, "where", None))
            return looked_at | frozenset(name for name in names if name)
        case BaseModel():
            # A rule about an answer says nothing about whether it is asked.
            inside = [getattr(part, name) for name in type(part).model_fields if name != "checks"]
            return frozenset[str]().union(*map(fields_named, inside))
        case list() | tuple():
            return frozenset[str]().union(*map(fields_named, cast("Iterable[Any]", part)))
        case _:
            return frozenset()


def _of_field(asked: AnyField) -> Iterator[str]:
    if isinstance(asked, FieldBase):
        yield from filter(None, (asked.concept, asked.prefill))
    if isinstance(asked, PersonField):
        yield "family.members"
        if asked.suggest:
            yield "person.nik"
    if isinstance(asked, SignatureField):
        yield "person.full_name"
