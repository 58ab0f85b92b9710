"""What is wrong with a field that its model cannot see: told at its place, for every type that has rules."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from checked_definitions import found

from app.contract.source import DefinitionError, read_services

FIELDS = [
    {"id": "name", "type": "text"},
    {"id": "income", "type": "money"},
    {"id": "born", "type": "date"},
    {
        "id": "rows",
        "type": "repeat",
        "item": "Baris",
        "summary": "{cost}",
        "fields": [
            {"id": "cost", "type": "money", "label": "Harga"},
            {"id": "what", "type": "text", "label": "Apa"},
        ],
    },
]
SLOT = {
    "places": [{"value": "a", "label": "A"}],
    "times": ["08:00"],
    "earliest": {"today": {"days": 1}},
    "latest": {"today": {"days": 9}},
}
COLUMN = {"id": "c", "type": "money", "label": "C"}
ROWS = [{"id": "a", "label": "A"}, {"id": "b", "label": "B"}]


@pytest.mark.parametrize(
    ("field", "path", "came"),
    [
        ({"type": "money", "minimum": 5, "maximum": 1}, "minimum", "5"),
        ({"type": "date_range", "min_days": 5, "max_days": 1}, "min_days", "5"),
        (
            {"type": "date", "earliest": {"today": {"days": 5}}, "latest": {"today": {}}},
            "earliest",
            "it is later",
        ),
        ({"type": "date", "earliest": {"field": "name"}}, "earliest.field", '"name", a text'),
        ({"type": "date", "latest": {"field": "nobody"}}, "latest.field", '"nobody"'),
        ({"type": "region", "within": ["99"]}, "within.0", '"99"'),
        ({"type": "slot", **SLOT, "times": ["08:00", "08:00"]}, "times.1", '"08:00" again'),
        (
            {"type": "slot", **SLOT, "places": [{"value": "a", "label": "A"}] * 2},
            "places.1.value",
            '"a" again',
        ),
        (
            {"type": "document", "document_types": ["x", "x"], "claims": []},
            "document_types.1",
            '"x" again',
        ),
        (
            {"type": "payment", "methods": [{"value": "qris"}, {"value": "qris"}]},
            "methods.1.value",
            '"qris" again',
        ),
        (
            {"type": "payment", "methods": [{"value": "qris"}], "amount": {"field": "born"}},
            "amount",
            "a date",
        ),
        ({"type": "computed", "value": {"field": "name"}}, "value", "a text"),
        ({"type": "computed", "value": {"field": "born"}}, "value", "a date"),
        ({"type": "computed", "value": {"field": "born"}, "shown_as": "date"}, None, None),
        ({"type": "computed", "value": {"sum": [{"field": "born"}]}}, "value.sum.0", "a date"),
        ({"type": "computed", "value": {"age": {"field": "income"}}}, "value.age", "a number"),
        ({"type": "computed", "value": {"total": "rows", "of": "what"}}, "value.of", '"what" of type text'),
        ({"type": "computed", "value": {"total": "rows", "of": "price"}}, "value.of", '"price"'),
        (
            {"type": "computed", "value": {"total": "name", "of": "cost"}},
            "value.total",
            '"name" of type text',
        ),
        ({"type": "computed", "value": {"count": "name"}}, "value.count", '"name" of type text'),
        ({"type": "computed", "value": {"count": "rows"}}, None, None),
        ({"type": "computed", "value": {"concept": "person.income"}}, "value.concept", None),
        (
            {"type": "computed", "value": {"most": [{"field": "born"}, 3]}, "shown_as": "date"},
            "value.most.1",
            "a number",
        ),
        ({"type": "summary", "fields": ["name", "later"]}, "fields.1", '"later"'),
        ({"type": "grid", "rows": [ROWS[0]] * 2, "columns": [COLUMN]}, "rows.1.id", '"a" again'),
        (
            {"type": "grid", "rows": ROWS, "columns": [{"id": "f", "type": "file", "label": "F"}]},
            "columns.0.type",
            '"file"',
        ),
        (
            {
                "type": "repeat",
                "item": "X",
                "summary": "",
                "fields": [
                    {
                        "id": "p",
                        "type": "payment",
                        "label": "P",
                        "amount": 1,
                        "methods": [{"value": "qris"}],
                    }
                ],
            },
            "fields.0.type",
            '"payment"',
        ),
        ({"type": "nisn", "birth_date": "name"}, "birth_date", '"name"'),
        ({"type": "text", "concept": "person.income"}, "concept", '"person.income" of shape money'),
        ({"type": "money", "when": {"field": "income", "more_than": {"field": "name"}}}, None, None),
        ({"type": "text", "when": {"field": "born", "is": {"field": "income"}}}, None, None),
        (
            {"type": "text", "when": {"field": "income", "more_than": {"field": "income", "days": 3}}},
            None,
            None,
        ),
    ],
)
def test_a_fault_of_a_field_is_told_at_its_place(field: Any, path: str | None, came: str | None) -> None:
    asked = {"id": "asked", **field}
    later = {"id": "later", "type": "text"}
    faults = found({"fields": [*FIELDS, asked, later]})
    if path is None:
        # Either right, or a fault of its condition.
        assert all(".when." in where for where, _ in faults)
        assert bool(faults) == ("when" in field)
        return
    places = [where.removeprefix("form.pages.0.fields.4.") for where, _ in faults]
    assert path in places
    if came is not None:
        assert came in [what for _, what in faults]


def _service(root: Path, name: str, **more: Any) -> None:
    import json

    from checked_definitions import definition

    made = definition({"fields": [{"id": "name", "type": "text"}]}, **more)
    content = json.loads(made.model_dump_json(by_alias=True, exclude_none=True))
    plain = json.loads(json.dumps(_in_indonesian(content)))
    plain["id"] = f"agency/{name}"
    folder = root / "agency" / name
    folder.mkdir(parents=True)
    (folder / "service.yaml").write_text(json.dumps(plain), encoding="utf-8")


def _in_indonesian(value: Any) -> Any:
    """A dumped definition as an author writes it: texts as plain strings."""
    if isinstance(value, dict):
        if set(value) == {"id"} and isinstance(value["id"], str):
            return value["id"]
        return {key: _in_indonesian(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_in_indonesian(one) for one in value]
    return value


def test_services_that_require_each_other_are_a_circle(tmp_path: Path) -> None:
    _service(tmp_path, "first", requires=["agency/second"])
    _service(tmp_path, "second", requires=["agency/first"])
    (tmp_path / "life-events.yaml").write_text("[]", encoding="utf-8")
    agency = '{"id": "agency", "name": "A", "short_name": "A", "icon": "office", "contact": {"title": "K"}}'
    (tmp_path / "agency" / "agency.yaml").write_text(agency, encoding="utf-8")
    with pytest.raises(DefinitionError) as refused:
        read_services(tmp_path)
    told = [str(f) for f in refused.value.findings]
    assert any("a circle: agency/first → agency/second → agency/first" in line for line in told)
