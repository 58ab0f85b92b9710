"""What a citizen has given is there again, whatever happened to the process."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from device import BIRTH, PDF, SERVICES, Clock
from hypothesis import given
from hypothesis import strategies as st

from app.applications.attachments import (
    AttachmentLost,
    AttachmentRefused,
    content_type,
    named_files,
)
from app.applications.drafts import Draft, Drafts
from app.contract.definition import ServiceDefinition
from app.contract.source import read_services
from app.storage.storage import Storage

JPEG, PNG = b"\xff\xd8\xff\xe0 photo", b"\x89PNG\r\n\x1a\n photo"


@pytest.fixture(scope="module")
def definition() -> ServiceDefinition:
    return next(d for d in read_services(SERVICES).definitions if d.id == BIRTH)


@pytest.fixture
def drafts(storage: Storage, clock: Clock) -> Drafts:
    return Drafts(storage, clock.now, os.urandom)


async def test_a_draft_comes_back_as_it_was_saved(
    drafts: Drafts, definition: ServiceDefinition, clock: Clock
) -> None:
    draft = await drafts.begin(definition)
    clock.forward(minutes=3)
    draft.journey = {"answers": {"values": {"full_name": "Bintang"}}}
    draft.remaining, draft.total = 3, 14
    await drafts.save(draft)
    back = await drafts.get(draft.id)
    assert back == draft
    assert back.updated_at == clock.now()
    assert await drafts.definition(draft.id) == definition


async def test_the_definition_of_a_draft_stays_when_a_newer_one_is_published(
    drafts: Drafts, definition: ServiceDefinition
) -> None:
    draft = await drafts.begin(definition)
    newer = definition.model_copy(update={"version": 2})
    other = await drafts.begin(newer)
    kept = await drafts.definition(draft.id)
    assert kept is not None
    assert kept.version == 1
    assert other.id != draft.id


async def test_the_last_touched_draft_comes_first_and_is_the_services(
    drafts: Drafts, definition: ServiceDefinition, clock: Clock
) -> None:
    first = await drafts.begin(definition)
    clock.forward(minutes=1)
    second = await drafts.begin(definition)
    assert [d.id for d in await drafts.all()] == [second.id, first.id]
    clock.forward(minutes=1)
    await drafts.save(first)
    assert [d.id for d in await drafts.all()] == [first.id, second.id]
    found = await drafts.of_service(BIRTH)
    assert found is not None
    assert found.id == first.id
    assert await drafts.of_service("bpjs/join") is None


async def test_a_deleted_draft_takes_its_files_along_and_stays_gone(
    drafts: Drafts, definition: ServiceDefinition
) -> None:
    draft = await drafts.begin(definition)
    file = await drafts.attach(draft.id, "surat.pdf", PDF)
    await drafts.delete(draft.id)
    await drafts.save(draft)
    assert await drafts.get(draft.id) is None
    assert await drafts.definition(draft.id) is None
    assert await drafts.files(draft.id) == {}
    with pytest.raises(AttachmentLost):
        await drafts.file(draft.id, file.sha256)
    await drafts.delete(draft.id)


async def test_one_file_in_two_drafts_is_not_lost_with_one_of_them(
    drafts: Drafts, definition: ServiceDefinition
) -> None:
    one, other = await drafts.begin(definition), await drafts.begin(definition)
    file = await drafts.attach(one.id, "surat.pdf", PDF)
    await drafts.attach(other.id, "surat.pdf", PDF)
    await drafts.delete(one.id)
    assert await drafts.file(other.id, file.sha256) == PDF


async def test_files_chosen_at_the_same_time_are_all_there(
    drafts: Drafts, definition: ServiceDefinition
) -> None:
    draft = await drafts.begin(definition)
    chosen = [PDF + bytes([number]) for number in range(6)]
    await asyncio.gather(*(drafts.attach(draft.id, "surat.pdf", data) for data in chosen))
    assert len(await drafts.files(draft.id)) == 6


async def test_saving_faster_than_the_disk_keeps_the_last(
    drafts: Drafts, definition: ServiceDefinition
) -> None:
    draft = await drafts.begin(definition)
    saves = []
    for number in range(200):
        draft.journey = {"number": number}
        saves.append(asyncio.create_task(drafts.save(draft)))
        await asyncio.sleep(0)
    await asyncio.gather(*saves)
    back = await drafts.get(draft.id)
    assert back is not None
    assert back.journey == {"number": 199}


_WRITER = """
import asyncio, os, sys
from datetime import UTC, datetime
from pathlib import Path
from app.applications.drafts import Drafts
from app.contract.source import read_services
from app.storage.storage import Storage

