"""What of a service is searched: its words, each with how much it weighs there.

Thousands of services say the same of themselves, but for the name of their region: a region's name in a title
or in an agency's name is left out here (`places.py` understands it), so they share one document.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from app.catalogue.roots import root
from app.catalogue.thesaurus import other_names, said_otherwise
from app.catalogue.words import EMPTY_WORDS, words
from app.contract.phrase import SOURCE_LANGUAGE

TITLE = 100
"""Weight of a word of the title in the source language, and of no other."""

_OTHER_TITLE, _KEYWORD, _OTHER_KEYWORD, _AGENCY, _EVENT, _SUMMARY = 85, 78, 70, 45, 30, 22
_ROOT, _OTHER_NAME = 0.82, 0.88
"""Shares of a word's weight for its root, and for the words of another name."""

_NUMBER = re.compile(r"\b\d+\b")


def without(text: str, region: str | None) -> str:
    """`text` without the name of its region."""
    if region is None or region not in text:
        return text
    return text.replace(region, " ")


def office(name: str, short_name: str, region: str | None) -> str:
    """What kind of office an agency is: its names without region and number."""
    return _NUMBER.sub(" ", f"{without(name, region)} {without(short_name, region)}")


def document(
    title: Mapping[str, str],
    keywords: Mapping[str, Iterable[str]],
    summary: Mapping[str, str],
    agency: str,
    events: Iterable[Mapping[str, str]],
) -> dict[str, int]:
    """The words of a service with their weights, 1 to `TITLE`."""
    weighed: dict[str, int] = {}

    def say(text: str, weight: int) -> None:
        said = words(text)
        for word in said:
            if word in EMPTY_WORDS:
                continue
            weighed[word] = max(weighed.get(word, 0), weight)
            if found := root(word):
                weighed[found] = max(weighed.get(found, 0), round(weight * _ROOT))
        for word in other_names(said):
            if word not in EMPTY_WORDS:
                weighed[word] = max(weighed.get(word, 0), min(TITLE - 1, round(weight * _OTHER_NAME)))

    for language, text in title.items():
        say(text, TITLE if language == SOURCE_LANGUAGE else _OTHER_TITLE)
    for language, found in keywords.items():
        for text in found:
            say(text, _KEYWORD if language == SOURCE_LANGUAGE else _OTHER_KEYWORD)
    say(agency, _AGENCY)
    for event in events:
        for text in event.values():
            say(text, _EVENT)
    for text in summary.values():
        say(text, _SUMMARY)
    return weighed


def phrases(title: Mapping[str, str], keywords: Mapping[str, Iterable[str]]) -> set[tuple[str, ...]]:
    """What a service is called, each name as its words: a query that is just one of them means it."""
    found: set[tuple[str, ...]] = set()
    for text in [*title.values(), *(text for texts in keywords.values() for text in texts)]:
        said = [word for word in words(text) if word not in EMPTY_WORDS]
        found.add(tuple(said))
        found.update(said_otherwise(said))
    found.discard(())
    return found


def by_language(value: Any) -> dict[str, str]:
    """A text in JSON form."""
    return {SOURCE_LANGUAGE: value} if isinstance(value, str) else value
