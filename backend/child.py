"""The embedded backend's process: `python -m backend.child HOME`, started by `embedded.py`.

Serves the sandbox on loopback. Prints one line of JSON: `{"ready": "<url>"}` when it answers, or
`{"failed": "<text>"}` when it cannot. The app holds the other end of standard input: when
that ends, this ends, however the app died.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import logging.config
import os
import socket
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import IO

import uvicorn
from sqlalchemy.exc import DBAPIError

from app.contract.findings import DefinitionError
from backend import application
from backend.home import BackendHome
from backend.keys import KeysError
from backend.sandbox.personas import PersonaError
from backend.schema import SchemaError
from backend.services import ServicesError
from backend.serving import SERVER, logging_to
from backend.settings import Settings, SettingsError

SERVICES = Path(__file__).parents[1] / "services"
LOOPBACK = "127.0.0.1"
BACKLOG = 2048
LOG_BYTES = 1_000_000
PORT_SECONDS = 12
"""How long to wait for the port while a predecessor, whose app was killed, finishes its requests."""

EXPECTED = (
    SettingsError,
    KeysError,
    DefinitionError,
    PersonaError,
    SchemaError,
    ServicesError,
)
"""What can be wrong with what people wrote or run: their texts say what, where, and what to do."""

log = logging.getLogger("loket.backend")


def main(home: Path, app: IO[bytes] | None = None) -> int:
    """Serve from the data folder `home` until `app`, the pipe from the app, ends; gives the exit status."""
    if os.name == "posix":
        os.umask(0o077)
    backend_home = BackendHome.within(home)
    logging.config.dictConfig(
        logging_to(
            {
                "class": "logging.handlers.RotatingFileHandler",
                "filename": str(backend_home.log),
                "maxBytes": LOG_BYTES,
                "backupCount": 1,
                "encoding": "utf-8",
            }
        )
    )
    try:
        asyncio.run(_serve(backend_home, app))
    except EXPECTED as error:
        _say({"failed": str(error)})
        return 1
    except DBAPIError as error:
        _say({"failed": f"{backend_home.database} cannot be used: {error.orig}"})
        return 1
    except Exception as error:
        log.exception("the embedded backend ended")
        _say({"failed": f"{type(error).__qualname__} (see {backend_home.log})"})
        return 1
    return 0


async def _serve(home: BackendHome, pipe: IO[bytes] | None) -> None:
    server: _Server | None = None

    def orphaned() -> None:
        if server is None or not server.started:
            # Nobody knows of this process yet: the port is free at once for the one that comes after it.
            os._exit(0)
        server.should_exit = True

    if pipe is not None:
        threading.Thread(target=_at_end, args=(pipe, orphaned), daemon=True).start()
    listening = await _listen(home)
    url = f"http://{LOOPBACK}:{listening.getsockname()[1]}"
    settings = Settings.of(
        {"services": SERVICES},
        Settings.from_environment(os.environ).given(),
        {"database": home.database, "keys": home.keys, "public_url": url},
    )
    app = application.create(settings)
    server = _Server(uvicorn.Config(app, log_config=None, lifespan="off", **SERVER), home, url)
    try:
        async with application.up(app):
            await server.serve(sockets=[listening])
    finally:
        home.retire()


async def _listen(home: BackendHome) -> socket.socket:
    wanted = home.port()
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if os.name == "posix":
        # A connection of the last run that is not quite over must not cost us the port.
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    deadline = monotonic() + PORT_SECONDS
    if home.port_is_held():
        log.info("waiting for the port of a predecessor that is ending")
    while not _bound(listening, wanted):
        # Another port is another issuer, which no session of this device belongs to.
        if not home.port_is_held() or monotonic() > deadline:
            listening.bind((LOOPBACK, 0))
            break
        await asyncio.sleep(0.02)
    if home.running_url() is None:
        home.keep_port(listening.getsockname()[1])
    listening.listen(BACKLOG)
    return listening


def _bound(listening: socket.socket, port: int) -> bool:
    try:
        listening.bind((LOOPBACK, port))
    except OSError:
        return False
    return True


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, home: BackendHome, url: str) -> None:
        super().__init__(config)
        self._home = home
        self._url = url

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._home.announce(self._url)
            _say({"ready": self._url})


def _at_end(pipe: IO[bytes], then: Callable[[], None]) -> None:
    while pipe.read(1024):
        pass
    then()


def _say(line: dict[str, str]) -> None:
    # An app that has died in the meantime reads nothing any more, and is no fault of the backend.
    with contextlib.suppress(BrokenPipeError):
        sys.stdout.write(json.dumps(line) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.stdin.buffer))
