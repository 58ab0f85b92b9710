"""The rule `plain-language`: short sentences, everyday words, and no blame."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.authoring.finding import Finding
from app.authoring.rules.rule import Rule
from app.authoring.subjects import Subject
from app.authoring.texts import Said
from app.authoring.words import BLAME, JARGON, LONGEST_SENTENCE, sentences, words_of

RULE = Rule(
    name="plain-language",
    title="short sentences, everyday words, and no blame",
    reason=(
        "Most people read a form once, on a phone, between two other things, and many of them read slowly. A "
        f"sentence of more than {LONGEST_SENTENCE} words is read twice or not at all. The words of "
        f"regulations "
        "(pemohon, apabila, melampirkan) and of programmers (input, upload, error) are put into the words "
        "that "
        "people use. An error is never the citizen's fault: say what happened and what to do."
    ),
    wrong="help: Pemohon wajib melampirkan dokumen dimaksud.",
    right="help: Kirim foto surat itu.",
    exceptions=(
        "Titles of laws (`legal`) are quoted as they are. A word that the citizen will meet on paper may "
        "stand in "
        "quotation marks: “pemohon”."
    ),
)

_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"")
_SHOUTED = re.compile(r"\b[A-Z]{4,}(?:\s+[A-Z]{4,})+\b|!{2,}")


def validate(subject: Subject) -> Iterator[Finding]:
    """Every text but the titles of laws."""
    for text in subject.texts:
        if text.names[:1] == ("legal",):
            continue
        yield from _length(subject, text)
        yield from _words(subject, text)


def _length(subject: Subject, text: Said) -> Iterator[Finding]:
    for sentence in sentences(text.text):
        count = len(words_of(sentence))
        if count > LONGEST_SENTENCE:
            start = " ".join(sentence.split()[:2])
            yield subject.in_text(
                RULE.name,
                text,
                start,
                f"a sentence of {count} words.",
                f"Make two of it: at most {LONGEST_SENTENCE} words are read at once.",
            )


def _words(subject: Subject, text: Said) -> Iterator[Finding]:
    plain = _QUOTED.sub(lambda match: " " * len(match[0]), text.text)
    for pattern, instead in JARGON.get(text.language, ()):
        if match := pattern.search(plain):
            yield subject.in_text(
                RULE.name, text, match[0], f'"{match[0]}" is a word of offices.', f"Write {instead}."
            )
    for pattern, instead in BLAME.get(text.language, ()):
        if match := pattern.search(plain):
            yield subject.in_text(RULE.name, text, match[0], f'"{match[0]}" blames the reader.', instead)
    if match := _SHOUTED.search(plain):
        yield subject.in_text(
            RULE.name, text, match[0], f'"{match[0]}" is shouted.', "Write small letters and one full stop."
        )
