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
    "decimal",
    "money",
    "time",
    "nisn",
    "npwp",
    "bpjs",
    "plate",
    "location",
]


@dataclass(frozen=True, slots=True)
class Concept:
    """`title` is what a citizen calls it; `sensitive` values are masked in lists and never in logs."""

    id: str
    title: Phrase
    shape: Shape
    sensitive: bool = False


PARTS: dict[Shape, dict[str, Shape | tuple[str, ...]]] = {
    "address": {
        "street": "text",
        "village": "text",
        "district": "text",
        "regency": "text",
        "province": "text",
        "region_code": "text",
        "postcode": "text",
    },
    "people": {
        "nik": "nik",
        "full_name": "text",
        "sex": ("female", "male"),
        "birth_date": "date",
        "birth_place": "text",
        "relation": ("head", "wife", "husband", "child", "parent", "other"),
        "marital_status": "text",
    },
    "marriage": {"number": "text", "date": "date", "office": "text", "spouse_nik": "nik"},
    "birth": {
        "child_sex": ("female", "male"),
        "date": "date",
        "time": "time",
        "weight_kg": "decimal",
        "order": "integer",
        "regency": "text",
        "place_type": ("hospital", "health_centre", "clinic", "home", "other"),
        "facility": "text",
        "helper": ("doctor", "midwife", "nurse", "traditional", "other"),
        "letter_number": "text",
    },
}
"""The parts of structured shapes; a tuple lists the words that the part may hold.

`people` is a list of such mappings (the members of a family card); `relation` is seen from the head of the
card. `birth` is what the facility where a child was born tells the population register.
"""

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
        Concept("person.domicile", N_("Alamat tempat tinggal sekarang"), "address"),
        Concept("person.education", N_("Pendidikan terakhir"), "text"),
        Concept("person.occupation", N_("Pekerjaan"), "text"),
        Concept("person.income", N_("Penghasilan sebulan"), "money", sensitive=True),
        Concept("person.blood_type", N_("Golongan darah"), "text", sensitive=True),
        Concept("person.student_number", N_("NISN"), "nisn"),
        Concept("person.tax_number", N_("NPWP"), "npwp", sensitive=True),
        Concept("person.health_insurance_number", N_("Nomor BPJS Kesehatan"), "bpjs", sensitive=True),
        Concept("emergency.full_name", N_("Nama kontak darurat"), "text"),
        Concept("emergency.phone", N_("Nomor telepon kontak darurat"), "phone"),
        Concept("vehicle.plate", N_("Nomor polisi kendaraan"), "plate"),
        Concept("business.name", N_("Nama usaha"), "text"),
        Concept("business.address", N_("Alamat usaha"), "address"),
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
        Concept("insurance.segment", N_("Jenis kepesertaan BPJS Kesehatan"), "text"),
        Concept("insurance.class", N_("Kelas rawat BPJS Kesehatan"), "text"),
        Concept("insurance.class_since", N_("Awal kelas rawat sekarang"), "date"),
        Concept("insurance.clinic", N_("Puskesmas atau klinik terdaftar"), "text"),
        Concept("insurance.clinic_since", N_("Awal terdaftar di puskesmas atau klinik"), "date"),
        Concept("household.low_income", N_("Terdaftar sebagai keluarga berpenghasilan rendah"), "boolean"),
        Concept("aid.programmes", N_("Bantuan sosial yang diterima"), "text", sensitive=True),
        Concept("school.npsn", N_("NPSN sekolah"), "text"),
        Concept("school.name", N_("Nama sekolah"), "text"),
        Concept("health.allergies", N_("Alergi"), "text", sensitive=True),
        Concept("health.conditions", N_("Penyakit yang tercatat"), "text", sensitive=True),
        Concept("health.medicines", N_("Obat yang rutin diminum"), "text", sensitive=True),
        Concept("health.vaccinations", N_("Imunisasi yang tercatat"), "text", sensitive=True),
        Concept("child.certificate_number", N_("Nomor akta kelahiran anak"), "text"),
        Concept("land.certificate_number", N_("Nomor sertifikat tanah"), "text"),
        Concept("land.place", N_("Letak tanah"), "address"),
        Concept("licence.number", N_("Nomor SIM"), "text", sensitive=True),
        Concept("licence.category", N_("Golongan SIM"), "text"),
        Concept("licence.valid_until", N_("Masa berlaku SIM"), "date"),
        Concept("passport.number", N_("Nomor paspor"), "text", sensitive=True),
        Concept("passport.valid_until", N_("Masa berlaku paspor"), "date"),
        Concept("vehicle.category", N_("Jenis kendaraan"), "text"),
        Concept("vehicle.tax", N_("Pajak kendaraan setahun"), "money"),
        Concept("vehicle.tax_due", N_("Jatuh tempo pajak kendaraan"), "date"),
        Concept("business.number", N_("NIB"), "text"),
        Concept("worker.number", N_("Nomor peserta BPJS Ketenagakerjaan"), "text", sensitive=True),
        Concept("worker.savings", N_("Saldo jaminan hari tua"), "money", sensitive=True),
        Concept("worker.left_on", N_("Tanggal berhenti bekerja"), "date"),
    )
}
