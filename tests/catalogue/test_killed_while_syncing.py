"""An app that is killed while the catalogue is being replaced: never half one edition and half another."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import signal
import sys
import time
from pathlib import Path

import pytest
from country import NOW, Source, regional

from app.catalogue.catalogue import Catalogue

pytestmark = pytest.mark.long(21)

KILLS = 200


async def _sync_for_ever(path: Path, source: Source, parts: list) -> None:
    catalogue = await Catalogue.load(path, lambda: NOW)
    turn = 0
    while True:
        source.parts_now = parts[turn % 2]
        source.edition = source.editions[turn % 2]
        source._published = source.parts_now
        with contextlib.suppress(Exception):
            await catalogue.sync(source)
        # The editions have numbers; going back is what a device refuses. So it forgets its own.
        catalogue._edition = None if turn % 2 else catalogue._edition
        turn += 1


@pytest.mark.skipif(sys.platform == "win32", reason="forks")
@pytest.mark.timeout(120)
def test_killed_at_any_moment_of_a_sync_the_catalogue_is_one_edition_whole(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.db"
    parts = [regional(" Lama", towns=20), regional(" Baru", towns=30)]
    source = Source(parts[0], slice=700)
    source.editions = []

    async def prepare() -> None:
        for one in parts:
            source.parts_now = one
            source.editions.append(await source.publish())
        await source.close()
        catalogue = await Catalogue.load(path, lambda: NOW)
        source.parts_now, source.edition, source._published = parts[0], source.editions[0], parts[0]
        await catalogue.sync(source)
        await catalogue.close()

    asyncio.run(prepare())
    sizes = {"Lama": 26, "Baru": 36}
    dice, seen = random.Random(7), []  # noqa: S311 - moments, not secrets
    for _ in range(KILLS):
        child = os.fork()
        if child == 0:
            with contextlib.suppress(BaseException):
                asyncio.run(_sync_for_ever(path, source, parts))
            os._exit(1)
        time.sleep(dice.uniform(0.0, 0.06))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)

        async def look() -> tuple[str, int, bool]:
            catalogue = await Catalogue.load(path, lambda: NOW)
            rows = catalogue.services(0, 99)
            marks = {str(row.summary).split()[-1] for row in rows}
            parts_here = {p.sha256 for p in catalogue._edition.parts} <= set(catalogue._shelf.parts())
            await catalogue.close()
            assert len(marks) == 1, marks
            return marks.pop(), len(rows), parts_here

        mark, size, whole = asyncio.run(look())
        assert size == sizes[mark]
        assert whole
        seen.append(mark)
    counted = {mark: seen.count(mark) for mark in sizes}
    assert all(counted.values()), f"the kills always met the same edition: {json.dumps(counted)}"
