"""Starts the backend beside the app: the same code in a process of its own, on loopback.

The child's life hangs on a pipe: when the app ends, by whatever death, the child ends. The app imports this
module late, and it imports nothing of the backend: the app's start does not wait for FastAPI.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from concurrent.futures import Future
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).parents[1]
STOP_SECONDS = 12
"""Longer than the server gives requests that are under way."""


class EmbeddedBackendError(Exception):
    """The backend did not start. The text says why."""


class EmbeddedBackend:
    """The backend of one data folder. Start it early, ask for its `url` when it is needed."""

    def __init__(self, home: Path, environment: Mapping[str, str] = os.environ) -> None:
        self._home = home
        self._environment = environment
        self._process: subprocess.Popen[bytes] | None = None
        self._ready: Future[str] = Future()
        self._starting = threading.Lock()

    def start(self) -> None:
        """Start the process; returns at once. Starting what runs already does nothing."""
        with self._starting:
            if self._process is None or self._process.poll() is not None:
                self._spawn()

    def _spawn(self) -> None:
        self._home.mkdir(parents=True, exist_ok=True)
        self._ready = Future()
        self._process = subprocess.Popen(  # noqa: S603 (our own interpreter and module)
            [sys.executable, "-m", "backend.child", str(self._home)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**self._environment, "PYTHONPATH": _python_path(self._environment)},
            # Ctrl+C is for the app; the child ends when the app does.
            start_new_session=os.name == "posix",
        )
        threading.Thread(target=_hear, args=(self._process, self._ready), daemon=True).start()

    async def url(self) -> str:
        """Where the backend answers, as soon as it does. One that has died since is started again.

        Raises:
            EmbeddedBackendError: it cannot start.
        """
        if self._process is None or self._process.poll() is not None:
            was_ready = self._ready.done() and self._ready.exception() is None
            if self._process is None or was_ready:
                await asyncio.to_thread(self.start)
        return await asyncio.shield(asyncio.wrap_future(self._ready))

    def stop(self) -> None:
        """End the process and wait for it: requests under way are finished, then no port and no file is
        held."""
        process, self._process = self._process, None
        if process is None:
            return
        if process.stdin:
            process.stdin.close()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout:
            process.stdout.close()


def _hear(process: subprocess.Popen[bytes], ready: Future[str]) -> None:
    line = _first_line(process.stdout)
    if "ready" in line:
        ready.set_result(str(line["ready"]))
    else:
        ready.set_exception(
            EmbeddedBackendError(str(line.get("failed", "The backend ended before it was ready.")))
        )


def _first_line(output: IO[bytes] | None) -> dict[str, Any]:
    try:
        return json.loads(output.readline()) if output else {}
    except ValueError:
        return {}


def _python_path(environment: Mapping[str, str]) -> str:
    return os.pathsep.join(filter(None, [str(ROOT), environment.get("PYTHONPATH")]))
