"""Packaging: what `flet build` takes from `[tool.flet]` is there, agrees, and is enough for a phone.

The bundle is what `exclude` leaves over. A module in it may import at its top only what a phone has: the
standard library, the bundle itself, `project.dependencies` and `[tool.flet.android].dependencies`. What only
a desktop has is imported inside a function, where its absence is handled.
"""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement

from checks.finding import Finding, run

PYPROJECT = "pyproject.toml"
PROVIDES = {
    "cryptography": {"cryptography"},
    "flet": {"flet", "msgpack", "oauthlib", "repath"},
    "flet-geolocator": {"flet_geolocator"},
    "flet-secure-storage": {"flet_secure_storage"},
    "httpx": {"httpx", "httpcore", "anyio"},
    "joserfc": {"joserfc"},
    "phonenumberslite": {"phonenumbers"},
    "pydantic": {"pydantic", "pydantic_core", "annotated_types", "typing_extensions"},
    "rfc8785": {"rfc8785"},
}
"""The modules that a distribution brings."""


def check(root: Path) -> list[Finding]:
    """`[tool.flet]` against the tree, flet.toml and the imports of the bundle."""
    source = (root / PYPROJECT).read_text("utf-8")
    project = tomllib.loads(source)
    flet: dict[str, Any] = project["tool"]["flet"]
    exclude: list[str] = flet["app"]["exclude"]
    return [
        *_excluded(root, source, exclude),
        *_pictures(root),
        *_scheme(root, source, flet),
        *_phone(root, project, exclude),
        *_services(root, source, exclude),
    ]


def _line(source: str, text: str) -> int:
    """The line of pyproject.toml that holds `text`; zero if none does."""
    return next((n for n, line in enumerate(source.splitlines(), 1) if text in line), 0)


def _excluded(root: Path, source: str, exclude: list[str]) -> Iterator[Finding]:
    for path in exclude:
        if not (root / path).exists():
            yield Finding(PYPROJECT, _line(source, f'"{path}"'), f"excludes {path}, which is not there")


def _pictures(root: Path) -> Iterator[Finding]:
    for name in ("icon.png", "icon_android.png", "splash_android.png", "splash_dark_android.png"):
        if not (root / "assets" / name).exists():
            yield Finding(f"assets/{name}", 0, "flet build looks for it, and it is not there")


def _scheme(root: Path, source: str, flet: dict[str, Any]) -> Iterator[Finding]:
    """A phone's browser comes back to the app by its scheme: profiles use the one that is built in."""
    built = flet["android"]["deep_linking"]["scheme"]
    profiles = tomllib.loads((root / "flet.toml").read_text("utf-8"))["profiles"]
    for name, profile in profiles.items():
        if profile["redirect_scheme"] != built:
            line = _line(source, "[tool.flet.android.deep_linking]")
            yield Finding(
                PYPROJECT, line, f"opens {built}: links, profile {name} {profile['redirect_scheme']}: ones"
            )


def _phone(root: Path, project: dict[str, Any], exclude: list[str]) -> Iterator[Finding]:
    wanted = [*project["project"]["dependencies"], *project["tool"]["flet"]["android"]["dependencies"]]
    there = {module for text in wanted for module in PROVIDES.get(Requirement(text).name, set[str]())}
    there |= {*sys.stdlib_module_names, "app", "screens", "main"}
    for file in bundled(root, exclude):
        path = file.relative_to(root).as_posix()
        for module, line in at_the_top(ast.parse(file.read_text("utf-8"))):
            top = module.partition(".")[0]
            if top not in there:
                yield Finding(
                    path, line, f"imports {top}, which a phone does not have; import it where it is used"
                )
            elif gone := _gone(module, exclude):
                yield Finding(path, line, f"imports {gone}, which the bundle leaves out")


def _services(root: Path, source: str, exclude: list[str]) -> Iterator[Finding]:
    """Of services/ only what draws ships: definitions come from the backend."""
    out = [root / path for path in exclude]
    for file in sorted((root / "services").rglob("*")):
        if file.is_dir() or "__pycache__" in file.parts:
            continue
        left_out = any(file == left or file.is_relative_to(left) for left in out)
        path = file.relative_to(root)
        if file.name == "screen.py" and left_out:
            yield Finding(PYPROJECT, _line(source, "exclude = ["), f"leaves out {path}, which the app draws")
        elif file.name != "screen.py" and not left_out:
            # The shortest name that takes no screen along.
            whole = next(
                p for p in (*reversed(path.parents), path) if len(p.parts) > 1 and not _draws(root / p)
            )
            yield Finding(PYPROJECT, _line(source, "exclude = ["), f"ships {whole}; add it to `exclude`")


def _draws(path: Path) -> bool:
    return path.name == "screen.py" or any(path.rglob("screen.py"))


def bundled(root: Path, exclude: list[str]) -> Iterator[Path]:
    """The Python files that end up in a bundle."""
    out = [root / path for path in exclude]
    for place in ("app", "screens", "services", "assets", "main.py"):
        path = root / place
        for file in [path] if path.is_file() else sorted(path.rglob("*.py")):
            if not any(file == left or file.is_relative_to(left) for left in out):
                yield file


def at_the_top(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """The modules that are imported when the file is: not those in functions or under TYPE_CHECKING."""
    match tree:
        case ast.Import():
            yield from ((alias.name, tree.lineno) for alias in tree.names)
        case ast.ImportFrom(module=str(module), level=0):
            yield from ((f"{module}.{alias.name}", tree.lineno) for alias in tree.names)
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Lambda():
            pass
        case ast.If(test=test) if re.search(r"\bTYPE_CHECKING\b", ast.unparse(test)):
            yield from (found for node in tree.orelse for found in at_the_top(node))
        case _:
            yield from (found for node in ast.iter_child_nodes(tree) for found in at_the_top(node))


def _gone(module: str, exclude: list[str]) -> str | None:
    path = module.replace(".", "/")
    for left in exclude:
        bare = left.removesuffix(".py")
        if path == bare or path.startswith(f"{bare}/"):
            return left
    return None


if __name__ == "__main__":
    sys.exit(run(check))
