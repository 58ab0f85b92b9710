"""Answers of one form: values by field, where each came from, and their meaning by concept.

Everything in here is JSON: what a draft keeps is exactly what these classes hold.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app.contract.form import AnyField, Form, GridField, RepeatField, inner_fields
from app.contract.text import Text
from app.forms.received import items, mapping


@dataclass(frozen=True, slots=True)
class Source:
    """Which register an answer came from: its concept, the register's title, and the day it was read.

    Where `told`, it is the citizen's own answer in another service, on the day they sent it.
    """

    concept: str
    title: Text
    as_of: date
    told: bool = False

    def to_json(self) -> dict[str, Any]:
        """This source as JSON."""
        source = {"concept": self.concept, "title": dict(self.title.root), "as_of": self.as_of.isoformat()}
        return {**source, "told": True} if self.told else source

    @classmethod
    def from_json(cls, data: Any) -> Source:
        """The source that `to_json` wrote. Raises ValueError where it is none."""
        if (given := mapping(data)) is None:
            raise ValueError("a source is a mapping")
        title, day = Text.read(given.get("title")), date.fromisoformat(str(given.get("as_of")))
        return cls(str(given.get("concept")), title, day, given.get("told") is True)


@dataclass(slots=True)
class Answers:
    """What has been answered, by field id.

    `values` holds canonical values, or what the citizen typed where it could not be read yet (so that it can
    be mended); None is an answer that the citizen emptied. `sources` tells which values a register gave and
    the citizen confirmed; a value that is not in it was given by the citizen.
    """

    values: dict[str, Any] = field(default_factory=dict[str, Any])
    sources: dict[str, Source] = field(default_factory=dict[str, Source])

    def get(self, path: str) -> Any:
        """The value at `path` (`full_name`, `witnesses.0.nik`, `costs.food.amount`), None where missing."""
        value: Any = self.values
        for step in path.split("."):
            if (found := mapping(value)) is not None:
                value = found.get(step)
            elif step.isdecimal() and int(step) < len(entries := items(value) or []):
                value = entries[int(step)]
            else:
                return None
        return value

    def put(self, field_id: str, value: Any, source: Source | None = None) -> None:
        """Keep `value` as the answer of `field_id`, given by `source` or, without one, by the citizen."""
        self.values[field_id] = value
        if source is None:
            self.sources.pop(field_id, None)
        else:
            self.sources[field_id] = source

    def to_json(self) -> dict[str, Any]:
        """These answers as JSON, for a draft."""
        return {
            "values": deepcopy(self.values),
            "sources": {name: source.to_json() for name, source in self.sources.items()},
        }

    @classmethod
    def from_json(cls, data: Any) -> Answers:
        """The answers that `to_json` wrote. Raises ValueError where they are none."""
        given = mapping(data) or {}
        values, sources = mapping(given.get("values")), mapping(given.get("sources"))
        if values is None or sources is None:
            raise ValueError("answers have `values` and `sources`")
        return cls(
            deepcopy(dict(values)), {name: Source.from_json(source) for name, source in sources.items()}
        )


def fields_of(form: Form) -> Iterator[AnyField]:
    """The fields of all pages in order, without those inside repeating sections."""
    for page in form.pages:
        yield from page.fields


def field_at(form: Form, path: str) -> AnyField | None:
    """The field that the answer path `full_name`, `witnesses.0.nik` or `costs.food.amount` names, or None."""
    name, *rest = path.split(".")
    found: AnyField | None = next((f for f in fields_of(form) if f.id == name), None)
    if found is None and form.declaration is not None and form.declaration.id == name:
        found = form.declaration
    if not rest:
        return found
    if found is None or len(rest) != 2:
        return None
    if isinstance(found, RepeatField) and not rest[0].isdecimal():
        return None
    if isinstance(found, GridField) and rest[0] not in {row.id for row in found.rows}:
        return None
    return next((f for f in inner_fields(found) if f.id == rest[1]), None)
