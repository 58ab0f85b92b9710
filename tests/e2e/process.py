"""The real app as a citizen starts it: `make run PORT=… OPEN=no`, in a folder of its own."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
from pathlib import Path

ROOT = Path(__file__).parents[2]
_OPEN = re.compile(r"Loket is open at (\S+)")
START = 60.0
"""Seconds that a start may take; a fresh machine prepares itself before, in `make test`."""


class Running:
    """A running app: where it is, what it printed, and how to stop or kill it."""

    def __init__(self, home: Path, port: int | None = None, **environment: str) -> None:
        self.home = home
        self.port = port or free_port()
        self.address = ""
        self.printed = ""
        self._environment = environment
        self._process: asyncio.subprocess.Process | None = None
        self._reader: asyncio.Task[None] | None = None

    async def start(self) -> Running:
        """Start it and wait for its line. Raises `AssertionError` with what it printed."""
        self._process = await asyncio.create_subprocess_exec(
            "make",
            "--no-print-directory",
            "run",
            f"PORT={self.port}",
            "OPEN=no",
            cwd=ROOT,
            env={**os.environ, "LOKET_HOME": str(self.home), **self._environment},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
        )
        opened: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._reader = asyncio.create_task(self._read(opened))
        try:
            self.address = await asyncio.wait_for(opened, START)
        except (TimeoutError, EOFError) as late:
            await self.kill()
            raise AssertionError(f"the app did not open:\n{self.printed}") from late
        return self

    async def _read(self, opened: asyncio.Future[str]) -> None:
        assert self._process is not None
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            text = line.decode(errors="replace")
            self.printed += text
            found = _OPEN.search(text)
            if found and not opened.done():
                opened.set_result(found[1])
        if not opened.done():
            opened.set_exception(EOFError())

    async def stop(self) -> int:
        """Stop it as Ctrl-C does and give its exit code."""
        return await self._end(signal.SIGINT)

    async def kill(self) -> int:
        """Kill it with everything that it started, as a full battery does."""
        return await self._end(signal.SIGKILL)

    async def _end(self, with_signal: signal.Signals) -> int:
        process = self._process
        if process is None:
            return 0
        if process.returncode is None:
            os.killpg(process.pid, with_signal)
        try:
            code = await asyncio.wait_for(process.wait(), 20)
        except TimeoutError:
            os.killpg(process.pid, signal.SIGKILL)
            code = await process.wait()
        if self._reader is not None:
            await self._reader
        self._process = None
        return code


def free_port() -> int:
    """A port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
