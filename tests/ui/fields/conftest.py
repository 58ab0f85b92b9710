"""A citizen who goes from one example of a field to the next, each begun anew."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
import pytest_asyncio

from app.testing.clock import Clock
from app.testing.gallery.services import service_of, write_services
from app.testing.loket import LoketCitizen, Sandbox
from app.testing.phone import Phone

AtField = Callable[..., Awaitable[LoketCitizen]]


@pytest.fixture(scope="session")
def example_services(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_services(tmp_path_factory.mktemp("examples"))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def traveller(
    _loaded: None, example_services: Path, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[LoketCitizen]:
    """Signed in once for all fields: what is tested is the field, not the way to it."""
    clock = Clock()
    async with Sandbox.up(clock, services=example_services) as sandbox:
        citizen = LoketCitizen(sandbox, clock, Phone(folder=tmp_path_factory.mktemp("phone")))
        await citizen.at_home("sari")
        yield citizen
        await citizen.leave()


@pytest_asyncio.fixture(loop_scope="module")
async def at_field(traveller: LoketCitizen) -> AsyncIterator[AtField]:
    """`await at_field("money", theme="dark")`: at the form of the example of that type, in that look."""

    async def open_form(
        kind: str,
        *,
        size: tuple[float, float] = (412, 892),
        theme: str = "light",
        text_scale: float = 1.0,
        language: str = "id",
    ) -> LoketCitizen:
        drafts = traveller.device.holdings.drafts
        if not traveller.device.online:
            await traveller.set_connectivity("wifi")
        await traveller.go("/documents")
        if (begun := await drafts.of_service(service_of(kind))) is not None:
            await drafts.delete(begun.id)
        await traveller.device.settings.set(theme=theme, text_scale=text_scale, language=language)  # pyright: ignore[reportArgumentType]
        if size != (traveller.client.tree.page.get("width"), traveller.client.tree.page.get("height")):
            await traveller.set_size(*size)
        await traveller.go(f"/service/{service_of(kind)}/form")
        return traveller

    yield open_form
    traveller.check_errors()
