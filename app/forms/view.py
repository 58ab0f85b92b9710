"""What of a form is there for given answers: the visible pages and fields, and the answers that count.

One pass in document order. The answer of a field that is not visible does not count, so what hangs on it is
hidden as well; a condition can therefore only rely on answers before it (and on its own entry).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.contract.citizen import Me
from app.contract.definition import ServiceDefinition
from app.contract.form import AnyField, DeclarationField, Page, RepeatField, UnknownField
from app.forms import kinds
from app.forms.conditions import Situation, applies
from app.forms.prefill import Prefilled, permitted, prefilled


@dataclass(frozen=True, slots=True)
class PageView:
    """A visible page and its visible fields (those of entries: see `View.entry_fields`)."""

    page: Page
    fields: tuple[AnyField, ...]


@dataclass(frozen=True, slots=True)
class View:
    """A form as it stands.

    `values` holds the readable answers of visible fields by field id, prefilled ones included; `prefilled`
    those of them that the state knew and nobody has answered otherwise.
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

    def entry_fields(self, field: RepeatField, entry: Mapping[str, Any]) -> tuple[AnyField, ...]:
        """The visible fields of one entry of a repeating section."""
        known: dict[str, Any] = {}
        visible: list[AnyField] = []
        for inner in field.fields:
            if not is_shown(inner, self.situation.within(known)):
                continue
            visible.append(inner)
            value = kinds.readable(inner, entry.get(inner.id), self.situation.today)
            if value is not None:
                known[inner.id] = value
        return tuple(visible)

    def entry_values(self, field: RepeatField, entry: Mapping[str, Any]) -> dict[str, Any]:
        """The readable answers of the visible fields of one entry."""
        return {
            inner.id: value
            for inner in self.entry_fields(field, entry)
            if (value := kinds.readable(inner, entry.get(inner.id), self.situation.today)) is not None
        }


def is_shown(field: AnyField, situation: Situation) -> bool:
    """Whether `field` is there: its condition is true, and an unknown type has not asked to be hidden."""
    if isinstance(field, UnknownField) and field.fallback == "hide":
        return False
    return applies(field.when, situation)


def view(
    definition: ServiceDefinition, answers: Mapping[str, Any], me: Me, today: date, *, prefill: bool = False
) -> View:
    """The form of `definition` for `answers` (by field id; typed text that cannot be read does not count).

    With `prefill`, what the state knows stands in for answers that were not given: so while the form is
    filled in. A submission says everything itself.
    """
    values: dict[str, Any] = {}
    situation = Situation(permitted(definition, me), today, values)
    known: dict[str, Prefilled] = {}
    pages: list[PageView] = []
    for page in definition.form.pages:
        if not applies(page.when, situation):
            continue
        visible: list[AnyField] = []
        for field in page.fields:
            if not is_shown(field, situation):
                continue
            visible.append(field)
            value = kinds.readable(field, answers.get(field.id), today)
            if prefill and field.id not in answers and (found := prefilled(field, situation)) is not None:
                known[field.id] = found
                value = found.value
            if value is not None:
                values[field.id] = value
        if visible:
            pages.append(PageView(page, tuple(visible)))
    declaration = definition.form.declaration
    if declaration is not None and not is_shown(declaration, situation):
        declaration = None
    return View(tuple(pages), declaration, values, known, situation)
