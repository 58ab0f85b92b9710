from __future__ import annotations

import hashlib
import io

import pytest
from PIL import Image

from app.contract.applications import Attachment


def jpeg(size: int = 400_000) -> bytes:
    """A JPEG of `size` bytes: a real picture, and what cameras append to it."""
    buffer = io.BytesIO()
    Image.new("RGB", (64, 64), "teal").save(buffer, "JPEG")
    return buffer.getvalue().ljust(size, b"\0")


def announced(data: bytes, **changes):
    return {
        "name": "surat lahir.jpg",
        "media_type": "image/jpeg",
        "size": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
    } | changes


async def begin(desk, data: bytes, key: str = "begin", **changes):
    return await desk.post("attachments", announced(data, **changes), key)


async def send(desk, sha256: str, offset: int, data: bytes, persona: str = "sari"):
    return await desk.http.patch(
        f"/v1/attachments/{sha256}",
        headers=desk.citizen(persona) | {"Upload-Offset": str(offset)},
        content=data,
    )


async def send_whole(desk, data: bytes, **changes) -> Attachment:
    begun = Attachment.model_validate((await begin(desk, data, key=f"begin {len(data)}", **changes)).json())
    state = begun
    while not state.complete:
        piece = data[state.received : state.received + begun.chunk_bytes]
        answer = await send(desk, begun.sha256, state.received, piece)
        assert answer.status_code == 200, answer.text
        state = Attachment.model_validate(answer.json())
    return state


async def test_a_file_goes_up_in_pieces_and_is_complete_when_its_hash_agrees(desk):
    data = jpeg(700_000)
    state = await send_whole(desk, data)
    assert (state.received, state.complete) == (700_000, True)
    assert (await desk.get(f"attachments/{state.sha256}")).json()["complete"] is True


async def test_an_interrupted_file_goes_on_from_where_it_is(desk):
    data = jpeg()
    sha256 = (await begin(desk, data)).json()["sha256"]
    await send(desk, sha256, 0, data[:1000])
    lost_answer = await send(desk, sha256, 0, data[:1000])
    assert lost_answer.status_code == 409
    assert lost_answer.json()["type"].endswith("upload-offset")
    assert lost_answer.headers["upload-offset"] == "1000"
    assert (await begin(desk, data, key="after a restart")).json()["received"] == 1000
    assert (await desk.get(f"attachments/{sha256}")).json()["received"] == 1000


async def test_a_complete_file_is_known_to_whoever_sends_it_again(desk):
    data = jpeg(5000)
    await send_whole(desk, data)
    again = await begin(desk, data, key="for another form")
    assert again.json()["complete"] is True
    assert (await send(desk, again.json()["sha256"], 5000, b"x")).status_code == 409


@pytest.mark.parametrize(
    ("changes", "status", "problem", "field"),
    [
        ({"size": 50_000_000}, 413, "attachment-too-large", "size"),
        ({"size": 0}, 422, "invalid-request", "size"),
        ({"size": -1}, 422, "invalid-request", "size"),
        ({"media_type": "application/x-msdownload"}, 415, "attachment-type", "media_type"),
        ({"media_type": "image/svg+xml"}, 415, "attachment-type", "media_type"),
        ({"name": "../../etc/passwd"}, 422, "invalid-request", "name"),
        ({"name": "C:\\Windows\\x.jpg"}, 422, "invalid-request", "name"),
        ({"name": "a\x00b.jpg"}, 422, "invalid-request", "name"),
        ({"name": ".."}, 422, "invalid-request", "name"),
        ({"name": ""}, 422, "invalid-request", "name"),
        ({"name": "x" * 256}, 422, "invalid-request", "name"),
        ({"sha256": "A" * 64}, 422, "invalid-request", "sha256"),
    ],
)
async def test_a_file_that_will_not_do_is_refused_before_its_bytes(desk, changes, status, problem, field):
    answer = await begin(desk, jpeg(5000), **changes)
    assert answer.status_code == status, answer.text
    assert answer.json()["type"].endswith(problem)
    assert [error["field"] for error in answer.json()["errors"]] == [field]


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (b"MZ\x90\x00" + b"\0" * 3000, "image/jpeg"),
        (b"<html><script>alert(1)</script>" + b" " * 3000, "application/pdf"),
        (b"%PDF-1.7\n" + b" " * 3000, "image/png"),
        (b"\xff\xd8\xff\xe0" + b"\0" * 3000, "application/pdf"),
        (b"x", "image/jpeg"),
    ],
)
async def test_bytes_of_another_type_than_announced_are_refused_at_the_first_piece(desk, data, media_type):
    sha256 = (await begin(desk, data, media_type=media_type)).json()["sha256"]
    answer = await send(desk, sha256, 0, data[:2000])
    assert answer.status_code == 415
    assert answer.json()["type"].endswith("attachment-type")
    assert (await desk.get(f"attachments/{sha256}")).json()["received"] == 0


