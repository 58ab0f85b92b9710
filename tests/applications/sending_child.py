"""A device's process that sends, to be killed at any moment. Run as `python sending_child.py`.

Reads one order a line (JSON), forks for it, so that a fresh process costs milliseconds, and tells on standard
output: `pid N`, `step` at every write to the disk and every request, before and after, and `ended STATUS`.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

import httpx
from device import Device, WallClock, answer_lost, only_for

from app.backend_api.exchange import http_client
from app.forms.journey import Journey
from app.identity.session import Session
from app.storage.storage import Storage


def tell(line: str) -> None:
    os.write(1, f"{line}\n".encode())


def step() -> None:
    tell("step")


class Counted(httpx.AsyncHTTPTransport):
    """The network, with a step before and after each request."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        step()
        response = await super().handle_async_request(request)
        step()
        return response


def count_commits() -> None:
    commit = Storage._commit

    def counted(self: Storage, *args: Any, **kwargs: Any) -> None:
        step()
        commit(self, *args, **kwargs)
        step()

    Storage._commit = counted  # type: ignore[method-assign]


async def send(order: dict[str, Any]) -> None:
    """What the app does after its start: send what waits; the citizen taps “send” where it does not yet."""
    clock = WallClock()
    storage = await Storage.open(Path(order["storage"]), bytes.fromhex(order["key"]))
    count_commits()
    async with http_client() as http:

        async def issuer() -> str:
            return f"{order['url']}/idp"

        session = Session(
            issuer=issuer, client_id=order["client"], http=http, now=clock.now, random_bytes=os.urandom
        )
        await session.restore(storage)
        device = Device(storage, Counted(), clock, session, order["url"])
        if order["lossy"]:
            device.line.faults = [only_for("POST", "/v1/applications", answer_lost)] * order["lossy"]
        item = await device.outbox.get(order["draft"])
        if item is None:
            draft = await device.drafts.get(order["draft"])
            assert draft is not None
            definition = await device.drafts.definition(draft.id)
            assert definition is not None
            me = await device.client.me(definition.id)
            journey = Journey.from_json(definition, draft.journey, me, device.today)
            await device.outbox.send(draft, journey.submission_answers(), "id")
        device.outbox.start()
        await device.until(order["draft"], "delivered")
        await device.close()
    await storage.close()


def main() -> None:
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            asyncio.run(send(json.loads(line)))
            os._exit(0)
        tell(f"pid {child}")
        _, status = os.waitpid(child, 0)
        tell(f"ended {os.waitstatus_to_exitcode(status)}")


if __name__ == "__main__":
    main()
