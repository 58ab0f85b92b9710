"""What of a form is there for given answers: the visible pages and fields, and the answers that count.

One pass in document order. The answer of a field that is not visible does not count, so what hangs on it is
hidden as well; a condition can therefore only rely on answers before it (and on its own entry or row).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.contract.citizen import Me
from app.contract.definition import ServiceDefinition
from app.contract.form import (
    AnyField,
    DeclarationField,
    Exit,
    GridField,
    GridRow,
    Page,
    RepeatField,
    SectionField,
    UnknownField,
    inner_fields,
)
from app.forms import kinds
from app.forms.conditions import Situation, applies
from app.forms.prefill import Prefilled, permitted, prefilled
from app.forms.received import mapping


@dataclass(frozen=True, slots=True)
class PageView:
    """A visible page, its visible fields (those of entries and rows: see `View.inner`), and the exit that
    ends the form there, if one does."""

    page: Page
    fields: tuple[AnyField, ...]
    exit: Exit | None = None


@dataclass(frozen=True, slots=True)
class View:
    """A form as it stands.

    `values` holds the answers of visible fields that count, by field id: readable ones, prefilled ones, and
    those that follow from others. `prefilled` are those that the state, or the citizen in another service,
    has told and nobody has answered otherwise.
    """

    pages: tuple[PageView, ...]
    declaration: DeclarationField | None
    values: Mapping[str, Any]
    prefilled: Mapping[str, Prefilled]
    situation: Situation

    def page(self, page_id: str) -> PageView | None:
        """The visible page `page_id`, or None."""
        return next((p for p in self.pages if p.page.id == page_id), None)

    def page_of(self, field_id: str) -> PageView | None:
        """The visible page on which `field_id` is visible, or None."""
        return next((p for p in self.pages if any(f.id == field_id for f in p.fields)), None)

    @property
    def ends_at(self) -> PageView | None:
        """The first page at which the form ends early; None where it does not."""
        return next((p for p in self.pages if p.exit is not None), None)

    def rows(self, field: GridField) -> list[GridRow]:
        """The visible rows of a grid."""
        return [row for row in field.rows if applies(row.when, self.situation)]

    def inner(self, field: AnyField, given: Mapping[str, Any]) -> tuple[tuple[AnyField, ...], dict[str, Any]]:
        """The visible fields of one entry (of a repeating section) or row (of a grid), and the values that
        count in it."""
        return _inner(field, given, self.situation)

    def entry_fields(self, field: AnyField, entry: Mapping[str, Any]) -> tuple[AnyField, ...]:
        """The visible fields of one entry or row."""
        return self.inner(field, entry)[0]

    def entry_values(self, field: AnyField, entry: Mapping[str, Any]) -> dict[str, Any]:
        """The values that count of one entry or row."""
        return self.inner(field, entry)[1]


def is_shown(field: AnyField, situation: Situation) -> bool:
    """Whether `field` is there: its condition is true, there is something to ask for, and an unknown type has
    not asked to be hidden."""
    if isinstance(field, UnknownField) and field.fallback == "hide":
        return False
    if not applies(field.when, situation):
        return False
    asked = kinds.kind_of(field).asked
    return asked is None or asked(field, situation)


def shown_in_order(fields: Sequence[AnyField], situation: Situation) -> Iterator[AnyField]:
    """The visible ones of `fields`, one by one: what is said of each may change what is seen of the next.

    A section that is not visible takes the fields under it along.
    """
    under_hidden = False
    for field in fields:
        if isinstance(field, SectionField):
            under_hidden = not is_shown(field, situation)
        if not under_hidden and is_shown(field, situation):
            yield field


def view(
    definition: ServiceDefinition,
    answers: Mapping[str, Any],
    me: Me,
    today: date,
    *,
    prefill: bool = False,
    told: Me | None = None,
) -> View:
    """The form of `definition` for `answers` (by field id; typed text that cannot be read does not count).

    With `prefill`, what the state knows stands in for answers that were not given, and so does what the
    citizen has `told` in other services: so while the form is filled in. A submission says everything itself.
    """
    values: dict[str, Any] = {}
    situation = Situation(permitted(definition, me), today, values, costs=definition.costs)
    elsewhere = permitted(definition, told) if told else None
    known: dict[str, Prefilled] = {}
    pages: list[PageView] = []
    for page in definition.form.pages:
        if not applies(page.when, situation):
            continue
        visible: list[AnyField] = []
        for field in shown_in_order(page.fields, situation):
            visible.append(field)
            value = kinds.readable(field, answers.get(field.id), today)
            if (
                prefill
                and field.id not in answers
                and (found := prefilled(field, situation, elsewhere)) is not None
            ):
                known[field.id] = found
                value = found.value
            value = _settled(field, value, situation)
            if value is not None:
                values[field.id] = value
        fields = _without_bare_sections(visible)
        if fields:
            ending = next((e for e in page.exits if applies(e.when, situation)), None)
            pages.append(PageView(page, fields, ending))
    declaration = definition.form.declaration
    if declaration is not None and not is_shown(declaration, situation):
        declaration = None
    return View(tuple(pages), declaration, values, known, situation)


def _settled(field: AnyField, value: Any, situation: Situation) -> Any:
    """The value of a field as it counts: of sections and grids, what is visible in them."""
    if isinstance(field, RepeatField):
        return [_inner(field, cells, situation)[1] for _, cells in kinds.parts_of(field, value)] or None
    if isinstance(field, GridField):
        given = mapping(value) or {}
        rows = {
            row.id: _inner(field, mapping(given.get(row.id)) or {}, situation)[1]
            for row in field.rows
            if applies(row.when, situation)
        }
        return {name: cells for name, cells in rows.items() if cells} or None
    return kinds.settled(field, value, situation)


def _inner(
    field: AnyField, given: Mapping[str, Any], situation: Situation
) -> tuple[tuple[AnyField, ...], dict[str, Any]]:
    known: dict[str, Any] = {}
    within = situation.within(known)
    visible: list[AnyField] = []
    for inner in shown_in_order(inner_fields(field), within):
        visible.append(inner)
        value = kinds.readable(inner, given.get(inner.id), situation.today)
        value = kinds.settled(inner, value, within)
        if value is not None:
            known[inner.id] = value
    return _without_bare_sections(visible), known


def _without_bare_sections(fields: Sequence[AnyField]) -> tuple[AnyField, ...]:
    """`fields` without the sections that have nothing under them."""
    following: Sequence[AnyField | None] = [*fields[1:], None]
    return tuple(
        field
        for field, after in zip(fields, following, strict=False)  # no field, nothing that follows
        if not isinstance(field, SectionField) or not (after is None or isinstance(after, SectionField))
    )
