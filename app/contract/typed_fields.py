"""Fields that are typed: words, numbers, dates, and the numbers that people are known by.

The shape of each answer, a JSON value, is written at its model.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from app.contract.conditions import Bound
from app.contract.field import FieldBase, FieldId
from app.contract.text import Text


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


class MoneyField(FieldBase):
    """A sum of money. Answer: integer, whole rupiah."""

    type: Literal["money"]
    minimum: int | None = 0
    maximum: int | None = None


class PercentageField(FieldBase):
    """A share of a hundred. Answer: string in plain decimal notation, `"12.5"` for 12,5 %."""

    type: Literal["percentage"]
    minimum: float | None = 0
    maximum: float | None = 100
    decimals: int = Field(2, ge=0, le=6)


class DateField(FieldBase):
    """A calendar date. Answer: ISO 8601 `YYYY-MM-DD`.

    An impossible date that the citizen typed (31 November) is kept in a draft as typed, so it can be mended.
    """

    type: Literal["date"]
    earliest: Bound | None = None
    latest: Bound | None = None


class DateRangeField(FieldBase):
    """From one day to another, both counted. Answer: mapping with `start` and `end`, each `YYYY-MM-DD`.

    `open_end`: the end may be missing, where it still goes on. `min_days` and `max_days` count both ends.
    """

    type: Literal["date_range"]
    earliest: Bound | None = None
    latest: Bound | None = None
    min_days: int | None = Field(None, ge=1)
    max_days: int | None = Field(None, ge=1)
    open_end: bool = False


class MonthField(FieldBase):
    """A month of a year, where the day is not asked. Answer: `YYYY-MM`; compared as its first day.

    `earliest` and `latest` are days; the months that they fall in are allowed too.
    """

    type: Literal["month"]
    earliest: Bound | None = None
    latest: Bound | None = None


class TimeField(FieldBase):
    """A time of day. Answer: `HH:MM`, 24 hours; the zone is that of the place concerned."""

    type: Literal["time"]


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


class StudentNumberField(FieldBase):
    """National student number (NISN). Answer: 10 digits.

    Its first three digits are the last three of the year of birth; `birth_date` names a field that should
    agree: a number that says otherwise is pointed out, never refused.
    """

    type: Literal["nisn"]
    birth_date: FieldId | None = None


class TaxNumberField(FieldBase):
    """Tax number (NPWP). Answer: 15 digits of the old form, or 16 of the new (PMK 112/PMK.03/2022).

    The ninth digit of the old form checks the eight before it (Luhn). A new one is a NIK, or 0 and an old
    one.
    """

    type: Literal["npwp"]


class HealthInsuranceField(FieldBase):
    """Membership number of BPJS Kesehatan. Answer: 13 digits."""

    type: Literal["bpjs"]


class PlateField(FieldBase):
    """Registration number of a vehicle. Answer: `B 1234 XYZ`, area, number and series apart by one space."""

    type: Literal["plate"]


class PhoneField(FieldBase):
    """Telephone number. Answer: E.164 (`+628123456789`)."""

    type: Literal["phone"]


class EmailField(FieldBase):
    """E-mail address. Answer: string."""

    type: Literal["email"]
