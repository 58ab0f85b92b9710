from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from checks import tools
from checks.__main__ import main
from checks.finding import Finding

Tree = Callable[[dict[str, str]], Path]

PYPROJECT = """
[tool.ruff.lint]
select = ["F"]
[tool.pyright]
include = ["app"]
typeCheckingMode = "strict"
[tool.importlinter]
root_packages = ["app"]
[[tool.importlinter.contracts]]
name = "Floors"
type = "layers"
layers = ["app.high", "app.low"]
"""
GOOD = {
    "pyproject.toml": PYPROJECT,
    "app/__init__.py": "",
    "app/high.py": "import app.low\n\nx = app.low\n",
    "app/low.py": "",
}


def test_a_clean_tree_is_no_finding(tree: Tree) -> None:
    root = tree(GOOD)
    assert tools.formatted(root) == []
    assert tools.linted(root) == []
    assert tools.typed(root) == []
    assert tools.floors(root) == []


def test_what_is_not_formatted_is_found(tree: Tree) -> None:
    root = tree({**GOOD, "app/low.py": "x  =  1\n"})
    assert tools.formatted(root) == [Finding("app/low.py", 0, "not formatted; run ruff format")]


def test_what_ruff_finds_is_found_with_its_line(tree: Tree) -> None:
    (finding,) = tools.linted(tree({**GOOD, "app/low.py": "\nimport os\n"}))
    assert str(finding).startswith("app/low.py:2: F401 ")


def test_what_pyright_finds_is_found_with_its_line(tree: Tree) -> None:
    (finding,) = tools.typed(tree({**GOOD, "app/low.py": '\nx: int = "1"\n'}))
    assert str(finding).startswith("app/low.py:2: ")
    assert "reportAssignmentType" in str(finding)


def test_an_import_up_the_floors_is_found_with_its_line(tree: Tree) -> None:
    root = tree({**GOOD, "app/low.py": "\n\nfrom app import high\n"})
    assert [str(finding) for finding in tools.floors(root)] == [
        "app/low.py:3: imports app.high, which no floor allows"
    ]


def test_settings_that_a_tool_cannot_read_are_found(tree: Tree) -> None:
    findings = tools.floors(tree({**GOOD, "pyproject.toml": PYPROJECT.replace("app.low", "app.gone")}))
    assert any("app.gone" in str(finding) for finding in findings)


def test_a_tool_that_breaks_stops_the_run(tree: Tree) -> None:
    with pytest.raises(SystemExit, match="ruff broke"):
        tools.linted(tree({**GOOD, "pyproject.toml": "[tool.ruff]\nnothing = 1\n"}))


def test_all_checks_run_and_one_finding_makes_the_whole_red(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ran: list[str] = []

    def good(root: Path) -> list[Finding]:
        ran.append("good")
        return []

    def bad(root: Path) -> list[Finding]:
        ran.append("bad")
        return [Finding("a.py", 3, "wrong")]

    monkeypatch.setattr("checks.__main__.CHECKS", {"bad": bad, "good": good})
    assert main() == 1
    assert ran == ["bad", "good"]
    assert "a.py:3: wrong" in capsys.readouterr().out
    monkeypatch.setattr("checks.__main__.CHECKS", {"good": good})
    assert main() == 0
