"""A synthesised country: as many services as wanted, the same every time, and each can be used."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from backend_desk import SERVICES
from typer.testing import CliRunner

from app.contract.catalogue import CatalogueAgency, CatalogueEntry
from app.contract.form_checks import check_service
from app.contract.regions import regions
from backend.sandbox.country import Country
from backend.sandbox.country.command import catalogue
from backend.services import Services, read_folder
from backend.settings import Settings, SettingsError


@pytest.fixture(scope="module")
def written() -> Services:
    return read_folder(SERVICES)


@pytest.fixture(scope="module")
def country(written) -> Services:
    return written.within(Country(27_000, 1, written=frozenset(written.ids())))


@pytest.fixture(scope="module")
def entries(country) -> list:
    return [entry for part in country.parts({}).values() for entry in part["services"]]


@pytest.mark.parametrize("number", [1, 100, 2_700, 27_000])
def test_there_are_as_many_services_as_were_asked_for_the_written_ones_among_them(written, number):
    wanted = max(number, len([*written.ids()]))
    parts = written.within(Country(number, 1, written=frozenset(written.ids()))).parts({})
    ids = [entry["id"] for part in parts.values() for entry in part["services"]]
    assert len(ids) == len(set(ids)) == wanted
    assert set(written.ids()) <= set(ids)


def test_the_same_seed_is_the_same_country_and_another_is_another(written):
    def made(seed: int) -> str:
        return json.dumps(Country(2_700, seed).entries())

    assert made(1) == made(1) != made(2)


def test_every_province_and_every_regency_has_its_services(entries):
    assert {region for entry in entries for region in entry.get("regions", ())} == set(regions())


def test_titles_and_words_vary_as_they_do_in_life(entries):
    titles = {entry["title"]["id"] for entry in entries if entry["id"].endswith("/ktp-hilang")}
    assert len(titles) > 20


def test_entries_and_agencies_are_those_of_the_contract_and_name_what_is_there(country, entries):
    parts = country.parts({})
    agencies = {agency["id"] for part in parts.values() for agency in part["agencies"]}
    assert all(CatalogueAgency.model_validate(a) for part in parts.values() for a in part["agencies"][:20])
    ids = {entry["id"] for entry in entries}
    for entry in entries[::40]:
        CatalogueEntry.model_validate(entry)
        assert entry["agency"] in agencies
    assert {needed for entry in entries for needed in entry.get("requires", ())} <= ids


def test_every_kind_has_a_definition_without_a_fault(country, entries):
    seen: set[str] = set()
    for entry in entries:
        kind = entry["id"].partition("/")[2]
        if kind not in seen:
            seen.add(kind)
            definition = country.current(entry["id"])
            assert definition is not None
            assert [*check_service(definition)] == []
            assert (definition.id, list(definition.regions)) == (entry["id"], entry.get("regions", []))
    assert len(seen) > 100


def test_what_the_country_does_not_offer_has_no_definition(country):
    for unknown in ("dukcapil-kota-bandung/moon", "nobody/ktp-hilang", "x", ""):
        assert country.current(unknown) is None


def test_production_offers_no_synthesised_services():
    with pytest.raises(SettingsError, match="synthesised"):
        Settings(profile="production", synthesised=27_000).check()


async def test_the_backend_serves_a_country_and_its_definitions(written, start_desk):
    made = Country(2_700, 1, written=frozenset(written.ids())).entries()
    somewhere = next(entry for entry in made if len(entry.get("regions", [""])[0]) == 5)
    desk = await start_desk(synthesised=2_700)
    answer = await desk.http.get(f"/v1/services/{somewhere['id']}")
    assert answer.status_code == 200
    assert answer.json()["regions"] == somewhere["regions"]


def test_the_command_says_what_came_of_it_and_writes_it(tmp_path: Path):
    out = tmp_path / "services.jsonl"
    run = CliRunner().invoke(
        catalogue, ["synthesise", "--services", "2700", "--folder", str(SERVICES), "--out", str(out)]
    )
    assert run.exit_code == 0, run.output
    assert "2,700 services" in run.output
    assert len([json.loads(line) for line in out.read_text("utf-8").splitlines()]) == 2_700


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--folder", "nowhere"], "life-events.yaml"),
        (["--services", "2700", "--folder", str(SERVICES), "--out", "/nowhere/x"], "cannot be written"),
    ],
)
def test_the_command_tells_what_is_wrong_without_a_traceback(arguments, said):
    run = CliRunner().invoke(catalogue, ["synthesise", *arguments])
    assert run.exit_code == 1
    assert said in run.output
