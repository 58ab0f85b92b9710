from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest
from e2e.process import Running

from app.testing.browser import Browser, browsing, chromium


@pytest.fixture(scope="session", autouse=True)
def _chromium_is_here() -> None:
    """Fail at once, with the command that helps, where there is no Chromium."""
    chromium()


@pytest.fixture
async def loket(tmp_path: Path) -> AsyncIterator[Running]:
    """The real app, started as a citizen does; the sandbox's agency takes a second a step."""
    running = Running(tmp_path / "home", LOKET_BACKEND_SANDBOX_PACE_SECONDS="1")
    await running.start()
    yield running
    await running.stop()


Opens = Callable[..., AbstractAsyncContextManager[Browser]]


@pytest.fixture
def window(request: pytest.FixtureRequest) -> Opens:
    """`async with window(loket) as browser`: a phone-sized window in front of the app.

    At its end an error in the console, in the page, or a request to the internet fails the test; where the
    test failed itself, the screen is kept as a picture and as words.
    """
    name = request.node.name.removeprefix("test_")

    @asynccontextmanager
    async def opened(loket: Running, **options: object) -> AsyncIterator[Browser]:
        async with browsing(name[:40], **options) as browser:  # pyright: ignore[reportArgumentType]
            try:
                await browser.open(loket.address)
                yield browser
            except BaseException:
                await browser.keep("failed")
                request.node.add_report_section("call", "the app", loket.printed)
                raise
            assert not browser.errors, "\n".join(browser.errors)

    return opened
