"""The rule `data-minimisation`: nothing is asked that the state knows, and nothing is read that is not
used."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from app.authoring.finding import Edit, Finding
from app.authoring.rules.rule import Rule
from app.authoring.subjects import Subject
from app.authoring.texts import Steps, node_at
from app.contract.concepts import CONCEPTS
from app.contract.form import AnyField, Form, inner_fields

RULE = Rule(
    name="data-minimisation",
    title="nothing is asked that the state knows, and nothing is read that is not used",
    reason=(
        "Law 27/2022 on personal data (art. 16) limits what is collected to what the purpose needs; the "
        "presidential regulations on one data (39/2019) want it asked once. So a field whose meaning the "
        "state "
        "already knows takes it over (`prefill`) and the citizen confirms it; a copy of an identity or "
        "family "
        "card is never asked for; a permission that nothing uses is taken back."
    ),
    wrong="- id: birth_date\n  type: date\n  label: Tanggal lahir Anda\n  concept: person.birth_date",
    right=(
        "- id: birth_date\n  type: date\n  label: Tanggal lahir Anda\n  concept: person.birth_date\n"
        "  prefill: person.birth_date"
    ),
    exceptions=(
        "Fields about other people (witnesses, a child) have no concept of the citizen and are not "
        "concerned. A "
        "photo that shows the citizen's face beside a card, for a check that the law asks for, is a "
        "`photo` field, "
        "not a `file` field."
    ),
    fixes="Takes out permissions that nothing uses.",
)

_COPY_OF_CARD = re.compile(
    r"\b(?:foto|scan|pindaian|salinan|fotokopi|copy of (?:the|your))(?: atau PDF| dari)?"
    r" (?:e-?KTP|KTP|kartu keluarga|KK|identity card|family card)\b",
    re.IGNORECASE,
)
_OWN = re.compile(r"\b(?:Anda|your)\b")


def validate(subject: Subject) -> Iterator[Finding]:
    """Unused permissions (the contract tells), then what is asked though it is known."""
    for found in subject.contract_findings(RULE.name):
        yield replace(found, edits=_permission(subject, found))
    definition = subject.definition
    if definition is None:
        return
    for steps, one in _fields(definition.form):
        concept = getattr(one, "concept", None)
        if concept in CONCEPTS and known(concept) and getattr(one, "prefill", None) is None and _takes(one):
            yield subject.finding(
                RULE.name,
                (*steps, "concept"),
                f'the state knows this already ("{concept}").',
                f"Add `prefill: {concept}` and a permission for it, so that it is confirmed, not typed.",
            )
        elif one.type == "nik" and concept is None and _OWN.search(str(one.label)):
            yield subject.finding(
                RULE.name,
                steps,
                "the state knows the citizen's own NIK.",
                "Leave the field out, or give it `concept` and `prefill: person.nik`.",
            )
        elif one.type == "file" and _COPY_OF_CARD.search(str(one.label)):
            yield subject.finding(
                RULE.name,
                (*steps, "label"),
                "a copy of a card whose data the state itself has.",
                "Leave it out, and read the concept that you need of it.",
            )


def known(concept: str) -> bool:
    """Whether registers know values of a concept: what concerns the citizen, not the errand at hand."""
    return concept.partition(".")[0] in ("person", "family", "marriage", "birth")


def _takes(one: AnyField) -> bool:
    return one.type not in ("note", "computed", "summary", "declaration", "signature")


def _fields(form: Form) -> Iterator[tuple[Steps, AnyField]]:
    for i, page in enumerate(form.pages):
        for j, one in enumerate(page.fields):
            steps: Steps = ("form", "pages", i, "fields", j)
            yield steps, one
            key = "columns" if getattr(one, "columns", None) else "fields"
            yield from (((*steps, key, k), inner) for k, inner in enumerate(inner_fields(one)))


def _permission(subject: Subject, found: Finding) -> tuple[Edit, ...]:
    """The lines of one permission: from its dash to the next one, or to the end of the list."""
    if "which nothing reads" not in found.found or subject.source is None:
        return ()
    permissions = node_at(subject.source, ("permissions",))
    lines = subject.lines(subject.source)
    if permissions is None or len(permissions.items) < 2:
        return ()
    starts = [item.mark[0] for item in permissions.items]
    index = next((i for i, start in enumerate(starts) if start == found.line), None)
    dash = lines[found.line - 1].find("- ")
    if index is None or dash < 0 or lines[found.line - 1][:dash].strip():
        return ()
    end = found.line
    while end < len(lines) and (not lines[end].strip() or len(lines[end]) - len(lines[end].lstrip()) > dash):
        end += 1
    while end > found.line and not lines[end - 1].strip():
        end -= 1
    old = "".join(f"{line}\n" for line in lines[found.line - 1 : end])
    return (Edit(subject.file, found.line, 1, old, ""),)
