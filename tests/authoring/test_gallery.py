"""The gallery: what it takes pictures of, and the page that they are on."""

from __future__ import annotations

import re

import pytest

from app.authoring.gallery.camera import Picture
from app.authoring.gallery.fields import field_shots
from app.authoring.gallery.making import CannotTake, take
from app.authoring.gallery.page import html_page
from app.authoring.gallery.shots import SIZES, Look, Shot, looks, shots_of_way
from app.contract.source import read_service
from app.testing.gallery.examples import KINDS
from app.testing.services import LOKET


def picture(group: str, title: str, look: Look, state: str = "plain") -> Picture:
    return Picture(Shot(group, title, "/", state=state), look, *SIZES[look.size], data=b"RIFF....WEBP")


def test_every_field_is_taken_light_dark_at_200_percent_offline_and_wrong() -> None:
    seen = {(s.group, s.state, look.size, look.theme, look.scale) for s in field_shots() for look in s.looks}
    for kind in KINDS:
        for size in ("phone", "desktop"):
            assert (kind, "answered", size, "light", 100) in seen
            assert (kind, "answered", size, "dark", 100) in seen
            assert (kind, "answered", size, "light", 200) in seen
            assert (kind, "offline", size, "light", 100) in seen
    asked = {s.group for s in field_shots() if s.state == "empty"}
    assert {s.group for s in field_shots() if s.state == "error"} == asked


def test_looks_are_every_combination() -> None:
    every = looks(
        sizes=("phone", "desktop"), themes=("light", "dark"), scales=(100, 200), languages=("id", "en")
    )
    assert len(set(every)) == 16


def test_the_page_stands_alone_says_what_each_picture_is_and_filters_what_differs() -> None:
    dark = Look(theme="dark")
    page = html_page(
        "Akta & lain",
        [picture("Akta <kelahiran>", "Awal", Look()), picture("Akta <kelahiran>", "Awal", dark)],
    )
    assert not re.search(r"(src|href)=\"(?!data:)", page), "the page asks for another file"
    assert "<title>Akta &amp; lain</title>" in page
    assert 'alt="Akta &lt;kelahiran&gt;: Awal (phone, dark, 100 %, id, plain)"' in page
    assert page.count("<figure") == 2
    assert page.count('loading="lazy"') == 2
    assert page.count("<h2>Akta &lt;kelahiran&gt;</h2>") == 1
    # One value is nothing to choose from.
    assert re.findall(r"<legend>(\w+)</legend>", page) == ["Theme"]


def test_a_way_is_taken_page_by_page_and_where_it_ends_early_also_its_end() -> None:
    definition = read_service(LOKET / "dukcapil/birth-registration", LOKET)
    pages = [page.id for page in definition.form.pages[:2]]
    shots = shots_of_way("Lahir di rumah", definition, pages, {"full_name": "Bintang"}, ended=True)
    assert [shot.place.page for shot in shots if shot.place] == [*pages, pages[-1]]
    assert [shot.place.ended for shot in shots if shot.place] == [False, False, True]
    assert shots[0].title == definition.form.pages[0].title.in_("id")


async def test_where_there_is_no_chromium_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.testing.browser.CHROMIUM", ())
    with pytest.raises(CannotTake, match="apt-get install --yes chromium"):
        await take(LOKET, [Shot("A", "B", "/")], looks())
