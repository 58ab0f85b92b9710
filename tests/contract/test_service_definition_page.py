"""The examples of docs/service-definition.md are read as they stand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.contract.source import DefinitionError, read_service

PAGE = (Path(__file__).parents[2] / "docs" / "service-definition.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)[ ]+(\w+)([^\n]*)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
SERVICE = next(text for _, kind, _, text in BLOCKS if kind == "service")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "office" / "complaint"
    (folder / "translations").mkdir(parents=True)
    (folder / "service.yaml").write_text(SERVICE, encoding="utf-8")
    return folder


def test_the_whole_service_is_read(folder: Path) -> None:
    assert read_service(folder).form.pages[0].id == "complaint"


@pytest.mark.parametrize("block", [b for b in BLOCKS if b[1] == "fields"], ids=lambda b: b[3].split("\n")[0])
def test_each_example_of_fields_is_read(folder: Path, block: tuple[str, str, str, str]) -> None:
    _, _, options, text = block
    fields = "".join(f"        {line}\n" for line in text.splitlines())
    page = f"    - id: example\n      step: Contoh\n      title: Contoh?\n      fields:\n{fields}"
    source = SERVICE.replace("  declaration:", f"{page}  declaration:")
    concepts = re.findall(r"[a-z_]+\.[a-z_]+", options)
    reasons = "".join(f"  - concept: {concept}\n    reason: untuk contoh\n" for concept in concepts)
    source = source.replace("\nprivacy:", f"{reasons}\nprivacy:")
    (folder / "service.yaml").write_text(source, encoding="utf-8")
    assert read_service(folder).form.pages[-1].id == "example"


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
