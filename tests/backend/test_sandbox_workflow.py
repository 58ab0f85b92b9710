"""`sandbox.yaml`: its page shows every key and works as it stands, and its outcomes are played."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from backend_desk import BIRTH, SERVICES
from pydantic import BaseModel

from app.contract.findings import DefinitionError
from app.contract.source import read_service
from backend.sandbox import workflow
from backend.sandbox.workflow import IssuedDocument, Outcome, Registered, Workflow, read_workflow

PAGE = (Path(__file__).parents[2] / "docs" / "agencies" / "sandbox.md").read_text("utf-8")
BLOCKS = re.findall(r"^```yaml sandbox\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
DEFINITION = read_service(SERVICES / BIRTH)
sqlite_alone = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def read(tmp_path):
    def read(text: str) -> Workflow:
        file = tmp_path / "sandbox.yaml"
        file.write_text(text, "utf-8")
        return read_workflow(file, DEFINITION)

    return read


@pytest.mark.parametrize("text", BLOCKS, ids=lambda text: text.split("\n")[0])
def test_each_example_of_the_page_is_read(read, text):
    assert isinstance(read(text), Workflow)


def test_the_page_has_every_key_and_every_expression():
    for model in (Workflow, Outcome, IssuedDocument, Registered):
        assert issubclass(model, BaseModel)
        for key in model.model_fields:
            assert re.search(rf"^\|.*`{key}`.*\|", PAGE, re.MULTILINE), f"{model.__name__}.{key}"
    examples = "\n".join(BLOCKS)
    for keys in workflow._EXPRESSIONS:
        shown = [line for line in PAGE.splitlines() if line.startswith("| `{")]
        assert any(all(f"{key}:" in line for key in keys) for line in shown), keys
        assert all(f"{key}:" in examples for key in keys), keys


def test_the_example_of_a_finding_is_what_is_told(read):
    (told,) = re.findall(r"^```text finding\n(.*?)\n```$", PAGE, re.MULTILINE | re.DOTALL)
    with pytest.raises(DefinitionError) as refused:
        read(BLOCKS[0].replace("full_name}", "ful_name}"))
    assert str(refused.value) == told


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("outcomes: [{decide: reject}]", "1:13: outcomes.0.decide: expected a reason"),
        ("outcomes: [{decide: ask, reason: x}]", "1:13: outcomes.0.decide: expected a page"),
        ("outcomes: [{decide: ask, reason: x, page: nowhere}]", "1:37: outcomes.0.page: expected a page"),
        ("outcomes: [{decide: ask, reason: x, page: child, field: y}]", "1:50: outcomes.0.field: expected a"),
        ("outcomes: [{decide: burn}]", "1:13: outcomes.0.decide: expected 'accept'"),
        ("outcomes: [{decide: accept, when: '{answers.y}'}]", "1:29: outcomes.0.when: expected a place"),
        ("takes: 0", "1:1: takes: expected at least 1"),
        ("decided_by: nobody", "1:1: decided_by: expected 'outcomes' or 'person'"),
    ],
)
def test_an_outcome_that_could_not_be_decided_is_found_at_its_place(read, text, found):
    with pytest.raises(DefinitionError) as refused:
        read(text)
    assert f"sandbox.yaml:{found}" in str(refused.value)


@sqlite_alone
async def test_a_review_ends_as_the_first_outcome_that_fits_says_and_a_question_is_asked_once(desk, read):
    desk.backend.agency.learn(
        BIRTH,
        read(
            """
            takes: 3
            outcomes:
              - {decide: ask, page: child, reason: Periksa nama.}
              - when: {choose: "{answers.full_name}", among: {Bima Sakti: yes}}
                decide: reject
                reason: Nama sudah dipakai.
              - decide: accept
            """
        ),
    )
    reference = (await desk.apply())["reference"]
    await desk.wait(20)
    assert await desk.wait(59) == 0, "the review takes three steps"
    assert await desk.wait(1) == 1
    application = (await desk.get(f"applications/{reference}")).json()
    assert (application["state"], application["question"]["text"]) == ("question", "Periksa nama.")
    answers = {"full_name": "Bima Sakti", "sex": "male"}
    body = {"question": application["question"]["id"], "answers": answers}
    assert (await desk.post(f"applications/{reference}/answers", body, "answer")).status_code == 200
    await desk.wait(60)
    rejected = (await desk.get(f"applications/{reference}")).json()
    assert (rejected["state"], rejected["timeline"][-1]["note"]) == ("rejected", "Nama sudah dipakai.")


@sqlite_alone
async def test_where_a_person_decides_the_sandbox_waits(desk, read):
    desk.backend.agency.learn(BIRTH, read("decided_by: person"))
    reference = (await desk.apply())["reference"]
    await desk.wait(20)
    assert await desk.wait(36_000) == 0
    assert (await desk.accept(reference))["state"] == "accepted"
