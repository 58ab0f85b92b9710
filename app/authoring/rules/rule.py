"""What a rule tells about itself: the command line lists it, and its page in docs/agencies/rules is made
of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from app.authoring.finding import Finding
from app.authoring.subjects import Subject

DOCS = "docs/agencies/rules"

Validate = Callable[[Subject], Iterator[Finding]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule. `wrong` and `right` are what an author would write; all texts are Markdown."""

    name: str
    title: str
    reason: str
    wrong: str
    right: str
    exceptions: str
    fixes: str = ""
    """What `--fix` mends; `` where it mends nothing."""

    @property
    def page(self) -> str:
        """Where its page lies in this project."""
        return f"{DOCS}/{self.name}.md"

    def markdown(self) -> str:
        """Its page."""
        fixes = f"## What `--fix` does\n\n{self.fixes}\n\n" if self.fixes else ""
        return (
            f"# {self.name}: {self.title}\n\n{self.reason}\n\n"
            f"## Example\n\nFound:\n\n```yaml\n{self.wrong}\n```\n\nBetter:\n\n```yaml\n{self.right}\n```\n\n"
            f"{fixes}## Exceptions\n\n{self.exceptions}\n\n[All rules](README.md)\n"
        )
