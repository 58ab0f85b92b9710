"""The rule `spelling`: words as the official dictionary (KBBI) writes them, and clean spaces."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.authoring.finding import Finding
from app.authoring.rules.rule import Rule
from app.authoring.subjects import Subject
from app.authoring.words import SPELLING

RULE = Rule(
    name="spelling",
    title="words as the dictionary writes them",
    reason=(
        "The spelling of the dictionary (KBBI) is what a screen reader pronounces right, what search "
        "finds, and "
        "what makes a text look as if somebody cared."
    ),
    wrong="help: Silahkan rubah nomer ijin praktek anda.",
    right="help: Silakan ubah nomor izin praktik Anda.",
    exceptions="Titles of laws (`legal`) and keywords, which hold what people type, misspelt or not.",
    fixes="Writes each of these words as the dictionary does, and puts one space where there are two.",
)

_SPACES = re.compile(r"(?<=\S) {2,}(?=\S)")


def validate(subject: Subject) -> Iterator[Finding]:
    """Every Indonesian text but the titles of laws."""
    for text in subject.texts:
        if text.names[:1] == ("legal",):
            continue
        if match := _SPACES.search(text.text):
            around = text.text[match.start() - 1 : match.end() + 1]
            yield subject.in_text(
                RULE.name, text, around, "two spaces.", "Write one.", instead=re.sub(" +", " ", around)
            )
        if text.language != "id":
            continue
        for pattern, right in SPELLING:
            for match in pattern.finditer(text.text):
                instead = right.capitalize() if match[0][0].isupper() else right
                yield subject.in_text(
                    RULE.name, text, match[0], f'"{match[0]}" is spelt "{instead}".', "", instead=instead
                )
