"""Runs the backend as a server of its own, with as many workers as it is given."""

from __future__ import annotations

import asyncio
import os
from typing import Any

import uvicorn
from fastapi import FastAPI

from backend import application
from backend.settings import Settings

SERVER: dict[str, Any] = {
    "access_log": False,
    "server_header": False,
    # How long requests that are under way may take when the server is asked to stop.
    "timeout_graceful_shutdown": 10,
}


def from_environment() -> FastAPI:
    """The application that the environment describes: what each worker starts."""
    return application.create(Settings.from_environment(os.environ))


def serve(settings: Settings, *, host: str, port: int, workers: int = 1) -> None:
    """Serve until told to stop (SIGTERM or Ctrl+C); requests under way are finished first.

    Raises:
        SettingsError, KeysError, DefinitionError, SchemaError, ServicesError: the text says what is wrong.
        OSError: the address cannot be had.
    """
    settings.check_serving(workers=workers)
    asyncio.run(_prepare(settings))
    os.environ.update(settings.to_environment())
    uvicorn.run(
        "backend.serving:from_environment",
        factory=True,
        host=host,
        port=port,
        workers=workers,
        lifespan="on",
        log_config=logging_to({"class": "logging.StreamHandler", "stream": "ext://sys.stderr"}),
        **SERVER,
    )


async def _prepare(settings: Settings) -> None:
    # Once, before the workers: what is wrong is said in one text, and all find the same keys and schema.
    async with application.running(settings):
        pass


def logging_to(handler: dict[str, Any]) -> dict[str, Any]:
    """The logging configuration: one JSON object a line, to `handler` (as `logging.config` describes one)."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": "backend.observation.JsonLines"}},
        "handlers": {"out": {"formatter": "json", **handler}},
        "loggers": {name: {"level": "INFO"} for name in ("loket", "uvicorn")},
        "root": {"handlers": ["out"], "level": "WARNING"},
    }
