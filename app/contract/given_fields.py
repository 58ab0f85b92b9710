"""Fields that are given, agreed to, or only read: files, places, signatures, payments, notes, sums.

The shape of each answer, a JSON value, is written at its model.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from app.contract.chosen_fields import PaymentMethod
from app.contract.expressions import Expression
from app.contract.field import FieldBase, FieldId
from app.contract.text import Text


class FileField(FieldBase):
    """Photos or PDFs. Answer: list of mappings `name`, `media_type`, `size` (bytes), `sha256` (hex)."""

    type: Literal["file"]
    accept: list[Literal["image/jpeg", "image/png", "application/pdf"]] = Field(
        ["image/jpeg", "image/png", "application/pdf"], min_length=1
    )
    max_bytes: int = 5_000_000
    min_count: int = 1
    max_count: int = 1


class PhotoField(FieldBase):
    """One photo, shown as it was taken. Answer: as of a file field, a list with one mapping.

    `shape` is the frame that it is looked at in; `tips` say what makes a good one.
    """

    type: Literal["photo"]
    shape: Literal["portrait", "square", "landscape"] = "landscape"
    tips: list[Text] = Field(default_factory=list[Text])
    max_bytes: int = Field(5_000_000, ge=1)


class LocationField(FieldBase):
    """A point on the earth (WGS 84). Answer: mapping with `latitude` and `longitude`, degrees as numbers.

    Typed as it is copied from a map; on a phone its own position is offered, and asked for at a tap. A point
    outside Indonesia is pointed out.
    """

    type: Literal["location"]


class SignatureField(FieldBase):
    """The citizen's signature under `statement`: their name, typed in full, and their agreement.

    Answer: mapping with `name` and `agreed` (`true`). docs/decisions/signature.md says why none is drawn.
    """

    type: Literal["signature"]
    statement: Text


class DeclarationField(FieldBase):
    """A statement that the citizen ticks. Answer: `true`."""

    type: Literal["declaration"] = "declaration"
    statement: Text


class PaymentField(FieldBase):
    """What is to be paid, and how. Records that a payment code is wanted; nothing is paid in the form.

    `amount` is worked out; without it, it is the sum of the service's costs that apply. Where it comes to
    nothing, the field is not asked. Answer: mapping with `amount` (whole rupiah) and `method`.
    """

    type: Literal["payment"]
    amount: Expression | None = None
    methods: list[PaymentMethod] = Field(min_length=1)


class ComputedField(FieldBase):
    """A value worked out from other answers, on the device and again by the backend; never typed.

    Answer: number (whole rupiah for `money`, whole years or days; decimals as string) or ISO date. Where an
    answer that it needs is missing, there is no value.
    """

    type: Literal["computed"]
    value: Expression
    shown_as: Literal["number", "money", "percentage", "date"] = "number"
    unit: Text | None = None


class NoteField(FieldBase):
    """Words to read; takes no answer. `label` is the title."""

    type: Literal["note"]
    body: Text
    tone: Literal["told", "waits"] = "told"


class SectionField(FieldBase):
    """A heading over the fields that follow it, up to the next section or the end of the page.

    Takes no answer. Its `when` holds for all of them.
    """

    type: Literal["section"]


class SummaryField(FieldBase):
    """Answers given so far, to be read again; takes none. `fields` are those shown, or all before it."""

    type: Literal["summary"]
    fields: list[FieldId] = Field(default_factory=list)
