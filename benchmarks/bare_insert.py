"""What accepted submissions are held against: one row for one request, behind the same framework.

The same models read and write, the same mapper, driver and database keep; nothing is checked, sealed, signed
or told.

Run as `python -m benchmarks.bare_insert FILE`: prints the port that it answers on.
"""

from __future__ import annotations

import socket
import sys
import uuid
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from app.contract.applications import Submission
from backend.database import Database
from backend.serving import SERVER


class Base(DeclarativeBase):
    """The one table."""


class Row(Base):
    """What was posted."""

    __tablename__ = "rows"

    id: Mapped[str] = mapped_column(primary_key=True)
    body: Mapped[bytes]


class Kept(Submission):
    """A submission under the identifier that it was kept by."""

    id: str


def application(file: Path) -> FastAPI:
    """Keeps what is posted, and answers with it."""
    database = Database(f"sqlite+aiosqlite:///{file}")

    @asynccontextmanager
    async def life(_app: FastAPI) -> AsyncGenerator[None]:
        async with database.engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)
        yield
        await database.close()

    app = FastAPI(lifespan=life)

    @app.post("/insert", status_code=201)
    async def insert(submission: Submission) -> Kept:  # pyright: ignore[reportUnusedFunction]
        kept = Kept(id=str(uuid.uuid4()), **submission.model_dump())
        async with database.writing() as session:
            session.add(Row(id=kept.id, body=submission.model_dump_json().encode()))
        return kept

    return app


class _Server(uvicorn.Server):
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if sockets:
            sys.stdout.write(f"{sockets[0].getsockname()[1]}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(application(Path(sys.argv[1])), log_config=None, **SERVER)
    _Server(config).run(sockets=[listening])
