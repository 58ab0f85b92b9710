"""Small definitions to try one thing at a time, and the citizens who fill them in."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from app.contract.citizen import Attribute, Me
from app.contract.definition import ServiceDefinition
from app.contract.text import Text

TODAY = date(2026, 11, 24)
SERVICES = Path(__file__).parents[2] / "services"
FAMILY_CARD = Text({"id": "Kartu keluarga", "en": "Family card"})
HOSPITAL = Text({"id": "RSUD Kota Bandung", "en": "Bandung City Hospital"})

SARI = {
    "nik": "3273015203930001",
    "full_name": "Sari Contoh",
    "sex": "female",
    "birth_date": "1993-03-12",
    "birth_place": "Bandung",
}
BUDI = {
    "nik": "3273011203900001",
    "full_name": "Budi Contoh",
    "sex": "male",
    "birth_date": "1990-03-12",
    "birth_place": "Bandung",
}
NOTIFICATION = {
    "child_sex": "male",
    "date": "2026-11-18",
    "time": "04:20",
    "weight_kg": 3.2,
    "order": 1,
    "regency": "Kota Bandung",
    "place_type": "hospital",
    "facility": "RSUD Kota Bandung",
    "helper": "doctor",
    "letter_number": "SKL/1/RSUD",
}
LETTER = {"name": "surat.jpg", "media_type": "image/jpeg", "size": 1_230_000, "sha256": "a" * 64}


def attribute(concept: str, value: Any, title: Text = FAMILY_CARD) -> Attribute:
    return Attribute(
        concept=concept, value=value, source="register", source_title=title, as_of=date(2026, 3, 3)
    )


def me_with(**attributes: Any) -> Me:
    """A citizen of whom the state knows these concepts (`person__nik` for `person.nik`)."""
    return Me(
        subject="subject",
        attributes=[attribute(name.replace("__", "."), value) for name, value in attributes.items()],
    )


NOBODY = me_with()
SARIS_FAMILY = [{**BUDI, "relation": "head"}, {**SARI, "relation": "wife"}]


def definition_of(
    *pages: dict[str, Any], permissions: tuple[str, ...] = (), version: int = 1, **form: Any
) -> ServiceDefinition:
    full = [
        {"step": page.get("id", f"p{i}"), "title": "Judul?", "id": f"p{i}", **page}
        for i, page in enumerate(pages)
    ]
    for page in full:
        page["fields"] = [{"label": field["id"], **field} for field in page["fields"]]
    return ServiceDefinition.model_validate(
        {
            "id": "agency/service",
            "version": version,
            "title": "Layanan",
            "summary": "Ringkasan",
            "icon": "document",
            "audience": "Semua",
            "outputs": [{"id": "o", "title": "Hasil", "document_type": "result"}],
            "costs": [{"amount": 0, "dated": "2026-01-01"}],
            "processing_time": {"amount": 1, "unit": "day", "dated": "2026-01-01"},
            "channels": [{"type": "app", "title": "Loket"}],
            "contact": {"title": "Kontak"},
            "legal": [{"id": "law", "title": "UU", "dated": "2026-01-01"}],
            "permissions": [{"concept": c, "reason": "untuk mengisi"} for c in permissions],
            "privacy": {"legal_basis": "law", "retention": "Satu tahun."},
            "form": {"pages": full, **form},
        }
    )


OPTIONS = [
    {"value": "female", "label": {"id": "Perempuan", "en": "Female"}},
    {"value": "male", "label": {"id": "Laki-laki", "en": "Male"}},
]
NEEDED: dict[str, dict[str, Any]] = {
    "choice": {"options": OPTIONS},
    "choices": {"options": OPTIONS},
    "declaration": {"statement": "Benar."},
    "signature": {"statement": "Saya menyetujui isi permohonan ini."},
    "note": {"body": "Isi"},
    "document": {"document_types": ["birth-certificate"], "claims": ["full_name"]},
    "payment": {"amount": 350_000, "methods": [{"value": "qris"}, {"value": "counter"}]},
    "slot": {
        "places": [
            {"value": "bandung", "label": "Kantor Bandung"},
            {"value": "cimahi", "label": "Kantor Cimahi"},
        ],
        "times": ["08:00", "09:30"],
        "earliest": {"today": {"days": 2}},
        "latest": {"today": {"days": 30}},
        "closed": ["2026-12-01"],
    },
    "computed": {"value": {"sum": [1, 2]}},
    "grid": {
        "rows": [{"id": "food", "label": "Makanan"}, {"id": "rent", "label": "Sewa rumah"}],
        "columns": [{"id": "amount", "type": "money", "label": "Sebulan"}],
    },
    "repeat": {
        "item": "Saksi",
        "summary": "{name}",
        "fields": [{"id": "name", "type": "text", "label": "Nama"}],
    },
}
"""What a field of each type cannot be without."""
