"""Citizens at a form whose one page has a field of one type."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
import pytest_asyncio

from app.testing.clock import Clock
from app.testing.gallery.services import service_of, write_services
from app.testing.loket import LoketCitizen, Sandbox

AtField = Callable[..., Awaitable[LoketCitizen]]


@pytest.fixture(scope="session")
def example_services(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_services(tmp_path_factory.mktemp("examples"))


@pytest_asyncio.fixture
async def sandbox(clock: Clock, _loaded: None, example_services: Path) -> AsyncIterator[Sandbox]:
    """The backend with the examples in place of the services of the country."""
    async with Sandbox.up(clock, services=example_services) as up:
        yield up


@pytest_asyncio.fixture
async def at_field(citizen: LoketCitizen) -> AtField:
    """`await at_field("money", theme="dark")`: signed in, at the form of the example of that type."""

    async def open_form(kind: str, **options: object) -> LoketCitizen:
        await citizen.at_home("sari", **options)  # pyright: ignore[reportArgumentType]
        await citizen.go(f"/service/{service_of(kind)}/form")
        return citizen

    return open_form
