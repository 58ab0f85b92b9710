"""The preview in Chromium: the panel around the app, and a save that shows in it."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from authoring.sample_service import ID, write_sample
from playwright.async_api import expect

from app.authoring.preview.opening import watching
from app.authoring.preview.panel import PATH, Panel
from app.authoring.preview.pointed import Pointed
from app.authoring.preview.stage import Stage
from app.browser import free_port
from app.testing.browser import browsing, served

pytestmark = pytest.mark.long(8)


async def test_a_save_shows_in_the_framed_app_in_under_a_second(tmp_path: Path) -> None:
    file = write_sample(tmp_path) / "service.yaml"
    async with (
        Stage.up(Pointed(file), "sari", f"http://127.0.0.1:{free_port(0)}") as stage,
        browsing("preview", width=1280, height=832) as browser,
        served(stage.main, beside=lambda app: Panel(app, stage, framed=True), landing=PATH) as address,
        watching(stage),
    ):
        page, app = browser.page, browser.page.frame_locator("#app")
        await page.goto(address)
        placeholder = app.locator("flt-semantics-placeholder")
        await placeholder.wait_for(state="attached")
        await placeholder.evaluate("e => e.click()")
        await expect(app.get_by_text("Izin keramaian").first).to_be_visible()

        took: list[float] = []
        for title in ("Izin pesta", "Izin hajatan"):
            saved = time.perf_counter()
            lines = file.read_text().splitlines(keepends=True)
            file.write_text("".join([*lines[:2], f"title: {title}\n", *lines[3:]]))
            await expect(app.get_by_text(title).first).to_be_visible()
            took.append(time.perf_counter() - saved)
        assert min(took) < 1

        await page.get_by_role("radio", name="Desktop").check()
        await page.get_by_role("radio", name="Dark").check()
        await expect(page.locator("#caption")).to_contain_text("1366 × 820")
        file.write_text(file.read_text().replace("type: integer", "type: intejer"))
        await expect(page.locator("#saved")).to_contain_text("cannot be taken up")
        await expect(page.locator("#findings")).to_contain_text(f"{ID}/service.yaml:")
        await browser.shoot("broken")
        assert browser.errors == []
