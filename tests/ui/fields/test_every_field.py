"""Every field type, met by a citizen in the real app: light, dark, at 200 %, offline, and wrong.

The pictures of the same are taken by `make gallery`.
"""

from __future__ import annotations

from typing import Any

import pytest
from answering import answer_kept, do

from app.contract.form import known_field_types
from app.testing.clock import Clock
from app.testing.gallery.examples import KINDS, examples, types
from app.testing.loket import LoketCitizen
from app.testing.reading import cut, pale
from app.ui.fields.lines import TYPING

pytestmark = pytest.mark.asyncio(loop_scope="module")

EXAMPLES = examples(Clock().now().date())
EVERY = pytest.mark.parametrize("kind", sorted(KINDS))
ASKED = pytest.mark.parametrize("kind", sorted(k for k, e in EXAMPLES.items() if not e.reads_only))
SMALL = (360, 640)
"""The smallest phone in dp that is still sold."""


async def test_there_is_an_example_of_every_field_type() -> None:
    assert set(KINDS) - {"many"} == known_field_types()


def _holds(value: Any, expected: Any) -> bool:
    """Whether a value has at least what is expected of it."""
    if isinstance(expected, dict):
        return isinstance(value, dict) and all(_holds(value.get(k), v) for k, v in expected.items())
    if isinstance(expected, list):
        return isinstance(value, list) and len(value) == len(expected) and all(map(_holds, value, expected))
    return bool(value == expected) and type(value) is type(expected)


async def _fill(citizen: LoketCitizen, kind: str) -> None:
    """Answer what stands before the field, and the field."""
    example = EXAMPLES[kind]
    for before in example.before:
        await do(citizen, types({"income": "2.500.000"}.get(before["id"], "4")), field=before["id"])
    await do(citizen, *example.steps)


def _names_and_room(citizen: LoketCitizen) -> None:
    lacking = [*citizen.nameless_controls(), *citizen.small_targets()]
    assert not lacking, "\n".join(map(str, lacking))


def _fits(citizen: LoketCitizen) -> None:
    _names_and_room(citizen)
    wide = list(cut(citizen.see(), SMALL[0] - 32, citizen.device.settings.get().text_scale))
    assert not wide, "\n".join(wide)


def _colours(citizen: LoketCitizen, theme: str) -> None:
    faults = list(pale(citizen.see(), theme))
    assert not faults, "\n".join(faults)


@EVERY
async def test_light_it_is_answered_kept_and_shown_again_on_the_check_page(at_field, kind: str) -> None:
    example = EXAMPLES[kind]
    citizen = await at_field(kind)
    citizen.should_see(example.title)
    _names_and_room(citizen)
    await _fill(citizen, kind)
    _names_and_room(citizen)
    _colours(citizen, "light")
    if example.reads_only:
        citizen.should_see(example.shows)
        return
    await citizen.tap("form.next")
    citizen.should_see("Periksa sebelum dikirim", example.shows)
    assert _holds(await answer_kept(citizen, kind), example.value)


@EVERY
async def test_dark_its_words_have_colours_of_the_theme_and_contrast(at_field, kind: str) -> None:
    citizen = await at_field(kind, theme="dark")
    _colours(citizen, "dark")
    await _fill(citizen, kind)
    citizen.should_see(EXAMPLES[kind].title)
    _colours(citizen, "dark")
    _names_and_room(citizen)


@EVERY
async def test_at_200_percent_nothing_is_cut_and_it_is_answered_all_the_same(at_field, kind: str) -> None:
    citizen = await at_field(kind, size=SMALL, text_scale=2.0, language="en")
    _fits(citizen)
    await _fill(citizen, kind)
    _fits(citizen)
    if not EXAMPLES[kind].reads_only:
        assert await answer_kept(citizen, kind) is not None


@EVERY
async def test_offline_it_is_answered_and_kept_and_the_form_goes_on(at_field, kind: str) -> None:
    example = EXAMPLES[kind]
    citizen = await at_field(kind)
    await citizen.set_connectivity()
    citizen.should_see("offline", example.title)
    asked = len(citizen.network.asked)
    await _fill(citizen, kind)
    citizen.should_see("Tersimpan")
    if not example.reads_only:
        await citizen.tap("form.next")
        citizen.should_see("offline", "Periksa sebelum dikirim", example.shows)
    assert len(citizen.network.asked) == asked, "an answer waits for the network"
    await citizen.set_connectivity("wifi")
    if not example.reads_only:
        assert _holds(await answer_kept(citizen, kind), example.value)


@ASKED
async def test_wrong_it_is_told_at_the_field_and_aloud_and_the_keyboard_goes_there(
    at_field, kind: str
) -> None:
    example = EXAMPLES[kind]
    citizen = await at_field(kind)
    await do(citizen, *example.wrong)
    heard = len(citizen.announcements)
    await citizen.tap("form.next")
    citizen.should_not_see("Periksa sebelum dikirim")
    errors = [e for e in citizen.see().elements() if (e.identifier or "").endswith(".error")]
    assert errors, citizen.screen()
    assert all((e.identifier or "").startswith("field.answer") for e in errors), errors
    citizen.should_see(example.says)
    assert any(example.says in said for said in citizen.announcements[heard:])
    if example.field.get("type", kind) in TYPING:
        focused = citizen.focused
        assert focused is not None, "the keyboard's focus did not go to the field"
        assert any(above.identifier == "field.answer" for above in focused.above())
    _names_and_room(citizen)
    _colours(citizen, "light")
    await do(citizen, *(step for step in example.steps if step not in example.wrong))
    await citizen.tap("form.next")
    citizen.should_see("Periksa sebelum dikirim", example.shows)
