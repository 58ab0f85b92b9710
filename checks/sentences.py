"""Reading the sentences for citizens out of the code, from its syntax tree.

A sentence is the literal in `_("…")`, `N_("…")`, `language.text("…")` or `.plural("…", "…", n)`; one that
consists of places alone needs no translation.
"""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from checks.finding import Finding, python_files

PLACES = ("app", "screens", "services", "backend", "main.py")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One marked sentence: its Indonesian text, the plural form if it has one, and where it stands."""

    message: str
    plural: str | None
    path: str
    line: int


def named_places(message: str) -> set[str]:
    """The `{named}` places of a message. Raises `ValueError` where its braces do not match."""
    return {name for _, name, _, _ in string.Formatter().parse(message) if name is not None}


def sentences(root: Path) -> tuple[list[Sentence], list[Finding]]:
    """Every sentence in the code under `root`, file by file, and what is wrong with the calls."""
    found: list[Sentence] = []
    findings: list[Finding] = []
    for file in python_files(root, *PLACES):
        path = file.relative_to(root).as_posix()
        try:
            tree = ast.parse(file.read_text("utf-8"))
        except SyntaxError as error:
            findings.append(Finding(path, error.lineno or 0, f"not Python: {error.msg}"))
            continue
        for call in sorted(_calls(tree), key=lambda call: (call.lineno, call.col_offset)):
            marked = _forms(call)
            if marked is None:
                continue
            for message, plural in marked:
                if _has_words(message):
                    found.append(Sentence(message, plural, path, call.lineno))
                findings += [Finding(path, call.lineno, text) for text in _mismatch(call, message, plural)]
            if not marked:
                findings.append(
                    Finding(
                        path, call.lineno, "a sentence must be a literal: a catalogue cannot know a variable"
                    )
                )
    return found, findings


def _calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def _forms(call: ast.Call) -> list[tuple[str, str | None]] | None:
    """The (message, plural) pairs that a call marks; none: it is no literal. `None`: it marks nothing."""
    match call.func:
        case _ if call.args and isinstance(call.args[0], ast.Attribute) and call.args[0].attr == "message":
            # The message of a phrase, which is marked where the phrase is made.
            return None
        case ast.Name(id="_" | "N_"):
            pass
        case ast.Name(id="Phrase") if call.args and _literals(call.args[0]):
            pass
        case ast.Attribute(attr="text", value=ast.Name(id="language") | ast.Attribute(attr="language")):
            pass
        case ast.Attribute(attr="plural"):
            if len(call.args) < 2:
                return []
            pairs = zip(_literals(call.args[0]), _literals(call.args[1]), strict=False)
            return [(one, many) for one, many in pairs]
        case _:
            return None
    return [(message, None) for message in _literals(call.args[0])] if call.args else []


def _literals(node: ast.expr) -> list[str]:
    match node:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.IfExp(body=body, orelse=orelse):
            one, other = _literals(body), _literals(orelse)
            return one + other if one and other else []
        case _:
            return []


def _has_words(message: str) -> bool:
    """Whether there is anything to translate between the places."""
    try:
        return any(part.strip() for part, _, _, _ in string.Formatter().parse(message))
    except ValueError:
        return True


def _mismatch(call: ast.Call, message: str, plural: str | None) -> Iterator[str]:
    """What the call gives against what the message has places for."""
    try:
        wanted = named_places(message) | named_places(plural or "")
    except ValueError as error:
        yield f"{message!r}: {error}"
        return
    if any(keyword.arg is None for keyword in call.keywords):
        return
    given = {keyword.arg for keyword in call.keywords if keyword.arg is not None}
    if plural is not None:
        wanted.discard("n")
    # A phrase may get its values later; what is said at once needs them now.
    later = isinstance(call.func, ast.Name) and call.func.id in ("N_", "Phrase")
    if not later and (missing := wanted - given):
        yield f"{message!r} has places that get no value: {', '.join(sorted(missing))}"
    if spare := given - wanted:
        yield f"{message!r} has no place for: {', '.join(sorted(spare))}"
