"""The empty Flet app that Loket's start is held against, served the way Loket serves itself in a browser."""

from __future__ import annotations

import os
import socket
import sys
from typing import Any

import flet as ft
import uvicorn

MARK = "empty.mark"
"""What its first frame holds."""


def main(page: ft.Page) -> None:
    """One text."""
    page.add(ft.Text(MARK))


class _Server(uvicorn.Server):
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        sys.stdout.write(f"open at http://127.0.0.1:{self.config.port}/\n")
        sys.stdout.flush()


if __name__ == "__main__":
    served: Any = ft.run(main, export_asgi_app=True, no_cdn=True)
    _Server(uvicorn.Config(served, host="127.0.0.1", port=int(os.environ["PORT"]), log_level="warning")).run()
