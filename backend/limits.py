"""How much may be asked: requests of one citizen in a minute, and bytes in one request."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta
from math import ceil

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.contract.phrase import N_
from app.contract.problems import ProblemType
from backend.problems import ProblemError
from backend.speech import problem_answer

WINDOW = timedelta(minutes=1)
REMEMBERED = 50_000
"""Citizens counted at a time; the one seen longest ago is forgotten first."""


class RateLimit:
    """Counts requests by citizen in windows of a minute, in this process.

    Tells in headers where the citizen stands (draft-ietf-httpapi-ratelimit-headers).
    """

    def __init__(self, per_minute: int, now: Callable[[], datetime]) -> None:
        self._quota = per_minute
        self._now = now
        self._seen: OrderedDict[str, tuple[datetime, int]] = OrderedDict()

    def take(self, subject: str) -> dict[str, str]:
        """Count one request of `subject`; gives the headers that tell where the citizen stands.

        Raises:
            ProblemError: too many requests, with `Retry-After` in seconds.
        """
        now = self._now()
        begun, count = self._seen.get(subject, (now, 0))
        if now - begun >= WINDOW or now < begun:
            begun, count = now, 0
        count += 1
        self._seen[subject] = (begun, count)
        self._seen.move_to_end(subject)
        if len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)
        seconds = max(1, ceil((begun + WINDOW - now).total_seconds()))
        headers = {
            "RateLimit-Policy": f'"citizen";q={self._quota};w={int(WINDOW.total_seconds())}',
            "RateLimit": f'"citizen";r={max(0, self._quota - count)};t={seconds}',
        }
        if count > self._quota:
            raise ProblemError(
                ProblemType.TOO_MANY_REQUESTS,
                N_(
                    "Terlalu banyak permintaan dalam waktu singkat. Data Anda aman. Coba "
                    "lagi dalam {seconds} detik.",
                    seconds=seconds,
                ),
                headers={**headers, "Retry-After": str(seconds)},
            )
        return headers


class BodyLimit:
    """ASGI middleware that reads no more of a body than any operation takes."""

    def __init__(self, app: ASGIApp, max_bytes: int) -> None:
        self._app = app
        self._max_bytes = max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or refuse it for its length."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        announced = headers.get("content-length", "")
        if announced.isdecimal() and int(announced) > self._max_bytes:
            answer = problem_answer(self._refusal(), headers, scope["state"]["trace"])
            await answer(scope, receive, send)
            return
        received = 0

        async def receive_limited() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self._max_bytes:
                raise self._refusal()
            return message

        await self._app(scope, receive_limited, send)

    def _refusal(self) -> ProblemError:
        return ProblemError(
            ProblemType.INVALID_REQUEST,
            N_(
                "Kiriman ini terlalu besar, jadi tidak kami proses. Data Anda aman. Kirim "
                "dalam bagian yang lebih kecil."
            ),
            status=413,
        )
