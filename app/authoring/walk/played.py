"""The tests that an agency keeps: the ways that `loket service walk` found, played again with `pytest`.

A kept test is three lines, which the walk writes:

    from app.authoring.walk.played import played

    test_the_form_is_the_one_that_was_walked, test_every_way, test_ways_in_the_app = played(__file__)

The first fails as soon as the form is another than the one that was walked, the second plays every kept way
by the rules of the form, the third drives a few of them through the app. They play on the day of the walk.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import cache
from pathlib import Path

import pytest

from app.authoring.walk.citizens import Citizen, citizen_of
from app.authoring.walk.driving import Driver
from app.authoring.walk.kept import FILE, Kept, NotKept, form_digest, read_kept
from app.authoring.walk.replay import replay
from app.contract.definition import ServiceDefinition
from app.contract.source import read_service

Tests = tuple[Callable[[], None], Callable[[], None], Callable[[], Awaitable[None]]]


def played(test_file: str) -> Tests:
    """The three tests of the service in whose `tests/` folder `test_file` lies."""
    folder = Path(test_file).parent.parent

    def test_the_form_is_the_one_that_was_walked() -> None:
        definition, kept, _ = _kept(folder)
        if kept.form_sha256 != form_digest(definition.form):
            pytest.fail(
                f"The form of {definition.id} has changed since it was walked. "
                f"Run loket service walk {folder}, and read what changes in {FILE}.",
                pytrace=False,
            )

    def test_every_way() -> None:
        definition, kept, citizen = _kept(folder)
        found = [
            f"way {number} ({' > '.join(way.pages)}): {trouble}"
            for number, way in enumerate(kept.ways)
            for trouble in replay(definition, citizen.me(way.knows), kept.day, way)
        ]
        _no_trouble(folder, definition, found)

    @pytest.mark.usefixtures("_loaded")
    async def test_ways_in_the_app() -> None:
        definition, kept, citizen = _kept(folder)
        found: list[str] = []
        async with Driver.up(folder, kept.day) as driver:
            for number in kept.driven:
                troubles = await driver.drive(definition, citizen, kept.ways[number])
                found += [f"way {number}: {trouble}" for trouble in troubles]
        _no_trouble(folder, definition, found)

    return test_the_form_is_the_one_that_was_walked, test_every_way, test_ways_in_the_app


@cache
def _kept(folder: Path) -> tuple[ServiceDefinition, Kept, Citizen]:
    definition = read_service(folder)
    try:
        kept = read_kept(folder)
    except NotKept as error:
        pytest.fail(str(error), pytrace=False)
    return definition, kept, citizen_of(definition, kept.persona, kept.changes, kept.day)


def _no_trouble(folder: Path, definition: ServiceDefinition, found: list[str]) -> None:
    if found:
        told = "\n".join(found)
        pytest.fail(
            f"{definition.id} goes otherwise than when it was walked:\n{told}\n"
            f"If that is meant, run loket service walk {folder}.",
            pytrace=False,
        )
