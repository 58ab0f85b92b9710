"""A backend in a process of its own that takes citizens by name: `python named_server.py`.

Its settings are in the environment. Prints its address when it is ready.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import uvicorn

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[2])]

from backend_desk import by_name  # noqa: E402

from backend.application import create  # noqa: E402
from backend.settings import Settings  # noqa: E402


class Announced(uvicorn.Server):
    async def startup(self, sockets=None) -> None:
        await super().startup(sockets)
        port = self.servers[0].sockets[0].getsockname()[1]
        print(f"http://127.0.0.1:{port}", flush=True)  # noqa: T201


if __name__ == "__main__":
    app = create(Settings.from_environment(os.environ), authenticator=by_name)
    Announced(uvicorn.Config(app, port=0, log_level="error", lifespan="on")).run()
