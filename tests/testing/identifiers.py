"""The semantics identifiers that the code gives out, read from its source; places for values are `<>`."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PLACES = ("screens", "app/ui")
# Functions of app/ui whose first argument is an identifier.
FIRST = {
    "named",
    "icon_button",
    "primary",
    "secondary",
    "text_button",
    "link_card",
    "option_card",
    "_key",
}

_IDENTIFIER = re.compile(r"[a-z0-9.<>-]+")


def in_code() -> dict[str, str]:
    """Each identifier pattern, with the file and line that gives it."""
    found: dict[str, str] = {}
    for place in PLACES:
        for path in sorted((ROOT / place).rglob("*.py")):
            tree = ast.parse(path.read_text("utf-8"))
            for pattern, line in _patterns(tree):
                if not _IDENTIFIER.fullmatch(pattern) or pattern == "<>":
                    continue
                found.setdefault(pattern, f"{path.relative_to(ROOT)}:{line}")
    return found


def _patterns(tree: ast.AST) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            arguments = node.args.kwonlyargs
            for argument, default in zip(arguments, node.args.kw_defaults, strict=True):
                if argument.arg == "back_identifier" and isinstance(default, ast.Constant):
                    yield str(default.value), node.lineno
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        given = [k.value for k in node.keywords if k.arg in ("identifier", "back_identifier")]
        if name in FIRST and node.args:
            given.append(node.args[0])
        for value in given:
            pattern = _pattern(value)
            if pattern is not None:
                yield pattern, node.lineno


def _pattern(value: ast.expr) -> str | None:
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        return value.value
    if isinstance(value, ast.JoinedStr):
        parts = [p.value if isinstance(p, ast.Constant) else "<>" for p in value.values]
        return "".join(str(p) for p in parts)
    return None
