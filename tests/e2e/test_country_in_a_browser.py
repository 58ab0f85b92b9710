"""The whole country in a real browser: typing into search, a plan, and flicking through 27,000 rows."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from e2e.process import Running
from e2e.test_birth_in_a_browser import PIN

from app.testing.browser import Browser

FRAMES = Path(__file__).parent / "frames"

pytestmark = [pytest.mark.timeout(240), pytest.mark.long(25)]


@pytest.fixture
async def country(tmp_path: Path) -> AsyncIterator[Running]:
    """The real app, among as many services as the country has; it tells of every frame over 100 ms."""
    running = Running(tmp_path / "home", SERVICES="27000", PYTHONPATH=str(FRAMES))
    await running.start()
    yield running
    await running.stop()


async def test_a_country_is_searched_planned_and_flicked_through(country: Running, window) -> None:
    async with window(country) as browser:
        await browser.sign_in("sari", PIN)
        await browser.reach("home.directory", within=60)
        await browser.keep("home")
        await browser.tap("home.search")
        await browser.reach("search.field")
        # The field has the focus from the start, and keeps it while results come and go beside it.
        await browser.page.keyboard.type("akta", delay=60)
        await browser.holds("search.field", "akta")
        await browser.page.get_by_text("dari 27.000 layanan").first.wait_for(timeout=60_000)
        for typed in ("a", "akt", "akte la", "akte lahr", "akte lahr anak"):
            await browser.type("search.field", typed)
            await browser.reach("search.count")
            await browser.page.wait_for_timeout(150)
            await browser.keep(f"search {typed}")
        await browser.reach("search.result.dukcapil/birth-registration")
        await browser.type("search.field", "skck surabaya")
        await browser.reach("search.place")
        await browser.keep("search skck surabaya")
        await browser.type("search.field", "surat sehat")
        await browser.tap("search.elsewhere")
        await browser.see("layanan di daerah lain")
        await browser.keep("search elsewhere")
        await browser.tap("search.back")
        await browser.reach("home.life-event.birth")
        await browser.tap("home.life-event.birth")
        await browser.reach("event.start")
        await browser.keep("plan")
        await browser.tap("back")
        await browser.tap("home.directory")
        await browser.reach("directory.services")
        await browser.keep("agencies")
        await browser.tap("directory.services")
        await browser.reach("directory.agencies")
        width, height = browser.page.viewport_size["width"], browser.page.viewport_size["height"]
        await browser.page.mouse.move(width / 2, height / 2)
        before = len(country.printed)
        for flick in range(1, 41):
            await browser.page.mouse.wheel(0, 900)
            await browser.page.wait_for_timeout(60)
            if flick % 20 == 0:
                await browser.page.wait_for_timeout(250)
                await browser.keep(f"flicked {flick}")
                assert await seen_rows(browser) > 5, f"blank after {flick} flicks"
        slow = [line for line in country.printed[before:].splitlines() if "a frame of" in line]
        assert not slow, "\n".join(slow)


async def seen_rows(browser: Browser) -> int:
    """How many rows of the directory stand where the eye is."""
    rows = browser.page.locator("[flt-semantics-identifier^='directory.service.']")
    height = browser.page.viewport_size["height"]
    boxes = await rows.evaluate_all("found => found.map(e => e.getBoundingClientRect().top)")
    return sum(1 for top in boxes if 0 < top < height)
