"""The ways through a form as they are kept beside its service: `tests/ways.json`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from app.authoring.walk.ways import Way
from app.contract.canonical import canonical_bytes, sha256_hex
from app.contract.definition import ServiceDefinition
from app.contract.form import Form
from app.forms.received import items, mapping

FILE = "tests/ways.json"


class NotKept(ValueError):
    """No ways are kept there, or the file cannot be read. The text says which, and what to do."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept: the form that was walked, the day and the seed of its answers, who walked, and the ways.

    `changes` is what the registers say of `persona` otherwise on every way. Of the ways, `driven` (by their
    place) are those that are driven through the app as well.
    """

    service: str
    form_sha256: str
    day: date
    seed: int
    persona: str
    changes: Mapping[str, Any]
    ways: tuple[Way, ...]
    driven: tuple[int, ...]

    def text(self) -> str:
        """The file: a way a line, so that a changed form changes few of them."""
        head = {
            "about": "Kept by `loket service walk`. Do not edit: walk again, and read what changed.",
            "service": self.service,
            "form_sha256": self.form_sha256,
            "day": self.day.isoformat(),
            "seed": self.seed,
            "persona": self.persona,
            "changes": self.changes,
            "driven": self.driven,
        }
        lines = [f"  {json.dumps(key)}: {_line(value)}," for key, value in head.items()]
        ways = ",\n".join(f"    {_line(way.to_json())}" for way in self.ways)
        return "\n".join(["{", *lines, '  "ways": [', ways, "  ]", "}", ""])


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def form_digest(form: Form) -> str:
    """What tells one form from another: SHA-256 of its canonical JSON, texts included."""
    return sha256_hex(canonical_bytes(form))


def read_kept(folder: Path) -> Kept:
    """The ways that are kept in the folder of a service. Raises NotKept."""
    file = folder / FILE
    try:
        data: Any = json.loads(file.read_text("utf-8"))
        given = mapping(data) or {}
        return Kept(
            service=str(given["service"]),
            form_sha256=str(given["form_sha256"]),
            day=date.fromisoformat(str(given["day"])),
            seed=int(given["seed"]),
            persona=str(given["persona"]),
            changes=dict(given["changes"]),
            ways=tuple(Way.from_json(way) for way in items(given["ways"]) or ()),
            driven=tuple(int(n) for n in items(given["driven"]) or ()),
        )
    except OSError:
        raise NotKept(f"No ways are kept in {FILE}. Run loket service walk {folder}.") from None
    except (KeyError, TypeError, ValueError) as error:
        raise NotKept(f"{file} cannot be read ({error}). Run loket service walk {folder}.") from None


def are_kept(folder: Path, definition: ServiceDefinition) -> bool:
    """Whether the ways of exactly this form are kept in `folder`."""
    try:
        kept = read_kept(folder)
    except NotKept:
        return False
    return bool(kept.ways) and kept.form_sha256 == form_digest(definition.form)
