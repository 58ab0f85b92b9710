"""Pictures of the real app, and the page that they are on, opened and filtered."""

from __future__ import annotations

import base64
import re
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from app.authoring.gallery.making import make_gallery
from app.authoring.gallery.shots import Act, Look, Shot
from app.testing.browser import browsing
from app.testing.gallery.services import service_of, write_services
from app.testing.place import Place

pytestmark = [pytest.mark.timeout(120), pytest.mark.long(12)]


def test_a_gallery_shows_what_a_citizen_would_see(tmp_path: Path) -> None:
    route = f"/service/{service_of('integer')}/form"
    phone, dark = Look(), Look(theme="dark", scale=200)
    shots = [
        Shot("Bilangan", "Terisi", route, place=Place("page", {"answer": 4}), state="answered"),
        Shot("Bilangan", "Kosong", route, (Act("tap", "form.next"),), "error", shows="field.answer.error"),
    ]
    out = tmp_path / "gallery.html"
    taken = make_gallery(write_services(tmp_path), shots, [phone, dark], out, "Percobaan")
    assert [(p.shot.state, p.look) for p in taken] == [
        ("answered", phone),
        ("answered", dark),
        ("error", phone),
        ("error", dark),
    ]
    light_picture, dark_picture = (Image.open(BytesIO(p.data)).convert("L") for p in taken[:2])
    assert light_picture.width == 412
    assert light_picture.getpixel((4, 400)) > 200 > 60 > dark_picture.getpixel((4, 400))
    found = re.findall(r"data:image/webp;base64,([\w+/=]+)", out.read_text("utf-8"))
    assert [base64.b64decode(each) for each in found] == [p.data for p in taken]


async def test_its_page_filters_and_enlarges(tmp_path: Path) -> None:
    from app.authoring.gallery.camera import Picture
    from app.authoring.gallery.making import write_gallery

    data = BytesIO()
    Image.new("RGB", (412, 892), "#00584e").save(data, "WEBP")
    pictures = [
        Picture(Shot("Bilangan", "Terisi", "/", state=state), look, 412, 892, data.getvalue())
        for state in ("answered", "error")
        for look in (Look(), Look(theme="dark"))
    ]
    write_gallery(tmp_path / "gallery.html", "Percobaan", pictures)
    async with browsing("gallery", width=1200) as browser:
        page = browser.page
        await page.goto((tmp_path / "gallery.html").as_uri())
        await page.get_by_label("dark").uncheck(force=True)
        await page.get_by_label("error").uncheck(force=True)
        assert await page.locator("figure:visible").count() == 1
        assert await page.locator("#shown").inner_text() == "1"
        await page.locator("figure:visible button").click()
        assert "answered" in await page.locator("dialog span").inner_text()
        await page.get_by_label("Close").click()
        await page.get_by_label("light").uncheck(force=True)
        assert await page.locator("#none").is_visible()
        assert not browser.errors, browser.errors
