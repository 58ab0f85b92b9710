"""What holds on every screen in every state, held in every look: size, theme, text size and language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po

from app.contract.regions import regions
from app.contract.yaml_tree import read_yaml
from app.testing import gates
from app.testing.loket import LoketCitizen
from app.testing.reading import pale
from backend.sandbox.personas import Personas

ROOT = Path(__file__).parents[2]
SIZES = {"phone": (412, 892), "tablet": (820, 1180), "desktop": (1366, 768)}


@dataclass(frozen=True)
class Look:
    """One way in which a citizen sees Loket."""

    size: str
    theme: str
    scale: float
    language: str

    def __str__(self) -> str:
        return f"{self.size}, {self.theme}, {self.scale:.0%} text, {self.language}"


FIRST = Look("phone", "light", 1.0, "id")
LOOKS = (
    Look("phone", "dark", 2.0, "en"),
    Look("tablet", "light", 2.0, "en"),
    Look("tablet", "dark", 1.0, "id"),
    Look("desktop", "light", 1.0, "en"),
    Look("desktop", "dark", 2.0, "id"),
    FIRST,
)
"""Every pair of a size, a theme, a text size and a language is among these six."""


async def wear(citizen: LoketCitizen, look: Look) -> None:
    """Show the open app in `look`."""
    width, height = SIZES[look.size]
    choice: Any = {"theme": look.theme, "text_scale": look.scale, "language": look.language}
    # The window has its new size when the preferences are heard of: one drawing instead of two.
    citizen.client.set(citizen.client.tree.page, {"width": width, "height": height})
    await citizen.device.settings.set(**choice)
    await citizen.set_size(width, height)


async def in_every_look(citizen: LoketCitizen, *, data: Iterable[str] = ()) -> None:
    """What is on the screen now holds in every look, and is still there at the end.

    `data` are words on the screen that belong to no language: what a citizen or an agency has written.
    """
    before = _identifiers(citizen)
    for look in LOOKS:
        await wear(citizen, look)
        faults = [
            *_faults(citizen),
            *_foreign(citizen, look.language, data),
            *pale(citizen.see(), look.theme),
        ]
        if faults:
            told = "\n".join(faults)
            pytest.fail(f"in the look ({look}):\n{told}\n\n{citizen.screen()}", pytrace=False)
    assert _identifiers(citizen) == before, "the screen is another one after changing size and language"


def _identifiers(citizen: LoketCitizen) -> set[str]:
    return {e.identifier for e in citizen.see().elements() if e.identifier}


def _faults(citizen: LoketCitizen) -> Iterator[str]:
    yield from map(str, citizen.nameless_controls())
    yield from map(str, citizen.small_targets())
    yield from (f"[{twice}] is on the screen twice" for twice in gates.doubled(citizen.see()))
    if [e for e in citizen.see().elements() if e.identifier == "broken"]:
        yield "a part of the screen could not be drawn"


# Languages

_WORD = re.compile(r"(?<![\w-])[^\W\d_]+(?:-[^\W\d_]+)*(?![\w-])")
_PLACE = re.compile(r"\{[^{}]*\}")
# Of both languages, though only one has it in a catalogue; and the name of the vault in tests.
_NEUTRAL = {
    "test",
    "keyring",
    "loket",
    "dukcapil",
    "bpjs",
    "sim",
    "ktp",
    "kia",
    "nik",
    "pin",
    "pdf",
    "b",
    "kb",
    "mb",
    "bahasa",
    "indonesia",
    "english",
}


def _foreign(citizen: LoketCitizen, language: str, data: Iterable[str]) -> Iterator[str]:
    """Texts on the screen in the other language, by the words that only that language's catalogues have."""
    own, other = _vocabularies() if language == "id" else reversed(_vocabularies())
    known = [*data, *_of_the_citizen(citizen)]
    for text in _texts(citizen):
        rest = text
        for value in known:
            rest = rest.replace(value, " ")
        wrong = sorted({w for w in _words(rest) if w in other and w not in own})
        if wrong:
            yield f"“{text}” is not in the language of the screen: {', '.join(wrong)}"


def _texts(citizen: LoketCitizen) -> Iterator[str]:
    for element in citizen.see().elements():
        yield from element.words
        if element.label:
            yield element.label


def _of_the_citizen(citizen: LoketCitizen) -> list[str]:
    """What registers hold of the citizen: names, places and addresses are in no language."""
    places = [*regions().values()]
    persona = _personas().get(citizen.persona or "")
    if persona is None:
        return places
    known = (attribute.value for attribute in persona.attributes(citizen.clock.now().date()))
    return sorted({persona.name, *places, *_values(list(known))}, key=len, reverse=True)


@cache
def _personas() -> Personas:
    return Personas.load()


def _values(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if not value.isdigit() and len(value) > 2:  # a licence “A” is in most words
            yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _values(part)
    elif isinstance(value, (list, tuple)):
        for part in value:
            yield from _values(part)


@cache
def _vocabularies() -> tuple[frozenset[str], frozenset[str]]:
    """The words of everything that Loket says in Indonesian, and in English."""
    indonesian: set[str] = set(_NEUTRAL)
    english: set[str] = set(_NEUTRAL)
    with (ROOT / "assets/languages/en/LC_MESSAGES/loket.po").open("rb") as file:
        for message in read_po(file):
            if message.id:
                indonesian |= _words(*_each(message.id))
                english |= _words(*_each(message.string))
    for translated in (ROOT / "services").rglob("translations/en.yaml"):
        english |= _words(*_strings(_yaml(translated)))
        for source in translated.parents[1].glob("*.yaml"):
            indonesian |= _words(*_prose(_yaml(source)))
    return frozenset(indonesian), frozenset(english)


def _each(value: Any) -> Iterable[str]:
    return [value] if isinstance(value, str) else value


def _yaml(path: Path) -> Any:
    return read_yaml(path, path).root.plain()


_PROSE = frozenset(
    [
        "title",
        "summary",
        "audience",
        "detail",
        "hours",
        "reason",
        "retention",
        "shared_with",
        "step",
        "help",
        "label",
        "yes",
        "no",
        "body",
        "statement",
        "item",
        "message",
        "pattern_message",
        "name",
        "short_name",
        "unit",
    ]
)
"""The keys of a definition under which it speaks to citizens."""


def _prose(value: Any) -> Iterator[str]:
    """What a definition says to citizens."""
    if isinstance(value, dict):
        for key, part in value.items():
            if isinstance(part, str) and key in _PROSE:
                yield part
            else:
                yield from _prose(part)
    elif isinstance(value, list):
        for part in value:
            yield from _prose(part)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _strings(part)
    elif isinstance(value, list):
        for part in value:
            yield from _strings(part)


def _words(*texts: str) -> set[str]:
    return {word.casefold() for text in texts for word in _WORD.findall(_PLACE.sub(" ", text))}
