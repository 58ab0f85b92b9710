"""The form of a service: pages of fields, as data.

Answers are JSON values keyed by field id; the shape of each is written at its field model (`typed_fields`,
`chosen_fields`, `given_fields`). Inside a repeating section, the answer of the section is a list of such
mappings; that of a grid is a mapping of them by row.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal, cast

from pydantic import BaseModel, ConfigDict, Discriminator, Field, HttpUrl, Tag

from app.contract.chosen_fields import (
    AddressField,
    ChoiceField,
    ChoicesField,
    CountryField,
    Depth,
    DocumentField,
    PaymentMethod,
    PersonField,
    RegionField,
    SlotField,
    YesNoField,
)
from app.contract.conditions import Condition
from app.contract.field import Check, ConceptId, FieldBase, FieldId, Option, Strict
from app.contract.given_fields import (
    ComputedField,
    DeclarationField,
    FileField,
    LocationField,
    NoteField,
    PaymentField,
    PhotoField,
    SectionField,
    SignatureField,
    SummaryField,
)
from app.contract.text import Text
from app.contract.typed_fields import (
    DateField,
    DateRangeField,
    DecimalField,
    EmailField,
    FamilyCardField,
    HealthInsuranceField,
    IntegerField,
    LongTextField,
    MoneyField,
    MonthField,
    NikField,
    PercentageField,
    PhoneField,
    PlateField,
    StudentNumberField,
    TaxNumberField,
    TextField,
    TimeField,
)

__all__ = [
    "CHECK_PAGE",
    "AddressField",
    "AnyField",
    "Check",
    "ChoiceField",
    "ChoicesField",
    "ComputedField",
    "ConceptId",
    "CountryField",
    "DateField",
    "DateRangeField",
    "DecimalField",
    "DeclarationField",
    "Depth",
    "DocumentField",
    "EmailField",
    "Exit",
    "FamilyCardField",
    "FieldBase",
    "FieldId",
    "FileField",
    "Form",
    "GridField",
    "GridRow",
    "HealthInsuranceField",
    "IntegerField",
    "LocationField",
    "LongTextField",
    "MoneyField",
    "MonthField",
    "NikField",
    "NoteField",
    "Option",
    "Page",
    "PaymentField",
    "PaymentMethod",
    "PercentageField",
    "PersonField",
    "PhoneField",
    "PhotoField",
    "PlateField",
    "RegionField",
    "RepeatField",
    "SectionField",
    "ServiceId",
    "SignatureField",
    "SlotField",
    "StudentNumberField",
    "SummaryField",
    "TaxNumberField",
    "TextField",
    "TimeField",
    "UnknownField",
    "YesNoField",
    "inner_fields",
    "known_field_types",
]

CHECK_PAGE = "check"
"""The id of the page after the last one, where all answers are checked; no page of a form may have it."""

ServiceId = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*/[a-z0-9]+(-[a-z0-9]+)*$")]
"""`<agency>/<service>`, as the folders under services/ are named."""


class RepeatField(FieldBase):
    """A repeating section. Answer: list of mappings of the inner fields' answers.

    `summary` is a template over inner field ids: `"{full_name}, {relation}"`.
    """

    type: Literal["repeat"]
    item: Text
    """What one entry is called ("Saksi")."""
    minimum: int = 0
    maximum: int = 10
    unique: FieldId | None = None
    summary: str
    fields: list[AnyField] = Field(min_length=1)


class GridRow(Strict):
    """One row of a grid: the same questions about another thing."""

    id: FieldId
    label: Text
    help: Text | None = None
    when: Condition | None = None


class GridField(FieldBase):
    """Short answers to the same questions about several things: a table to fill in.

    Answer: mapping by row of mappings by column. Every cell of a required column must be filled in where the
    grid is required.
    """

    type: Literal["grid"]
    rows: list[GridRow] = Field(min_length=1)
    columns: list[AnyField] = Field(min_length=1, max_length=4)


class UnknownField(BaseModel):
    """A field whose type this version does not know: shown by its declared fallback, never dropped."""

    model_config = ConfigDict(extra="allow", frozen=True)

    id: FieldId
    type: str
    label: Text
    help: Text | None = None
    required: bool = True
    when: Condition | None = None
    fallback: Literal["text", "hide"] | None = None


_FIELD_TYPES: dict[str, type[FieldBase]] = {
    "text": TextField,
    "long_text": LongTextField,
    "integer": IntegerField,
    "decimal": DecimalField,
    "money": MoneyField,
    "percentage": PercentageField,
    "date": DateField,
    "date_range": DateRangeField,
    "month": MonthField,
    "time": TimeField,
    "yes_no": YesNoField,
    "choice": ChoiceField,
    "choices": ChoicesField,
    "nik": NikField,
    "kk": FamilyCardField,
    "nisn": StudentNumberField,
    "npwp": TaxNumberField,
    "bpjs": HealthInsuranceField,
    "plate": PlateField,
    "phone": PhoneField,
    "email": EmailField,
    "person": PersonField,
    "country": CountryField,
    "region": RegionField,
    "address": AddressField,
    "document": DocumentField,
    "file": FileField,
    "photo": PhotoField,
    "location": LocationField,
    "signature": SignatureField,
    "declaration": DeclarationField,
    "payment": PaymentField,
    "slot": SlotField,
    "computed": ComputedField,
    "note": NoteField,
    "section": SectionField,
    "summary": SummaryField,
    "repeat": RepeatField,
    "grid": GridField,
}


def known_field_types() -> frozenset[str]:
    """The field types that this version renders and validates."""
    return frozenset(_FIELD_TYPES)


def _field_tag(value: Any) -> str:
    if isinstance(value, dict):
        kind = cast("dict[str, Any]", value).get("type")
    else:
        kind = getattr(value, "type", None)
    return kind if isinstance(kind, str) and kind in _FIELD_TYPES else "unknown"


AnyField = Annotated[
    Annotated[TextField, Tag("text")]
    | Annotated[LongTextField, Tag("long_text")]
    | Annotated[IntegerField, Tag("integer")]
    | Annotated[DecimalField, Tag("decimal")]
    | Annotated[MoneyField, Tag("money")]
    | Annotated[PercentageField, Tag("percentage")]
    | Annotated[DateField, Tag("date")]
    | Annotated[DateRangeField, Tag("date_range")]
    | Annotated[MonthField, Tag("month")]
    | Annotated[TimeField, Tag("time")]
    | Annotated[YesNoField, Tag("yes_no")]
    | Annotated[ChoiceField, Tag("choice")]
    | Annotated[ChoicesField, Tag("choices")]
    | Annotated[NikField, Tag("nik")]
    | Annotated[FamilyCardField, Tag("kk")]
    | Annotated[StudentNumberField, Tag("nisn")]
    | Annotated[TaxNumberField, Tag("npwp")]
    | Annotated[HealthInsuranceField, Tag("bpjs")]
    | Annotated[PlateField, Tag("plate")]
    | Annotated[PhoneField, Tag("phone")]
    | Annotated[EmailField, Tag("email")]
    | Annotated[PersonField, Tag("person")]
    | Annotated[CountryField, Tag("country")]
    | Annotated[RegionField, Tag("region")]
    | Annotated[AddressField, Tag("address")]
    | Annotated[DocumentField, Tag("document")]
    | Annotated[FileField, Tag("file")]
    | Annotated[PhotoField, Tag("photo")]
    | Annotated[LocationField, Tag("location")]
    | Annotated[SignatureField, Tag("signature")]
    | Annotated[DeclarationField, Tag("declaration")]
    | Annotated[PaymentField, Tag("payment")]
    | Annotated[SlotField, Tag("slot")]
    | Annotated[ComputedField, Tag("computed")]
    | Annotated[NoteField, Tag("note")]
    | Annotated[SectionField, Tag("section")]
    | Annotated[SummaryField, Tag("summary")]
    | Annotated[RepeatField, Tag("repeat")]
    | Annotated[GridField, Tag("grid")]
    | Annotated[UnknownField, Tag("unknown")],
    Discriminator(_field_tag),
]

RepeatField.model_rebuild()
GridField.model_rebuild()


def inner_fields(field: AnyField) -> Sequence[AnyField]:
    """The fields inside a repeating section or a grid; none for others."""
    match field:
        case RepeatField():
            return field.fields
        case GridField():
            return field.columns
        case _:
            return ()


class Exit(Strict):
    """Where the form ends early: the errand cannot be done here, and what can be done instead.

    Told when the citizen passes the page and `when` is true. `service` is the one that is right for them;
    `url` is where to go on outside Loket.
    """

    when: Condition
    title: Text
    advice: Text
    service: ServiceId | None = None
    url: HttpUrl | None = None


class Page(Strict):
    """One screen of the form. `title` is a question; pages of one `step` share their place in progress."""

    id: FieldId
    step: Text
    title: Text
    help: Text | None = None
    when: Condition | None = None
    fields: list[AnyField] = Field(min_length=1)
    exits: list[Exit] = Field(default_factory=list[Exit])


class Form(Strict):
    """Pages in their order (conditions only skip), then the check of all answers.

    `declaration` stands on the check page, beside the button that sends.
    """

    pages: list[Page] = Field(min_length=1)
    declaration: DeclarationField | None = None