async def test_bytes_that_come_drop_by_drop_are_looked_at_all_the_same(desk):
    data = b"MZ" + b"\0" * 3000
    sha256 = (await begin(desk, data)).json()["sha256"]
    statuses = [(await send(desk, sha256, at, data[at : at + 500])).status_code for at in (0, 500, 1000)]
    assert statuses == [200, 200, 415]


async def test_bytes_with_another_hash_are_refused_and_can_be_sent_again(desk):
    data = jpeg(3000)
    sha256 = (await begin(desk, data)).json()["sha256"]
    changed = data[:-1] + b"x"
    answer = await send(desk, sha256, 0, changed)
    assert answer.status_code == 422
    assert answer.json()["type"].endswith("attachment-mismatch")
    assert (await send(desk, sha256, 0, data)).json()["complete"] is True


@pytest.mark.parametrize(
    ("piece", "status"), [(b"", 422), (jpeg(5001), 413), (b"x" * 262_145, 413), (b"x" * 1_000_001, 413)]
)
async def test_a_piece_that_is_empty_or_too_long_is_refused(desk, piece, status):
    sha256 = (await begin(desk, jpeg(5000))).json()["sha256"]
    answer = await send(desk, sha256, 0, piece)
    assert answer.status_code == status, answer.text
    assert (await desk.get(f"attachments/{sha256}")).json()["received"] == 0


async def test_a_body_without_a_length_is_cut_off_at_the_limit(desk):
    async def endless():
        for _ in range(100_000):
            yield b"x" * 65_536
        pytest.fail("everything was read")

    answer = await desk.http.post("/v1/applications", headers=desk.citizen(), content=endless())
    assert answer.status_code in (400, 413)


@pytest.mark.parametrize("offset", ["-1", "x", "1.5", "99999999999999"])
async def test_an_offset_that_is_no_number_is_refused(desk, offset):
    sha256 = (await begin(desk, jpeg(5000))).json()["sha256"]
    headers = desk.citizen() | {"Upload-Offset": offset}
    answer = await desk.http.patch(f"/v1/attachments/{sha256}", headers=headers, content=b"x")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "Upload-Offset"


async def test_a_file_of_somebody_else_is_not_there(desk):
    data = jpeg(3000)
    sha256 = (await begin(desk, data)).json()["sha256"]
    assert (await desk.get(f"attachments/{sha256}", "rina")).status_code == 404
    assert (await send(desk, sha256, 0, data, "rina")).status_code == 404


async def test_an_application_names_files_that_are_all_there_and_its_agency_reads_them(desk):
    data = jpeg(9000)
    file = announced(data, name="buku nikah.jpg")
    changes = {"father_listed": True, "has_marriage_book": True, "marriage_book": [file]}
    father = {
        "nik": "3578080101909001",
        "full_name": "Andi Umpama",
        "sex": "male",
        "birth_date": "1990-01-01",
    }
    changes |= {"father": father | {"birth_place": "Surabaya", "from": "typed"}}
    submission = await desk.submission("rina", **changes)
    refused = await desk.post("applications", submission, "k", "rina")
    assert refused.status_code == 422, refused.text
    assert refused.json()["type"].endswith("attachment-missing")
    assert [error["field"] for error in refused.json()["errors"]] == ["marriage_book.0"]

    await desk.post("attachments", file | {"name": "IMG_1.jpg"}, "f", "rina")
    half = await send(desk, file["sha256"], 0, data[:4000], "rina")
    assert half.status_code == 200
    assert (await desk.post("applications", submission, "k", "rina")).status_code == 422
    await send(desk, file["sha256"], 4000, data[4000:], "rina")
    sent = await desk.post("applications", submission, "k", "rina")
    assert sent.status_code == 201, sent.text

    path = f"/v1/agency/applications/{sent.json()['reference']}"
    read = await desk.http.get(path, headers=desk.agency)
    assert [(a["name"], a["complete"]) for a in read.json()["attachments"]] == [("buku nikah.jpg", True)]
    content = await desk.http.get(f"{path}/attachments/{file['sha256']}", headers=desk.agency)
    assert content.content == data
    assert content.headers["x-content-type-options"] == "nosniff"
    other = await desk.http.get(f"{path}/attachments/{'0' * 64}", headers=desk.agency)
    assert other.status_code == 404


async def test_a_file_that_differs_from_what_the_answer_says_of_it_does_not_count(desk):
    data = jpeg(9000)
    file = announced(data)
    await desk.post("attachments", file, "f", "rina")
    await send(desk, file["sha256"], 0, data, "rina")
    changes = {"father_listed": True, "has_marriage_book": True, "marriage_book": [file | {"size": 8999}]}
    father = {
        "nik": "3578080101909001",
        "full_name": "Andi Umpama",
        "sex": "male",
        "birth_date": "1990-01-01",
    }
    changes |= {"father": father | {"birth_place": "Surabaya", "from": "typed"}}
    answer = await desk.post("applications", await desk.submission("rina", **changes), "k", "rina")
    assert answer.json()["type"].endswith("attachment-missing")
