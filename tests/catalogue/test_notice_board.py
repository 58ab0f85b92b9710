"""Notices on a device: believed only when signed, never older, read offline, gone when they end."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from country import NOW, Offline, Source
from pydantic import ValidationError

from app.catalogue.catalogue import Catalogue
from app.contract.notices import Notice, Notices
from backend.keys import ephemeral_keys


def notice(number: int, **more) -> Notice:
    given = {
        "id": f"{number:016x}",
        "level": "info",
        "title": {"id": f"Judul {number}"},
        "text": {"id": "Isi."},
        "valid_from": NOW,
        "valid_until": NOW + timedelta(hours=2),
        **more,
    }
    return Notice.model_validate(given)


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


async def board_of(source: Source, path: Path | None = None, clock: Clock | None = None):
    catalogue = await Catalogue.load(path, clock or Clock())
    await catalogue.board.sync(source)
    return catalogue.board


def ids(board, region: str | None = "32.73") -> list[int]:
    return [int(row.id, 16) for row in board.current(region)]


async def test_the_most_urgent_comes_first_and_only_what_concerns_the_region() -> None:
    posted = [
        notice(1),
        notice(2, level="emergency"),
        notice(3, level="warning", regions=["32"]),
        notice(4, regions=["35.78"]),
        notice(5, valid_from=NOW + timedelta(hours=1)),
    ]
    board = await board_of(Source(posted=Notices(number=5, notices=posted)))
    assert ids(board) == [2, 3, 1]
    assert ids(board, None) == [2, 3, 1, 4]


async def test_they_are_kept_and_read_without_a_network(tmp_path: Path) -> None:
    source = Source(posted=Notices(number=1, notices=[notice(1)]))
    await board_of(source, tmp_path / "c.db")
    source.offline = True
    catalogue = await Catalogue.load(tmp_path / "c.db", Clock())
    assert ids(catalogue.board) == [1]
    with pytest.raises(Offline):
        await catalogue.board.sync(source)
    assert ids(catalogue.board) == [1]


async def test_what_ends_is_told_even_without_a_network() -> None:
    source, clock = Source(posted=Notices(number=1, notices=[notice(1)])), Clock()
    board = await board_of(source, clock=clock)
    told: list[list[int]] = []
    board.watch(lambda: told.append(ids(board)))
    await board.sync(source)
    assert told == []
    source.offline, clock.now = True, NOW + timedelta(hours=2)
    with pytest.raises(Offline):
        await board.sync(source)
    assert told == [[]]


async def test_it_is_asked_by_number_and_the_same_list_is_not_sent_again() -> None:
    source = Source(posted=Notices(number=7, notices=[notice(1)]))
    board = await board_of(source)
    await board.sync(source)
    assert [one for one in source.asked if one.startswith("notices")] == ["notices None", "notices 7"]


async def test_an_older_list_is_refused(caplog: pytest.LogCaptureFixture) -> None:
    source = Source(posted=Notices(number=7, notices=[notice(1)]))
    board = await board_of(source)
    source.posted = Notices(number=6, notices=[notice(2)])
    await board.sync(source)
    assert ids(board) == [1]
    assert "older than 7" in caplog.text


async def test_what_a_stranger_signed_is_refused(caplog: pytest.LogCaptureFixture) -> None:
    source = Source(posted=Notices(number=1, notices=[notice(1)]))
    real, source.keys = source.keys, ephemeral_keys(lambda n: b"\x07" * n).signing
    source.signing_keys = lambda: _keys(real)
    board = await board_of(source)
    assert ids(board) == []
    assert "refused" in caplog.text


async def _keys(keys) -> list[dict]:
    return keys.public()["keys"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"valid_until": NOW}, "ends before it begins"),
        ({"title": {"id": "x" * 81}}, "at most 80"),
        ({"text": {"id": "x", "en": "y" * 401}}, "at most 400"),
        ({"regions": ["99.99"]}, "no region has the code 99.99"),
        ({"level": "fun"}, "Input should be"),
        ({"service": "../../x"}, "String should match"),
    ],
)
def test_a_notice_that_cannot_be_read_at_a_glance_is_none(wrong, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        notice(1, **wrong)
