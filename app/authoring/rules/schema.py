"""The rule `schema`: the file has the shape of a service definition."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from app.authoring.finding import Edit, Finding
from app.authoring.rules.rule import Rule
from app.authoring.subjects import Subject
from app.authoring.texts import Steps, node_at

RULE = Rule(
    name="schema",
    title="the file has the shape of a service definition",
    reason=(
        "A key that is misspelt would be ignored by other systems and leave a hole in the form. Here "
        "nothing is "
        "ignored: every key is known, every value has its type, every bound leaves room, every pattern "
        "works. "
        "[The service definition](../../service-definition.md) is the reference; `docs/service.schema.json` "
        "shows most of it in your editor while you type."
    ),
    wrong="contact:\n  title: Halo Dukcapil\n  phone: 1500537",
    right='contact:\n  title: Halo Dukcapil\n  phone: "1500537"',
    exceptions="None. A definition of another shape is not loaded.",
    fixes="Puts quotes around a number, a date or a true/false that must be a text; turns tabs into spaces.",
)

_BARE = re.compile(r"(?:true|false|[-+.0-9][-+.:0-9a-zA-Z]*)(?=\s*(?:[,}\]]|#|$))", re.IGNORECASE)


def validate(subject: Subject) -> Iterator[Finding]:
    """What the contract's reader says of the shape, with the mends that are safe."""
    for fault in subject.faults:
        if fault.rule != RULE.name:
            continue
        found = next(
            f for f in subject.contract_findings(RULE.name) if f.at == fault.located.path and _same(f, fault)
        )
        edits: tuple[Edit, ...] = ()
        if fault.located.came == "a tab":
            edits = _spaces(subject, found)
        elif fault.located.expected == "a text" and fault.steps and found.found.find("number") > 0:
            edits = _quoted(subject, fault.steps)
        yield replace(found, edits=edits)


def _same(found: Finding, fault: object) -> bool:
    located = getattr(fault, "located", None)
    return located is not None and (found.line, found.column) == (located.line, located.column)


def _spaces(subject: Subject, found: Finding) -> tuple[Edit, ...]:
    line = subject.file.read_text("utf-8-sig", "replace").splitlines()[found.line - 1]
    indentation = line[: len(line) - len(line.lstrip(" \t"))]
    return (Edit(subject.file, found.line, 1, indentation, indentation.replace("\t", "  ")),)


def _quoted(subject: Subject, steps: Steps) -> tuple[Edit, ...]:
    if subject.source is None or (node := node_at(subject.source, steps)) is None or node.kind != "scalar":
        return ()
    line, column = node.mark
    text = subject.lines(subject.source)[line - 1]
    bare = _BARE.match(text, column - 1)
    return (Edit(subject.file, line, column, bare[0], f'"{bare[0]}"'),) if bare else ()
