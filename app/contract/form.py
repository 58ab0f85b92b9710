"""The form of a service: pages of fields, as data.

Answers are JSON values keyed by field id; the shape of each is written at its field model. Inside a
repeating section, the answer of the section is a list of such mappings.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, cast

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag

from app.contract.conditions import Bound, Condition
from app.contract.text import Text

CHECK_PAGE = "check"
"""The id of the page after the last one, where all answers are checked; no page of a form may have it."""

FieldId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,47}$")]
ConceptId = Annotated[str, Field(pattern=r"^[a-z][a-z_]*(\.[a-z][a-z_]*)+$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Check(_Strict):
    """A rule across answers: `valid_if` must hold, else `message` stands at the field."""

    valid_if: Condition
    message: Text
    warning: bool = False
    """True: the citizen is told and may go on."""


class FieldBase(_Strict):
    """What every field has.

    `concept` gives the answer its meaning across services. `prefill` names the attribute that the state
    already knows (a concept, with `part` for one key of it): its value is shown with its source and
    confirmed, not typed.
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


class TextField(FieldBase):
    """One line. Answer: string."""

    type: Literal["text"]
    min_length: int | None = None
    max_length: int = 200
    min_words: int | None = None
    pattern: str | None = None
    pattern_message: Text | None = None


class LongTextField(FieldBase):
    """Several lines. Answer: string."""

    type: Literal["long_text"]
    min_length: int | None = None
    max_length: int = 2000


class IntegerField(FieldBase):
    """A whole number. Answer: integer."""

    type: Literal["integer"]
    minimum: int | None = None
    maximum: int | None = None
    unit: Text | None = None


class DecimalField(FieldBase):
    """A number with decimals. Answer: string in plain decimal notation (`"3.25"`), exact on both sides."""

    type: Literal["decimal"]
    minimum: float | None = None
    maximum: float | None = None
    decimals: int = 2
    unit: Text | None = None


class DateField(FieldBase):
    """A calendar date. Answer: ISO 8601 `YYYY-MM-DD`.

    An impossible date that the citizen typed (31 November) is kept in a draft as typed, so it can be mended.
    """

    type: Literal["date"]
    earliest: Bound | None = None
    latest: Bound | None = None


class TimeField(FieldBase):
    """A time of day. Answer: `HH:MM`, 24 hours; the zone is that of the place concerned."""

    type: Literal["time"]


class YesNoField(FieldBase):
    """A question answered with yes or no. Answer: boolean."""

    type: Literal["yes_no"]
    yes: Text | None = None
    no: Text | None = None


class Option(_Strict):
    """One thing to choose. `value` is stored and sent, `label` is read."""

    value: str
    label: Text
    help: Text | None = None
    when: Condition | None = None


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


class NikField(FieldBase):
    """Population number (NIK). Answer: 16 digits.

    `sex` and `birth_date` name fields of the same page or entry that hold the same person's sex and date of
    birth: a number that says otherwise is pointed out, never refused.
    """

    type: Literal["nik"]
    sex: FieldId | None = None
    birth_date: FieldId | None = None


class FamilyCardField(FieldBase):
    """Family card number (KK). Answer: 16 digits."""

    type: Literal["kk"]


class PhoneField(FieldBase):
    """Telephone number. Answer: E.164 (`+628123456789`)."""

    type: Literal["phone"]


class EmailField(FieldBase):
    """E-mail address. Answer: string."""

    type: Literal["email"]


class PersonField(FieldBase):
    """A person of the citizen's family card, or another person by NIK and name where `other` is allowed.

    Answer: mapping with `nik`, `full_name`, `sex` (`male`|`female`), `birth_date`, `birth_place`, and `from`
    (`family` where chosen from the card, `typed` where typed). `where` limits who may be chosen; in it,
    `field: person` is the person at hand (`{field: person, part: sex, is: female}`).
    """

    type: Literal["person"]
    where: Condition | None = None
    other: bool = True
    suggest: list[Literal["self", "spouse", "mother", "father"]] = []
    """Whom to preselect from the card, relative to the citizen: the first whom `where` lets."""


class FileField(FieldBase):
    """Photos or PDFs. Answer: list of mappings `name`, `media_type`, `size` (bytes), `sha256` (hex)."""

    type: Literal["file"]
    accept: list[Literal["image/jpeg", "image/png", "application/pdf"]] = [
        "image/jpeg",
        "image/png",
        "application/pdf",
    ]
    max_bytes: int = 5_000_000
    min_count: int = 1
    max_count: int = 1


class DeclarationField(FieldBase):
    """A statement that the citizen ticks. Answer: `true`."""

    type: Literal["declaration"] = "declaration"
    statement: Text


class NoteField(FieldBase):
    """Words to read; takes no answer. `label` is the title."""

    type: Literal["note"]
    body: Text
    tone: Literal["told", "waits"] = "told"


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
    "date": DateField,
    "time": TimeField,
    "yes_no": YesNoField,
    "choice": ChoiceField,
    "choices": ChoicesField,
    "nik": NikField,
    "kk": FamilyCardField,
    "phone": PhoneField,
    "email": EmailField,
    "person": PersonField,
    "file": FileField,
    "declaration": DeclarationField,
    "note": NoteField,
    "repeat": RepeatField,
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
    | Annotated[DateField, Tag("date")]
    | Annotated[TimeField, Tag("time")]
    | Annotated[YesNoField, Tag("yes_no")]
    | Annotated[ChoiceField, Tag("choice")]
    | Annotated[ChoicesField, Tag("choices")]
    | Annotated[NikField, Tag("nik")]
    | Annotated[FamilyCardField, Tag("kk")]
    | Annotated[PhoneField, Tag("phone")]
    | Annotated[EmailField, Tag("email")]
    | Annotated[PersonField, Tag("person")]
    | Annotated[FileField, Tag("file")]
    | Annotated[DeclarationField, Tag("declaration")]
    | Annotated[NoteField, Tag("note")]
    | Annotated[RepeatField, Tag("repeat")]
    | Annotated[UnknownField, Tag("unknown")],
    Discriminator(_field_tag),
]

RepeatField.model_rebuild()


class Page(_Strict):
    """One screen of the form. `title` is a question; pages of one `step` share their place in progress."""

    id: FieldId
    step: Text
    title: Text
    help: Text | None = None
    when: Condition | None = None
    fields: list[AnyField] = Field(min_length=1)


class Form(_Strict):
    """Pages in their order (conditions only skip), then the check of all answers.

    `declaration` stands on the check page, beside the button that sends.
    """

    pages: list[Page] = Field(min_length=1)
    declaration: DeclarationField | None = None