async def write() -> None:
    storage = await Storage.open(Path(sys.argv[1]), bytes.fromhex(sys.argv[2]))
    drafts = Drafts(storage, lambda: datetime.now(UTC), os.urandom)
    draft = await drafts.begin(read_services(Path(sys.argv[3])).definitions[0])
    number = 0
    while True:
        number += 1
        draft.journey = {"number": number}
        await drafts.save(draft)
        os.write(1, f"{draft.id} {number}\\n".encode())

asyncio.run(write())
"""


async def test_every_answer_that_was_acknowledged_survives_sigkill(tmp_path: Path) -> None:
    path, key = tmp_path / "device.db", os.urandom(32)
    arguments = [sys.executable, "-c", _WRITER, str(path), key.hex(), str(SERVICES)]
    writer = await asyncio.create_subprocess_exec(*arguments, stdout=subprocess.PIPE, cwd=SERVICES.parent)
    assert writer.stdout is not None
    for _ in range(25):
        line = await writer.stdout.readline()
    writer.send_signal(signal.SIGKILL)
    rest = await writer.stdout.read()
    await writer.wait()
    told = [*line.decode().splitlines(), *[x for x in rest.decode().split("\n")[:-1] if x]]
    draft_id, acknowledged = told[-1].split(" ")
    storage = await Storage.open(path, key)
    draft = await Drafts(storage, Clock().now, os.urandom).get(draft_id)
    assert draft is not None
    assert draft.journey["number"] >= int(acknowledged)
    await storage.close()


# Files


@pytest.mark.parametrize(
    ("data", "kind"), [(JPEG, "image/jpeg"), (PNG, "image/png"), (PDF, "application/pdf")]
)
def test_a_file_is_what_its_bytes_say(data: bytes, kind: str) -> None:
    assert content_type("anything.exe", data) == kind


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "kosong"),
        (b"MZ\x90\x00", "Gunakan foto"),
        (b"<html>", "Gunakan foto"),
        (b"\xff\xd8", "Gunakan foto"),
    ],
)
async def test_what_is_no_photo_or_pdf_is_refused_with_its_name(
    drafts: Drafts, definition: ServiceDefinition, data: bytes, words: str
) -> None:
    draft = await drafts.begin(definition)
    with pytest.raises(AttachmentRefused) as caught:
        await drafts.attach(draft.id, "akta.pdf", data)
    assert words in str(caught.value.phrase)
    assert "akta.pdf" in str(caught.value.phrase)
    assert await drafts.files(draft.id) == {}


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        (r"C:\Users\dewi\surat.pdf", "surat.pdf"),
        ("surat\x00\n.pdf", "surat.pdf"),
        ("/", "berkas.pdf"),
        ("..", "berkas.pdf"),
        ("x" * 400 + ".pdf", "x" * 251 + ".pdf"),
    ],
)
async def test_a_name_is_never_a_path(
    drafts: Drafts, definition: ServiceDefinition, given_name: str, kept: str
) -> None:
    draft = await drafts.begin(definition)
    assert (await drafts.attach(draft.id, given_name, PDF)).name == kept


@given(st.binary(max_size=40))
def test_no_bytes_are_too_strange(data: bytes) -> None:
    with suppress(AttachmentRefused):
        assert content_type("x", data) in ("image/jpeg", "image/png", "application/pdf")


def test_files_are_found_wherever_an_answer_names_them() -> None:
    file = {"name": "a.pdf", "media_type": "application/pdf", "size": 3, "sha256": "ab" * 32}
    answers = {
        "letter": [file, file],
        "witnesses": [{"card": [file]}, {}],
        "name": "a.pdf",
        "broken": {**file, "size": 0},
    }
    assert [named.path for named in named_files(answers)] == ["letter.0", "letter.1", "witnesses.0.card.0"]


def test_a_draft_reads_back_from_what_it_writes(definition: ServiceDefinition, clock: Clock) -> None:
    draft = Draft(
        "d",
        BIRTH,
        1,
        definition.title,
        "baby",
        clock.now(),
        clock.now(),
        refusal="Perbaiki.",
        reference="7KM4-2WXP-9",
    )
    assert Draft.from_json("d", draft.to_json()) == draft
