"""The definition of a synthesised service: enough of a form to be filled in, sent, decided and kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.contract.definition import ServiceDefinition

READ_ON = "2026-11-02"
LAW = {
    "id": "uu-25-2009",
    "title": {"id": "UU 25/2009 tentang Pelayanan Publik", "en": "Law 25/2009 on public services"},
    "url": "https://peraturan.go.id/id/uu-no-25-tahun-2009",
    "dated": READ_ON,
}


def definition_of(entry: Mapping[str, Any], office: str, outputs: Sequence[str]) -> ServiceDefinition:
    """The definition of the service that the catalogue lists as `entry`, offered by `office`."""
    title = entry["title"]
    documents = [
        {
            "id": f"document_{number}",
            "type": "document",
            "label": {"id": "Dokumen pendukung", "en": "Supporting document"},
            "help": {
                "id": "Pilih dari Dokumen, atau unggah fotonya.",
                "en": "Choose it from Documents, or upload a photo.",
            },
            "document_types": [type_],
        }
        for number, type_ in enumerate(entry.get("needs", ()), 1)
    ]
    pages: list[dict[str, Any]] = [
        {
            "id": "applicant",
            "step": {"id": "Pemohon", "en": "Applicant"},
            "title": {"id": "Siapa yang mengajukan?", "en": "Who applies?"},
            "fields": [
                {
                    "id": "full_name",
                    "type": "text",
                    "label": {"id": "Nama lengkap", "en": "Full name"},
                    "concept": "person.full_name",
                    "prefill": "person.full_name",
                },
                {
                    "id": "phone",
                    "type": "phone",
                    "label": {"id": "Nomor telepon", "en": "Phone number"},
                    "concept": "person.phone",
                    "prefill": "person.phone",
                },
            ],
        },
        *(
            [
                {
                    "id": "evidence",
                    "step": {"id": "Bukti", "en": "Evidence"},
                    "title": {"id": "Dokumen apa yang Anda punya?", "en": "Which documents do you have?"},
                    "fields": documents,
                }
            ]
            if documents
            else []
        ),
    ]
    return ServiceDefinition.model_validate(
        {
            "id": entry["id"],
            "version": entry["version"],
            "title": title,
            "summary": entry["summary"],
            "icon": entry["icon"],
            "life_events": entry.get("life_events", []),
            "keywords": entry["keywords"],
            "audience": {"id": "Warga yang membutuhkan layanan ini.", "en": "Anyone who needs it."},
            "outputs": [{"id": type_, "title": title, "document_type": type_} for type_ in outputs],
            "costs": [{"amount": entry["lowest_cost"], "legal": LAW["id"], "dated": READ_ON}],
            "processing_time": {**entry["processing_time"], "legal": LAW["id"]},
            "channels": [
                {"type": "app", "title": {"id": "Lewat Loket", "en": "In Loket"}},
                {"type": "office", "title": {"id": office}},
            ],
            "contact": {"title": {"id": office}},
            "legal": [LAW],
            "permissions": [
                {
                    "concept": "person.full_name",
                    "reason": {"id": "untuk mengisi nama pemohon", "en": "to fill in the applicant's name"},
                },
                {
                    "concept": "person.phone",
                    "reason": {
                        "id": "untuk mengabari Anda kalau ada yang perlu ditanyakan",
                        "en": "to reach you if there is a question",
                    },
                },
            ],
            "privacy": {
                "legal_basis": LAW["id"],
                "retention": {
                    "id": "Disimpan selama layanan berlaku.",
                    "en": "Kept for as long as the service lasts.",
                },
            },
            "requires": entry.get("requires", []),
            "regions": entry.get("regions", []),
            "form": {"pages": pages},
        }
    )
