"""From the start of a process to its first interactive frame, as Flet's client sees it.

The program is started, its printed address is opened as a browser would (the link, its cookie, the
websocket), a window registers, and the clock stops when a message holds the mark of the frame.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgpack
from websockets.sync.client import connect
from websockets.typing import Origin

ROOT = Path(__file__).parents[1]
PATIENCE = 60.0
"""Seconds until a start counts as failed."""

_REGISTER_CLIENT = 1
"""The first message of a Flet client: `[1, {session_id, page_name, page}]`, after a zero byte."""

_WINDOW = {
    "route": "/",
    "web": True,
    "platform": "linux",
    "platform_brightness": "light",
    "width": 412,
    "height": 892,
    "media": {
        name: {"left": 0, "top": 0, "right": 0, "bottom": 0}
        for name in ("padding", "view_padding", "view_insets")
    },
}


class NoFrame(Exception):
    """A program that did not come as far as its first frame; the text says which, and how far."""


def _registration() -> dict[str, Any]:
    return {"session_id": None, "page_name": "", "page": _WINDOW}


@dataclass(frozen=True, slots=True)
class Start:
    """One start: seconds to the printed address, seconds to the frame, bytes sent until then."""

    listening: float
    frame: float
    sent: int


def start(program: list[str], mark: str, home: Path) -> Start:
    """Start `program` (arguments of this Python) with its data in `home`, and wait for `mark` in a frame."""
    begin = time.perf_counter()
    with running(program, home) as (_process, address):
        listening = time.perf_counter() - begin
        try:
            sent = _until(address, mark)
        except TimeoutError:
            raise NoFrame(f"{' '.join(program)} sent no frame with {mark!r} in {PATIENCE:.0f} s") from None
        return Start(listening, time.perf_counter() - begin, sent)


@contextmanager
def running(
    program: list[str], home: Path, environment: Mapping[str, str] | None = None
) -> Generator[tuple[subprocess.Popen[str], str]]:
    """`program` with its data in `home`, for as long as the block; gives the process and its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    given = {"PORT": str(port), "OPEN": "no", "LOKET_HOME": str(home), **(environment or {})}
    process = subprocess.Popen(
        [sys.executable, *program],
        cwd=ROOT,
        env={**os.environ, **given},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        yield process, _address(process)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            # Its children (the embedded backend) are in its session.
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        if process.stdout:
            process.stdout.close()


def _address(process: subprocess.Popen[str]) -> str:
    for line in process.stdout or ():
        if found := re.search(r"open at (\S+)", line):
            return found[1]
    raise NoFrame(f"{process.args!r} ended without an address (exit {process.wait()})")


def _until(address: str, mark: str) -> int:
    """Open the address, register a window, and count bytes until a message holds `mark`."""
    cookies = CookieJar()
    urllib.request.build_opener(urllib.request.HTTPCookieProcessor(cookies)).open(
        address, timeout=PATIENCE
    ).close()
    place = urlsplit(address).netloc
    origin = Origin(f"http://{place}")
    headers = {"Cookie": "; ".join(f"{cookie.name}={cookie.value}" for cookie in cookies)}
    sent = 0
    with connect(f"ws://{place}/ws", origin=origin, additional_headers=headers, max_size=None) as socket_:
        untyped: Any = msgpack
        socket_.send(b"\x00" + untyped.packb([_REGISTER_CLIENT, _registration()]))
        deadline = time.monotonic() + PATIENCE
        while True:
            message = socket_.recv(timeout=max(0.01, deadline - time.monotonic()), decode=False)
            sent += len(message)
            if mark.encode() in message:
                return sent
