from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from checks import imports

Tree = Callable[[dict[str, str]], Path]


def told(root: Path) -> list[str]:
    return [str(finding) for finding in imports.check(root)]


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("app/forms/a.py", "import flet as ft"),
        ("app/vault/keyrings.py", "from flet import Page"),
        ("app/ui/a.py", "from flet.messaging.session import Session"),
        ("app/testing/screen.py", "from flet.controls import object_patch"),
        ("screens/a.py", "import httpx"),
        ("backend/a.py", "import httpx"),
        ("app/identity/a.py", "import keyring.backends"),
        ("app/applications/a.py", "def f():\n    import sqlite3"),
        ("app/storage/a.py", "import sqlalchemy"),
        ("app/ui/a.py", "import backend.tables"),
        ("main.py", "import httpx"),
        ("backend/a.py", "from app import vault"),
        ("backend/a.py", "from app.storage.storage import Storage"),
        ("app/ui/fields/places.py", "import flet_geolocator"),
        ("services/a/b/screen.py", "from app.ui import words"),
        ("services/a/b/screen.py", "def draw(screen):\n    import socket"),
        ("services/a/b/screen.py", "import os"),
    ],
)
def test_what_is_imported_outside_its_rooms_is_found(tree: Tree, path: str, code: str) -> None:
    (finding,) = told(tree({path: code}))
    assert finding.startswith(f"{path}:{code.count(chr(10)) + 1}: ")


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("app/ui/a.py", "import flet as ft"),
        ("app/vault/keystore.py", "import flet_secure_storage"),
        ("app/testing/client.py", "from flet.messaging.connection import Connection"),
        ("app/backend_api/a.py", "import httpx"),
        ("app/vault/keyrings.py", "import keyring"),
        ("app/storage/a.py", "import sqlite3"),
        ("backend/a.py", "from app.contract.phrase import N_\nfrom app.forms import journey"),
        ("app/start.py", "def f():\n    from backend.embedded import EmbeddedBackend"),
        ("app/forms/a.py", "import flet_charts_of_another_name"),
        ("app/forms/tests/a.py", "import flet"),
        ("app/forms/a.py", "from . import flet"),
        ("app/ui/position.py", "def f():\n    from flet_geolocator import Geolocator"),
        (
            "services/a/b/screen.py",
            "from datetime import date\nimport flet as ft\nfrom app.sdk import Screen",
        ),
        ("services/a/b/tests/test_b.py", "from app.testing import loket"),
    ],
)
def test_what_is_imported_in_its_rooms_is_no_finding(tree: Tree, path: str, code: str) -> None:
    assert told(tree({path: code})) == []


def test_this_repository_has_every_file_that_a_rule_allows() -> None:
    root = Path(__file__).parents[2]
    allowed = {place for rule in imports.RULES for place in rule.allowed}
    assert {place for place in allowed if not (root / place).exists()} == set()
