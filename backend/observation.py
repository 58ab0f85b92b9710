"""What the operator sees of a request: one log line with ids and routes only, joined to the caller's trace.

Nothing that a citizen sent or that an answer carries is logged: no query, no path parameter, no text of an
exception (a database error quotes values). An exception is logged as its type and where it came from.
"""

from __future__ import annotations

import json
import logging
import re
import time
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.contract.phrase import N_
from app.contract.problems import ProblemType
from backend.problems import ProblemError
from backend.speech import problem_answer

log = logging.getLogger("loket.backend")

TRACEPARENT = re.compile(
    r"^[0-9a-f]{2}-(?P<trace>(?!0{32})[0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-(?P<flags>[0-9a-f]{2})"
)
"""W3C Trace Context level 1, section 3.2; a later version may be longer and is read by its first parts."""

BROKEN = N_("Ada yang salah di pihak kami. Data Anda yang sudah tersimpan aman. Coba lagi sebentar lagi.")


class Observation:
    """ASGI middleware around everything: traces, logs, and answers what nobody else answered."""

    def __init__(self, app: ASGIApp, random_bytes: Callable[[int], bytes]) -> None:
        self._app = app
        self._random_bytes = random_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        trace, traceparent = self._trace(headers.get("traceparent"))
        scope.setdefault("state", {})
        scope["state"]["trace"] = trace
        extra: dict[str, str] = {"traceparent": traceparent}
        scope["state"]["extra_headers"] = extra
        begun = time.perf_counter()
        status = 0

        async def send_observed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                answer = MutableHeaders(scope=message)
                for name, value in extra.items():
                    answer[name] = value
            await send(message)

        fault: dict[str, Any] = {}
        try:
            await self._app(scope, receive, send_observed)
        except Exception as error:
            fault = {"fault": type(error).__qualname__, "at": _places(error)}
            if status:
                # Half an answer is out: only a broken connection tells the client not to trust it.
                raise ConnectionAbortedError("the answer broke off") from None
            problem = ProblemError(ProblemType.INTERNAL, BROKEN)
            await problem_answer(problem, headers, trace)(scope, receive, send_observed)
        finally:
            log.log(
                logging.ERROR if fault else logging.INFO,
                "request",
                extra={
                    "fields": {
                        "trace": trace,
                        "method": scope["method"],
                        "route": getattr(scope.get("route"), "path", None),
                        "status": status,
                        "ms": round((time.perf_counter() - begun) * 1000, 1),
                        **fault,
                    }
                },
            )

    def _trace(self, traceparent: str | None) -> tuple[str, str]:
        known = TRACEPARENT.match(traceparent or "")
        trace = known["trace"] if known else self._random_bytes(16).hex()
        flags = known["flags"] if known else "00"
        return trace, f"00-{trace}-{self._random_bytes(8).hex()}-{flags}"


class JsonLines(logging.Formatter):
    """Log records as one JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """`record` with its time (UTC), level, logger, event and fields."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info and record.exc_info[1]:
            line |= {"fault": type(record.exc_info[1]).__qualname__, "at": _places(record.exc_info[1])}
        return json.dumps(line, ensure_ascii=False)


def _places(error: BaseException) -> list[str]:
    frames = traceback.extract_tb(error.__traceback__)
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames[-8:]]
