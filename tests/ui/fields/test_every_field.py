"""Every field type, answered by a citizen in the real app: light, dark, at 200 %, wrong, and offline."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from answering import answer_kept, do

from app.contract.form import known_field_types
from app.testing.clock import Clock
from app.testing.gallery.examples import KINDS, examples, types
from app.testing.loket import LoketCitizen

AtField = Callable[..., Awaitable[LoketCitizen]]
EXAMPLES = examples(Clock().now().date())
ANSWERED = sorted(kind for kind, example in EXAMPLES.items() if not example.reads_only)


def test_there_is_an_example_of_every_field_type() -> None:
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


def _everything_has_a_name_and_room(citizen: LoketCitizen) -> None:
    lacking = [*citizen.nameless_controls(), *citizen.small_targets()]
    assert not lacking, "\n".join(map(str, lacking))


@pytest.mark.parametrize("kind", ANSWERED)
async def test_a_field_is_answered_and_its_answer_is_sent_and_shown(at_field: AtField, kind: str) -> None:
    citizen = await at_field(kind)
    citizen.should_see(EXAMPLES[kind].title)
    _everything_has_a_name_and_room(citizen)
    await _fill(citizen, kind)
    await citizen.set_theme("dark")
    citizen.should_see(EXAMPLES[kind].title)
    _everything_has_a_name_and_room(citizen)
    await citizen.tap("form.next")
    citizen.should_see("Periksa sebelum dikirim", EXAMPLES[kind].shows)
    assert _holds(await answer_kept(citizen, kind), EXAMPLES[kind].value)


@pytest.mark.parametrize("kind", sorted(set(KINDS) - set(ANSWERED)))
async def test_what_is_only_read_is_there_to_read(at_field: AtField, kind: str) -> None:
    citizen = await at_field(kind, theme="dark")
    await _fill(citizen, kind)
    citizen.should_see(EXAMPLES[kind].shows, EXAMPLES[kind].title)
    _everything_has_a_name_and_room(citizen)


@pytest.mark.parametrize("kind", ANSWERED)
async def test_what_is_missing_or_wrong_is_told_at_the_field_and_aloud(at_field: AtField, kind: str) -> None:
    citizen = await at_field(kind)
    await do(citizen, *EXAMPLES[kind].wrong)
    await citizen.tap("form.next")
    citizen.should_see(EXAMPLES[kind].says)
    assert EXAMPLES[kind].says in citizen.announcements[-1]
    citizen.should_not_see("Periksa sebelum dikirim")
    _everything_has_a_name_and_room(citizen)


@pytest.mark.parametrize("kind", sorted(KINDS))
async def test_a_field_reads_and_is_answered_offline_at_200_percent_in_english(
    at_field: AtField, kind: str
) -> None:
    citizen = await at_field(kind, text_scale=2.0, language="en", width=360, height=640)
    await citizen.set_connectivity()
    citizen.should_see("offline", EXAMPLES[kind].title)
    await _fill(citizen, kind)
    _everything_has_a_name_and_room(citizen)
    await citizen.set_connectivity("wifi")
    if not EXAMPLES[kind].reads_only:
        assert _holds(await answer_kept(citizen, kind), EXAMPLES[kind].value)
