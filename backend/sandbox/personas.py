"""The synthetic citizens of the sandbox, as data files: `personas/<id>.yaml`, one person a file.

Nobody real can be meant. Surnames say so (Contoh, Misal, Rekaan, Umpama, Teladan, Peraga). Every NIK and
family card number has the form of the real ones (a real region code, the date with day + 40 for women), but
a serial from 9000 on: a district would have to register nine thousand people of one birth date to reach it.

Dates may be relative (`{days_ago: 10}`, also `months_ago`, `years_ago`), so that a newborn stays one, and
`{days_ahead: 40}`, so that a licence is always about to end.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, cast

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, ValidationError

from app.contract.citizen import Attribute
from app.contract.findings import DefinitionError, Fault, Finding
from app.contract.model_errors import faults_of
from app.contract.text import Text
from app.contract.yaml_tree import read_yaml
from app.forms.kinds.identity import NikFacts, read_nik

FOLDER = Path(__file__).parent / "personas"

REGISTERS: Mapping[str, Text] = {
    "population-register": Text({"id": "Data kependudukan (Dukcapil)", "en": "Population register"}),
    "marriage-register": Text({"id": "Catatan perkawinan (KUA)", "en": "Marriage register"}),
    "health-register": Text({"id": "Catatan kelahiran rumah sakit", "en": "Hospital birth records"}),
    "contact-register": Text({"id": "Kontak di akun Anda", "en": "Contact details of your account"}),
    "insurance-register": Text(
        {"id": "Data peserta BPJS Kesehatan", "en": "BPJS Kesehatan membership records"}
    ),
    "welfare-register": Text(
        {"id": "Data sosial ekonomi (DTSEN)", "en": "Social and economic records (DTSEN)"}
    ),
    "student-register": Text({"id": "Data pokok pendidikan (Dapodik)", "en": "School records (Dapodik)"}),
    "care-register": Text({"id": "Rekam medis (SATUSEHAT)", "en": "Medical records (SATUSEHAT)"}),
    "land-register": Text({"id": "Buku tanah (ATR/BPN)", "en": "Land book (ATR/BPN)"}),
    "licence-register": Text({"id": "Data SIM (Korlantas Polri)", "en": "Driving licence records"}),
    "vehicle-register": Text({"id": "Data kendaraan (Samsat)", "en": "Vehicle records (Samsat)"}),
    "passport-register": Text({"id": "Data paspor (Imigrasi)", "en": "Passport records"}),
    "worker-register": Text(
        {"id": "Data peserta BPJS Ketenagakerjaan", "en": "BPJS Ketenagakerjaan membership records"}
    ),
}
"""The registers that know things about citizens, by id: what a citizen reads as the source of a value."""


class PersonaError(Exception):
    """Persona files are wrong. Each line of the text: file, line, field, what was expected, what came."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(map(str, self.findings)))


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class _Ago(_Strict):
    """A date counted from today, back or ahead."""

    days_ago: int = Field(0, ge=0)
    days_ahead: int = Field(0, ge=0)
    months_ago: int = Field(0, ge=0)
    years_ago: int = Field(0, ge=0)

    def on(self, today: date) -> date:
        months = today.year * 12 + today.month - 1 - self.months_ago - 12 * self.years_ago
        # The 28th is in every month; a relative date need not be more exact than that.
        day = today.day if not (self.months_ago or self.years_ago) else min(today.day, 28)
        return date(months // 12, months % 12 + 1, day) + timedelta(days=self.days_ahead - self.days_ago)


def _date_tag(value: Any) -> str:
    return "relative" if isinstance(value, dict | _Ago) else "date"


_Date = Annotated[Annotated[date, Tag("date")] | Annotated[_Ago, Tag("relative")], Discriminator(_date_tag)]
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
    place_type: Literal["hospital", "health_centre", "clinic", "home", "other"]
    facility: str
    helper: Literal["doctor", "midwife", "nurse", "traditional", "other"]
    letter_number: str


class _Attributes(_Strict):
    """What one register knows, by concept; the shapes are those of `app.contract.concepts`."""

    nik: _Nik | None = Field(None, alias="person.nik")
    full_name: str | None = Field(None, alias="person.full_name")
    sex: Literal["male", "female"] | None = Field(None, alias="person.sex")
    birth_place: str | None = Field(None, alias="person.birth_place")
    birth_date: _Date | None = Field(None, alias="person.birth_date")
    marital_status: str | None = Field(None, alias="person.marital_status")
    address: _Address | None = Field(None, alias="person.address")
    phone: str | None = Field(None, alias="person.phone", pattern=r"^\+62\d{8,12}$")
    email: str | None = Field(None, alias="person.email", pattern=r"^[a-z.]+@[a-z.]+\.example$")
    card_number: _Nik | None = Field(None, alias="family.card_number")
    members: list[_Person] | None = Field(None, alias="family.members")
    marriage: _Marriage | None = Field(None, alias="marriage.record")
    birth: _Birth | None = Field(None, alias="birth.notification")
    insurance_number: str | None = Field(None, alias="person.health_insurance_number", pattern=r"^\d{13}$")
    insurance_segment: Literal["state_paid", "worker", "independent"] | None = Field(
        None, alias="insurance.segment"
    )
    insurance_class: Literal["1", "2", "3"] | None = Field(None, alias="insurance.class")
    insurance_class_since: _Date | None = Field(None, alias="insurance.class_since")
    insurance_clinic: str | None = Field(None, alias="insurance.clinic")
    insurance_clinic_since: _Date | None = Field(None, alias="insurance.clinic_since")
    low_income: bool | None = Field(None, alias="household.low_income")
    aid_programmes: str | None = Field(None, alias="aid.programmes")
    student_number: str | None = Field(None, alias="person.student_number", pattern=r"^\d{10}$")
    school_npsn: str | None = Field(None, alias="school.npsn", pattern=r"^\d{8}$")
    school_name: str | None = Field(None, alias="school.name")
    blood_type: str | None = Field(None, alias="person.blood_type")
    allergies: str | None = Field(None, alias="health.allergies")
    conditions: str | None = Field(None, alias="health.conditions")
    medicines: str | None = Field(None, alias="health.medicines")
    vaccinations: str | None = Field(None, alias="health.vaccinations")
    land_certificate: str | None = Field(None, alias="land.certificate_number", pattern=r"^\d{14}$")
    land_place: _Address | None = Field(None, alias="land.place")
    licence_number: str | None = Field(None, alias="licence.number", pattern=r"^\d{14}$")
    licence_category: Literal["a", "c"] | None = Field(None, alias="licence.category")
    licence_valid_until: _Date | None = Field(None, alias="licence.valid_until")
    vehicle_plate: str | None = Field(None, alias="vehicle.plate", pattern=r"^[A-Z]{1,2} \d{1,4} [A-Z]{1,3}$")
    vehicle_category: Literal["car", "motorcycle"] | None = Field(None, alias="vehicle.category")
    vehicle_tax: int | None = Field(None, alias="vehicle.tax", ge=0)
    vehicle_tax_due: _Date | None = Field(None, alias="vehicle.tax_due")
    passport_number: str | None = Field(None, alias="passport.number", pattern=r"^[A-Z]\d{7}$")
    passport_valid_until: _Date | None = Field(None, alias="passport.valid_until")
    worker_number: str | None = Field(None, alias="worker.number", pattern=r"^\d{11}$")
    worker_savings: int | None = Field(None, alias="worker.savings", ge=0)
    worker_left_on: _Date | None = Field(None, alias="worker.left_on")

    def by_concept(self) -> dict[str, Any]:
        """The values that are there, dates unresolved."""
        return self.model_dump(by_alias=True, exclude_unset=True)


class _Register(_Strict):
    as_of: _Date
    attributes: _Attributes


class Faults(_Strict):
    """How badly the backend serves this citizen: milliseconds of delay, share of requests that fail."""

    latency_ms: int = Field(default=0, ge=0, le=30_000)
    error_rate: float = Field(default=0.0, ge=0, le=1)


class Persona(_Strict):
    """One synthetic citizen. `story` says what a tester can try with them."""

    id: str = Field(pattern=r"^[a-z]+(-[a-z]+)*$")
    order: int
    name: str
    icon: Literal[
        "baby",
        "cottage",
        "crowd",
        "elderly",
        "family",
        "land",
        "marriage",
        "mistake",
        "mourning",
        "school",
        "slow",
        "suspended",
    ]
    tone: Literal["", "waits", "wrong"] = ""
    situation: Text
    story: Text
    account: Literal["active", "suspended"] = "active"
    faults: Faults = Faults()
    mistakes: list[str] = []
    """Concepts whose entry in the register is wrong on purpose."""
    registers: dict[
        Literal[
            "population-register",
            "marriage-register",
            "health-register",
            "contact-register",
            "insurance-register",
            "welfare-register",
            "student-register",
            "care-register",
            "land-register",
            "licence-register",
            "vehicle-register",
            "passport-register",
            "worker-register",
        ],
        _Register,
    ]

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
            for concept, value in register.attributes.by_concept().items()
        ]


