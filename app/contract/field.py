"""What every field of a form has, whatever its type."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.contract.conditions import Condition
from app.contract.text import Text

FieldId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,47}$")]
ConceptId = Annotated[str, Field(pattern=r"^[a-z][a-z_]*(\.[a-z][a-z_]*)+$")]


class Strict(BaseModel):
    """A model that takes no keys that it does not know, and does not change."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Check(Strict):
    """A rule across answers: `valid_if` must hold, else `message` stands at the field."""

    valid_if: Condition
    message: Text
    warning: bool = False
    """True: the citizen is told and may go on."""


class Option(Strict):
    """One thing to choose. `value` is stored and sent, `label` is read."""

    value: str
    label: Text
    help: Text | None = None
    when: Condition | None = None


class FieldBase(Strict):
    """What every field has.

    `concept` gives the answer its meaning across services: what was told for it in one service is offered in
    the next (where `permissions` name it). `prefill` names the attribute that the state already knows (a
    concept, with `part` for one key of it): its value is shown with its source and confirmed, not typed.
    """

    id: FieldId
    label: Text
    help: Text | None = None
    required: bool = True
    when: Condition | None = None
    concept: ConceptId | None = None
    prefill: ConceptId | None = None
    prefill_part: str | None = None
    checks: list[Check] = []
    fallback: Literal["text", "hide"] | None = None
    """What an app that does not know this type shows instead."""
