"""Nothing of a citizen stands in the files in clear, in any common writing of it."""

from __future__ import annotations

import base64
from itertools import product
from pathlib import Path

import pytest

from app.storage.sealing import Seal, Unsealable
from app.storage.storage import Storage

CITIZEN = {
    "person.nik": "3374015507910003",
    "person.full_name": "Sekar Ayu Wulandari",
    "person.phone": "+6281234567890",
    "person.address": {"street": "Jalan Kenanga Nomor 17", "village": "Pleburan"},
    "token": "eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCJ9",
}
CLEAR = [
    "3374015507910003",
    "Sekar Ayu Wulandari",
    "81234567890",
    "Jalan Kenanga Nomor 17",
    "Pleburan",
    "eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCJ9",
    "person.full_name",
    "answers-of-3374015507910003",
    "drafts-of-the-citizen",
]


def writings(text: str) -> dict[str, bytes]:
    """The ways in which `text` could stand in a file."""
    found: dict[str, bytes] = {}
    for coding in ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le"):
        raw = text.encode(coding)
        found[coding] = raw
        found[f"{coding} reversed"] = raw[::-1]
        found[f"{coding} hex"] = raw.hex().encode()
        found[f"{coding} HEX"] = raw.hex().upper().encode()
        for shift, alphabet in product(range(3), (base64.b64encode, base64.urlsafe_b64encode)):
            # Whole groups only: their letters do not depend on what stands around.
            inner = raw[shift : len(raw) - (len(raw) - shift) % 3]
            found[f"{coding} base64 {shift} {alphabet.__name__}"] = alphabet(inner)
    return found


def seen_in(folder: Path) -> list[str]:
    return [
        f"{text!r} as {name} in {file.name}"
        for file in sorted(folder.iterdir())
        for content in [file.read_bytes()]
        for text in CLEAR
        for name, raw in writings(text).items()
        if raw in content
    ]


def test_the_search_itself_finds_each_writing(tmp_path):
    for name, raw in writings(CLEAR[1]).items():
        (tmp_path / "file").write_bytes(b"?" * 7 + raw + b"?")
        assert seen_in(tmp_path), name


async def test_no_data_of_a_citizen_stands_in_the_files_in_clear(path, key):
    storage = await Storage.open(path, key)
    await storage.put("drafts-of-the-citizen", "answers-of-3374015507910003", CITIZEN)
    await storage.put_latest("drafts-of-the-citizen", "answers-of-3374015507910003", CITIZEN)
    await storage.put_blob("drafts-of-the-citizen", "letter", " ".join(CLEAR).encode() * 500)
    async with storage.transaction() as changes:
        await changes.put("outbox", "one", CITIZEN)
    assert path.with_name("loket.db-wal").stat().st_size > 0, "the log is searched as well"
    assert seen_in(path.parent) == []
    await storage.delete("outbox", "one")
    await storage.close()
    assert seen_in(path.parent) == []
    assert key not in path.read_bytes()


async def test_equal_records_look_different(path, key):
    storage = await Storage.open(path, key)
    for name in ("one", "two"):
        await storage.put("drafts", name, CITIZEN)
    rows = await storage._begin(
        lambda: storage._opened()[0].execute("SELECT id, sealed FROM record").fetchall()
    )
    await storage.close()
    assert len({row[0] for row in rows}) == 2
    assert len({row[1][:12] for row in rows}) == 2, "a nonce was used twice"
    assert len({row[1][12:60] for row in rows}) == 2


def test_two_databases_under_one_key_share_no_subkey():
    seals = [Seal(bytes(32), bytes([n]) * 32, bytes) for n in (1, 2)]
    assert seals[0].collection("record", "drafts") != seals[1].collection("record", "drafts")
    tag = seals[0].collection("record", "drafts")
    sealed = seals[0].seal(tag, tag, "key", b"content")
    assert seals[0].unseal(tag, tag, sealed) == ("key", b"content")
    with pytest.raises(Unsealable):
        seals[1].unseal(tag, tag, sealed)


@pytest.mark.parametrize("moved", ["collection", "record"])
def test_a_sealed_record_opens_only_at_its_place(moved):
    seal = Seal(bytes(32), bytes(32), bytes)
    here, there = (seal.collection("record", name) for name in ("drafts", "outbox"))
    record, other = (seal.record_id(here, name) for name in ("one", "two"))
    sealed = seal.seal(here, record, "one", b"content")
    with pytest.raises(Unsealable):
        seal.unseal(there if moved == "collection" else here, other if moved == "record" else record, sealed)
