"""Fields of one type, and what is read of them and said about them."""

from __future__ import annotations

from typing import Any

from form_samples import NEEDED, TODAY, me_with
from pydantic import TypeAdapter

from app.contract.form import AnyField
from app.contract.language import Language
from app.contract.phrase import Phrase
from app.forms import kinds
from app.forms.conditions import Situation

FIELD: TypeAdapter[Any] = TypeAdapter(AnyField)
INDONESIAN = Language.load("id")


def field(kind: str, **more: Any) -> Any:
    return FIELD.validate_python({"id": "f", "type": kind, "label": "Isian", **NEEDED.get(kind, {}), **more})


def read(kind: str, raw: Any, **more: Any) -> Any:
    return kinds.parse(field(kind, **more), raw, TODAY)


def said(kind: str, raw: Any, **more: Any) -> str:
    """What is said about a raw answer: that it cannot be read, or the findings about it."""
    asked = field(kind, **more)
    value = kinds.parse(asked, raw, TODAY)
    if isinstance(value, Phrase):
        return INDONESIAN.say(value)
    found = kinds.check(asked, value, Situation(me_with(), TODAY, {"f": value}))
    return " ".join(INDONESIAN.say(f.phrase) for f in found)
