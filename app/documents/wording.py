"""What a document says, in words: a label and a sentence for each claim."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from types import MappingProxyType
from typing import Any, cast

from app.contract.concepts import CONCEPTS
from app.contract.phrase import N_, Phrase
from app.contract.text import Text

_LABELS: Mapping[str, Phrase] = {
    "nik": CONCEPTS["person.nik"].title,
    "full_name": CONCEPTS["person.full_name"].title,
    "sex": CONCEPTS["person.sex"].title,
    "birth_place": CONCEPTS["person.birth_place"].title,
    "birth_date": CONCEPTS["person.birth_date"].title,
    "birth_time": N_("Jam lahir"),
    "birth_order": N_("Anak ke"),
    "weight_kg": N_("Berat lahir (kg)"),
    "mother": CONCEPTS["child.mother"].title,
    "father": CONCEPTS["child.father"].title,
    "address": CONCEPTS["person.address"].title,
    "number": N_("Nomor"),
    "certificate_number": N_("Nomor akta"),
    "card_number": N_("Nomor kartu"),
    "family_card_number": CONCEPTS["family.card_number"].title,
    "head": N_("Kepala keluarga"),
    "members": CONCEPTS["family.members"].title,
    "issued_on": N_("Tanggal terbit"),
    "registered_on": N_("Tanggal pencatatan"),
    "valid_until": N_("Berlaku sampai"),
    "relation": N_("Hubungan keluarga"),
    "marital_status": CONCEPTS["person.marital_status"].title,
    "office": N_("Kantor penerbit"),
    "account": N_("Nomor rekening"),
    "activity": N_("Kegiatan usaha"),
    "added": N_("Ditambahkan"),
    "allergies": N_("Alergi"),
    "amount": N_("Jumlah"),
    "answer": N_("Jawaban"),
    "answered_on": N_("Tanggal dijawab"),
    "bank": N_("Bank"),
    "blocked": N_("Diblokir"),
    "blood_type": N_("Golongan darah"),
    "business": N_("Nama usaha"),
    "category": N_("Golongan"),
    "certificate": N_("Sertipikat"),
    "class": N_("Kelas rawat"),
    "clinic": N_("Puskesmas atau klinik"),
    "code": N_("Kode bayar"),
    "conditions": N_("Penyakit yang tercatat"),
    "date": N_("Tanggal"),
    "deceased": N_("Yang meninggal"),
    "decided_on": N_("Tanggal keputusan"),
    "died_at": N_("Jam meninggal"),
    "died_on": N_("Tanggal meninggal"),
    "disputed": N_("Dalam sengketa"),
    "for": N_("Untuk"),
    "from": N_("Dari"),
    "kind": N_("Jenis"),
    "made_on": N_("Dibuat"),
    "medicines": N_("Obat yang rutin diminum"),
    "membership": N_("Nomor peserta"),
    "method": N_("Cara bayar"),
    "paid": N_("Dibayar"),
    "partner": N_("Pasangan"),
    "person": N_("Orang"),
    "place": N_("Tempat"),
    "plate": N_("Nomor polisi"),
    "programme": N_("Program"),
    "programmes": N_("Program bantuan"),
    "purpose": N_("Keperluan"),
    "received_on": N_("Tanggal diterima"),
    "record": N_("Catatan"),
    "region": N_("Wilayah"),
    "registered": N_("Terdaftar"),
    "registration_number": N_("Nomor pendaftaran"),
    "school_number": N_("NPSN sekolah"),
    "segment": N_("Jenis kepesertaan"),
    "stated_on": N_("Dinyatakan pada"),
    "student_number": N_("NISN"),
    "taken_up_on": N_("Mulai diproses"),
    "time": N_("Jam"),
    "to": N_("Ke"),
    "topic": N_("Pokok laporan"),
    "university": N_("Perguruan tinggi"),
    "vaccinations": N_("Imunisasi"),
    "venue": N_("Tempat akad"),
    "wanted": N_("Pekerjaan yang dicari"),
    "workers": N_("Jumlah pekerja"),
}
_ORDER = {name: number for number, name in enumerate(_LABELS)}
_WORDS: Mapping[str, Mapping[str, Phrase]] = {
    "sex": {"male": N_("Laki-laki"), "female": N_("Perempuan")},
    "relation": {
        "head": N_("Kepala keluarga"),
        "wife": N_("Istri"),
        "husband": N_("Suami"),
        "child": N_("Anak"),
        "parent": N_("Orang tua"),
        "other": N_("Keluarga lain"),
    },
}
_YES, _NO = N_("Ya"), N_("Tidak")
_ADDRESS = ("street", "village", "district", "regency", "province")
_NUMBERS = {"birth-certificate": "certificate_number", "family-card": "family_card_number"}
"""The claim that numbers a document, by its type; the NIK where none is named."""
_TECHNICAL = frozenset(
    {"iss", "iat", "nbf", "exp", "vct", "cnf", "status", "sub", "_sd_alg", "vct#integrity"}
)


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """One claim as it is read: `name` in the credential, a label, and its value in words."""

    name: str
    label: Phrase
    text: Phrase


def lines(
    claims: Mapping[str, Any], labels: Mapping[str, Text] = MappingProxyType({})
) -> tuple[ClaimLine, ...]:
    """The claims of a document, technical ones left out.

    `labels` are its agency's own, whose claims come first and in their order; then those that Loket knows.
    """
    known = _Labels(labels)
    told = [name for name in claims if name not in _TECHNICAL and claims[name] is not None]
    told.sort(key=known.place)
    return tuple(ClaimLine(name, known.of(name), known.value(name, claims[name])) for name in told)


def is_named(claim: str) -> bool:
    """Whether Loket has a label for a claim, so that an agency need not give one."""
    return claim in _LABELS or claim in _TECHNICAL


def holder(claims: Mapping[str, Any]) -> str | None:
    """Whom the document is about; of a family card its head."""
    name = claims.get("full_name")
    if isinstance(name, str):
        return name
    heads = (one for one in _mappings(claims.get("members")) if one.get("relation") == "head")
    return next((head["full_name"] for head in heads if isinstance(head.get("full_name"), str)), None)


def summary(
    type_: str, claims: Mapping[str, Any], labels: Mapping[str, Text] = MappingProxyType({})
) -> Phrase | None:
    """One line for the face of the card, which tells it from others: its number, else what its agency names
    first."""
    number = claims.get(_NUMBERS.get(type_, "nik"))
    if not isinstance(number, str):
        first = next((name for name in labels if isinstance(claims.get(name), str)), None)
        if first is None:
            return None
        [line] = lines({first: claims[first]}, labels)
        return Phrase("{label}: {text}", {"label": line.label, "text": line.text})
    if len(number) == 16 and number.isdigit():
        # The face may be seen over a shoulder; the whole number stands inside.
        number = f"•••• {number[-4:]}"
    return N_("No. {number}", number=number) if type_ in _NUMBERS else N_("NIK {number}", number=number)


def _mappings(value: Any) -> list[Mapping[str, Any]]:
    if not isinstance(value, list):
        return []
    return [cast("Mapping[str, Any]", one) for one in cast("list[Any]", value) if isinstance(one, dict)]


class _Labels:
    """What claims are called in one document."""

    def __init__(self, given: Mapping[str, Text]) -> None:
        self._given = given
        self._order = {name: number for number, name in enumerate(given)}

    def place(self, name: str) -> tuple[int, int]:
        """Where a claim stands among others: the agency's own, then Loket's, then the rest."""
        if name in self._order:
            return 0, self._order[name]
        return (1, _ORDER[name]) if name in _ORDER else (2, 0)

    def of(self, name: str) -> Phrase:
        """The label of a claim: the agency's, else Loket's, else its name."""
        if given := self._given.get(name):
            return Phrase("{label}", {"label": given})
        return _LABELS.get(name) or Phrase("{name}", {"name": name.replace("_", " ").capitalize()})

    def value(self, name: str, value: Any) -> Phrase:
        """A claim's value in words."""
        if isinstance(value, bool):
            return _YES if value else _NO
        if isinstance(value, str):
            known = _WORDS.get(name, {}).get(value)
            return known or Phrase("{value}", {"value": _day(value) or _time(value) or value})
        if isinstance(value, list):
            entries = [self.value(name, one) for one in cast("list[Any]", value)]
            # Entries of several lines each are kept apart.
            apart = "\n\n" if any("\n" in entry.message for entry in entries) else "\n"
            return _joined(apart, entries)
        if isinstance(value, dict):
            return self._mapping(cast("dict[str, Any]", value))
        return Phrase("{value}", {"value": str(value)})

    def _mapping(self, value: Mapping[str, Any]) -> Phrase:
        if "full_name" in value:
            about = [self.value(part, value[part]) for part in ("relation", "nik") if value.get(part)]
            return _joined(", ", [self.value("full_name", value["full_name"]), *about])
        if any(part in value for part in _ADDRESS):
            return _joined(", ", [self.value(part, value[part]) for part in _ADDRESS if value.get(part)])
        return _joined(
            "\n",
            [
                Phrase("{label}: {text}", {"label": self.of(part), "text": self.value(part, one)})
                for part, one in sorted(value.items(), key=lambda pair: self.place(pair[0]))
                if one is not None
            ],
        )


def _joined(between: str, phrases: list[Phrase]) -> Phrase:
    names = [f"part{number}" for number in range(len(phrases))]
    return Phrase(between.join(f"{{{name}}}" for name in names), dict(zip(names, phrases, strict=True)))


def _time(text: str) -> time | None:
    """A time of day, to be written as the reader's language does: `04.35`."""
    if len(text) != 5 or text[2] != ":":
        return None
    try:
        return time.fromisoformat(text)
    except ValueError:
        return None


def _day(text: str) -> date | None:
    if len(text) != 10:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
