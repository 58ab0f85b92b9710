"""What is known already: values of fields from the citizen's attributes, or told by the citizen elsewhere.

A service reads the concepts that it declares in `permissions` and no others, whatever the backend sent and
whatever was told to other services.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
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
    """A value that a register gave, or that the citizen gave in another service (`told`): canonical, with the
    title of where it is from and the day it was read or given."""

    value: Any
    source_title: Text
    as_of: date
    concept: str
    told: bool = False

    @property
    def source(self) -> Source:
        """Where the value came from, as a confirmed answer keeps it."""
        return Source(self.concept, self.source_title, self.as_of, self.told)


def permitted(definition: ServiceDefinition, me: Me) -> Me:
    """`me` limited to the concepts that the service declares; an undeclared one is not readable."""
    declared = {permission.concept for permission in definition.permissions}
    return Me(subject=me.subject, attributes=[a for a in me.attributes if a.concept in declared])


def prefilled(field: AnyField, situation: Situation, told: Me | None = None) -> Prefilled | None:
    """What is known for `field`, or None: nothing, not permitted, or not fit to be an answer.

    The state comes first, then what the citizen has `told` for the same concept in another service (limited
    to what this one may read). A value that the field could not accept (an impossible date) is not offered:
    the citizen types.
    """
    if not isinstance(field, FieldBase):
        return None
    if field.prefill is not None and (attribute := situation.me.get(field.prefill)) is not None:
        found = _fitting(field, _raw(field, attribute, situation), attribute, situation)
        if found is not None:
            return found
    if told is None or not can_be_told(field):
        return None
    attribute = told.get(field.concept or "")
    if attribute is None:
        return None
    found = _fitting(field, attribute.value, attribute, situation)
    return replace(found, told=True) if found else None


_BOUND_TO_ONE_FORM = frozenset(
    (
        *("file", "photo", "document", "declaration", "signature", "payment", "slot", "computed"),
        *("note", "section", "summary", "repeat", "grid"),
    )
)


def can_be_told(field: AnyField) -> bool:
    """Whether an answer of `field` may be offered in other services: it has a concept, and is no file, no
    promise and no appointment, which belong to one submission alone."""
    return isinstance(field, FieldBase) and bool(field.concept) and _type(field) not in _BOUND_TO_ONE_FORM


def _type(field: FieldBase) -> str:
    return str(getattr(field, "type", ""))


def _fitting(field: FieldBase, raw: Any, attribute: Attribute, situation: Situation) -> Prefilled | None:
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
