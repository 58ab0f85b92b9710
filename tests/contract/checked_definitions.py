"""Definitions of a few pages, and what the static checks find in them."""

from __future__ import annotations

from typing import Any

from app.contract.definition import ServiceDefinition
from app.contract.form_checks import check_service


def definition(*pages: dict[str, Any], **more: Any) -> ServiceDefinition:
    full = [{"id": f"p{i}", "step": "Langkah", "title": "Judul?", **page} for i, page in enumerate(pages)]
    for page in full:
        page["fields"] = [{"label": field["id"], **field} for field in page["fields"]]
    return ServiceDefinition.model_validate(
        {
            "id": "agency/service",
            "version": 1,
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
            "privacy": {"legal_basis": "law", "retention": "Satu tahun."},
            "form": {"pages": full},
            **more,
        }
    )


def found(*pages: dict[str, Any], **more: Any) -> list[tuple[str, str]]:
    """Where something is wrong, and what came."""
    return [(".".join(map(str, f.path)), f.came) for f in check_service(definition(*pages, **more))]
