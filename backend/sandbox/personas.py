"""The synthetic citizens of the sandbox, as data files: `personas/<id>.yaml`, one person a file.

Nobody real can be meant. Surnames say so (Contoh, Misal, Rekaan, Umpama, Teladan, Peraga). Every NIK and family
card number has the form of the real ones (a real region code, the date with day + 40 for women), but a serial
from 9000 on: a district would have to register nine thousand people of one birth date before it gave one out.

Dates may be relative (`{days_ago: 10}`, also `months_ago`, `years_ago`), so that a newborn stays a newborn.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from app.contract.citizen import Attribute
from app.contract.concepts import CONCEPTS, Shape
from app.contract.text import Text

FOLDER = Path(__file__).parent / "personas"

REGISTERS: Mapping[str, Text] = {
    "population-register": Text({"id": "Data kependudukan (Dukcapil)", "en": "Population register"}),
    "marriage-register": Text({"id": "Catatan perkawinan (KUA)", "en": "Marriage register"}),
    "health-register": Text({"id": "Catatan kelahiran rumah sakit", "en": "Hospital birth records"}),
    "contact-register": Text({"id": "Kontak di akun Anda", "en": "Contact details of your account"}),
}
"""The registers that know things about citizens, by id: what a citizen reads as the source of a value."""


class PersonaError(Exception):
    """A persona file is wrong. Each line of the text: file, line, field, what was expected, what came."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class _Ago(_Strict):
    """A date counted back from today."""

    days_ago: int = Field(0, ge=0)
    months_ago: int = Field(0, ge=0)
    years_ago: int = Field(0, ge=0)

    def on(self, today: date) -> date:
        months = today.year * 12 + today.month - 1 - self.months_ago - 12 * self.years_ago
        # The 28th is in every month; a relative date need not be more exact than that.
        day = today.day if not (self.months_ago or self.years_ago) else min(today.day, 28)
        return date(months // 12, months % 12 + 1, day) - timedelta(days=self.days_ago)


_Date = date | _Ago
_Nik = Annotated[str, Field(pattern=r"^\d{16}$")]


class _Address(_Strict):
    street: str
    village: str
    district: str
    regency: str
    province: str
    region_code: str = Field(pattern=r"^\d{2}\.\d{2}\.\d{2}\.\d{4}$")


class _Person(_Strict):
    nik: _Nik
    full_name: str
    sex: Literal["male", "female"]
    birth_date: _Date
    birth_place: str
    relation: Literal["head", "wife", "husband", "child", "parent", "other"]
    marital_status: Literal["Kawin", "Kawin belum tercatat", "Belum kawin", "Cerai hidup", "Cerai mati"]


class _Marriage(_Strict):
    number: str
    date: _Date
    office: str
    spouse_nik: _Nik


class _Birth(_Strict):
    child_sex: Literal["male", "female"]
    date: _Date
    time: str = Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")
    weight_kg: float = Field(gt=0, lt=8)
    order: int = Field(ge=1)
    regency: str
    place_type: str
    facility: str
    helper: str
    letter_number: str


_VALUE_TYPES: Mapping[Shape, Any] = {
    "text": str,
    "nik": _Nik,
    "kk": _Nik,
    "date": _Date,
    "sex": Literal["male", "female"],
    "phone": Annotated[str, Field(pattern=r"^\+62\d{8,12}$")],
    "email": Annotated[str, Field(pattern=r"^[^@\s]+@[a-z.]*example$")],
    "address": _Address,
    "people": list[_Person],
    "marriage": _Marriage,
    "birth": _Birth,
    "boolean": bool,
    "integer": int,
}


class Faults(_Strict):
    """How badly the backend serves this citizen: delay in milliseconds, share of requests that fail (0 to 1)."""

    latency_ms: int = Field(0, ge=0, le=30_000)
    error_rate: float = Field(0.0, ge=0, le=1)


_Attributes = create_model(
    "_Attributes",
    __base__=_Strict,
    **{
        concept.id.replace(".", "__"): (_VALUE_TYPES[concept.shape], Field(None, alias=concept.id))
        for concept in CONCEPTS.values()
    },
)


class _Register(_Strict):
    as_of: _Date
    attributes: _Attributes


class Persona(_Strict):
    """One synthetic citizen. `story` says what a tester can try with them."""

    id: str = Field(pattern=r"^[a-z]+(-[a-z]+)*$")
    order: int
    name: str
    icon: Literal[
        "baby", "cottage", "marriage", "mistake", "school", "land", "elderly", "suspended", "slow", "mourning"
    ]
    tone: Literal["", "waits", "wrong"] = ""
    situation: Text
    story: Text
    account: Literal["active", "suspended"] = "active"
    faults: Faults = Faults()
    mistakes: list[str] = []
    """Concepts whose entry in the register is wrong on purpose."""
    registers: dict[str, _Register]

    @property
    def subject(self) -> str:
        """The `sub` of tokens: opaque, and the same on every machine."""
        return hashlib.sha256(f"loket sandbox persona {self.id}".encode()).hexdigest()[:32]

    def attributes(self, today: date) -> list[Attribute]:
        """What the registers know on `today` (the citizen's calendar day)."""
        return [
            Attribute(
                concept=concept,
                value=_resolved(value, today),
                source=register_id,
                source_title=REGISTERS[register_id],
                as_of=_on(register.as_of, today),
            )
            for register_id, register in self.registers.items()
            for concept, value in register.attributes.model_dump(by_alias=True, exclude_unset=True).items()
        ]
