"""The burden of a form: questions that a citizen answers by hand, words they read, minutes it takes.

Counted for a citizen to whom everything applies and of whom the registers know what they can know: the
longest
way. Minutes are those of studies of government forms, rounded up: 12 seconds to find and give one answer, a
minute to photograph and send one file, 150 words read in a minute.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.authoring.texts import texts_of
from app.authoring.words import words_of
from app.contract.definition import ServiceDefinition
from app.contract.form import AnyField, RepeatField, inner_fields

SECONDS_AN_ANSWER = 12
SECONDS_A_FILE = 60
WORDS_A_MINUTE = 150
_NOT_ASKED = frozenset(("note", "computed", "summary", "declaration"))
_SENT = frozenset(("file", "photo"))


@dataclass(frozen=True, slots=True)
class Burden:
    """What a form costs a citizen."""

    questions: int
    words: int
    minutes: int


BUDGET: Mapping[str, Burden] = {
    "bronze": Burden(60, 2000, 35),
    "silver": Burden(45, 1400, 25),
    "gold": Burden(35, 1000, 18),
    "platinum": Burden(25, 700, 12),
}
"""The most that a form of each medal may cost."""


def burden_of(definition: ServiceDefinition) -> Burden:
    """The burden of the form of `definition`."""
    asked = [one for page in definition.form.pages for one in page.fields]
    questions = files = 0
    for one, times in _asked(asked):
        files += times * (one.type in _SENT)
        questions += times
    words = sum(len(words_of(str(text))) for _, _, text in texts_of(definition.form))
    seconds = (questions - files) * SECONDS_AN_ANSWER + files * SECONDS_A_FILE + words * 60 / WORDS_A_MINUTE
    return Burden(questions, words, math.ceil(seconds / 60))


def _asked(fields: Sequence[AnyField]) -> Iterator[tuple[AnyField, int]]:
    """The fields that a citizen answers by hand, and how often."""
    for one in fields:
        if one.type in _NOT_ASKED or getattr(one, "prefill", None) is not None:
            continue
        inner = inner_fields(one)
        if not inner:
            yield one, 1
            continue
        times = max(1, one.minimum) if isinstance(one, RepeatField) else len(getattr(one, "rows", [])) or 1
        yield from ((of_entry, often * times) for of_entry, often in _asked(inner))
