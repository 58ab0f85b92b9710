"""What a document says is read in the citizen's language: no claim shows its technical name."""

from __future__ import annotations

from pathlib import Path

from app.contract.yaml_tree import read_yaml
from app.documents.wording import lines

SERVICES = Path(__file__).parents[2] / "services"


def test_every_claim_that_a_service_issues_has_a_label() -> None:
    nameless: dict[str, str] = {}
    for workflow in sorted(SERVICES.rglob("sandbox.yaml")):
        for document in read_yaml(workflow, workflow).root.plain()["documents"]:
            for claim in document["claims"]:
                [line] = lines({claim: "x"})
                if line.label.message == "{name}":
                    nameless[claim] = workflow.parent.name
    assert not nameless, f"give them a label in app/documents/wording.py: {nameless}"
