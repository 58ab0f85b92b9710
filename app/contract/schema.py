"""The JSON Schema (2020-12) of `service.yaml`, for editors: completion and red lines as one types.

`python -m app.contract.schema docs/service.schema.json` writes it; a test holds the file to the models. What
a schema cannot say (references, types of conditions, permissions) is for `app.contract.source`.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, cast

from app.contract.definition import ServiceDefinition
from app.contract.icons import ICONS

_TEXT = {
    "description": "A text in Indonesian; translations stand in translations/<language>.yaml.",
    "type": "string",
    "minLength": 1,
}


def service_schema() -> dict[str, Any]:
    """The schema of what an author writes: texts as plain strings, known field types alone."""
    schema: dict[str, Any] = ServiceDefinition.model_json_schema(by_alias=True)
    definitions: dict[str, Any] = schema["$defs"]
    definitions["Text"] = _TEXT
    del definitions["UnknownField"]
    schema["properties"]["icon"] = {"description": "An icon of the closed set.", "enum": sorted(ICONS)}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **cast("dict[str, Any]", _for_authors(schema)),
        "title": "Loket service definition",
    }


def _for_authors(node: Any) -> Any:
    """`node` without titles that only repeat a name, and without the field type of other versions."""
    if isinstance(node, dict):
        members = cast("dict[str, Any]", node).items()
        return {k: _for_authors(v) for k, v in members if not (k == "title" and isinstance(v, str))}
    if isinstance(node, list):
        kept = [one for one in cast("list[Any]", node) if one != {"$ref": "#/$defs/UnknownField"}]
        if {"type": "number"} in kept:
            # A whole number is a number: as one of two it would be neither.
            kept = [one for one in kept if one != {"type": "integer"}]
        return [_for_authors(one) for one in kept]
    return node


def main(path: str) -> None:
    """Write the schema to `path`."""
    text = json.dumps(service_schema(), indent=2, ensure_ascii=False, sort_keys=True)
    Path(path).write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
