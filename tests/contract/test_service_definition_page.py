"""The examples of docs/service-definition.md are read as they stand, and every key has its place there."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.contract.definition import Agency, LifeEvent
from app.contract.schema import service_schema
from app.contract.source import DefinitionError, read_agency, read_life_events, read_service
from app.contract.yaml_tree import read_yaml

PAGE = (Path(__file__).parents[2] / "docs" / "service-definition.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)[ ]+([\w-]+)([^\n]*)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
SERVICE = next(text for _, kind, _, text in BLOCKS if kind == "service")
TABLES = [line for line in PAGE.splitlines() if line.startswith("|")]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "office" / "complaint"
    (folder / "translations").mkdir(parents=True)
    (folder / "service.yaml").write_text(SERVICE, encoding="utf-8")
    return folder


def plain(text: str, folder: Path) -> Any:
    file = folder / "example.yaml"
    file.write_text(text, encoding="utf-8")
    return read_yaml(file, file).root.plain()


def with_example(folder: Path, pages: list[Any], concepts: list[str], parts: dict[str, Any]) -> Any:
    """The whole service with an example at its end."""
    service = {**plain(SERVICE, folder), **parts}
    service["form"]["pages"] += pages
    service["permissions"] += [{"concept": concept, "reason": "untuk contoh"} for concept in concepts]
    (folder / "service.yaml").write_text(json.dumps(service), encoding="utf-8")
    return read_service(folder)


def page_of(fields: Any) -> dict[str, Any]:
    return {"id": "example", "step": "Contoh", "title": "Contoh?", "fields": fields}


def test_the_whole_service_is_read(folder: Path) -> None:
    assert read_service(folder).form.pages[0].id == "complaint"


@pytest.mark.parametrize("block", [b for b in BLOCKS if b[1] == "fields"], ids=lambda b: b[3].split("\n")[0])
def test_each_example_of_fields_is_read(folder: Path, block: tuple[str, str, str, str]) -> None:
    _, _, options, text = block
    concepts = re.findall(r"[a-z_]+\.[a-z_]+", options)
    fields = plain(text, folder)
    assert with_example(folder, [page_of(fields)], concepts, {}).form.pages[-1].id == "example"


def test_the_examples_of_pages_are_read(folder: Path) -> None:
    text = next(text for _, kind, _, text in BLOCKS if kind == "pages")
    read = with_example(folder, plain(text, folder), [], {})
    assert [str(e.service or e.url) for e in read.form.pages[-2].exits] == [
        "dukcapil/child-identity-card",
        "https://peduliwni.kemlu.go.id/",
    ]


def test_the_parts_of_a_service_are_read_with_the_fields_above_them(folder: Path) -> None:
    at = next(i for i, block in enumerate(BLOCKS) if block[1] == "parts")
    parts, fields = plain(BLOCKS[at][3], folder), plain(BLOCKS[at - 1][3], folder)
    read = with_example(folder, [page_of(fields)], [], parts)
    assert [cost.amount for cost in read.costs] == [350_000, 1_350_000]
    assert read.regions == ["32.73", "31"]


def test_the_examples_of_an_agency_and_of_life_events_are_read(folder: Path) -> None:
    texts = {kind: text for _, kind, _, text in BLOCKS if kind in ("agency", "life-events")}
    (folder.parent / "agency.yaml").write_text(texts["agency"], encoding="utf-8")
    (folder.parents[1] / "life-events.yaml").write_text(texts["life-events"], encoding="utf-8")
    assert read_agency(folder.parent).short_name.in_("id") == "Kantor"
    assert [event.id for event in read_life_events(folder.parents[1])] == ["birth", "moving"]


def test_the_example_of_a_translation_is_read(folder: Path) -> None:
    text = next(text for _, kind, _, text in BLOCKS if kind == "translation")
    source = SERVICE.replace(
        "    dated: 2026-11-02           #", "    title: Gratis\n    dated: 2026-11-02           #"
    )
    (folder / "service.yaml").write_text(source, encoding="utf-8")
    (folder / "translations" / "en.yaml").write_text(text, encoding="utf-8")
    assert read_service(folder).costs[0].title.in_("en") == "Free"  # type: ignore[union-attr]


def test_the_example_of_a_finding_is_what_is_told(folder: Path) -> None:
    told = next(text for _, kind, _, text in BLOCKS if kind == "finding").strip()
    (folder / "service.yaml").write_text(
        SERVICE.replace("type: long_text", "type: long_txt"), encoding="utf-8"
    )
    with pytest.raises(DefinitionError) as refused:
        read_service(folder)
    assert str(refused.value) == told


# Every key

DEFINITIONS: dict[str, Any] = service_schema()["$defs"]
COMMON = {"id", "type", "label", "help", "required", "when", "concept", "prefill", "prefill_part"} | {
    "checks",
    "fallback",
}
TYPES = {
    shape["properties"]["type"]["const"]: shape["properties"]
    for shape in DEFINITIONS.values()
    if "const" in shape.get("properties", {}).get("type", {})
}
PARTS_OF_A_SERVICE = {
    "outputs": "Output",
    "requirements": "Requirement",
    "costs": "Cost",
    "processing_time": "ProcessingTime",
    "channels": "Channel",
    "contact": "Contact",
    "legal": "LegalResource",
    "permissions": "Permission",
    "privacy": "Privacy",
    "form": "Form",
}
OPERATIONS = {
    "field": "Answered",
    "concept": "Known",
    "count": "Count",
    "total": "Total",
    "sum": "Sum",
    "product": "Product",
    "difference": "Difference",
    "quotient": "Quotient",
    "least": "Least",
    "most": "Most",
    "between": "Between",
    "age": "Age",
    "shifted": "Shifted",
    "cases": "Cases",
}


def keys_of(model: str) -> set[str]:
    return set(DEFINITIONS[model]["properties"])


def named(text: str) -> set[str]:
    return set(re.findall(r"`([a-z_]+)`", text))


def rows(heading: str) -> Iterator[tuple[set[str], set[str]]]:
    """What the first cell of each row of the table under `heading` names, and what the whole row names."""
    start = next(i for i, line in enumerate(TABLES) if line.startswith(heading))
    for line in TABLES[start + 2 :]:
        if line.startswith("|---"):
            return
        yield named(line.split("|")[1]), named(line)


def row(heading: str, name: str) -> set[str]:
    return next((whole for first, whole in rows(heading) if name in first), set())


@pytest.mark.parametrize("kind", sorted(TYPES))
def test_the_row_of_a_field_type_names_its_keys(kind: str) -> None:
    assert sorted(set(TYPES[kind]) - COMMON - row("| type |", kind)) == []


def test_every_field_has_the_keys_of_the_table_above_them() -> None:
    first = set[str]().union(*(first for first, _ in rows("| key |")))
    assert {"id", "type", "label", *first} >= COMMON
    assert keys_of("Check") <= row("| key |", "checks")


def test_every_key_of_a_service_and_its_parts_has_its_row() -> None:
    heading = "| key of the service |"
    properties = set(service_schema()["properties"])
    assert sorted(key for key in properties if not row(heading, key)) == []
    for key, model in PARTS_OF_A_SERVICE.items():
        assert sorted(keys_of(model) - row(heading, key)) == [], key
    assert keys_of("Claim") <= row(heading, "outputs")


def test_every_key_of_pages_exits_options_and_rows_is_named() -> None:
    heading = "| key of a page |"
    assert sorted(key for key in keys_of("Page") if not row(heading, key)) == []
    assert keys_of("Exit") <= row(heading, "exits")
    options = re.search(r"^An option .*?\n\n", PAGE, re.MULTILINE | re.DOTALL)
    assert options is not None
    assert keys_of("Option") | keys_of("GridRow") <= named(options[0])


def test_every_operand_and_test_of_a_condition_has_its_row() -> None:
    there = set[str]().union(*(whole for _, whole in rows("| operand |")))
    there |= set[str]().union(*(first for first, _ in rows("| test |")))
    section = PAGE.partition("\n## Conditions")[2].partition("\n## ")[0]
    assert sorted(keys_of("Comparison") - there - {"part"}) == []
    assert {"part", "all", "any", "not"} | keys_of("Today") | keys_of("AnswerBound") <= named(section)


def test_every_operation_of_an_expression_has_its_row_with_its_keys() -> None:
    heading = "| expression |"
    for name, model in OPERATIONS.items():
        assert sorted(keys_of(model) - row(heading, name)) == [], name
    assert {"value", "when"} <= row(heading, "cases")
    listed = re.findall(r"#/\$defs/(\w+)", json.dumps(TYPES["computed"]["value"]))
    assert {*listed} - {*OPERATIONS.values()} == {"RelativeDate"}, "an operation without a row"


@pytest.mark.parametrize("model", [Agency, LifeEvent], ids=lambda m: m.__name__)
def test_every_key_of_an_agency_and_of_a_life_event_is_named(model: type[Any]) -> None:
    section = PAGE.partition("\n## Agencies and life events")[2].partition("\n## ")[0]
    assert set(model.model_fields) <= named(section)


def test_no_shape_of_the_language_is_left_out_of_these_tests() -> None:
    looked_at = {*PARTS_OF_A_SERVICE.values(), *OPERATIONS.values(), "Page", "Exit", "Option", "GridRow"}
    looked_at |= {"Check", "Comparison", "Today", "AnswerBound", "RelativeDate", "Case", "PaymentMethod"}
    looked_at |= {"All", "Any_", "Not", "Text", "Claim"}
    fields = {name for name, shape in DEFINITIONS.items() if "type" in shape.get("properties", {})}
    assert sorted({*DEFINITIONS} - looked_at - fields) == []
