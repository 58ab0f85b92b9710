"""The rule `conditions`: a condition names what is there, compares what can be compared, and decides
something."""

from __future__ import annotations

from collections.abc import Iterator

from app.authoring.finding import Finding
from app.authoring.logic import conditions_in, outcomes
from app.authoring.rules.rule import Rule
from app.authoring.subjects import Subject
from app.authoring.texts import Steps
from app.contract.conditions import Condition
from app.contract.definition import ServiceDefinition

RULE = Rule(
    name="conditions",
    title="a condition names what is there, compares what can be compared, and decides something",
    reason=(
        "A condition is data that the app and the backend read alike. It may name fields before it and "
        "concepts "
        "that are permitted, and compare each with its own kind: a date with a date, a choice with one of "
        "its "
        "options. A condition that is never true hides a part of the form from everybody; one that is always "
        "true only hides from you that it decides nothing."
    ),
    wrong="- id: reason\n  type: text\n  label: Alasan\n  when: {field: purpose, is: bekerja}   # none",
    right="- id: reason\n  type: text\n  label: Alasan\n  when: {field: purpose, is: work}",
    exceptions=(
        "Conditions over so many values that they cannot all be tried (more than 4,096 combinations) are "
        "checked for names and kinds alone."
    ),
)

_CHECKS = frozenset(("valid_if", "where"))


def validate(subject: Subject) -> Iterator[Finding]:
    """What the contract says of conditions; then whether each check lets some answers through."""
    yield from subject.contract_findings(RULE.name)
    definition = subject.definition
    if definition is None or not subject.sound:
        return
    for steps, condition in conditions_in(definition):
        if _CHECKS & set(steps):
            yield from _check(subject, definition, steps, condition)


def _check(
    subject: Subject, definition: ServiceDefinition, steps: Steps, condition: Condition
) -> Iterator[Finding]:
    # A check is asked only where there are answers: nothing is missing.
    found = outcomes(condition, definition.form, ())
    if found and found <= {True, None}:
        yield subject.finding(
            RULE.name,
            steps,
            "this holds for every answer, so it checks nothing.",
            "Leave it out, or mend a bound.",
        )
    elif found and True not in found:
        yield subject.finding(
            RULE.name, steps, "no answer can pass this.", "Mend the bound: nobody could ever go on."
        )
