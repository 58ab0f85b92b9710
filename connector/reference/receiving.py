"""The address that deliveries come to: it proves who sent them, keeps them, and says so. Work comes after."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Any, Final

from fastapi import FastAPI, Request, Response
from starlette.requests import ClientDisconnect

from connector.reference.signatures import Keys, NotGenuine
from connector.reference.store import Store
from connector.reference.working import Worker

MOST_BYTES: Final = 2_000_000
"""No delivery is larger."""
BODY_SECONDS: Final = 20.0
TAKEN, UNREADABLE, UNPROVEN, NOT_OURS = 204, 400, 401, 403
TOO_SLOW, TOO_LARGE, NOT_NOW = 408, 413, 503

log = logging.getLogger("connector")


def create(*, agency: str, keys: Keys, store: Store, worker: Worker) -> FastAPI:
    """The connector of `agency`. Deliveries come to `POST /deliveries`."""

    @asynccontextmanager
    async def up(_app: FastAPI) -> AsyncGenerator[None]:
        working = asyncio.create_task(worker.run())
        yield
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)

    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, lifespan=up)

    async def deliveries(request: Request) -> Response:
        """Take one delivery."""
        try:
            async with asyncio.timeout(BODY_SECONDS):
                body = await _read(request)
        except TimeoutError:
            return Response(status_code=TOO_SLOW)
        except ClientDisconnect:
            return Response(status_code=UNREADABLE)
        if body is None:
            return Response(status_code=TOO_LARGE, headers={"Connection": "close"})
        try:
            identifier = await keys.verify(request.headers, body)
        except NotGenuine as error:
            log.warning("refused: %s", error)
            return Response(status_code=UNPROVEN)
        except OSError as error:
            log.error("%s", error)  # nobody needs its places in the code
            return Response(status_code=NOT_NOW, headers={"Retry-After": "60"})
        return Response(
            status_code=await asyncio.to_thread(_take, agency, store, worker.wake, identifier, body)
        )

    app.add_api_route("/deliveries", deliveries, methods=["POST"])
    return app


async def _read(request: Request) -> bytes | None:
    """The body, or None where it is larger than any delivery."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > MOST_BYTES:
            return None
    return bytes(body)


def _take(agency: str, store: Store, wake: Callable[[], None], identifier: str, body: bytes) -> int:
    """Keep a delivery that is genuine; the status to answer."""
    try:
        delivery: dict[str, Any] = json.loads(body)
        kind, whose = str(delivery["type"]), delivery["agency"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return UNREADABLE
    if whose != agency:
        # Signed by the backend, and sent to somebody else: whoever passes it on here is up to something.
        return NOT_OURS
    if kind not in ("application.received", "application.answered"):
        # Of a newer backend. To refuse it would only make it come again.
        store.note(identifier)
        return TAKEN
    try:
        new = store.take(identifier, delivery)
    except (KeyError, TypeError):
        return UNREADABLE
    log.info("taken: %s%s", identifier, "" if new else " (again)")
    wake()
    return TAKEN
