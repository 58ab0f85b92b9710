"""The rule `sandbox`: the workflow of the sandbox fits the service."""

from __future__ import annotations

from collections.abc import Iterator

from app.authoring.finding import Finding
from app.authoring.rules.rule import Rule
from app.authoring.subjects import Subject, shown
from app.contract.definition import ServiceDefinition
from app.contract.findings import DefinitionError
from app.contract.form import inner_fields
from app.contract.yaml_tree import read_yaml
from app.documents.wording import is_named

RULE = Rule(
    name="sandbox",
    title="the workflow of the sandbox fits the service",
    reason=(
        "`sandbox.yaml` says what the sandbox's agency issues, so that the whole errand can be played "
        "before an "
        "agency has a system of its own. It names fields, concepts and outputs of the service; one that is "
        "not "
        "there would leave a document with a hole. The citizen reads a claim that nobody has named as its "
        "technical name, in every language: a warning."
    ),
    wrong='documents:\n  - type: birth-certificate\n    claims: {name: "{answers.ful_name}"}',
    right='documents:\n  - type: birth-certificate\n    claims: {name: "{answers.full_name}"}',
    exceptions="A service without `sandbox.yaml` is accepted and issues nothing; it earns no medal.",
)


def validate(subject: Subject) -> Iterator[Finding]:
    """What the workflow's own reader says."""
    definition = subject.definition
    file = subject.folder / "sandbox.yaml"
    if definition is None:
        return
    from backend.sandbox.workflow import read_workflow

    try:
        workflow = read_workflow(file, definition)
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
        return
    if workflow is None:
        return
    written = read_yaml(file, file)
    for index, document in enumerate(workflow.documents):
        output = next(one for one in definition.outputs if one.document_type == document.type)
        named = {claim.id for claim in output.claims or ()}
        for claim, value in document.claims.items():
            for name in (claim, *_inside(value, definition)):
                if name not in named and not is_named(name):
                    yield subject.finding(
                        RULE.name,
                        ("documents", index, "claims", claim),
                        f"expected a claim with words for the citizen, but found {name}.",
                        _NAME_IT.format(output=output.id, claim=name),
                        severity="warning",
                        file=written,
                    )


_NAME_IT = "Name it in service.yaml, `claims: [{{id: {claim}, title: …}}]` of the output `{output}`."


def _inside(value: object, definition: ServiceDefinition) -> list[str]:
    """What stands in the entries of a claim that is all of a repeating section."""
    section = str(value).removeprefix("{answers.").removesuffix("}")
    fields = (field for page in definition.form.pages for field in page.fields if field.id == section)
    return [inner.id for field in fields for inner in inner_fields(field)]
