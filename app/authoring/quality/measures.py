"""What the computed rules of the scale look at, measured once for a service."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from app.authoring.burden import BUDGET, Burden, burden_of
from app.authoring.finding import Finding
from app.authoring.subjects import Subject
from app.authoring.words import sentences, words_of
from app.contract.definition import ServiceDefinition
from app.contract.findings import DefinitionError
from app.contract.form import AnyField, inner_fields
from app.contract.medal import Level

if TYPE_CHECKING:
    from backend.sandbox.workflow import Workflow

_HOURS_A_DAY = {"minute": 1 / 1440, "hour": 1 / 24, "day": 1.0, "working_day": 1.0}
_NOT_ASKED = frozenset(("note", "computed", "summary", "declaration", "section"))


@dataclass(eq=False)
class Measures:
    """A service with everything that was found in it."""

    subject: Subject
    definition: ServiceDefinition
    findings: Sequence[Finding]
    exempt_from_budget: bool = False

    @property
    def folder(self) -> Path:
        """Where the service lies."""
        return self.subject.folder

    @property
    def languages(self) -> set[str]:
        """The languages that it can be read in."""
        return {"id", *self.subject.translations}

    @cached_property
    def burden(self) -> Burden:
        """What the form costs a citizen."""
        return burden_of(self.definition)

    def within(self, level: Level) -> bool:
        """Whether the burden is within the budget of a medal."""
        most = BUDGET[level]
        return self.burden.questions <= most.questions and self.burden.minutes <= most.minutes

    @cached_property
    def top_fields(self) -> list[AnyField]:
        """The fields of all pages, without those inside sections."""
        return [one for page in self.definition.form.pages for one in page.fields]

    @cached_property
    def fields(self) -> list[AnyField]:
        """All fields, those inside sections too."""
        return [f for one in self.top_fields for f in (one, *inner_fields(one))]

    @cached_property
    def known_share(self) -> float:
        """The share of answers that registers can give, from 0 to 1."""
        asked = [f for f in self.top_fields if f.type not in _NOT_ASKED]
        known = [f for f in asked if getattr(f, "prefill", None) is not None]
        return len(known) / len(asked) if asked else 1.0

    @cached_property
    def sentence_length(self) -> float:
        """Words in a sentence of the form, on average."""
        lengths = [len(words_of(s)) for s in self._sentences()]
        return sum(lengths) / len(lengths) if lengths else 0.0

    def _sentences(self) -> Iterator[str]:
        for text in self.subject.texts:
            if text.language == "id" and text.key in (
                "help",
                "body",
                "detail",
                "statement",
                "advice",
                "summary",
            ):
                yield from sentences(text.text)

    @property
    def days(self) -> float:
        """The promised time in days."""
        time = self.definition.processing_time
        return time.amount * _HOURS_A_DAY[time.unit]

    @cached_property
    def workflow(self) -> Workflow | None:
        """What the sandbox issues, or None where there is no workflow that holds."""
        from backend.sandbox.workflow import read_workflow

        try:
            return read_workflow(self.folder / "sandbox.yaml", self.definition)
        except DefinitionError:
            return None

    @cached_property
    def walked(self) -> bool:
        """Whether the ways through exactly this form are kept beside it."""
        from app.authoring.walk.kept import are_kept

        return are_kept(self.folder, self.definition)
