"""The burden of a form: questions that a citizen answers by hand, words they read, minutes it takes.

Counted for a citizen to whom everything applies and of whom the state knows what it can know: the longest
way. What is prefilled, worked out, declared or only read is no question; it is read, and confirmed with its
page.

    seconds = words x 60/184  +  sum over questions of (1.35 + acts)

- 184 words a minute: mean of 17 languages, texts of everyday life (Trauzettel-Klosinski and Dietz 2012,
  IReST). It was measured aloud; silently people read faster, forms more slowly.
- 1.35 s to make up one's mind and 1.1 s to point at something: operators M and P of the keystroke-level model
  (Card, Moran and Newell 1980).
- 0.33 s a character: 36.2 words a minute with thumbs on a phone (Palin et al. 2019, 37,000 people).
- A file takes a minute, to find the paper, photograph it and look at the picture: an estimate of ours, to be
  replaced once sandboxes have measured it. 44 USC 3502(2) counts such gathering as part of the burden.

How many characters an answer has is the typical length of its type. Minutes are rounded up.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from pydantic import BaseModel

from app.contract.definition import ServiceDefinition
from app.contract.form import AnyField, ChoiceField, FieldBase, Form, GridField, RepeatField, inner_fields
from app.contract.text import Text

WORDS_A_MINUTE = 184
DECIDE, POINT, CHARACTER, FILE = 1.35, 1.1, 0.33, 60.0
"""Seconds: see above."""

MANY = 7
"""From more options than this on, the list is searched by typing."""

_CHARACTERS: Mapping[str, int] = {
    "text": 20,
    "long_text": 120,
    "integer": 2,
    "decimal": 4,
    "money": 8,
    "percentage": 3,
    "date": 10,
    "date_range": 20,
    "month": 7,
    "country": 5,
    "time": 5,
    "nik": 16,
    "kk": 16,
    "nisn": 10,
    "npwp": 15,
    "bpjs": 13,
    "plate": 9,
    "phone": 12,
    "email": 24,
    "location": 20,
    "signature": 20,
    "address": 60,
    "region": 10,
}
"""Typical length of an answer that is typed."""
_POINTS: Mapping[str, int] = {
    "slot": 3,
    "choices": 2,
    "country": 2,
    "region": 2,
    "address": 2,
    "signature": 1,
}
"""How many things are pointed at, where it is not one."""
_NO_QUESTION = frozenset(("note", "section", "summary", "computed", "declaration"))
_FILES = frozenset(("file", "photo", "document"))


@dataclass(frozen=True, slots=True)
class Burden:
    """What a form costs a citizen."""

    questions: int
    words: int
    minutes: int


def burden_of(definition: ServiceDefinition, language: str = "id") -> Burden:
    """The burden of the form of `definition`, as it is read in `language`."""
    asked = [field for page in definition.form.pages for field in page.fields]
    questions = 0
    seconds = 0.0
    for field, times in _questions(asked):
        questions += times
        seconds += times * _seconds(field)
    words = _words(definition.form, language)
    return Burden(questions, words, math.ceil((seconds + words * 60 / WORDS_A_MINUTE) / 60))


def _questions(fields: list[AnyField]) -> Iterator[tuple[AnyField, int]]:
    """The fields that are answered by hand, and how often."""
    for field in fields:
        if field.type in _NO_QUESTION or (isinstance(field, FieldBase) and field.prefill is not None):
            continue
        inner = inner_fields(field)
        if not inner:
            yield field, 1
            continue
        times = max(1, field.minimum) if isinstance(field, RepeatField) else 1
        if isinstance(field, GridField):
            times = len(field.rows)
        yield from ((one, often * times) for one, often in _questions(list(inner)))


def _seconds(field: AnyField) -> float:
    """To decide on one answer and to give it."""
    if field.type in _FILES:
        return DECIDE + FILE
    characters = _CHARACTERS.get(field.type, 0)
    if isinstance(field, ChoiceField) and len(field.options) > MANY:
        characters = 4
    return DECIDE + POINT * _POINTS.get(field.type, 1) + CHARACTER * characters


def _words(form: Form, language: str) -> int:
    return sum(len(re.findall(r"\w[\w'’-]*", text.in_(language))) for text in _texts(form))


def _texts(part: Any) -> Iterator[Text]:
    """Every text of a form; those of exits are read by nobody who goes the longest way."""
    if isinstance(part, Text):
        yield part
    elif isinstance(part, BaseModel):
        for name in type(part).model_fields:
            if name != "exits":
                yield from _texts(getattr(part, name))
    elif isinstance(part, list):
        for one in cast("list[Any]", part):
            yield from _texts(one)
