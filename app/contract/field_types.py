"""What the answers of each field type can be compared with, as a whole and part by part."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from app.contract.concepts import PARTS, Shape
from app.contract.countries import countries
from app.contract.form import (
    AddressField,
    AnyField,
    ChoiceField,
    ChoicesField,
    ComputedField,
    CountryField,
    DocumentField,
    GridField,
    PaymentField,
    RegionField,
    SlotField,
)

Type = Literal["text", "number", "date", "boolean", "structure", "file", "none"] | frozenset[str]
"""What a value can be compared with; a set lists the only texts that it can be."""

_OF_FIELDS: Mapping[str, Type] = {
    "text": "text",
    "long_text": "text",
    "integer": "number",
    "decimal": "number",
    "money": "number",
    "percentage": "number",
    "date": "date",
    "date_range": "structure",
    "month": "date",
    "time": "text",
    "yes_no": "boolean",
    "nik": "text",
    "kk": "text",
    "nisn": "text",
    "npwp": "text",
    "bpjs": "text",
    "plate": "text",
    "phone": "text",
    "email": "text",
    "person": "structure",
    "region": "structure",
    "address": "structure",
    "location": "structure",
    "document": "structure",
    "file": "file",
    "photo": "file",
    "signature": "structure",
    "declaration": "boolean",
    "payment": "structure",
    "slot": "structure",
    "note": "none",
    "section": "none",
    "summary": "none",
    "repeat": "file",
    "grid": "structure",
}
_OF_SHAPES: Mapping[str, Type] = {
    "text": "text",
    "nik": "text",
    "kk": "text",
    "nisn": "text",
    "npwp": "text",
    "bpjs": "text",
    "plate": "text",
    "date": "date",
    "sex": frozenset(("female", "male")),
    "phone": "text",
    "email": "text",
    "time": "text",
    "address": "structure",
    "location": "structure",
    "people": "file",
    "marriage": "structure",
    "birth": "structure",
    "boolean": "boolean",
    "integer": "number",
    "decimal": "number",
    "money": "number",
}
_PERSON: Mapping[str, Type] = {
    "nik": "text",
    "full_name": "text",
    "sex": frozenset(("female", "male")),
    "birth_date": "date",
    "birth_place": "text",
    "from": frozenset(("family", "typed")),
}


def type_of_shape(shape: Shape | tuple[str, ...]) -> Type:
    """What a value of this shape can be compared with."""
    return frozenset(shape) if isinstance(shape, tuple) else _OF_SHAPES[shape]


def type_of_field(asked: AnyField) -> Type:
    """What the answer of a field can be compared with."""
    match asked:
        case ChoiceField() | ChoicesField():
            return frozenset(option.value for option in asked.options)
        case CountryField():
            return frozenset(countries())
        case ComputedField():
            return "date" if asked.shown_as == "date" else "number"
        case _:
            return _OF_FIELDS.get(asked.type, "text")


def parts_of_field(asked: AnyField | Literal["person"]) -> Mapping[str, Type]:
    """The parts of an answer that a condition may name with `part`; none where it has none."""
    if isinstance(asked, str) or asked.type == "person":
        return _PERSON
    match asked:
        case RegionField() | AddressField():
            return _of_region(asked)
        case SlotField():
            return {"place": frozenset(o.value for o in asked.places), "date": "date", "time": "text"}
        case PaymentField():
            return {"amount": "number", "method": frozenset(m.value for m in asked.methods)}
        case DocumentField():
            return {"type": frozenset(asked.document_types), "issuer": "text"}
        case GridField():
            return {f"{row.id}.{c.id}": type_of_field(c) for row in asked.rows for c in asked.columns}
        case _:
            return _SIMPLE.get(asked.type, {})


_SIMPLE: Mapping[str, Mapping[str, Type]] = {
    "date_range": {"start": "date", "end": "date"},
    "signature": {"name": "text"},
    "location": {"latitude": "number", "longitude": "number"},
}


def _of_region(asked: RegionField | AddressField) -> Mapping[str, Type]:
    from app.contract.regions import provinces, regions

    parts: dict[str, Type] = {
        "province": frozenset(provinces().values()),
        "regency": frozenset(name for code, name in regions().items() if len(code) > 2),
        **dict.fromkeys((part for part in PARTS["address"] if part not in ("province", "regency")), "text"),
    }
    if isinstance(asked, RegionField):
        del parts["street"], parts["postcode"]
    return parts


def can_be_counted(asked: AnyField) -> bool:
    """Whether `count` may name a field: its answer is several things."""
    return asked.type in ("repeat", "grid", "choices", "file", "photo")
