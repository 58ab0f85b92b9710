"""Attributes of the citizen in words: what a register's value looks like to its owner."""

from __future__ import annotations

from datetime import date
from typing import Any

from app.app import App
from app.contract.citizen import Attribute
from app.contract.concepts import CONCEPTS


def attribute_words(app: App, attribute: Attribute) -> str:
    """The value of `attribute` in words; numbers that are secret are masked to their last four digits."""
    concept = CONCEPTS.get(attribute.concept)
    return value_words(app, concept.shape if concept else "text", attribute.value)


def value_words(app: App, shape: str, value: Any) -> str:
    """A value of a concept's `shape` (see `contract/concepts.py`) in words."""
    _ = app.language.text
    match shape:
        case "nik" | "kk":
            return "•••• •••• •••• " + str(value)[-4:]
        case "date":
            return app.language.date(date.fromisoformat(value))
        case "sex":
            return _("Perempuan") if value == "female" else _("Laki-laki")
        case "address":
            parts = ("street", "village", "district", "regency", "province")
            return ", ".join(str(value[p]) for p in parts if value.get(p))
        case "people":
            return ", ".join(str(person["full_name"]) for person in value)
        case "marriage":
            return _("{office}, {date}", office=value["office"], date=date.fromisoformat(value["date"]))
        case "phone":
            from app.forms.kinds.phone import written_phone

            return written_phone(str(value))
        case "boolean":
            return _("Ya") if value else _("Tidak")
        case _:
            return str(value)
