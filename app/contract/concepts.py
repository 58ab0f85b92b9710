"""Concepts: the meanings of answers that all services share, and the shapes of their values.

What makes "answer once" possible: two fields with one concept mean one thing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from app.contract.phrase import N_, Phrase

Shape = Literal[
    "text",
    "nik",
    "kk",
    "date",
    "sex",
    "phone",
    "email",
    "address",
    "people",
    "marriage",
    "birth",
    "boolean",
    "integer",
]


@dataclass(frozen=True, slots=True)
class Concept:
    """`title` is what a citizen calls it; `sensitive` values are masked in lists and never in logs."""

    id: str
    title: Phrase
    shape: Shape
    sensitive: bool = False


# Shapes: address {street, village, district, regency, province, region_code};
# people [{nik, full_name, sex, birth_date, birth_place, relation, marital_status}], relation is one of
# head, wife, husband, child, parent, other, seen from the head of the card; marriage {number, date, office, spouse_nik};
# birth (a hospital's notification) {child_sex, date, time, weight_kg, order, regency, place_type, facility, helper, letter_number}.
CONCEPTS: dict[str, Concept] = {
    c.id: c
    for c in (
        Concept("person.nik", N_("NIK"), "nik", sensitive=True),
        Concept("person.full_name", N_("Nama lengkap"), "text"),
        Concept("person.sex", N_("Jenis kelamin"), "sex"),
        Concept("person.birth_place", N_("Tempat lahir"), "text"),
        Concept("person.birth_date", N_("Tanggal lahir"), "date"),
        Concept("person.address", N_("Alamat"), "address"),
        Concept("person.phone", N_("Nomor telepon"), "phone"),
        Concept("person.email", N_("Alamat surel"), "email"),
        Concept("person.marital_status", N_("Status perkawinan"), "text"),
        Concept("family.card_number", N_("Nomor kartu keluarga"), "kk", sensitive=True),
        Concept("family.members", N_("Anggota keluarga"), "people", sensitive=True),
        Concept("marriage.record", N_("Catatan perkawinan"), "marriage"),
        Concept(
            "birth.notification",
            N_("Pemberitahuan kelahiran dari fasilitas kesehatan"),
            "birth",
            sensitive=True,
        ),
        Concept("child.full_name", N_("Nama anak"), "text"),
        Concept("child.sex", N_("Jenis kelamin anak"), "sex"),
        Concept("child.birth_date", N_("Tanggal lahir anak"), "date"),
        Concept("child.birth_place", N_("Tempat lahir anak"), "text"),
        Concept("child.mother", N_("Ibu"), "people", sensitive=True),
        Concept("child.father", N_("Ayah"), "people", sensitive=True),
    )
}
