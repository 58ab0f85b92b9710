"""The rules, one module each: `RULE` says what it is for, `validate` what it finds in a subject.

A finding may carry edits: what `--fix` does. `python -m app.authoring.rules docs/agencies/rules` writes
the pages.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module

from app.authoring.rules.rule import Rule, Validate

NAMES = (
    *(
        "schema",
        "references",
        "conditions",
        "reachability",
        "files",
        "translations",
        "plain_language",
        "spelling",
    ),
    *("officials", "images", "icons", "data_minimisation", "burden", "costs_and_times", "contact", "sandbox"),
)
"""The modules, in the order that findings are told in."""


@dataclass(frozen=True, slots=True)
class Plugin:
    """A rule that can be run."""

    rule: Rule
    validate: Validate


def load_rules(names: Sequence[str] | None = None) -> list[Plugin]:
    """The rules, or those of `names` (as their pages are named). Raises KeyError for one that is not
    there."""
    plugins = [Plugin((m := import_module(f"app.authoring.rules.{name}")).RULE, m.validate) for name in NAMES]
    if names is None:
        return plugins
    known = {plugin.rule.name: plugin for plugin in plugins}
    return [known[name] for name in names]
