"""The rule `costs-and-times`: every amount and every promise rests on a law, and somebody has looked
lately."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from app.authoring.finding import Finding
from app.authoring.rules.rule import Rule
from app.authoring.subjects import Subject
from app.authoring.texts import Steps

OLDEST_DAYS = 730

RULE = Rule(
    name="costs-and-times",
    title="every amount and every promise rests on a law, and somebody has looked lately",
    reason=(
        "An amount without its law invites a second one at the counter. Law 25/2009 (art. 21) makes the "
        "tariff and "
        "the time part of every service standard. Both name a legal resource of the same file and the day "
        "on which "
        "somebody last read it; a day in the future or more than two years ago is no such day."
    ),
    wrong="costs:\n  - amount: 355000\n    dated: 2019-01-01",
    right="costs:\n  - amount: 350000\n    legal: pp-45-2024\n    dated: 2026-11-02",
    exceptions=(
        "None: a service that is free says so with `amount: 0` and the law that makes it free. Two costs "
        "with one "
        "amount and no condition between them are told as well: a citizen cannot know which one is meant."
    ),
)


def validate(subject: Subject) -> Iterator[Finding]:
    """Costs, the processing time, and the laws themselves."""
    definition = subject.definition
    if definition is None:
        return
    for i, cost in enumerate(definition.costs):
        if cost.legal is None:
            yield subject.finding(
                RULE.name,
                ("costs", i),
                "a cost without its legal basis.",
                "Add `legal`: an id under `legal`.",
            )
        if cost.amount and cost.title is None and len(definition.costs) > 1:
            yield subject.finding(
                RULE.name,
                ("costs", i),
                "one of several costs, without a title.",
                "Say what it is for: `title`.",
            )
        yield from _dated(subject, cost.dated, ("costs", i, "dated"))
    time = definition.processing_time
    if time.legal is None:
        yield subject.finding(
            RULE.name,
            ("processing_time",),
            "a promise without its legal basis.",
            "Add `legal`: an id under `legal`.",
        )
    yield from _dated(subject, time.dated, ("processing_time", "dated"))
    for i, resource in enumerate(definition.legal):
        yield from _dated(subject, resource.dated, ("legal", i, "dated"))


def _dated(subject: Subject, day: date, steps: Steps) -> Iterator[Finding]:
    if day > subject.today:
        yield subject.finding(
            RULE.name, steps, f"{day} has not come yet.", "Write the day on which you last read the rule."
        )
    elif (subject.today - day).days > OLDEST_DAYS:
        yield subject.finding(
            RULE.name,
            steps,
            f"last read on {day}, more than two years ago.",
            "Read the rule again, and date it.",
        )
