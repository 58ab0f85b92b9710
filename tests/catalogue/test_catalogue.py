"""The catalogue on the device: found offline, replaced whole, and never in the way of a start."""

from __future__ import annotations

import logging
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from country import SERVICES, Offline, Source, country

from app.catalogue.catalogue import Catalogue
from app.contract.definition import ServiceDefinition
from app.contract.parts import digest

NOW = datetime(2026, 3, 7, 14, 5, tzinfo=UTC)
BIRTH = "dukcapil/birth-registration"


def now() -> datetime:
    return NOW


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "device" / "catalogue.db"


def definition(version: int = 1, title: str = "Akta kelahiran") -> ServiceDefinition:
    text: dict[str, Any] = {
        "id": BIRTH,
        "version": version,
        "title": title,
        "summary": "Catat kelahiran anak.",
        "icon": "baby",
        "audience": "Orang tua.",
        "outputs": [{"id": "certificate", "title": "Akta", "document_type": "birth-certificate"}],
        "costs": [{"amount": 0, "dated": "2026-11-02"}],
        "processing_time": {"amount": 1, "unit": "working_day", "dated": "2026-11-02"},
        "channels": [{"type": "app", "title": "Lewat Loket"}],
        "contact": {"title": "Halo Dukcapil"},
        "legal": [{"id": "uu", "title": "UU 24/2013", "dated": "2026-11-02"}],
        "privacy": {"legal_basis": "uu", "retention": "Selamanya."},
        "form": {
            "pages": [
                {
                    "id": "child",
                    "step": "Anak",
                    "title": "Siapa?",
                    "fields": [
                        {
                            "id": "name",
                            "type": "text",
                            "label": "Nama",
                            "when": {"not": {"field": "x", "is": 1}},
                        }
                    ],
                }
            ]
        },
    }
    return ServiceDefinition.model_validate(text)


def damage(path: Path, place: int, content: bytes) -> None:
    path.parent.mkdir(exist_ok=True)
    before = path.read_bytes() if path.exists() else b""
    path.write_bytes(before[:place] + content + before[place + len(content) :])


async def loaded(path: Path | None = None, source: Source | None = None) -> Catalogue:
    catalogue = await Catalogue.load(path, now)
    await catalogue.sync(source or Source())
    return catalogue


# Not yet, and ever after


async def test_before_the_first_sync_it_is_not_yet_and_not_empty() -> None:
    catalogue = await Catalogue.load(None, now)
    assert catalogue.as_of is None
    assert catalogue.size == 0
    assert catalogue.life_events() == ()
    assert catalogue.find("akta", "id").hits == ()
    assert catalogue.service(BIRTH) is None


async def test_a_country_without_services_is_synced_and_empty() -> None:
    catalogue = await loaded(source=Source(country(services=())))
    assert (catalogue.size, catalogue.as_of) == (0, NOW)


async def test_without_a_network_it_says_so_and_keeps_what_it_has(path: Path) -> None:
    source = Source()
    catalogue = await loaded(path, source)
    source.offline = True
    with pytest.raises(Offline):
        await catalogue.sync(source)
    assert catalogue.size == 7


async def test_what_was_synced_is_there_after_a_restart(path: Path) -> None:
    await (await loaded(path)).close()
    again = await Catalogue.load(path, lambda: datetime(2030, 1, 1, tzinfo=UTC))
    row = again.service(BIRTH)
    assert row is not None
    assert row.title.in_("en") == "Birth certificate"
    assert str(again.agency_name(row)) == "Dukcapil"
    assert str(again.agency_name_of("dukcapil/gone")) == "Dukcapil"
    assert str(again.agency_name_of("nobody/gone")) == "nobody"
    assert (row.time_amount, row.time_unit, row.lowest_cost) == (1, "day", 0)
    assert again.as_of == NOW
    assert [event.id for event in again.life_events()] == ["birth", "school"]
    assert [s.id for s in again.by_life_event("birth")] == ["bpjs/newborn", BIRTH]
    assert [a.id for a in again.agencies()] == ["bpjs", "dukcapil", "polri"]


async def test_a_sync_asks_by_entity_tag_and_tells_its_watchers(path: Path) -> None:
    source, told = Source(), []
    catalogue = await loaded(path, source)
    before = catalogue.version[:6]
    end = catalogue.watch(lambda: told.append(catalogue.version))
    assert not await catalogue.sync(source)
    source.parts_now = country(services=())
    assert await catalogue.sync(source)
    end()
    await catalogue.sync(source)
    asked = [one for one in source.asked if one.startswith("catalogue")]
    versions = [None, before, before, catalogue.version[:6]]
    assert asked == [f"catalogue {version}" for version in versions]
    assert told == [catalogue.version], "what has not changed is not told"
    assert catalogue.find("akta", "id").hits == ()


