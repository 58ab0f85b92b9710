"""The medal of a service: which rules are met, which are to do, and what is written beside the service."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from app.authoring.checking import check_subject
from app.authoring.quality.declared import read_declared
from app.authoring.quality.measures import Measures
from app.authoring.quality.scale import SCALE, ScaleRule
from app.authoring.rules import load_rules
from app.authoring.subjects import Subject
from app.contract.canonical import canonical_bytes, sha256_hex
from app.contract.definition import ServiceDefinition
from app.contract.medal import LEVELS, KeptMedal, Level

FILE = "medal.json"

State = Literal["met", "to do", "exempt"]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a service stands with one rule. `note`: the evidence, or the reason for an exemption."""

    rule: ScaleRule
    state: State
    note: str = ""


@dataclass(frozen=True, slots=True)
class Assessment:
    """Where a service stands with all rules. `level` is None where not even bronze is earned."""

    definition: ServiceDefinition
    standings: Sequence[Standing]

    @property
    def level(self) -> Level | None:
        """The highest medal of which, and of all below, nothing is left to do."""
        earned: Level | None = None
        for level in LEVELS:
            if self.todo(level):
                break
            earned = level
        return earned

    def todo(self, level: Level) -> list[Standing]:
        """What is left to do for a medal."""
        return [s for s in self.standings if s.rule.level == level and s.state == "to do"]

    def kept(self) -> KeptMedal | None:
        """The medal as it stands beside the service; None where none is earned."""
        if (level := self.level) is None:
            return None
        return KeptMedal(
            level=level,
            done=sum(s.state != "to do" for s in self.standings),
            of=len(self.standings),
            definition_sha256=sha256_hex(canonical_bytes(self.definition)),
        )


def assess(subject: Subject) -> Assessment | None:
    """Where a service stands; None where its definition cannot be read at all."""
    definition = subject.definition
    if definition is None:
        return None
    measures = Measures(subject, definition, check_subject(subject, load_rules()))
    declared = read_declared(subject.folder)
    standings: list[Standing] = []
    for rule in SCALE:
        if rule.compute is not None and rule.compute(measures):
            standings.append(Standing(rule, "met"))
        elif rule.id in declared.exempt:
            standings.append(Standing(rule, "exempt", declared.exempt[rule.id]))
        elif rule.compute is None and declared.done.get(rule.id):
            standings.append(Standing(rule, "met", declared.done[rule.id]))
        else:
            standings.append(Standing(rule, "to do"))
    return Assessment(definition, standings)


def write_medal(folder: Path, assessment: Assessment) -> Path | None:
    """Put `medal.json` beside the service, or take it away where no medal is earned; gives where it is."""
    file = folder / FILE
    kept = assessment.kept()
    if kept is None:
        file.unlink(missing_ok=True)
        return None
    file.write_text(f"{kept.model_dump_json(indent=2)}\n", encoding="utf-8")
    return file


def scale_page() -> str:
    """docs/agencies/quality.md, from the rules themselves."""
    parts = [_HEAD]
    for level in LEVELS:
        rules = [rule for rule in SCALE if rule.level == level]
        parts.append(
            f"\n## {level.capitalize()}\n\n| rule | what holds | computed | what to do |\n|---|---|---|---|\n"
        )
        for rule in rules:
            computed = "yes" if rule.compute else "declared"
            parts.append(f"| `{rule.id}` | {rule.title} | {computed} | {rule.todo} |\n")
    return "".join(parts)


_HEAD = f"""# The quality scale

{len(SCALE)} rules in four medals. A medal is earned when every rule of it, and of those below, is met or
exempt. New services need bronze. `loket service medal PATH` shows where a service stands, and what is to do
next.

Most rules are computed. What no tool can see is declared in `quality.yaml` beside the service:

```yaml
rules:
  usability-test: done
  own-system: {{exempt: "Belum ada sistem sendiri; permohonan diputuskan di meja Loket."}}
evidence:
  usability-test: docs/uji-coba-2026-10.md
```

A computed rule cannot be declared done. Any rule can be exempt, with a reason that reviewers and citizens
may read.

`loket service medal PATH --write` keeps the medal as `medal.json`, together with the SHA-256 of the
definition that
earned it: beside a definition that has changed since, it is worth nothing. Citizens see the medal on the
service's
page, with two sentences that say what they can rely on. This page is written by
`python -m app.authoring.quality docs/agencies/quality.md`.
"""
