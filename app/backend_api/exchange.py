"""One exchange with the backend over HTTP: sent, repeated where that is safe, bounded, and told apart.

Repetition is for reads, and for writes that carry an `Idempotency-Key` (the same bytes under the same key).
Delays are "full jitter": uniform between nothing and an exponential bound. Redirects are never followed: the
backend does not send any, so one that comes is somebody else's.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Protocol

from pydantic import ValidationError

from app.backend_api.errors import (
    BackendError,
    Diverted,
    Malformed,
    NotSignedIn,
    Refused,
    Unavailable,
    Uncertain,
    Unreachable,
)
from app.contract.problems import Problem, ProblemType

if TYPE_CHECKING:
    import httpx

log = logging.getLogger("loket.backend")

_BUSY = frozenset({408, 425, 429, 502, 503, 504})
"""Statuses that speak of now, not of the request (RFC 9110, 6585, 8470)."""

_UNDONE = frozenset({408, 425, 429, 503})
"""Those of them that say that the request was not carried out; a gateway's 502 and 504 do not say it."""


class Authoriser(Protocol):
    """Who signs requests: the session. `headers` raises `NotSignedIn` where nobody is signed in."""

    async def headers(self, method: str, url: str) -> dict[str, str]:
        """What to send along with a request of `method` to `url`."""
        ...

    async def refused(self, response_headers: Mapping[str, str]) -> bool:
        """Learn from a 401 (a DPoP nonce, an expired token). True: worth one more try."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long to wait, in seconds: for a connection, between two pieces of the answer, and in all."""

    connect: float = 5.0
    silence: float
    total: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Patiences:
    """The patience for each kind of request: a catalogue and a piece of a file may take their time."""

    read: Patience = Patience(silence=10, total=25)
    write: Patience = Patience(silence=20, total=40)
    catalogue: Patience = Patience(silence=20, total=120)
    piece: Patience = Patience(silence=30, total=120)


@dataclass(frozen=True, slots=True, kw_only=True)
class Repetition:
    """How often, and how far apart in seconds. A `Retry-After` beyond `most` is left to the caller."""

    attempts: int = 3
    first: float = 0.3
    most: float = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One operation as it goes on the wire. `path` is relative to the backend's address, and quoted."""

    operation: str
    method: str
    path: str
    patience: Patience
    query: Mapping[str, str] = field(default_factory=dict[str, str])
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    body: bytes | None = None
    key: str | None = None
    """The Idempotency-Key of a write."""
    public: bool = False
    """No citizen is needed, so none is named."""
    limit: int = 8_000_000
    """Most bytes of an answer that are read, after decompression."""

    @property
    def reads(self) -> bool:
        """Whether it only asks, and so changes nothing."""
        return self.method == "GET"


