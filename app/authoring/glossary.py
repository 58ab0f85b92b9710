"""Writes the page of the words that a definition may use: concepts and icons (docs/agencies/words.md)."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from app.contract.concepts import CONCEPTS, PARTS
from app.contract.icons import ICONS
from app.contract.language import Language


def page() -> str:
    """The page."""
    english = Language.load("en")
    rows = "".join(
        f"| `{one.id}` | {one.title.message} | {english.say(one.title)} | {one.shape} |\n"
        for one in CONCEPTS.values()
    )
    shapes = "".join(f"| {shape} | {_parts(parts)} |\n" for shape, parts in PARTS.items())
    return (
        "# The words that a definition may use\n\n"
        "Written by `python -m app.authoring.glossary docs/agencies/words.md` from the contract.\n\n"
        "## Concepts\n\n"
        "What answers mean to every service: for `concept`, `prefill`, `permissions`, requirements and "
        "registers. A\nmeaning that is missing is added to `app/contract/concepts.py`; ask the portal's "
        "team.\n\n"
        "| concept | in Indonesian | in English | shape |\n|---|---|---|---|\n"
        f"{rows}\n"
        "Shapes of several parts; `part` and `prefill_part` name one of them:\n\n"
        f"| shape | parts |\n|---|---|\n{shapes}\n"
        f"## Icons\n\n{' '.join(f'`{name}`' for name in ICONS)}\n"
    )


def _parts(parts: Mapping[str, str | tuple[str, ...]]) -> str:
    return ", ".join(
        f"`{name}` ({', '.join(shape) if isinstance(shape, tuple) else shape})"
        for name, shape in parts.items()
    )


def main(file: Path) -> None:
    """Write it."""
    file.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
