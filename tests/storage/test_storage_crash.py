"""Kill the writer at random moments: what was acknowledged is there, and a transaction is whole or absent."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app.storage.storage import Storage

ROOT = Path(__file__).parents[2]
KEY = bytes(range(32))
KILLS = 40
"""For each of three kinds of write."""


@pytest.fixture
def writer():
    process = subprocess.Popen(
        [sys.executable, Path(__file__).with_name("crash_writer.py")],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    yield process
    process.stdin.close()
    process.wait(10)
    process.stdout.close()


def killed_while_writing(writer, kind: str, path: Path, first: int, delay: float) -> set[int]:
    """Start a writer, kill it `delay` seconds after it began; the numbers it had acknowledged."""
    writer.stdin.write(f"{kind} {path} {first}\n".encode())
    writer.stdin.flush()
    pid = None
    acknowledged: set[int] = set()
    while pid is None:
        word, _, number = writer.stdout.readline().decode().strip().partition(" ")
        if word == "pid":
            pid = int(number)
        elif word == "ack":
            acknowledged.add(int(number))
    time.sleep(delay)  # the moment of the kill is what is drawn at random here
    os.kill(pid, signal.SIGKILL)
    while True:
        word, _, number = writer.stdout.readline().decode().strip().partition(" ")
        if word == "ack":
            acknowledged.add(int(number))
        elif word == "gone":
            return acknowledged


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the writer forks")
@pytest.mark.parametrize("kind", ["put", "put_latest", "transaction"])
async def test_every_acknowledged_write_survives_a_kill_at_any_moment(writer, tmp_path, kind):
    chance = random.Random(kind)  # noqa: S311
    total, path, first = 0, tmp_path / "0.db", 0
    acknowledged: set[int] = set()
    for kill in range(KILLS):
        if kill % 5 == 0:  # now and then die while the file is being created
            path, first, acknowledged = tmp_path / f"{kill}.db", 0, set()
        acknowledged |= killed_while_writing(writer, kind, path, first, chance.uniform(0, 0.025))
        total += len(acknowledged)
        storage = await Storage.open(path, KEY)  # raises where anything in the file is not whole
        if kind == "transaction":
            a, b, c = [{int(k) for k, _ in await storage.all(part)} for part in "abc"]
            assert b == c
            assert acknowledged <= b
            # Each transaction deletes the "a" of five before.
            assert a == {n for n in b if n + 5 not in b}
            for n in b:
                assert await storage.get_blob("blob", str(n)) == bytes([n % 256]) * 3_000
            kept = b
        else:
            kept = {int(k) for k, _ in await storage.all("numbers")}
            assert acknowledged <= kept, f"kill {kill} lost {sorted(acknowledged - kept)}"
        assert kept == set(range(len(kept))), "writes took effect out of order"
        first = len(kept)
        await storage.close()
    assert total > KILLS, "the writers were killed before they wrote anything: nothing was tested"
