from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]

HEAVY = {
    "pydantic",
    "httpx",
    "cryptography",
    "joserfc",
    "keyring",
    "phonenumbers",
    "app.opened",
    "backend",
}
"""What the first frame does without; each would be seen in the time to it."""


def test_nothing_that_the_first_frame_does_without_is_loaded_before_it() -> None:
    code = "import sys; import app.opening, app.browser; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True
    )
    assert HEAVY & set(loaded.stdout.split()) == set()
