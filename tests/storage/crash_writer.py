"""A writer to be killed: forks a fresh one for each line on standard input, without paying start-up again.

Line: `<kind> <path> <first number>`. Each child opens the storage, writes numbers upwards until killed, and
says on standard output (`ack <n>`) when the storage has said that n is kept. `pid <p>` comes first.
"""

from __future__ import annotations

import asyncio
import os
import sys
from itertools import count
from pathlib import Path

from app.storage.storage import Storage

KEY = bytes(range(32))


def say(text: str) -> None:
    os.write(1, f"{text}\n".encode())


async def write(kind: str, path: Path, first: int) -> None:
    storage = await Storage.open(path, KEY)
    say("open")
    for n in count(first):
        if kind == "put":
            await storage.put("numbers", str(n), n)
        elif kind == "put_latest":
            await storage.put_latest("numbers", str(n), n)
        else:
            async with storage.transaction() as changes:
                for part in "abc":
                    await changes.put(part, str(n), n)
                await changes.put_blob("blob", str(n), bytes([n % 256]) * 3_000)
                await changes.delete("a", str(n - 5))
        say(f"ack {n}")


def main() -> None:
    for line in sys.stdin:
        kind, path, first = line.split()
        child = os.fork()
        if child == 0:
            asyncio.run(write(kind, Path(path), int(first)))
        say(f"pid {child}")
        os.waitpid(child, 0)
        say("gone")


if __name__ == "__main__":
    main()
