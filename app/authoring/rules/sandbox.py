"""The rule `sandbox`: the workflow of the sandbox fits the service."""

from __future__ import annotations

from collections.abc import Iterator

from app.authoring.finding import Finding
from app.authoring.rules.rule import Rule
from app.authoring.subjects import Subject, shown
from app.contract.findings import DefinitionError

RULE = Rule(
    name="sandbox",
    title="the workflow of the sandbox fits the service",
    reason=(
        "`sandbox.yaml` says what the sandbox's agency issues, so that the whole errand can be played "
        "before an "
        "agency has a system of its own. It names fields, concepts and outputs of the service; one that is "
        "not "
        "there would leave a document with a hole."
    ),
    wrong='documents:\n  - type: birth-certificate\n    claims: {name: "{answers.ful_name}"}',
    right='documents:\n  - type: birth-certificate\n    claims: {name: "{answers.full_name}"}',
    exceptions="A service without `sandbox.yaml` is accepted and issues nothing; it earns no medal.",
)


def validate(subject: Subject) -> Iterator[Finding]:
    """What the workflow's own reader says."""
    definition = subject.definition
    file = subject.folder / "sandbox.yaml"
    if definition is None or not file.exists():
        return
    from backend.sandbox.workflow import read_workflow

    try:
        read_workflow(file, definition)
    except DefinitionError as error:
        for located in error.findings:
            yield Finding(
                RULE.name,
                "error",
                shown(file),
                located.line,
                located.column,
                f"expected {located.expected}, but found {located.came}.",
                located.hint,
                located.path,
            )