@dataclass(frozen=True, slots=True)
class Answer:
    """A successful answer: 2xx, or 304 with an empty body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Exchange:
    """Carries requests to the backend at `base_url()`."""

    def __init__(
        self,
        *,
        base_url: Callable[[], Awaitable[str]],
        session: Authoriser,
        http: httpx.AsyncClient,
        now: Callable[[], datetime],
        random: Callable[[int], bytes],
        sleep: Callable[[float], Awaitable[None]],
        language: Callable[[], str],
        repetition: Repetition,
    ) -> None:
        self._base_url = base_url
        self._session = session
        self._http = http
        self._now = now
        self._random = random
        self._sleep = sleep
        self._language = language
        self._repetition = repetition

    async def carry(self, request: Request) -> Answer:
        """The answer to `request`.

        Raises:
            Unreachable, Uncertain, Unavailable, Diverted, NotSignedIn, Refused, Malformed
        """
        trace = self._random(16).hex()
        last = self._repetition.attempts if request.reads or request.key is not None else 1
        unknown: Uncertain | None = None
        for attempt in range(1, last + 1):
            try:
                return await self._signed(request, trace)
            except Refused:
                raise
            except BackendError as error:
                if isinstance(error, Uncertain):
                    unknown = error
                wait = self._wait(attempt, error)
                if attempt == last or wait is None:
                    log.info(
                        "%s gave up after %d of %d (trace %s): %s",
                        request.operation,
                        attempt,
                        last,
                        trace,
                        error,
                    )
                    # What became of an earlier try stays unknown, whatever is certain of the last.
                    raise unknown or error from error.__cause__
                await self._sleep(wait)
        raise AssertionError("at least one attempt")

    def _wait(self, attempt: int, error: BackendError) -> float | None:
        """Seconds until the next try; None: trying again now would not help."""
        if not isinstance(error, (Unreachable, Uncertain, Unavailable)):
            return None
        bound = min(self._repetition.most, self._repetition.first * 2 ** (attempt - 1))
        jitter = bound * int.from_bytes(self._random(7)) / 2**56
        asked = error.retry_after if isinstance(error, Unavailable) else None
        if asked is None:
            return jitter
        return None if asked > self._repetition.most else asked + jitter

    async def _signed(self, request: Request, trace: str) -> Answer:
        answer = await self._once(request, trace)
        if answer.status == 401 and not request.public:
            if not await self._session.refused(answer.headers):
                raise NotSignedIn(f"{request.operation}: 401")
            answer = await self._once(request, trace)
            if answer.status == 401:
                raise NotSignedIn(f"{request.operation}: 401 again")
        return self._judge(request, answer)

    async def _once(self, request: Request, trace: str) -> Answer:
        import httpx

        url = f"{(await self._base_url()).rstrip('/')}/{request.path}"
        headers = {
            "Accept": "application/json, application/problem+json",
            "Accept-Language": self._language(),
            "traceparent": f"00-{trace}-{self._random(8).hex()}-01",
            **request.headers,
        }
        if request.key is not None:
            headers["Idempotency-Key"] = f'"{request.key}"'
        if not request.public:
            headers |= await self._session.headers(request.method, url)
        patience = request.patience
        lost = Unreachable if request.reads else Uncertain
        try:
            async with (
                asyncio.timeout(patience.total),
                self._http.stream(
                    request.method,
                    url,
                    params=request.query or None,
                    headers=headers,
                    content=request.body,
                    timeout=httpx.Timeout(patience.silence, connect=patience.connect, pool=patience.connect),
                    follow_redirects=False,
                ) as response,
            ):
                body = await _bounded(response, request)
                return Answer(response.status_code, response.headers, body)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError) as error:
            raise Unreachable(f"{request.operation}: {type(error).__name__}") from error
        except httpx.DecodingError as error:
            raise Malformed(request.operation, "content-encoding", "cannot be decompressed") from error
        except (httpx.TransportError, TimeoutError) as error:
            raise lost(f"{request.operation}: {type(error).__name__}") from error

    def _judge(self, request: Request, answer: Answer) -> Answer:
        status, operation = answer.status, request.operation
        if status == 304 and "If-None-Match" in request.headers:
            return answer
        if 300 <= status < 400:
            raise Diverted(operation, status)
        if 200 <= status < 300:
            return answer
        problem = _problem(answer)
        said = f"{operation}: {status} {problem.type if problem else 'without a problem'}"
        in_progress = problem is not None and problem.kind is ProblemType.IDEMPOTENCY_IN_PROGRESS
        if in_progress or status in _BUSY or status >= 500:
            if not request.reads and status not in _UNDONE:
                raise Uncertain(said)
            raise Unavailable(said, self._retry_after(answer.headers), problem)
        if problem is None:
            raise Malformed(operation, f"status {status}", "not an RFC 9457 problem")
        if problem.kind is ProblemType.NOT_SIGNED_IN:
            raise NotSignedIn(said)
        raise Refused(operation, problem)

    def _retry_after(self, headers: Mapping[str, str]) -> float | None:
        """Seconds of `Retry-After` (RFC 9110 10.2.3): a number, or the date until which to wait."""
        said = headers.get("retry-after", "").strip()
        if said.isdecimal():
            return float(said)
        try:
            until = parsedate_to_datetime(said)
        except ValueError:
            return None
        if until.tzinfo is None:
            until = until.replace(tzinfo=UTC)
        return max(0.0, (until - self._now()).total_seconds())


async def _bounded(response: httpx.Response, request: Request) -> bytes:
    body = bytearray()
    async for piece in response.aiter_bytes():
        body += piece
        if len(body) > request.limit:
            raise Malformed(request.operation, "body", f"more than {request.limit} bytes")
    return bytes(body)


def _problem(answer: Answer) -> Problem | None:
    if media_type(answer.headers) not in ("application/problem+json", "application/json"):
        return None
    try:
        return Problem.model_validate_json(answer.body)
    except ValidationError:
        return None


def media_type(headers: Mapping[str, str]) -> str:
    """The media type of an answer, without its parameters, in lower case."""
    return headers.get("content-type", "").partition(";")[0].strip().lower()


def http_client() -> httpx.AsyncClient:
    """The HTTP client of a device. A system proxy is honoured, except towards this machine itself."""
    import httpx

    return httpx.AsyncClient(
        follow_redirects=False,
        mounts={f"all://{host}": None for host in ("127.0.0.1", "localhost", "[::1]")},
        limits=httpx.Limits(max_connections=8, max_keepalive_connections=4),
    )
