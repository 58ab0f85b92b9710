"""The whole of Loket, as the `citizen` fixture gives it."""

from __future__ import annotations

import gc
import weakref
from datetime import timedelta

import pytest

from app.testing.find import NotSeen
from app.testing.loket import PIN


async def test_the_whole_app_opens_on_the_welcome_screen(citizen):
    await citizen.open()
    citizen.should_see("welcome.sign-in", "Masuk")


async def test_a_persona_signs_in_through_the_sandbox_and_comes_home(citizen):
    await citizen.open()
    await citizen.sign_in("sari")
    citizen.should_see("home.search", "Sari")
    assert citizen.last_url.startswith("http://127.0.0.1:8700/idp/authorize?")


async def test_at_home_is_the_same_place_without_the_way(citizen):
    await citizen.at_home("sari")
    citizen.should_see("home.search", "Sari")


async def test_an_unknown_persona_is_told_with_those_that_there_are(citizen):
    with pytest.raises(NotSeen, match="sari"):
        await citizen.at_home("nobody")


async def test_a_restart_asks_for_the_pin_and_gives_everything_back(citizen):
    await citizen.at_home("sari")
    await citizen.restart()
    citizen.should_not_see("home.search")
    await citizen.enter_pin(PIN)
    citizen.should_see("home.search", "Sari")


async def test_language_theme_size_and_text_scale_are_set_before_the_first_frame(citizen):
    await citizen.at_home("sari", language="en", width=1300, height=900, text_scale=2.0)
    citizen.should_see("A baby was born")


async def test_nothing_of_a_window_stays_once_it_is_closed(citizen):
    await citizen.at_home("sari")
    await citizen.tap("home.search")
    window, device = (weakref.ref(there) for there in (citizen.client, citizen.device))
    await citizen.restart()
    gc.collect()
    assert (window(), device()) == (None, None)


async def test_an_idle_app_locks_itself_when_time_goes_on(citizen):
    await citizen.at_home("sari")
    await citizen.clock.advance(timedelta(minutes=6))
    citizen.should_not_see("home.search")


async def test_offline_reaches_the_app_and_its_requests(citizen):
    await citizen.at_home("sari")
    await citizen.set_connectivity()
    asked = len(citizen.network.asked)
    await citizen.clock.advance(90)
    assert len(citizen.network.asked) == asked
    citizen.should_see("offline")
