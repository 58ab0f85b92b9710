"""Files written whole or not at all, and files put aside instead of being lost."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path


def write_whole(path: Path, data: bytes) -> None:
    """Replace the content of `path` by `data`, durably and in one step; only this user may read it.

    After a crash the file has the old content or the new, never a mixture (POSIX `rename`; on Windows
    `MoveFileEx` with replacement). Blocks on the disk. Raises OSError; the old content then stands.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path.with_name(path.name + ".new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(descriptor)
        fresh.replace(path)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make names in `folder` durable. Windows has no such call and does not need it."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def put_aside(path: Path, companions: tuple[str, ...] = ()) -> Path | None:
    """Rename `path` (and `path` + each companion suffix) to the first free `<name>.kept-<n>`.

    Returns the new name of `path`, or None where none of them existed.
    """
    suffixes = [s for s in ("", *companions) if path.with_name(path.name + s).exists()]
    if not suffixes:
        return None
    number = 1
    while any(path.parent.glob(f"{path.name}.kept-{number}*")):
        number += 1
    kept = path.with_name(f"{path.name}.kept-{number}")
    for suffix in suffixes:
        path.with_name(path.name + suffix).rename(kept.with_name(kept.name + suffix))
    sync_folder(path.parent)
    return kept


def remove_all(path: Path, companions: tuple[str, ...] = ()) -> None:
    """Delete `path`, its companions, half-written successors and everything ever put aside from it."""
    for victim in (path, *(path.with_name(path.name + s) for s in (".new", *companions))):
        victim.unlink(missing_ok=True)
    for victim in path.parent.glob(f"{path.name}.kept-*"):
        victim.unlink(missing_ok=True)
    with contextlib.suppress(FileNotFoundError):
        sync_folder(path.parent)
