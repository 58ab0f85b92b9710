"""The examples as services: folders that the real backend reads like any agency's."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from app.testing.gallery.examples import ID, Example, examples

AGENCY = "contoh"
_LAW = {"id": "law", "title": "UU 25/2009 tentang Pelayanan Publik", "dated": "2026-11-02"}


def service_of(kind: str) -> str:
    """The id of the service whose one page has the example field of `kind`."""
    return f"{AGENCY}/{kind.replace('_', '-')}"


def write_services(root: Path) -> Path:
    """Write a folder `services` with a service for each example; gives the folder. JSON is YAML."""
    services = root / "services"
    _write(
        services / "life-events.yaml", [{"id": "birth", "title": "Bayi lahir", "icon": "baby", "order": 1}]
    )
    contact = {"title": "Kantor contoh"}
    agency = {
        "id": AGENCY,
        "name": "Instansi contoh",
        "short_name": "Contoh",
        "icon": "office",
        "contact": contact,
    }
    _write(services / AGENCY / "agency.yaml", agency)
    # What is asked does not hang on the day, only how it is answered.
    for kind, example in examples(date.min).items():
        _write(services / service_of(kind) / "service.yaml", definition(kind, example))
    return services


def definition(kind: str, example: Example) -> dict[str, Any]:
    """One example as a service."""
    asked = {"id": ID, "type": kind, **example.field}
    fields = [*example.before, asked]
    if kind == "section":
        fields.append({"id": "below", "type": "text", "label": "Nama usaha"})
    return {
        "id": service_of(kind),
        "version": 1,
        "title": f"Contoh: {kind}",
        "summary": "Satu isian dari setiap jenis.",
        "icon": "document",
        "audience": "Semua warga.",
        "outputs": [{"id": "answer", "title": "Jawaban", "document_type": "answer"}],
        "costs": [{"amount": 0, "dated": "2026-11-02"}],
        "processing_time": {"amount": 1, "unit": "day", "legal": "law", "dated": "2026-11-02"},
        "channels": [{"type": "app", "title": "Lewat Loket"}],
        "contact": {"title": "Kantor contoh"},
        "legal": [_LAW],
        "permissions": [{"concept": c, "reason": "untuk contoh"} for c in example.permissions],
        "privacy": {"legal_basis": "law", "retention": "Tidak disimpan."},
        "form": {
            "pages": [
                {"id": "page", "step": "Contoh", "title": "Bagaimana isian ini tampil?", "fields": fields}
            ]
        },
    }


def _write(path: Path, content: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
