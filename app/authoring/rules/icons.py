"""The rule `icons`: an icon is a word of the closed set."""

from __future__ import annotations

from collections.abc import Iterator

from app.authoring.finding import Finding
from app.authoring.rules.rule import Rule
from app.authoring.subjects import Subject

RULE = Rule(
    name="icons",
    title="an icon is a word of the closed set",
    reason=(
        "Icons come from one set that citizens learn once, that is readable in the dark, and that has no "
        "portraits, seals and logos. So an icon is a word, never a file and never an address."
    ),
    wrong="icon: logo-kota.png",
    right="icon: family",
    exceptions=(
        "None. Where no icon fits, propose one: the set (`app/contract/icons.py`) grows with the services."
    ),
)


def validate(subject: Subject) -> Iterator[Finding]:
    """What the contract says of icons."""
    yield from subject.contract_findings(RULE.name)
