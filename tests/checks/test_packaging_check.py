from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path

import pytest

from checks import packaging

Tree = Callable[[dict[str, str]], Path]

GOOD = {
    "pyproject.toml": """
[project]
dependencies = ["flet==1.0.5"]
[tool.flet.app]
exclude = ["tests", "app/testing", "app/browser.py"]
[tool.flet.android]
dependencies = ["pydantic==2.11.10"]
[tool.flet.android.deep_linking]
scheme = "id.loket.app"
""",
    "flet.toml": '[profiles.a]\nredirect_scheme = "id.loket.app"\n',
    "tests/test_a.py": "import nothing_a_phone_has",
    "app/testing/a.py": "import pytest",
    "app/browser.py": "import uvicorn",
    "app/ui/a.py": "import flet\nfrom pydantic import BaseModel\nimport app.other",
    "main.py": "import sys\n",
    **{
        f"assets/{name}.png": "" for name in ("icon", "icon_android", "splash_android", "splash_dark_android")
    },
}


def told(root: Path) -> list[str]:
    return [str(finding) for finding in packaging.check(root)]


def test_a_bundle_that_is_complete_is_no_finding(tree: Tree) -> None:
    assert told(tree(GOOD)) == []


@pytest.mark.parametrize(
    ("file", "text", "finding"),
    [
        ("app/ui/a.py", "\nimport keyring", "app/ui/a.py:2: imports keyring, which a phone does not have"),
        (
            "app/ui/a.py",
            "try:\n    import uvicorn\nexcept ImportError: ...",
            "app/ui/a.py:2: imports uvicorn",
        ),
        ("app/ui/a.py", "class A:\n    import fastapi", "app/ui/a.py:2: imports fastapi"),
        (
            "screens/a.py",
            "from app.testing import a",
            "screens/a.py:1: imports app/testing, which the bundle leaves",
        ),
        (
            "main.py",
            "from app.browser import serve",
            "main.py:1: imports app/browser.py, which the bundle leaves",
        ),
        (
            "flet.toml",
            '[profiles.a]\nredirect_scheme = "x.y"\n',
            "pyproject.toml:8: opens id.loket.app: links, profile a",
        ),
    ],
)
def test_what_a_phone_would_miss_is_found(tree: Tree, file: str, text: str, finding: str) -> None:
    (found,) = told(tree({**GOOD, file: text}))
    assert found.startswith(finding)


def test_an_excluded_path_that_is_not_there_is_found(tree: Tree) -> None:
    root = tree({**GOOD, "pyproject.toml": GOOD["pyproject.toml"].replace('"tests"', '"gone"')})
    assert told(root) == ["pyproject.toml:5: excludes gone, which is not there"]


def test_of_the_services_what_draws_is_in_a_bundle_and_nothing_else(tree: Tree) -> None:
    services = {
        "services/one/agency.yaml": "",
        "services/two/agency.yaml": "",
        "services/two/plain/service.yaml": "",
        "services/two/drawn/service.yaml": "",
        "services/two/drawn/screen.py": "import flet",
    }
    assert told(tree({**GOOD, **services})) == [
        "pyproject.toml:5: ships services/one; add it to `exclude`",
        "pyproject.toml:5: ships services/two/agency.yaml; add it to `exclude`",
        "pyproject.toml:5: ships services/two/drawn/service.yaml; add it to `exclude`",
        "pyproject.toml:5: ships services/two/plain; add it to `exclude`",
    ]
    everything = GOOD["pyproject.toml"].replace('"tests"', '"tests", "services"')
    assert told(tree({**GOOD, **services, "pyproject.toml": everything})) == [
        "pyproject.toml:5: leaves out services/two/drawn/screen.py, which the app draws"
    ]


def test_a_picture_that_flet_looks_for_is_found_missing(tree: Tree) -> None:
    root = tree(GOOD)
    (root / "assets/icon.png").unlink()
    assert told(root) == ["assets/icon.png: flet build looks for it, and it is not there"]


def test_what_a_function_imports_is_not_imported_at_the_top() -> None:
    tree = ast.parse(
        "import a\ndef f():\n    import b\nasync def g():\n    import c\n"
        "if TYPE_CHECKING:\n    import d\nelse:\n    import e\n"
        "if typing.TYPE_CHECKING:\n    import f\nclass C:\n    def m(self):\n        import g\n"
    )
    assert [module for module, _ in packaging.at_the_top(tree)] == ["a", "e"]
