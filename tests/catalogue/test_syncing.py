"""Bringing the catalogue to the device: signed, in parts, by changes, broken off, damaged, forged."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from country import NOW, Offline, Source, country, regional
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.catalogue.catalogue import Catalogue
from app.contract.canonical import canonical_bytes
from app.contract.parts import (
    PartDamaged,
    Slice,
    compressed,
    content_bytes,
    digest,
    expanded,
    merge_patch,
    patched,
)
from backend.editions import changes_between


def now():
    return NOW


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "catalogue.db"


def marks(catalogue: Catalogue) -> set[str]:
    """What tells editions apart in `country(mark=…)`: the last word of every summary."""
    return {str(row.summary).split()[-1] for row in catalogue.services(0, catalogue.size)}


async def test_a_catalogue_comes_in_parts_the_nation_first_and_can_be_used_before_it_is_complete() -> None:
    source, seen = Source(regional()), []
    catalogue = await Catalogue.load(None, now)
    catalogue.watch(lambda: seen.append((catalogue.size, catalogue.complete)))
    await catalogue.sync(source)
    assert seen[0] == (6, False)
    assert seen[-1] == (9, True)


async def test_the_part_of_the_citizens_province_comes_second() -> None:
    source, seen = Source(regional()), []
    catalogue = await Catalogue.load(None, now)
    catalogue.watch(lambda: seen.append([row.id for row in catalogue.services(0, 99) if row.regions]))
    await catalogue.sync(source, "35.78")
    assert seen[1] == ["polres-kota-surabaya/skck"]


async def test_a_line_that_breaks_costs_one_slice() -> None:
    whole = Source(regional())
    await (await Catalogue.load(None, now)).sync(whole)

    class Breaking(Source):
        async def catalogue_part(self, sha256: str, first: int = 0, etag: str | None = None) -> Slice:
            if self.sent and len(self.asked) % 3 == 0:
                self.asked.append("broken")
                raise Offline
            return await super().catalogue_part(sha256, first, etag)

    source = Breaking(regional(), slice=64)
    catalogue = await Catalogue.load(None, now)
    for _ in range(200):
        try:
            await catalogue.sync(source)
            break
        except Offline:
            continue
    assert catalogue.complete
    assert source.asked.count("broken") > 5
    assert source.sent == whole.sent


async def test_a_part_that_is_another_entity_by_now_begins_again() -> None:
    class Renewed(Source):
        tag = "old"

        async def catalogue_part(self, sha256: str, first: int = 0, etag: str | None = None) -> Slice:
            body = (await self.publish()).bodies[sha256]
            if first == 128:
                self.tag = "new"
            first = first if etag == self.tag else 0
            self.asked.append(f"from {first}")
            return Slice(first, body[first : first + self.slice], len(body), self.tag)

    source = Renewed(slice=64)
    catalogue = await Catalogue.load(None, now)
    assert await catalogue.sync(source)
    assert catalogue.size == 7
    assert [one for one in source.asked if one.startswith("from")][:4] == [
        "from 0",
        "from 64",
        "from 0",
        "from 64",
    ]


@pytest.mark.parametrize(
    "damage",
    [
        lambda body: body[:-4] + b"\0\0\0\0",
        lambda body: body[: len(body) // 2],
        lambda body: b"",
        lambda body: b"<html>captive portal</html>",
        lambda body: compressed(b"x" * 50_000_000),
        lambda body: compressed(b"{}"),
    ],
    ids=["changed", "cut", "empty", "portal", "bomb", "another"],
)
async def test_a_part_that_comes_damaged_is_noticed_and_fetched_once_more(
    damage: Any, caplog: pytest.LogCaptureFixture
) -> None:
    class Damaging(Source):
        spoil = 1

        async def catalogue_part(self, sha256: str, first: int = 0, etag: str | None = None) -> Slice:
            got = await super().catalogue_part(sha256, first, etag)
            if not self.spoil:
                return got
            self.spoil -= 1
            body = damage(got.body)
            return Slice(0, body, len(body), got.etag)

    source = Damaging(regional())
    caplog.set_level(logging.WARNING)
    catalogue = await Catalogue.load(None, now)
    assert await catalogue.sync(source)
    assert "came damaged" in caplog.text
    assert catalogue.size == 9

    source.parts_now, source.spoil = regional(" Baru"), 99
    assert not await catalogue.sync(source)
    assert "refused" in caplog.text
    assert marks(catalogue) != {"Baru"}
    source.spoil = 0
    assert await catalogue.sync(source)
    assert marks(catalogue) == {"Baru"}


async def test_a_manifest_that_a_stranger_signed_is_refused(caplog: pytest.LogCaptureFixture) -> None:
    source, stranger = Source(), Source(country(mark=" Palsu"))
    catalogue = await Catalogue.load(None, now)
    await catalogue.sync(source)
    caplog.set_level(logging.WARNING)

    class Middle(Source):
        async def catalogue(self, etag: str | None = None) -> str | None:
            return await stranger.catalogue(etag)

        async def catalogue_part(self, sha256: str, first: int = 0, etag: str | None = None) -> Slice:
            return await stranger.catalogue_part(sha256, first, etag)

    middle = Middle()
    middle.keys = source.keys
    assert not await catalogue.sync(middle)
    assert "Palsu" not in marks(catalogue)
    assert "a key that the backend does not have" in caplog.text


@pytest.mark.parametrize("how", ["payload", "signature", "not a jws", "another type", "empty"])
async def test_a_manifest_that_was_changed_is_refused(how: str, caplog: pytest.LogCaptureFixture) -> None:
    class Changed(Source):
        async def catalogue(self, etag: str | None = None) -> str | None:
            signed = await super().catalogue(etag)
            assert signed is not None
            head, body, signature = signed.split(".")
            return {
                "payload": f"{head}.{body[:-8]}AAAAAAAA.{signature}",
                "signature": f"{head}.{body}.{signature[:-8]}AAAAAAAA",
                "not a jws": "hello",
                "another type": self.keys.sign(b"{}", type_="loket-receipt+jws"),
                "empty": "",
            }[how]

    caplog.set_level(logging.WARNING)
    catalogue = await Catalogue.load(None, now)
    assert not await catalogue.sync(Changed())
    assert catalogue.size == 0
    assert "refused" in caplog.text


async def test_an_older_edition_is_refused(caplog: pytest.LogCaptureFixture) -> None:
    source = Source()
    first = await source.publish()
    source.parts_now = country(mark=" Baru")
    catalogue = await Catalogue.load(None, now)
    await catalogue.sync(source)
    caplog.set_level(logging.WARNING)
    source.edition, source._published = first, source.parts_now
    assert not await catalogue.sync(source)
    assert "is older" in caplog.text
    assert marks(catalogue) == {"Baru"}


async def test_a_few_changes_come_as_changes_and_not_as_parts(path: Path) -> None:
    source = Source(regional(towns=30))
    catalogue = await Catalogue.load(path, now)
    await catalogue.sync(source)
    source.asked.clear()
    for version in (2, 3):
        source.parts_now = {
            name: {
                **part,
                "services": [
                    {**one, "version": version} if one["id"].endswith("5/skck") else one
                    for one in part["services"]
                ],
            }
            for name, part in source.parts_now.items()
        }
        await source.publish()
    assert await catalogue.sync(source)
    fetched = [one for one in source.asked if one.startswith("part")]
    assert len(fetched) == 2
    versions = {row.id: row.version for row in catalogue.services(0, catalogue.size)}
    assert {v for id_, v in versions.items() if id_.endswith("5/skck")} == {3}
    assert {v for id_, v in versions.items() if not id_.endswith("5/skck")} == {1}
    await catalogue.close()
    assert (await Catalogue.load(path, now)).version == catalogue.version


async def test_services_that_come_and_go_do_so_by_changes() -> None:
    source = Source(regional(towns=10))
    catalogue = await Catalogue.load(None, now)
    await catalogue.sync(source)
    source.parts_now = regional(towns=12)
    await catalogue.sync(source)
    assert catalogue.size == 18
    source.parts_now = regional(towns=6)
    await catalogue.sync(source)
    assert catalogue.size == 12
    assert catalogue.find("skck", "id").hits


async def test_changes_that_lead_elsewhere_are_left_for_the_parts(caplog: pytest.LogCaptureFixture) -> None:
    source = Source(regional(towns=30))
    catalogue = await Catalogue.load(None, now)
    await catalogue.sync(source)
    # The device's part is not what it was: its content is right, and is another one.
    part = next(p for p in catalogue._edition.parts if p.name == "33")
    catalogue._shelf._connection.execute(
        "UPDATE part SET body = ? WHERE sha256 = ?", (compressed(b'{"services":[]}'), part.sha256)
    )
    source.parts_now = {
        **source.parts_now,
        "33": {**source.parts_now["33"], "services": source.parts_now["33"]["services"][:-1]},
    }
    caplog.set_level(logging.WARNING)
    assert await catalogue.sync(source)
    assert "its parts are fetched" in caplog.text
    assert catalogue.size == 35


async def test_a_damaged_part_on_the_device_is_fetched_anew(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    source = Source(regional())
    catalogue = await Catalogue.load(path, now)
    await catalogue.sync(source)
    await catalogue.close()
    with sqlite3.connect(path) as other:
        other.execute("UPDATE part SET body = x'00'")
        other.execute("UPDATE edition SET packed = x'00', sha256 = ?", (digest(b"\0"),))
    again = await Catalogue.load(path, now)
    assert (again.size, again.as_of) == (0, None)
    caplog.set_level(logging.WARNING)
    assert await again.sync(source)
    assert again.size == 9


async def test_while_the_citizen_searches_a_new_edition_comes_in_whole() -> None:
    source = Source(regional(" Lama", towns=40))
    catalogue = await Catalogue.load(None, now)
    await catalogue.sync(source)
    source.parts_now = regional(" Baru", towns=40)
    sync = asyncio.create_task(catalogue.sync(source))
    seen: list[set[str]] = []
    while not sync.done():
        seen.append({str(hit.row.summary).split()[-1] for hit in catalogue.find("skck", "id", limit=40).hits})
        await asyncio.sleep(0)
    assert all(len(one) == 1 for one in seen)
    assert seen[0] == {"Lama"}
    assert marks(catalogue) == {"Baru"}


# Bytes

_JSON = st.recursive(
    st.text(max_size=8) | st.integers(-(2**40), 2**40) | st.booleans(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", max_size=2), inner, max_size=3)
    ),
    max_leaves=12,
)


@given(_JSON)
def test_the_fast_canonical_form_is_that_of_rfc_8785(value: Any) -> None:
    assert content_bytes(value) == canonical_bytes(value)


@given(_JSON, _JSON)
def test_a_merge_patch_leads_from_one_value_to_the_other(before: Any, after: Any) -> None:
    assert patched(before, merge_patch(before, after)) == after


@given(st.binary(max_size=200))
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_any_bytes_are_a_part_or_damaged(body: bytes) -> None:
    with pytest.raises(PartDamaged):
        expanded(body, 10, "0" * 64)


def test_changes_name_only_what_changed() -> None:
    before, after = regional(towns=5), regional(towns=6)
    assert list(changes_between(before, after)["parts"]) == ["33"]
    assert changes_between(before, before) == {"parts": {}}