class Personas(Mapping[str, Persona]):
    """All personas by id, in the order that the provider's page lists them."""

    def __init__(self, personas: Sequence[Persona]) -> None:
        self._by_id = {p.id: p for p in sorted(personas, key=lambda p: p.order)}
        self._by_subject = {p.subject: p for p in personas}

    @classmethod
    def load(cls, folder: Path = FOLDER) -> Personas:
        """Read every persona of `folder`.

        Raises:
            PersonaError: a file is no YAML, has a wrong field, or says things that contradict each other;
                all that is wrong, in one error.
        """
        personas: list[Persona] = []
        findings: list[Finding] = []
        for path in sorted(folder.glob("*.yaml")):
            try:
                personas.append(_read(path))
            except DefinitionError as error:
                findings += error.findings
        if not personas and not findings:
            findings.append(Finding(folder, 1, 1, "", "persona files (*.yaml)", "none"))
        if findings:
            raise PersonaError(findings)
        return cls(personas)

    def of_subject(self, subject: str) -> Persona | None:
        """The persona with this `sub`, or None."""
        return self._by_subject.get(subject)

    def __getitem__(self, persona_id: str) -> Persona:
        return self._by_id[persona_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_id)

    def __len__(self) -> int:
        return len(self._by_id)


def _read(path: Path) -> Persona:
    source = read_yaml(path, Path(path.name))
    content = source.root.plain()
    faults: list[Fault]
    try:
        if isinstance(content, dict):
            content = {"id": path.stem, **cast("dict[str, Any]", content)}
        # By the rules of JSON: a text is no number, a date is a text.
        persona = Persona.model_validate_json(json.dumps(content), strict=True)
        faults = list(_contradictions(persona))
    except ValidationError as error:
        persona, faults = None, list(faults_of(error, Persona))
    if persona is None or faults:
        raise DefinitionError([source.finding(f.path, f.expected, f.came, f.hint) for f in faults])
    return persona


