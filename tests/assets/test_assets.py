from __future__ import annotations

import json
import re
from pathlib import Path

import flet_web
import pytest
from babel.messages.pofile import read_po
from fontTools.ttLib import TTFont
from PIL import Image

from app.ui.theme import FONTS, LIGHT, WEIGHTS

ROOT = Path(__file__).parents[2]
ASSETS = ROOT / "assets"
WEB = Path(flet_web.__file__).parent / "web"

INDONESIAN = set("abcdefghijklmnopqrstuvwxyz") | set("éèêëñåöüâîôûçāīūēōĕěŏḍṭṇśṣ")
"""Letters of Indonesian and of regional languages as they are written in Latin."""
SIGNS = set("0123456789.,:;!?()[]{}/\\|@#%&*+-=<>\"'“”‘’–—…·•°²×−€©®™")


@pytest.mark.parametrize("weight", WEIGHTS)
def test_every_weight_has_all_letters_and_signs_and_a_family_of_its_own(weight: int) -> None:
    font = TTFont(ASSETS / FONTS[f"Plus Jakarta Sans {weight}"])
    letters = set(map(chr, font.getBestCmap()))
    assert INDONESIAN | {letter.upper() for letter in INDONESIAN} | SIGNS <= letters
    assert font["name"].getDebugName(1) == f"Plus Jakarta Sans {weight}"
    assert font["name"].getDebugName(2) == "Regular"
    assert font["OS/2"].usWeightClass == weight
    assert {"kern", "mark"} <= {record.FeatureTag for record in font["GPOS"].table.FeatureList.FeatureRecord}


def test_the_font_can_write_every_sentence_in_every_language() -> None:
    letters = set(map(chr, TTFont(ASSETS / FONTS["Plus Jakarta Sans 400"]).getBestCmap())) | {"\n"}
    for file in (ASSETS / "languages").glob("*/LC_MESSAGES/loket.po"):
        with file.open("rb") as source:
            said = {text for entry in read_po(source) for text in (entry.id, entry.string) if entry.id}
        missing = {letter: text for text in map(str, said) for letter in text if letter not in letters}
        assert missing == {}


def test_the_font_can_write_every_service() -> None:
    letters = set(map(chr, TTFont(ASSETS / FONTS["Plus Jakarta Sans 400"]).getBestCmap())) | {"\n"}
    for file in (ROOT / "services").rglob("*.yaml"):
        for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
            if not line.lstrip().startswith("pattern:"):
                assert set(line) <= letters, f"{file.relative_to(ROOT)}:{number}"


def test_the_licence_of_the_font_is_beside_it() -> None:
    assert "SIL Open Font License, Version 1.1" in (ASSETS / "fonts/OFL.txt").read_text("utf-8")


@pytest.mark.parametrize(
    ("name", "side", "transparent"),
    [
        ("icon.png", 1024, True),
        ("icon_android.png", 1024, True),
        ("splash_android.png", 1152, True),
        ("splash_dark_android.png", 1152, True),
        ("favicon.png", 64, True),
        ("icons/icon-192.png", 192, True),
        ("icons/icon-512.png", 512, True),
        ("icons/icon-maskable-192.png", 192, False),
        ("icons/icon-maskable-512.png", 512, False),
        ("icons/apple-touch-icon-192.png", 192, False),
    ],
)
def test_every_picture_is_the_mark_red_above_white(name: str, side: int, transparent: bool) -> None:
    picture = Image.open(ASSETS / name).convert("RGBA")
    assert picture.size == (side, side)
    assert (picture.getpixel((0, 0))[3] == 0) is transparent
    upper, lower = (picture.getpixel((side // 2, y)) for y in (side * 2 // 5, side * 3 // 5))
    assert lower[:3] == (255, 255, 255)
    assert upper[0] > 190
    assert max(upper[1:3]) < 120


def test_androids_icon_stays_inside_the_circle_that_every_launcher_shows() -> None:
    box = Image.open(ASSETS / "icon_android.png").getbbox()
    assert box
    side = 1024
    corner = ((side / 2 - box[0]) ** 2 + (side / 2 - box[1]) ** 2) ** 0.5
    # The corners of the box are round, so the mark itself ends before them.
    assert corner * (1 - 0.28 * (1 - 0.5**0.5)) <= side * 66 / 108 / 2


def test_the_browsers_page_sets_everything_that_flets_own_page_sets() -> None:
    ours, theirs = ((folder / "index.html").read_text("utf-8") for folder in (ASSETS, WEB))
    keys = re.compile(r"^\s{6}(\w+):", re.MULTILINE)
    settings = re.compile(r"var flet = \{(.*?)\}", re.DOTALL)

    def set_by(page: str) -> set[str]:
        found = settings.search(page)
        assert found
        return set(keys.findall(found[1]))

    assert set_by(ours) == set_by(theirs)
    for needed in (
        "<!-- fletAppConfig -->",
        '<base href="/">',
        "python.js",
        "flutter_bootstrap.js",
        'id="loading"',
    ):
        assert needed in theirs
        assert needed in ours
    assert "Flet" not in re.sub(r"<!--.*?-->|flet\w*", "", ours, flags=re.DOTALL)


def test_the_browsers_page_has_the_colours_of_the_theme() -> None:
    page = (ASSETS / "index.html").read_text("utf-8")
    manifest = json.loads((ASSETS / "manifest.json").read_text("utf-8"))
    assert LIGHT.background in page
    assert manifest["background_color"] == LIGHT.background
    assert all((ASSETS / icon["src"]).exists() for icon in manifest["icons"])
