"""The schema for editors, and the page that explains the language."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from app.contract.schema import main, service_schema
from app.contract.yaml_tree import read_yaml

DOCS = Path(__file__).parents[2] / "docs"
SERVICES = Path(__file__).parents[2] / "services"


def plain(path: Path) -> dict[str, Any]:
    return read_yaml(path, path).root.plain()


def test_the_committed_schema_is_that_of_the_models(tmp_path: Path) -> None:
    """`python -m app.contract.schema docs/service.schema.json` brings it up to date."""
    main(str(tmp_path / "schema.json"))
    assert (DOCS / "service.schema.json").read_text(encoding="utf-8") == (tmp_path / "schema.json").read_text(
        encoding="utf-8"
    )


@pytest.mark.parametrize("path", sorted(SERVICES.glob("*/*/service.yaml")), ids=lambda p: p.parent.name)
def test_every_service_of_the_repository_is_valid_by_the_schema(path: Path) -> None:
    errors = jsonschema_rs.validator_for(service_schema()).iter_errors(plain(path))
    assert [str(e) for e in errors] == []


def test_an_editor_sees_a_wrong_type_and_an_unknown_key() -> None:
    schema = jsonschema_rs.validator_for(service_schema())
    service = plain(SERVICES / "dukcapil" / "birth-registration" / "service.yaml")
    assert not schema.is_valid({**service, "icon": "president"})
    assert not schema.is_valid({**service, "colour": "red"})
    wrong = json.loads(json.dumps(service).replace('"long_text"', '"hologram"'))
    assert not schema.is_valid(wrong)


def test_the_page_on_the_language_names_every_field_type_and_test() -> None:
    page = (DOCS / "service-definition.md").read_text(encoding="utf-8")
    definitions = service_schema()["$defs"]
    types = [
        d["properties"]["type"]["const"]
        for d in definitions.values()
        if "const" in d.get("properties", {}).get("type", {})
    ]
    tests = [
        key
        for key in definitions["Comparison"]["properties"]
        if key not in ("field", "concept", "count", "part")
    ]
    missing = [word for word in (*types, *tests) if not re.search(rf"`{word}`", page)]
    assert missing == []
