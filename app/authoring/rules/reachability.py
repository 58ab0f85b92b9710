"""The rule `reachability`: every page and every field is there for somebody."""

from __future__ import annotations

from collections.abc import Iterator

from app.authoring.finding import Finding
from app.authoring.rules.rule import Rule
from app.authoring.subjects import Subject

RULE = Rule(
    name="reachability",
    title="every page and every field is there for somebody",
    reason=(
        "Each condition may be right in itself and the whole still contradict itself: a page that asks for a "
        "letter where there is none, inside a branch for those who have one. Whatever no combination of "
        "answers "
        "leads to is a part of the errand that a citizen cannot do."
    ),
    wrong=(
        "- id: abroad          # a page\n  when: {field: born_abroad, is: true}\n  fields:\n"
        "    - id: city\n      when: {field: born_abroad, is: false}"
    ),
    right="- id: abroad\n  when: {field: born_abroad, is: true}\n  fields:\n    - id: city",
    exceptions=(
        "Only what is certain is told: where a form has too many cases to try them all, nothing is claimed."
    ),
)


def validate(subject: Subject) -> Iterator[Finding]:
    """What the contract says of conditions that can never come true where they stand."""
    yield from subject.contract_findings(RULE.name)
