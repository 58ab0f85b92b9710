"""What the state knows of the citizen: attributes with their source and date."""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict

from app.contract.text import Text


class Attribute(BaseModel):
    """One thing a register knows. `value` has the shape that `concepts.py` gives for `concept`."""

    model_config = ConfigDict(frozen=True)

    concept: str
    value: Any
    source: str
    """Id of the register (`population-register`)."""
    source_title: Text
    as_of: date


class Me(BaseModel):
    """The signed-in citizen's attributes; limited to a service's permissions where asked for one."""

    model_config = ConfigDict(frozen=True)

    subject: str
    attributes: list[Attribute]

    def get(self, concept: str) -> Attribute | None:
        """The attribute of `concept`, or None where the state does not know it (or may not tell)."""
        return next((a for a in self.attributes if a.concept == concept), None)
