"""What is decided without a person: the first rule that fits. Where none does, a person decides.

[[rule]]
service = "dukcapil/birth-registration"
when = [{ answer = "has_letter", is = "no" }]
decide = "ask"
page = "letter"
reason = "Mohon unggah surat keterangan lahir."

[[rule]]
service = "dukcapil/birth-registration"
decide = "accept"

[[rule.documents]]
type = "birth-certificate"
vct = "https://dukcapil.example/birth-certificate"
claims = { full_name = "answers.full_name", registered_in = "Bandung" }
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, cast

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator


class RulesError(Exception):
    """The file of rules cannot be used. The text says where and why."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Condition(_Strict):
    """What must hold of one answer (`child.name`, `witnesses.0.nik`): what it is, what it matches, or that it
    is missing. What is left out does not matter."""

    answer: str
    is_: Any = Field(None, alias="is")
    matches: str | None = None
    missing: bool | None = None

    @field_validator("matches")
    @classmethod
    def _is_a_pattern(cls, pattern: str | None) -> str | None:
        try:
            re.compile(pattern or "")
        except re.error as error:
            raise ValueError(f"not a pattern: {error}") from None
        return pattern

    def holds(self, answers: Mapping[str, Any]) -> bool:
        """Whether it holds of `answers`."""
        value = place(answers, self.answer)
        return (
            (self.missing is None or self.missing == (value is None))
            and (self.is_ is None or value == self.is_)
            and (self.matches is None or (value is not None and bool(re.fullmatch(self.matches, str(value)))))
        )


class Document(_Strict):
    """What acceptance issues. A claim that begins with `answers.` is that answer; one without value is left
    out."""

    type: str
    vct: str
    claims: dict[str, Any]

    def filled_in(self, answers: Mapping[str, Any]) -> dict[str, Any]:
        """This document for one application."""
        claims = {
            name: place(answers, claim.removeprefix("answers."))
            if isinstance(claim, str) and claim.startswith("answers.")
            else claim
            for name, claim in self.claims.items()
        }
        kept = {name: claim for name, claim in claims.items() if claim is not None}
        return {"type": self.type, "vct": self.vct, "claims": kept}


class Rule(_Strict):
    """One rule. `decide = "wait"` leaves it to a person."""

    service: str
    when: list[Condition] = []
    decide: Literal["accept", "reject", "ask", "wait"]
    reason: str | None = None
    page: str | None = None
    field: str | None = None
    documents: list[Document] | None = None


class _File(_Strict):
    rule: list[Rule] = []


def read_rules(path: Path) -> list[Rule]:
    """The rules in a TOML file.

    Raises:
        RulesError: it cannot be read, or a rule is not one.
    """
    try:
        return _File.model_validate(tomllib.loads(path.read_text("utf-8"))).rule
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise RulesError(f"{path}: {error}") from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(step + 1) if isinstance(step, int) else step for step in first["loc"])
        raise RulesError(f"{path}: {where}: {first['msg']}") from None


def decide(rules: Sequence[Rule], application: Mapping[str, Any]) -> dict[str, Any] | None:
    """The decision on an application as the backend takes it; None: a person must decide."""
    answers = cast("Mapping[str, Any]", application.get("answers") or {})
    for rule in rules:
        if rule.service != application.get("service"):
            continue
        if all(condition.holds(answers) for condition in rule.when):
            if rule.decide == "wait":
                return None
            said: dict[str, Any] = {"kind": rule.decide, "reason": rule.reason}
            said |= {"page": rule.page, "field": rule.field}
            if rule.documents is not None:
                said["documents"] = [document.filled_in(answers) for document in rule.documents]
            return {name: value for name, value in said.items() if value is not None}
    return None


def place(answers: Any, path: str) -> Any:
    """The answer at `path`; None where there is none."""
    for step in path.split("."):
        if isinstance(answers, Mapping):
            answers = cast("Mapping[str, Any]", answers).get(step)
        elif isinstance(answers, list) and step.isdecimal() and int(step) < len(cast("list[Any]", answers)):
            answers = cast("list[Any]", answers)[int(step)]
        else:
            return None
    return answers
