"""What the state knows already: values of fields from the citizen's attributes, with source and date.

A service reads the concepts that it declares in `permissions` and no others, whatever the backend sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from app.contract.citizen import Attribute, Me
from app.contract.definition import Requirement, ServiceDefinition
from app.contract.form import AnyField, FieldBase, PersonField
from app.contract.phrase import Phrase
from app.contract.text import Text
from app.forms import kinds
from app.forms.answers import Source
from app.forms.conditions import Situation, applies
from app.forms.kinds.person import suggestion
from app.forms.received import mapping


@dataclass(frozen=True, slots=True)
class Prefilled:
    """A value that a register gave: canonical, with the register's title and the day it was read."""

    value: Any
    source_title: Text
    as_of: date
    concept: str

    @property
    def source(self) -> Source:
        """Where the value came from, as a confirmed answer keeps it."""
        return Source(self.concept, self.source_title, self.as_of)


def permitted(definition: ServiceDefinition, me: Me) -> Me:
    """`me` limited to the concepts that the service declares; an undeclared one is not readable."""
    declared = {permission.concept for permission in definition.permissions}
    return Me(subject=me.subject, attributes=[a for a in me.attributes if a.concept in declared])


def prefilled(field: AnyField, situation: Situation) -> Prefilled | None:
    """What the state knows for `field`, or None: nothing, not permitted, or not fit to be an answer.

    A register's value that the field could not accept (an impossible date) is not offered: the citizen types.
    """
    if not isinstance(field, FieldBase) or field.prefill is None:
        return None
    attribute = situation.me.get(field.prefill)
    if attribute is None:
        return None
    raw = _raw(field, attribute, situation)
    value = kinds.parse(cast("AnyField", field), raw, situation.today)
    if value is None or isinstance(value, Phrase):
        return None
    if any(not f.warning for f in kinds.check(cast("AnyField", field), value, situation)):
        return None
    return Prefilled(value, attribute.source_title, attribute.as_of, attribute.concept)


def _raw(field: FieldBase, attribute: Attribute, situation: Situation) -> Any:
    if isinstance(field, PersonField) and attribute.concept == "family.members":
        return suggestion(field, situation)
    if field.prefill_part is None:
        return attribute.value
    return (mapping(attribute.value) or {}).get(field.prefill_part)


def evidence(definition: ServiceDefinition, situation: Situation) -> list[tuple[Requirement, Source | None]]:
    """What the citizen needs, each with the register that proves it already (None: to be brought along).

    Requirements whose condition hangs on answers that are not given yet are left out.
    """
    found: list[tuple[Requirement, Source | None]] = []
    for requirement in definition.requirements:
        if applies(requirement.when, situation):
            attribute = situation.me.get(requirement.concept) if requirement.concept else None
            source = Source(attribute.concept, attribute.source_title, attribute.as_of) if attribute else None
            found.append((requirement, source))
    return found
