"""Who may import what from outside: Flet, httpx, keyring and SQLite each have their rooms.

The floors between rooms are import-linter's (`[tool.importlinter]`). This check reads the code itself,
so that it also sees parts of a package, imports inside functions, and the top-level `main.py`.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from checks.finding import Finding, python_files, run


@dataclass(frozen=True, slots=True)
class Rule:
    """`module` (and what is under it) may be imported in `allowed` only: folders end with a slash."""

    module: str
    allowed: tuple[str, ...]


FLET_ROOMS = (
    "app/ui/",
    "app/testing/",
    "app/opening.py",
    "app/start.py",
    "app/windows.py",
    "app/opened.py",
    "app/browser.py",
    "app/vault/keystore.py",
    "screens/",
    "services/",
    "main.py",
    "benchmarks/",
)

RULES = (
    Rule("flet.messaging", ("app/testing/client.py",)),
    Rule("flet.controls.object_patch", ("app/testing/client.py",)),
    Rule("flet", FLET_ROOMS),
    Rule("flet_web", ("app/browser.py", "benchmarks/")),
    Rule("flet_secure_storage", ("app/vault/keystore.py",)),
    Rule("flet_geolocator", ("app/ui/position.py",)),
    Rule(
        "httpx",
        (
            "app/authoring/",
            "app/backend_api/",
            "app/identity/",
            "app/start.py",
            "app/testing/",
            # An agency's system is another server, at an address that the agency names.
            "backend/connectors/",
            "benchmarks/",
            "connector/",
        ),
    ),
    Rule("keyring", ("app/vault/",)),
    Rule(
        "sqlite3",
        (
            "app/storage/",
            "app/catalogue/",
            "backend/database.py",
            "backend/sqlite.py",
            "benchmarks/",
            "connector/",
        ),
    ),
    Rule("aiosqlite", ("backend/sqlite.py",)),
    Rule("sqlalchemy", ("backend/", "benchmarks/bare_insert.py")),
    Rule("fastapi", ("backend/", "app/testing/", "benchmarks/bare_insert.py", "connector/")),
    Rule("starlette", ("app/authoring/", "backend/", "app/browser.py", "connector/")),
    Rule("uvicorn", ("app/authoring/", "backend/", "app/browser.py", "benchmarks/", "connector/")),
    Rule(
        "backend",
        ("app/authoring/", "backend/", "app/start.py", "app/command.py", "app/testing/", "benchmarks/"),
    ),
)

PLACES = ("app", "backend", "connector", "screens", "services", "benchmarks", "main.py")

BACKEND_MAY_IMPORT = ("app.contract", "app.forms")

SCREEN_MAY_IMPORT = (
    *("app.sdk", "flet"),
    *("__future__", "collections", "dataclasses", "datetime", "functools", "itertools", "math", "typing"),
)
"""What a service's own `screen.py` may import: it draws, and touches no file, network or other room."""


def check(root: Path) -> list[Finding]:
    """Every import of the project against `RULES`; the backend and the screens of services against what they
    may know."""
    findings: list[Finding] = []
    for file in python_files(root, *PLACES):
        path = file.relative_to(root).as_posix()
        try:
            tree = ast.parse(file.read_text("utf-8"))
        except SyntaxError as error:
            findings.append(Finding(path, error.lineno or 0, f"not Python: {error.msg}"))
            continue
        for module, line in imported(tree):
            findings += [Finding(path, line, text) for text in _against(path, module)]
    return findings


def imported(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """The modules that a tree imports, late ones too, with their lines. `from a import b` may name `a.b`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


def _within(module: str, outer: str) -> bool:
    return module == outer or module.startswith(f"{outer}.")


def _against(path: str, module: str) -> Iterator[str]:
    rule = next((rule for rule in RULES if _within(module, rule.module)), None)
    if rule and not any(
        path == place or (place[-1] == "/" and path.startswith(place)) for place in rule.allowed
    ):
        yield f"{rule.module} may be imported in {', '.join(rule.allowed)} only"
    known = any(_within(module, room) for room in BACKEND_MAY_IMPORT)
    if path.startswith("backend/") and _within(module, "app") and not known:
        yield f"the backend may import {' and '.join(BACKEND_MAY_IMPORT)} of the app, not {module}"
    if path.startswith("services/") and not any(_within(module, room) for room in SCREEN_MAY_IMPORT):
        yield f"a service's screen draws with app.sdk and flet, and may not import {module}"


if __name__ == "__main__":
    sys.exit(run(check))
