"""Opens a preview: the app as `make run` opens it, the panel in the local browser, behind the same gate."""

from __future__ import annotations

import asyncio
import os
import socket
import webbrowser
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager, suppress

import typer
import uvicorn

from app.authoring.preview.panel import PATH, Panel
from app.authoring.preview.pointed import Pointed
from app.authoring.preview.stage import Stage
from app.browser import HOST, serve
from app.opening import in_window
from app.start import ROOT


async def open_preview(pointed: Pointed, persona: str, *, port: int, opens: bool, window: bool) -> None:
    """Play what was pointed at until the process is told to stop, or its `window` is closed.

    Without a `window` the app stands in the panel. `opens`: the panel is opened in the browser.
    """
    with socket.create_server((HOST, 0)) as listening:
        url = f"http://{HOST}:{listening.getsockname()[1]}"
        async with Stage.up(pointed, persona, url) as stage, _reachable(stage, listening), watching(stage):

            def opened(address: str) -> None:
                typer.echo(f"The preview of {stage.service} is open at {address}")
                typer.echo(f"Its backend is at {url}")
                typer.echo("Save a file, and it shows at once. Ctrl+C ends the preview.")
                if opens:
                    webbrowser.open(address)

            panel = asyncio.create_task(
                serve(
                    stage.main,
                    port=port,
                    assets=ROOT / "assets",
                    random_bytes=os.urandom,
                    reusable=not opens,
                    opened=opened,
                    beside=lambda app: Panel(app, stage, framed=not window),
                    landing=PATH,
                )
            )
            if window:
                await in_window(stage.main)
                panel.cancel()
                with suppress(asyncio.CancelledError):
                    await panel
            else:
                await panel


@asynccontextmanager
async def watching(stage: Stage) -> AsyncGenerator[None]:
    """Take up what is saved, for as long as the context lasts."""
    task = asyncio.create_task(stage.watch())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


class _Server(uvicorn.Server):
    """The backend's, which leaves Ctrl+C to the panel's."""

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        """Capture none."""
        yield


@asynccontextmanager
async def _reachable(stage: Stage, listening: socket.socket) -> AsyncGenerator[None]:
    """Let the system's browser reach the backend, for a sign-in by hand."""
    config = uvicorn.Config(
        stage.backend, interface="asgi3", log_level="warning", access_log=False, lifespan="off"
    )
    server = _Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        yield
    finally:
        server.should_exit = True
        await serving