def _contradictions(persona: Persona) -> Iterator[Fault]:
    """Where a persona's entries contradict each other, other than in `mistakes`."""
    known: dict[str, str] = {}
    for register_id, register in persona.registers.items():
        place = ("registers", register_id, "attributes")
        for concept in register.attributes.by_concept():
            if concept in known:
                yield Fault(
                    (*place, concept), "each concept in one register", f"it is in {known[concept]} too"
                )
            known[concept] = register_id
        for index, person in enumerate(register.attributes.members or []):
            if not _fits(person.nik, person.sex, person.birth_date):
                yield _unfit((*place, "family.members", index, "nik"), person.nik)
        own = register.attributes
        if own.nik is None or own.sex is None or "person.birth_date" in persona.mistakes:
            continue
        if own.birth_date is None or not _fits(own.nik, own.sex, own.birth_date):
            yield _unfit((*place, "person.nik"), own.nik)
    for index, concept in enumerate(persona.mistakes):
        if concept not in known:
            yield Fault(("mistakes", index), "a concept that a register knows", f'"{concept}"')


def _unfit(path: tuple[str | int, ...], nik: str) -> Fault:
    return Fault(path, "a NIK of this sex and birth date with a serial from 9000", f'"{nik}"')


def _fits(nik: str, sex: str, birth_date: _Date) -> bool:
    if nik[12] != "9" or not isinstance(birth_date, date):
        return False
    facts = read_nik(nik, date(birth_date.year + 1, 1, 1))
    return isinstance(facts, NikFacts) and facts.sex == sex and birth_date in facts.birth_dates


def _on(when: _Date, today: date) -> date:
    return when if isinstance(when, date) else when.on(today)


def _resolved(value: Any, today: date) -> Any:
    """`value` as JSON, with relative dates counted from `today`."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return [_resolved(inner, today) for inner in cast("list[Any]", value)]
    if isinstance(value, dict):
        mapping = cast("dict[str, Any]", value)
        if mapping and mapping.keys() <= _Ago.model_fields.keys():
            return _Ago.model_validate(mapping).on(today).isoformat()
        return {key: _resolved(inner, today) for key, inner in mapping.items()}
    return value
