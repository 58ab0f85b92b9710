"""Which concepts a service reads: a permission that nothing uses asks for too much."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, cast

from pydantic import BaseModel

from app.contract.conditions import Comparison
from app.contract.definition import ServiceDefinition
from app.contract.expressions import Known
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


def _named(part: Any) -> Iterator[str]:
    """The concepts that are named in a part of a definition, at any depth."""
    match part:
        case Comparison() | Known():
            if part.concept:
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


def _of_field(asked: AnyField) -> Iterator[str]:
    if isinstance(asked, FieldBase):
        yield from filter(None, (asked.concept, asked.prefill))
    if isinstance(asked, PersonField):
        yield "family.members"
        if asked.suggest:
            yield "person.nik"
    if isinstance(asked, SignatureField):
        yield "person.full_name"
