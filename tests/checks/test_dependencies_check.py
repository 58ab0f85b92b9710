from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from checks import dependencies

Tree = Callable[[dict[str, str]], Path]

GOOD = {
    "pyproject.toml": """
[project]
dependencies = ["Some_Lib>=2"]
[project.optional-dependencies]
desktop = ["web==1"]
authoring = ["pencil>=1"]
[dependency-groups]
build = ["setuptools>=77"]
dev = ["pytest>=8"]
[tool.flet.android]
dependencies = ["phone-lib==1"]
""",
    "docs/dependencies.md": """
| package | why |
|---|---|
| `some-lib` | because |
| `web` | because |
| `setuptools` | because |
| `pytest` | because |
| `pencil` | because |
| `phone-lib` | because |
""",
    "requirements.lock": """some-lib==2.1 \\
    --hash=sha256:aa
web==1.0 \\
    --hash=sha256:bb
setuptools==80 \\
    --hash=sha256:cc
""",
}
GOOD["requirements-dev.lock"] = (
    GOOD["requirements.lock"] + "pytest==8.4 \\\n    --hash=sha256:dd\npencil==1.1 \\\n    --hash=sha256:ee\n"
)


def told(root: Path) -> list[str]:
    return [str(finding) for finding in dependencies.check(root)]


def test_dependencies_with_reasons_and_hashes_are_no_finding(tree: Tree) -> None:
    assert told(tree(GOOD)) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "finding"),
    [
        ("docs/dependencies.md", "| `web` | because |\n", "", "docs/dependencies.md: web has no line"),
        ("docs/dependencies.md", "`web` | because", "`web` |  ", "docs/dependencies.md:5: web has no reason"),
        (
            "docs/dependencies.md",
            "| `web`",
            "| `old` | x |\n| `web`",
            "docs/dependencies.md:5: old is no dependency",
        ),
        (
            "docs/dependencies.md",
            "| `web`",
            "| `pytest` | x |\n| `web`",
            "docs/dependencies.md:8: pytest is on line 5",
        ),
        (
            "requirements.lock",
            "web==1.0",
            "web==2.0",
            "requirements.lock:3: web 2.0 is not ==1; run make lock",
        ),
        (
            "requirements.lock",
            "some-lib==2.1",
            "x==1",
            "requirements.lock: some-lib is missing; run make lock",
        ),
        ("requirements.lock", " \\\n    --hash=sha256:bb", "", "requirements.lock:3: web has no hash"),
        (
            "requirements.lock",
            "some",
            "--index-url https://x.example\nsome",
            "requirements.lock:1: names an index",
        ),
        (
            "requirements-dev.lock",
            "some-lib==2.1",
            "some-lib==2.2",
            "requirements-dev.lock:1: some-lib is 2.2 here",
        ),
        (
            "requirements-dev.lock",
            "pytest==8.4",
            "pytest==7.1",
            "requirements-dev.lock:7: pytest 7.1 is not >=8",
        ),
    ],
)
def test_what_does_not_agree_is_found(tree: Tree, file: str, old: str, new: str, finding: str) -> None:
    assert old in GOOD[file]
    found = told(tree({**GOOD, file: GOOD[file].replace(old, new, 1)}))
    assert any(text.startswith(finding) for text in found), found


@pytest.mark.parametrize("file", ["docs/dependencies.md", "requirements.lock", "requirements-dev.lock"])
def test_a_missing_file_is_found(tree: Tree, file: str) -> None:
    root = tree(GOOD)
    (root / file).unlink()
    assert f"{file}: there is no such file" in "\n".join(told(root))
