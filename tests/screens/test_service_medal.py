"""The medal on the page of a service, and what it says when it is tapped."""

from __future__ import annotations

from pathlib import Path

import pytest
from looks import in_every_look

from app.contract.canonical import canonical_bytes, sha256_hex
from app.contract.medal import EXPLANATIONS, LEVELS, NAMES, KeptMedal, Level
from app.contract.source import read_service
from app.testing.gallery.services import service_of, write_services

SERVICE = service_of("text")
ROUTE = f"/service/{SERVICE}"


@pytest.fixture
def loket_services(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """The examples, of which one has the medal that the test is about, and the others none."""
    root = write_services(tmp_path)
    level: Level | None = request.param
    if level is not None:
        digest = sha256_hex(canonical_bytes(read_service(root / SERVICE)))
        kept = KeptMedal(level=level, done=30, of=40, definition_sha256=digest)
        (root / SERVICE / "medal.json").write_text(kept.model_dump_json(), encoding="utf-8")
    return root


@pytest.mark.parametrize("loket_services", LEVELS, indirect=True)
async def test_a_medal_stands_by_its_name_and_explains_itself(citizen, request) -> None:
    level: Level = request.node.callspec.params["loket_services"]
    name = NAMES[level].message
    await citizen.at_home("sari", ROUTE)
    citizen.should_see("service.medal", name)
    await citizen.tap("service.medal")
    citizen.should_see(f"Medali {name.lower()}", EXPLANATIONS[level].message)
    await in_every_look(citizen)
    await citizen.tap("service.medal.close")
    citizen.should_not_see(EXPLANATIONS[level].message)
    await citizen.tap("service.medal")
    await citizen.back()
    citizen.should_not_see(EXPLANATIONS[level].message)
    citizen.should_see("service.start")


@pytest.mark.parametrize("loket_services", [None], indirect=True)
async def test_a_service_without_a_medal_says_nothing_of_it(citizen) -> None:
    await citizen.at_home("sari", ROUTE)
    citizen.should_see("service.start")
    citizen.should_not_see("service.medal")
