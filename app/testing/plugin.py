"""The pytest plugin `loket`: citizens as fixtures, and the screen in every failure report.

`visit` opens any Flet `main`; `citizen` is the whole of Loket against its real backend, in this process.
"""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator, Awaitable, Callable, Generator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio

from app.testing.citizen import AppFailed, Citizen, Main
from app.testing.clock import Clock
from app.testing.find import NotSeen
from app.testing.phone import Phone
from app.testing.services import beside_lokets, root_around

if TYPE_CHECKING:
    from app.testing.loket import LoketCitizen, Sandbox

_CITIZENS = pytest.StashKey[list[Citizen]]()

Visit = Callable[..., Awaitable[Citizen]]
"""`await visit(main, **open)`: a citizen in front of the opened `main`."""


@pytest.fixture
def clock() -> Clock:
    """The time of this test: it stands still until the test moves it."""
    return Clock()


@pytest.fixture
def phone(tmp_path: Path) -> Phone:
    """The phone of this test, with its folders under `tmp_path`."""
    return Phone(folder=tmp_path / "phone")


@pytest_asyncio.fixture
async def visit(request: pytest.FixtureRequest, clock: Clock, phone: Phone) -> AsyncIterator[Visit]:
    """Opens a Flet `main` for a citizen; closes it after the test, and fails on errors that it logged."""
    citizens: list[Citizen] = []

    async def open_main(main: Main, route: str = "/", **options: Any) -> Citizen:
        citizen = Citizen(main, clock=clock, phone=phone)
        citizens.append(_known(request, citizen))
        return await citizen.open(route, **options)

    yield open_main
    for citizen in citizens:
        await citizen.leave()
        citizen.check_errors()


@pytest.fixture(scope="session")
def _loaded() -> None:
    """The app and the backend, imported once, and kept out of the garbage collector's way."""
    import app.testing.loket  # noqa: F401  # pyright: ignore[reportUnusedImport]

    gc.collect()
    gc.freeze()


@pytest.fixture
def loket_services(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The services of this test: Loket's, and with them the ones of the folder that the test stands in."""
    return beside_lokets(root_around(request.path), tmp_path / "services")


@pytest_asyncio.fixture
async def sandbox(clock: Clock, loket_services: Path, _loaded: None) -> AsyncIterator[Sandbox]:
    """The unified backend with its sandbox, in this process, with a database of its own in memory."""
    from app.testing.loket import Sandbox

    async with Sandbox.up(clock, services=loket_services) as up:
        yield up


@pytest_asyncio.fixture
async def citizen(
    request: pytest.FixtureRequest, sandbox: Sandbox, clock: Clock, phone: Phone, tmp_path: Path
) -> AsyncIterator[LoketCitizen]:
    """A citizen with Loket on their phone, not opened yet: `await citizen.open()` or `.at_home("sari")`."""
    from app.testing.loket import LoketCitizen

    somebody = LoketCitizen(sandbox, clock, phone, tmp_path / "loket")
    _known(request, somebody)
    yield somebody
    await somebody.leave()
    somebody.check_errors()


def _known(request: pytest.FixtureRequest, citizen: Citizen) -> Citizen:
    request.node.stash.setdefault(_CITIZENS, []).append(citizen)
    return citizen


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add the visible screen to the report of a test that failed with the app open."""
    report = yield
    if call.when == "call" and report.failed and call.excinfo is not None:
        for citizen in item.stash.get(_CITIZENS, list[Citizen]()):
            if citizen.is_open and not call.excinfo.errisinstance((NotSeen, AppFailed)):
                report.sections.append(("Screen", citizen.screen()))
    return report
