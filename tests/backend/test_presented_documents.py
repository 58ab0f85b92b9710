"""Documents of the wallet as answers: taken where they hold, refused at their field where they do not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from backend_desk import BIRTH, subject_of

from app.contract.form import DocumentField, Page
from app.contract.text import Text
from backend.presented import check_presented
from backend.problems import ProblemError


def present(credential: str, *names: int) -> str:
    """The credential with the disclosures at these places alone."""
    signed, *disclosures = credential.split("~")
    return "~".join([signed, *(disclosures[n] for n in names), ""])


async def certificate(desk) -> dict[str, Any]:
    application = await desk.apply()
    await desk.accept(application["reference"])
    documents = (await desk.get("documents")).json()
    return next(d for d in documents if d["type"] == "birth-certificate")


async def outcome(desk, answer: dict[str, Any], *, claims: list[str], persona: str = "sari") -> list[str]:
    """The paths at which the answer is refused, for a field that asks for these claims."""
    field = DocumentField(
        id="proof",
        type="document",
        label=Text({"id": "Akta"}),
        document_types=["birth-certificate"],
        claims=claims,
    )
    page = Page(id="p", step=Text({"id": "P"}), title=Text({"id": "P?"}), fields=[field])
    birth = await desk.definition()
    definition = birth.model_copy(update={"form": birth.form.model_copy(update={"pages": [page]})})
    backend = desk.backend
    async with backend.database.reading() as session:
        try:
            await check_presented(backend, session, subject_of(persona), definition, {"proof": answer})
        except ProblemError as refused:
            return [error.field for error in refused.errors]
    return []


def answer_of(document: dict[str, Any], presentation: str) -> dict[str, Any]:
    facts = {key: document[key] for key in ("id", "type", "title", "issuer", "issued_at")}
    return {**facts, "presentation": presentation}


async def test_a_document_is_taken_with_the_claims_that_were_asked_for(desk):
    held = await certificate(desk)
    first = answer_of(held, present(held["credential"], 0))
    assert await outcome(desk, first, claims=["certificate_number"]) == []
    assert await outcome(desk, answer_of(held, present(held["credential"])), claims=[]) == []


async def test_a_document_that_shows_more_than_was_asked_for_is_refused(desk):
    held = await certificate(desk)
    assert await outcome(desk, answer_of(held, present(held["credential"], 0, 1)), claims=["nik"]) == [
        "proof"
    ]


@pytest.mark.parametrize("change", ["other signature", "foreign disclosure", "other type", "other id"])
async def test_a_document_that_was_not_issued_so_is_refused(desk, change):
    held = await certificate(desk)
    answer = answer_of(held, present(held["credential"]))
    match change:
        case "other signature":
            answer["presentation"] = f"{answer['presentation'].split('~')[0][:-2]}xx~"
        case "foreign disclosure":
            answer["presentation"] += "WyJzYWx0IiwibmlrIiwiMSJd~"
        case "other type":
            answer["type"] = "family-card"
        case _:
            answer["id"] = "0" * 32
    assert await outcome(desk, answer, claims=["nik"]) == ["proof"]


async def test_a_document_of_somebody_else_is_refused(desk):
    held = await certificate(desk)
    answer = answer_of(held, present(held["credential"]))
    assert await outcome(desk, answer, claims=[], persona="dewi") == ["proof"]


async def test_a_document_that_is_no_longer_valid_is_refused(desk):
    application = await desk.apply()
    await desk.accept(application["reference"])
    documents = (await desk.get("documents")).json()
    card = next(d for d in documents if d["type"] == "child-identity-card")
    desk.clock.now += timedelta(days=365 * 6)
    field = DocumentField(
        id="proof", type="document", label=Text({"id": "KIA"}), document_types=["child-identity-card"]
    )
    birth = await desk.definition()
    page = birth.form.pages[0].model_copy(update={"fields": [field]})
    definition = birth.model_copy(update={"form": birth.form.model_copy(update={"pages": [page]})})
    answer = answer_of(card, present(card["credential"]))
    async with desk.backend.database.reading() as session:
        with pytest.raises(ProblemError):
            await check_presented(desk.backend, session, subject_of("sari"), definition, {"proof": answer})


async def test_a_form_without_documents_asks_the_database_nothing(desk):
    assert (await desk.definition()).id == BIRTH
    async with desk.backend.database.reading() as session:
        await check_presented(desk.backend, session, subject_of("sari"), await desk.definition(), {})
