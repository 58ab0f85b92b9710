"""Services of one agency, written as a test wants them, and a form that was opened at one of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from app.testing.gallery.examples import Example
from app.testing.gallery.services import AGENCY, definition, write_services


def write_service(services: Path, name: str, *pages: dict[str, Any], **more: Any) -> str:
    """Write a service with these pages beside the examples; gives its id."""
    made = definition("text", Example({"label": "Isian"}))
    full = [
        {"id": f"p{i}", "step": "Langkah", "title": f"Halaman {i}?", **page} for i, page in enumerate(pages)
    ]
    made |= {"id": f"{AGENCY}/{name}", "title": f"Layanan {name}", "form": {"pages": full}, **more}
    folder = services / AGENCY / name
    folder.mkdir(parents=True)
    (folder / "service.yaml").write_text(json.dumps(made, ensure_ascii=False), encoding="utf-8")
    return made["id"]


__all__ = ["write_service", "write_services"]
