"""Notices: published, listed and withdrawn by operators; signed and numbered for everybody."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from joserfc import jws
from joserfc.jwk import KeySet
from typer.testing import CliRunner

from app.command import loket
from app.contract.notices import NOTICES_TYPE, Notice, Notices
from backend.notices import current, publish, withdraw


def notice(number: int, now: datetime, **more) -> Notice:
    given = {
        "id": f"{number:016x}",
        "level": "info",
        "title": {"id": "Judul"},
        "text": {"id": "Isi."},
        "valid_from": now,
        "valid_until": now + timedelta(hours=1),
    }
    return Notice.model_validate(given | more)


async def read(desk, **headers) -> tuple[int, Notices | None, str]:
    answer = await desk.http.get("/v1/notices", headers=headers)
    if answer.status_code != 200:
        return answer.status_code, None, answer.headers["etag"]
    keys = KeySet.import_key_set((await desk.http.get("/v1/keys")).json())
    signed = jws.deserialize_compact(answer.json()["notices"], keys, algorithms=["Ed25519"])
    assert signed.headers()["typ"] == NOTICES_TYPE
    return 200, Notices.model_validate_json(signed.payload), answer.headers["etag"]


async def test_the_number_only_grows_and_is_the_entity_tag(desk):
    database, now = desk.app.state.backend.database, desk.app.state.backend.now()
    assert await read(desk) == (200, Notices(number=0), '"0"')
    async with database.writing() as session:
        await publish(session, notice(1, now), now)
        await publish(session, notice(2, now, valid_until=now + timedelta(hours=9)), now)
    status, listed, tag = await read(desk)
    assert (status, tag) == (200, '"2"')
    assert [one.id for one in listed.notices] == [f"{1:016x}", f"{2:016x}"]
    assert (await read(desk, **{"If-None-Match": tag}))[0] == 304
    assert (await read(desk, **{"If-None-Match": f"W/{tag}"}))[0] == 304
    async with database.writing() as session:
        assert await withdraw(session, f"{1:016x}", now)
        assert not await withdraw(session, f"{1:016x}", now)
        assert not await withdraw(session, "gone", now)
    _, listed, tag = await read(desk)
    assert (listed.number, tag, [one.id for one in listed.notices]) == (3, '"3"', [f"{2:016x}"])


async def test_what_has_ended_is_sent_no_more(desk):
    database, now = desk.app.state.backend.database, desk.app.state.backend.now()
    async with database.writing() as session:
        await publish(session, notice(1, now), now)
    async with database.reading() as session:
        assert (await current(session, now + timedelta(hours=1))).notices == []


def run(*arguments: str):
    return CliRunner().invoke(
        loket, ["backend", "notice", *arguments], env={"COLUMNS": "200", "NO_COLOR": "1"}
    )


def test_an_operator_publishes_lists_and_withdraws(tmp_path):
    database = f"sqlite:///{tmp_path}/loket.db"
    published = run(
        "publish", "--title", "Banjir", "--text", "Hindari jalan.", "--title-en", "Flood", "--hours", "6",
        "--level", "emergency", "--region", "32", "--region", "35.78", "--fixed", "--database", database,
    )  # fmt: skip
    assert published.exit_code == 0, published.output
    id_ = published.output.strip()
    listed = run("list", "--database", database).output
    assert all(said in listed for said in (id_, "emergency", "32, 35.78", "Banjir", "WIB"))
    later = run(
        "publish", "--title", "Nanti", "--text", "x", "--hours", "1", "--starts", "2099-01-01T08:00",
        "--database", database,
    )  # fmt: skip
    assert (
        "2099-01-01 08:00 to 2099-01-01 09:00 WIB  everywhere" in run("list", "--database", database).output
    )
    assert run("withdraw", id_, "--database", database).exit_code == 0
    assert id_ not in run("list", "--database", database).output
    again = run("withdraw", id_, "--database", database)
    assert (again.exit_code, "not withdrawn yet" in again.output) == (1, True)
    assert later.exit_code == 0


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (["--level", "loud"], "level: Input should be"),
        (["--region", "99"], "regions.0: Value error, no region has the code 99"),
        (["--title", "x" * 81], "at most 80"),
        (["--service", "Not a service"], "service: "),
    ],
)
def test_what_cannot_be_published_is_said_in_words(tmp_path, wrong, said):
    given = {"--title": "Judul", "--text": "Isi", "--hours": "1", "--database": f"sqlite:///{tmp_path}/l.db"}
    given[wrong[0]] = wrong[1]
    done = run("publish", *(part for pair in given.items() for part in pair))
    assert done.exit_code == 1
    assert said in done.output
    assert "Traceback" not in done.output