async def test_an_edition_that_cannot_be_written_leaves_the_old_one_whole(path: Path) -> None:
    source = Source()
    catalogue = await loaded(path, source)
    before = catalogue.version
    with sqlite3.connect(path) as other:
        other.execute(
            "CREATE TRIGGER full BEFORE INSERT ON edition BEGIN SELECT RAISE(ABORT, 'disk full'); END"
        )
    source.parts_now = country(mark=" Baru.")
    with pytest.raises(sqlite3.DatabaseError):
        await catalogue.sync(source)
    await catalogue.close()
    again = await Catalogue.load(path, now)
    assert (again.version, again.size) == (before, 7)


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"not a database at all, but long enough to have a header of some kind",
        b"SQLite format 3\x00" + b"\x00" * 200,
    ],
    ids=["empty", "foreign", "torn"],
)
async def test_a_file_that_cannot_be_read_is_fetched_anew(
    path: Path, broken: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    damage(path, 0, broken)
    caplog.set_level(logging.WARNING)
    catalogue = await loaded(path)
    assert catalogue.size == 7
    if broken:
        assert "cannot be read" in caplog.text


async def test_a_file_damaged_in_the_middle_is_fetched_anew(path: Path) -> None:
    await (await loaded(path)).close()
    damage(path, 4096, b"\xff" * 8192)
    assert (await loaded(path)).size == 7


async def test_what_an_older_app_packed_is_packed_again_from_its_parts(path: Path) -> None:
    source = Source()
    catalogue = await loaded(path, source)
    version = catalogue.version
    await catalogue.close()
    with sqlite3.connect(path) as other:
        other.execute("UPDATE edition SET packed = ?, sha256 = ?", (b"loket 0\n", digest(b"loket 0\n")))
    again = await Catalogue.load(path, now)
    assert (again.version, again.size, again.as_of) == (version, 7, NOW)
    assert again.find("akta kelahiran", "id").hits[0].row.id == BIRTH


async def test_a_file_of_another_app_version_is_begun_anew(path: Path) -> None:
    await (await loaded(path)).close()
    with sqlite3.connect(path) as other:
        other.execute("PRAGMA user_version = 99")
    assert (await Catalogue.load(path, now)).as_of is None


# Definitions


async def test_a_definition_is_read_once_and_then_offline(path: Path) -> None:
    source = Source(definitions={(BIRTH, 1): definition()})
    catalogue = await loaded(path, source)
    read = await catalogue.definition(BIRTH, source)
    await catalogue.close()
    source.offline = True
    again = await Catalogue.load(path, now)
    assert await again.definition(BIRTH, source) == read
    assert source.asked[-2] == f"definition {BIRTH} 1"


async def test_a_newer_version_in_the_catalogue_is_fetched_and_the_older_stays() -> None:
    source = Source(definitions={(BIRTH, 1): definition(), (BIRTH, 2): definition(2, "Akta baru")})
    catalogue = await loaded(source=source)
    await catalogue.definition(BIRTH, source)
    source.parts_now = country([{**one, "version": 2} for one in SERVICES])
    await catalogue.sync(source)
    assert (await catalogue.definition(BIRTH, source)).version == 2
    assert (await catalogue.definition(BIRTH, source, version=1)).version == 1
    kept = await catalogue.kept(BIRTH)
    assert kept is not None
    assert kept.version == 2


async def test_offline_an_earlier_definition_serves_but_never_in_the_place_of_a_given_version() -> None:
    source = Source(definitions={(BIRTH, 1): definition()})
    catalogue = await loaded(source=source)
    await catalogue.definition(BIRTH, source)
    source.parts_now = country([{**one, "version": 2} for one in SERVICES])
    await catalogue.sync(source)
    source.offline = True
    assert (await catalogue.definition(BIRTH, source)).version == 1
    with pytest.raises(Offline):
        await catalogue.definition(BIRTH, source, version=2)
    with pytest.raises(Offline):
        await catalogue.definition("bpjs/join", source)


async def test_a_kept_definition_of_another_shape_is_fetched_again(path: Path) -> None:
    source = Source(definitions={(BIRTH, 1): definition()})
    catalogue = await loaded(path, source)
    await catalogue.definition(BIRTH, source)
    await catalogue.close()
    with sqlite3.connect(path) as other:
        other.execute("UPDATE definition SET body = '{}'")
    again = await Catalogue.load(path, now)
    assert (await again.definition(BIRTH, source)).version == 1
    assert source.asked.count(f"definition {BIRTH} 1") == 2
