"""The line between the app and its backend, as good as the author wants to see it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Literal

import httpx

Network = Literal["online", "slow", "offline"]

LATENCY = 1.0
"""Seconds that a slow line takes for every request, whatever its size."""
BYTES_A_SECOND = 50_000
"""What a slow line carries besides: 400 kbit/s, which browsers' tools call slow 3G."""


class Line(httpx.AsyncBaseTransport):
    """The transport of the app's own HTTP client: what is offline or slow here is so for the whole app."""

    def __init__(
        self,
        backend: httpx.AsyncBaseTransport,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._backend = backend
        self._sleep = sleep
        self.network: Network = "online"

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Carry one request. Raises httpx.ConnectError while offline."""
        self._refuse_offline(request)
        if self.network == "slow":
            await self._sleep(LATENCY + len(await request.aread()) / BYTES_A_SECOND)
            self._refuse_offline(request)
        response = await self._backend.handle_async_request(request)
        if self.network == "slow":
            await self._sleep(len(await response.aread()) / BYTES_A_SECOND)
        return response

    def _refuse_offline(self, request: httpx.Request) -> None:
        if self.network == "offline":
            raise httpx.ConnectError("the preview is offline", request=request)
