from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from checks import links

Tree = Callable[[dict[str, str]], Path]


def told(root: Path) -> list[str]:
    return [str(finding) for finding in links.check(root)]


def test_links_that_lead_somewhere_are_no_finding(tree: Tree) -> None:
    root = tree(
        {
            "README.md": "[a](docs/a.md), [b](docs/a.md#a-b-c), [c](#top), [d](docs)\n# Top\n"
            '![p](docs/p.png) <img src="docs/p.png"> [x](https://example.org/x#y) `[y](nowhere)`\n'
            '```\n[z](nowhere)\n```\n[t](docs/a.md "title") [![q](docs/p.png)](docs/a.md)\n',
            "docs/a.md": "# A `b` C\n\n## Twice\n\n## Twice\n\n[up](../README.md#top) [two](#twice-1)\n",
            "docs/p.png": "",
        }
    )
    assert told(root) == []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[a](docs/b.md)", "docs/b.md: there is no such file"),
        ("[a](docs/a.md#nope)", "docs/a.md#nope: there is no such heading"),
        ("[a](#nope)", "#nope: there is no such heading"),
        ("![a](nope.png)", "nope.png: there is no such file"),
        ('<img src="nope.png">', "nope.png: there is no such file"),
        ("[a](../../etc)", "../../etc leads out of the project"),
        ("[![a](nope.png)](docs/a.md)", "nope.png: there is no such file"),
    ],
)
def test_links_that_lead_nowhere_are_found(tree: Tree, text: str, problem: str) -> None:
    assert told(tree({"README.md": f"# R\n\n{text}\n", "docs/a.md": "# A\n"})) == [f"README.md:3: {problem}"]


def test_what_is_installed_is_not_read(tree: Tree) -> None:
    assert told(tree({".venv/a.md": "[a](b)", "node_modules/x/a.md": "[a](b)"})) == []
