"""The checks that good tools do already: ruff (format, lint), pyright (types), import-linter (floors)."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from checks.finding import Finding


def formatted(root: Path) -> list[Finding]:
    """Files that `ruff format` would change."""
    _, out = _run(root, "ruff", "format", "--check", "--quiet", "--output-format", "json", ".")
    return [
        Finding(_relative(root, found["filename"]), 0, "not formatted; run ruff format")
        for found in _list(out)
    ]


def linted(root: Path) -> list[Finding]:
    """What `ruff check` finds."""
    _, out = _run(root, "ruff", "check", "--quiet", "--output-format", "json", ".")
    return [
        Finding(
            _relative(root, found["filename"]),
            found["location"]["row"],
            f"{found['code']} {found['message']}",
        )
        for found in _list(out)
    ]


def typed(root: Path) -> list[Finding]:
    """What `pyright` finds in strict mode."""
    _, out = _run(root, "pyright", "--outputjson")
    report = json.loads(out)
    return [
        Finding(
            _relative(root, found["file"]),
            found.get("range", {}).get("start", {}).get("line", -1) + 1,
            f"{found['message'].partition(chr(10))[0]} ({found.get('rule', found['severity'])})",
        )
        for found in report["generalDiagnostics"]
        if found["severity"] == "error"
    ]


def floors(root: Path) -> list[Finding]:
    """What `import-linter` finds: who may import whom, as docs/architecture.md draws it."""
    code, out = _run(root, "lint-imports", "--no-cache")
    if code == 0:
        return []
    found = [
        Finding(
            match[1].replace(".", "/") + ".py", int(match[3]), f"imports {match[2]}, which no floor allows"
        )
        for match in re.finditer(r"([\w.]+) -> ([\w.]+) \(l\.(\d+)", out)
    ]
    # A circle has no line of its own, nor have settings that cannot be read: the tool's own words.
    told = out.partition("Broken contracts")[2] or out.rpartition("╝")[2]
    return found or [Finding("pyproject.toml", 0, " ".join(told.replace("-" * 8, "").split()))]


def _run(root: Path, tool: str, *arguments: str) -> tuple[int, str]:
    """One tool of this environment; its exit code and output. A tool that breaks stops the run, loudly."""
    command = [str(Path(sys.executable).parent / tool), *arguments]
    # Pyright takes the node of this environment, so nothing is downloaded and no update is looked for.
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}",
        "PYRIGHT_PYTHON_GLOBAL_NODE": "0",
        "PYRIGHT_PYTHON_IGNORE_WARNINGS": "1",
        "NO_COLOR": "1",
    }
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        raise SystemExit(f"{tool} broke (exit {done.returncode}):\n{done.stdout}{done.stderr}")
    return done.returncode, done.stdout


def _list(output: str) -> list[Any]:
    return json.loads(output) if output.strip() else []


def _relative(root: Path, file: str) -> str:
    path = Path(file)
    return path.relative_to(root).as_posix() if path.is_absolute() else path.as_posix()
