"""What a service of this repository may draw on its page, what it may read, and what its faults can break."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from looks import in_every_look

from app.contract.citizen import Me
from app.contract.language import Language
from app.contract.source import read_service
from app.contract.text import Text
from app.forms.journey import Journey
from app.sdk import NotDeclared, Screen
from app.testing.clock import Clock
from backend.sandbox.personas import Personas
from screens import own_part

ROOT = Path(__file__).parents[2]
TAX = "/service/samsat/vehicle-tax"
GOOD = """
import flet as ft
from app.sdk import words
def draw(screen):
    return words.body("Buatan layanan: " + screen.known("vehicle.plate").value)
"""

Drawn = Callable[[str], None]


@pytest.fixture
def drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Drawn]:
    """Give the vehicle tax another `screen.py`."""

    def write(code: str) -> None:
        (tmp_path / "samsat" / "vehicle-tax").mkdir(parents=True)
        (tmp_path / "samsat" / "vehicle-tax" / "screen.py").write_text(code, encoding="utf-8")

    monkeypatch.setattr(own_part, "SERVICES", tmp_path)
    own_part.drawer.cache_clear()
    yield write
    own_part.drawer.cache_clear()


def screen_of(persona: str = "hendra") -> Screen:
    today = Clock().now().date()
    definition = read_service(ROOT / "services" / "samsat" / "vehicle-tax")
    known = list(Personas.load()[persona].attributes(today))
    journey = Journey(definition, Me(subject=persona, attributes=known), today)
    return Screen.of(journey, Language.load("id"), "phone", 1.0)


async def test_the_vehicle_tax_shows_how_in_every_look(citizen):
    await citizen.at_home("hendra", TAX)
    citizen.should_see("Kendaraan AB 9917 XQ", "Rp2.618.000", "service.start")
    await in_every_look(citizen)


async def test_what_a_service_draws_stands_on_its_page_and_on_no_other(citizen, drawn: Drawn):
    drawn(GOOD)
    await citizen.at_home("hendra", TAX)
    citizen.should_see("Buatan layanan: AB 9917 XQ", "service.start")
    await citizen.go("/service/polri/skck")
    citizen.should_see("service.start")
    citizen.should_not_see("Buatan layanan")


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("def draw(screen):\n    return 1 / 0", "ZeroDivisionError"),
        ("def draw(screen):\n    return screen.known('person.income')", "NotDeclared"),
        ("def draw(screen):\n    return 'a text'", "TypeError"),
        ("import no_such_module\ndef draw(screen): ...", "ModuleNotFoundError"),
        ("def draw(screen) return", "SyntaxError"),
        ("x = 1", "AttributeError"),
    ],
    ids=[
        "raises",
        "reads what is not declared",
        "gives no control",
        "lacks a module",
        "no Python",
        "no draw",
    ],
)
async def test_a_fault_in_it_leaves_the_page_whole_and_is_logged(citizen, drawn: Drawn, code: str, kind: str):
    drawn(code)
    await citizen.at_home("hendra", TAX)
    citizen.should_see("Pajak kendaraan tahunan", "Yang Anda terima", "service.start")
    citizen.should_not_see("broken")
    assert all(kind in told for told in citizen.expect_errors("the screen of samsat/vehicle-tax"))


async def test_one_that_has_nothing_to_say_adds_nothing(citizen, drawn: Drawn):
    drawn("def draw(screen):\n    return None")
    await citizen.at_home("hendra", TAX)
    citizen.should_see("service.start")


# What it may read


def test_a_concept_that_is_not_declared_is_refused_and_one_that_is_not_known_is_none():
    screen = screen_of("siti")
    assert screen.known("vehicle.plate") is None
    with pytest.raises(NotDeclared):
        screen.known("person.income")


def test_a_permission_that_a_newer_definition_takes_back_is_not_readable_any_more():
    screen = screen_of()
    fewer = [p for p in screen.definition.permissions if p.concept != "vehicle.tax"]
    newer = replace(screen, definition=screen.definition.model_copy(update={"permissions": fewer}))
    assert screen.known("vehicle.tax") is not None
    with pytest.raises(NotDeclared):
        newer.known("vehicle.tax")


def test_what_the_form_works_out_is_readable_and_what_is_typed_is_not():
    screen = screen_of()
    assert (screen.worked_out("tax"), screen.worked_out("contribution")) == (2_475_000, 143_000)
    assert [screen.worked_out(name) for name in ("phone", "own_plate", "no_such_field")] == [None, None, None]


def test_words_of_a_screen_are_written_in_the_language_of_the_citizen():
    known = screen_of().known("vehicle.tax_due")
    assert known is not None
    text = Text({"id": "Per {day}", "en": "As of {day}"})
    assert screen_of().say(text, day=known.as_of).startswith("Per ")


def test_a_service_outside_the_folder_of_the_app_has_no_screen(drawn: Drawn):
    drawn(GOOD)
    assert own_part.drawer("samsat/vehicle-tax") is not None
    assert own_part.drawer("other/vehicle-tax") is None
