"""The ways through a form as they are kept beside its service: `tests/ways.json`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from app.contract.canonical import canonical_bytes, sha256_hex
from app.contract.definition import ServiceDefinition
from app.contract.form import Form
from app.forms.received import mapping

FILE = "tests/ways.json"


def form_digest(form: Form) -> str:
    """What tells one form from another: SHA-256 of its canonical JSON, texts included."""
    return sha256_hex(canonical_bytes(form))


def are_kept(folder: Path, definition: ServiceDefinition) -> bool:
    """Whether the ways of exactly this form are kept in `folder`."""
    try:
        kept: Any = json.loads((folder / FILE).read_text("utf-8"))
    except (OSError, ValueError):
        return False
    return (mapping(kept) or {}).get("form_sha256") == form_digest(definition.form)
