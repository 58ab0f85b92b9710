"""Fields that are chosen: from options, the family card, the wallet, the regions, an office's calendar.

The shape of each answer, a JSON value, is written at its model.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from app.contract.conditions import Bound, Condition
from app.contract.field import FieldBase, Option, Strict
from app.contract.text import Text

Depth = Literal["province", "regency", "district", "village"]
RegionCode = Annotated[str, Field(pattern=r"^\d{2}(\.\d{2})?$")]
Suggested = Literal["self", "spouse", "mother", "father"]
Clock = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
DocumentType = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=64)]


class YesNoField(FieldBase):
    """A question answered with yes or no. Answer: boolean."""

    type: Literal["yes_no"]
    yes: Text | None = None
    no: Text | None = None


class ChoiceField(FieldBase):
    """One of several options: radios up to 7, a searchable list beyond. Answer: the option's value."""

    type: Literal["choice"]
    options: list[Option] = Field(min_length=2)


class ChoicesField(FieldBase):
    """Several of several options. Answer: list of option values, in the order of the options."""

    type: Literal["choices"]
    options: list[Option] = Field(min_length=2)
    minimum: int | None = None
    maximum: int | None = None


class PersonField(FieldBase):
    """A person of the citizen's family card, or another person by NIK and name where `other` is allowed.

    Answer: mapping with `nik`, `full_name`, `sex` (`male`|`female`), `birth_date`, `birth_place`, and `from`
    (`family` where chosen from the card, `typed` where typed). `where` limits who may be chosen; in it,
    `field: person` is the person at hand (`{field: person, part: sex, is: female}`).
    """

    type: Literal["person"]
    where: Condition | None = None
    other: bool = True
    suggest: list[Suggested] = Field(default_factory=list[Suggested])
    """Whom to preselect from the card, relative to the citizen: the first whom `where` lets."""


class CountryField(FieldBase):
    """A country of the world. Answer: its code of ISO 3166-1 (alpha-2), `ID`."""

    type: Literal["country"]


class RegionField(FieldBase):
    """A region, down to `depth`. `within` limits it to provinces and regencies by their codes (Kemendagri).

    Answer: mapping with `region_code` (`32.73`), `province`, `regency`, and from there on `district` and
    `village`, as far as `depth` asks. Province and regency are those of `app/contract/regions.txt`; deeper
    ones are typed.
    """

    type: Literal["region"]
    depth: Depth = "regency"
    within: list[RegionCode] = Field(default_factory=list)


class AddressField(FieldBase):
    """An address. Answer: the mapping of a region down to `depth`, with `street` and perhaps `postcode`."""

    type: Literal["address"]
    depth: Literal["regency", "district", "village"] = "village"
    within: list[RegionCode] = Field(default_factory=list)


class DocumentField(FieldBase):
    """A document that the citizen holds on the device, of one of `document_types`; or a photo (`or_file`).

    Of the document only `claims` are shown to the agency (none: only that it is held and valid). Answer:
    mapping with `id`, `type`, `title`, `issuer`, `issued_at` and `presentation` (SD-JWT, RFC 9901, with the
    disclosures of `claims` alone); or a mapping with `files`, a list as of a file field.
    """

    type: Literal["document"]
    document_types: list[DocumentType] = Field(min_length=1)
    claims: list[str] = Field(default_factory=list)
    or_file: bool = True
    accept: list[Literal["image/jpeg", "image/png", "application/pdf"]] = Field(
        ["image/jpeg", "image/png", "application/pdf"], min_length=1
    )
    max_bytes: int = Field(5_000_000, ge=1)
    max_count: int = Field(2, ge=1)


class SlotField(FieldBase):
    """An appointment, at one of `places`, on an open weekday that is not `closed`, at one of `times`.

    Days run from `earliest` to `latest`. Answer: mapping with `place` (the option's value), `date`, `time`.
    """

    type: Literal["slot"]
    places: list[Option] = Field(min_length=1)
    weekdays: list[Weekday] = Field(["monday", "tuesday", "wednesday", "thursday", "friday"], min_length=1)
    times: list[Clock] = Field(min_length=1)
    closed: list[date] = Field(default_factory=list[date])
    earliest: Bound
    latest: Bound


class PaymentMethod(Strict):
    """One way to pay."""

    value: Literal["qris", "bank_transfer", "counter"]
    when: Condition | None = None
