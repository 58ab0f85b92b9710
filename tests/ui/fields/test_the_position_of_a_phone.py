"""A point from the phone itself: asked at a tap, refused without harm, and typed where it cannot be had."""

from __future__ import annotations

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import flet as ft
import pytest
from answering import answer_kept
from flet_geolocator import Geolocator

from app.app import Position
from app.contract.phrase import Phrase
from app.testing.gallery.services import service_of
from app.testing.loket import LoketCitizen
from app.ui.position import Positions, can_locate

HERE = "field.answer.here"
BANDUNG = (-6.914744, 107.60981, 8.0)


@pytest.fixture
def loket_services(example_services: Path) -> Path:
    return example_services


async def at_the_field(citizen: LoketCitizen, **options: Any) -> None:
    await citizen.at_home(**options)
    await citizen.go(f"/service/{service_of('location')}/form")


async def test_a_tap_asks_for_leave_and_fills_in_the_point(citizen: LoketCitizen) -> None:
    citizen.phone.position = BANDUNG
    await at_the_field(citizen)
    assert citizen.phone.location_asked == 0
    await citizen.tap(HERE)
    citizen.should_see("Titiknya sudah diisi.")
    assert citizen.phone.location_asked == 1
    assert "Titiknya sudah diisi." in citizen.announcements[-1]
    await citizen.tap(HERE)
    assert citizen.phone.location_asked == 1
    assert await answer_kept(citizen, "location") == {"latitude": -6.914744, "longitude": 107.60981}
    await citizen.tap("form.next")
    citizen.should_see("Periksa sebelum dikirim", "-6.914744, 107.609810")


async def test_a_point_that_is_not_exact_is_said_to_be(citizen: LoketCitizen) -> None:
    citizen.phone.position = (-6.9, 107.6, 840.4)
    await at_the_field(citizen, language="en", theme="dark", text_scale=2.0)
    await citizen.tap(HERE)
    citizen.should_see("about 840 metres")
    assert not [*citizen.nameless_controls(), *citizen.small_targets()]


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ({"location_answer": "denied"}, "tidak diberi izin melihat lokasi, dan itu tidak apa-apa"),
        ({"location_answer": "deniedForever"}, "Izinnya dapat diubah di pengaturan ponsel"),
        ({"location_leave": "deniedForever"}, "Izinnya dapat diubah di pengaturan ponsel"),
        ({"location_on": False}, "Lokasi ponsel sedang mati"),
        ({"position": None}, "Lokasi ponsel belum ditemukan"),
    ],
    ids=["refused", "refused for good", "refused before", "switched off", "not found"],
)
async def test_without_the_phone_s_position_the_way_on_is_told_and_open(
    citizen: LoketCitizen, state: dict[str, Any], words: str
) -> None:
    for name, value in {"position": BANDUNG, **state}.items():
        setattr(citizen.phone, name, value)
    await at_the_field(citizen)
    await citizen.tap(HERE)
    citizen.should_see(words, "Salin titiknya dari aplikasi peta", "field.answer")
    assert words in citizen.announcements[-1]
    await citizen.type("field.answer", "-6.914744, 107.609810")
    await citizen.tap("form.next")
    citizen.should_see("Periksa sebelum dikirim")


async def test_a_computer_is_not_asked_where_it_is(citizen: LoketCitizen) -> None:
    await at_the_field(citizen, platform="linux")
    citizen.should_see("field.answer")
    citizen.should_not_see(HERE)


def page(platform: ft.PagePlatform, *, web: bool = False) -> Any:
    return SimpleNamespace(platform=platform, web=web)


def test_only_the_app_on_a_phone_can_be_asked_and_no_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    assert can_locate(page(ft.PagePlatform.ANDROID))
    assert not can_locate(page(ft.PagePlatform.ANDROID, web=True))
    assert not can_locate(page(ft.PagePlatform.LINUX))
    monkeypatch.setattr("app.ui.position.find_spec", lambda name: None)
    assert not can_locate(page(ft.PagePlatform.ANDROID))


async def test_a_phone_that_never_answers_is_waited_for_only_so_long(monkeypatch: pytest.MonkeyPatch) -> None:
    async def answer(self: Any, method_name: str, *args: Any, **more: Any) -> Any:
        match method_name:
            case "is_location_service_enabled":
                return True
            case "get_permission_status":
                return "always"
            case _:
                return await asyncio.Event().wait()

    monkeypatch.setattr(Geolocator, "_invoke_method", answer)
    monkeypatch.setattr(Geolocator, "init", lambda self: None)
    found = await Positions(patience=0).current()
    assert isinstance(found, Phrase)
    assert "belum ditemukan" in found.message
    assert not isinstance(found, Position)
