"""What an agency declares of a service beside its definition: `quality.yaml`.

    rules:
      usability-test: done
      offline-channel: {exempt: "Hanya lewat aplikasi: UU 1/2024 pasal 5"}
    evidence:
      usability-test: docs/uji-2026-10.md

A rule that the tools can compute cannot be declared done, only exempt, with a reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from app.contract.findings import DefinitionError
from app.contract.yaml_tree import SourceFile, read_yaml

FILE = "quality.yaml"


@dataclass(frozen=True, slots=True)
class Declared:
    """What stands in `quality.yaml`. `done`: by rule, where the evidence is; `exempt`: by rule, the
    reason."""

    done: Mapping[str, str] = field(default_factory=dict[str, str])
    exempt: Mapping[str, str] = field(default_factory=dict[str, str])
    source: SourceFile | None = None


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong in `quality.yaml`, at a path of keys."""

    path: tuple[str, ...]
    found: str
    remedy: str


def read_declared(folder: Path) -> Declared:
    """What a folder declares; nothing where there is no file, or one that cannot be read (the check
    tells)."""
    try:
        return read(folder)[0]
    except DefinitionError:
        return Declared()


def read(folder: Path) -> tuple[Declared, list[Wrong]]:
    """What a folder declares, and what is wrong with it. Raises DefinitionError where it is no YAML."""
    file = folder / FILE
    if not file.is_file():
        return Declared(), []
    source = read_yaml(file, file.absolute())
    plain: Any = source.root.plain()
    if not isinstance(plain, dict):
        return Declared(source=source), [Wrong((), "not a mapping.", "Begin with `rules:`.")]
    given = cast("dict[str, Any]", plain)
    wrong = [
        Wrong((key,), f'"{key}" is not known here.', "Known: rules, evidence.")
        for key in given
        if key not in ("rules", "evidence")
    ]
    evidence = {str(k): str(v) for k, v in _mapping(given.get("evidence")).items()}
    done: dict[str, str] = {}
    exempt: dict[str, str] = {}
    for name, value in _mapping(given.get("rules")).items():
        if value == "done":
            done[name] = evidence.get(name, "")
            if not done[name]:
                wrong.append(
                    Wrong(
                        ("rules", name), "done, without evidence.", f"Say where: `evidence: {{{name}: …}}`."
                    )
                )
        elif isinstance(value, dict) and (
            reason := str(cast("dict[str, Any]", value).get("exempt") or "").strip()
        ):
            exempt[name] = reason
        else:
            wrong.append(
                Wrong(
                    ("rules", name), "neither done nor exempt.", 'Write `done`, or `{exempt: "the reason"}`.'
                )
            )
    return Declared(done, exempt, source), wrong


def _mapping(value: Any) -> dict[str, Any]:
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}
