from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from checks import tree as check_of_tree

Tree = Callable[[dict[str, str]], Path]


def told(root: Path) -> list[str]:
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)
    return [str(finding) for finding in check_of_tree.check(root)]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("see /wo" + "rk/main", "a path of one machine"),
        ("in /home/" + "sari/loket", "a path of one machine"),
        ("https://py" + "pi.org/simple", "the address of a package registry"),
        ("https://registry.npm" + "js.org/x", "the address of a package registry"),
        ("# TO" + "DO later", "something unfinished"),
        ("<<<<" + "<<< HEAD", "a mark of an unfinished merge"),
    ],
)
def test_words_that_do_not_belong_are_found_with_their_line(tree: Tree, text: str, what: str) -> None:
    (finding,) = told(tree({"docs/a.md": f"fine\n{text}\n"}))
    assert finding.startswith(f"docs/a.md:2: {what}: ")


def test_what_git_ignores_is_not_read(tree: Tree) -> None:
    assert told(tree({".gitignore": "out/\n", "out/a.md": "TO" + "DO"})) == []


def test_a_file_that_is_too_large_is_found(tree: Tree) -> None:
    assert "at most 2,000,000" in told(tree({"a.txt": "x" * 2_000_001}))[0]


def test_a_text_that_is_not_utf8_is_found(tree: Tree) -> None:
    root = tree({"a.md": ""})
    (root / "a.md").write_bytes(b"caf\xe9")
    assert told(root)[0].startswith("a.md: not UTF-8")
