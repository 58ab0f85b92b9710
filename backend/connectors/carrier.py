"""One attempt to deliver: a POST that is bounded in time, follows nothing, and reads a status alone."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final, Literal, Protocol

from backend.connectors.addresses import AddressPolicy, AddressRefused, Destination, Resolve, look_up

if TYPE_CHECKING:
    import httpx

TOTAL_SECONDS: Final = 20.0
"""For one attempt, from looking the host up to its status."""
CONNECT_SECONDS: Final = 5.0
MOST_ADDRESSES: Final = 3
LONGEST_WAIT: Final = timedelta(days=1)
"""The most that a `Retry-After` is believed."""

_ENDPOINTS_FAULT: Final = frozenset({401, 403, 404, 405, 408, 421, 426, 511})
"""Refusals that speak of the system or the way to it, not of this delivery."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an attempt.

    delivered: 2xx. gone: 410, deliver nothing more. busy: 429 or 503, come again after `wait`. refused: the
    system works and does not want this delivery. down: the system was not reached, or does not work.
    `trouble` says it in a few words of ours; what the system wrote may be anything, a citizen's name too.
    """

    kind: Literal["delivered", "gone", "busy", "refused", "down"]
    trouble: str | None = None
    wait: timedelta | None = None


class Carrier(Protocol):
    """Makes one attempt; raises nothing."""

    async def carry(self, url: str, headers: Mapping[str, str], body: bytes) -> Outcome:
        """POST `body` to `url`."""
        ...

    async def close(self) -> None:
        """Give everything back."""
        ...


class HttpCarrier:
    """Carries over HTTP, to addresses that `policy` allows.

    `tls` is the context that certificates are checked in; None: the system's authorities. `resolve` looks
    hosts up.
    """

    def __init__(
        self,
        policy: AddressPolicy,
        now: Callable[[], datetime],
        *,
        resolve: Resolve = look_up,
        tls: ssl.SSLContext | None = None,
        total_seconds: float = TOTAL_SECONDS,
    ) -> None:
        self._policy = policy
        self._now = now
        self._resolve = resolve
        self._tls = tls
        self._total_seconds = total_seconds
        self._client: httpx.AsyncClient | None = None

    async def carry(self, url: str, headers: Mapping[str, str], body: bytes) -> Outcome:
        """As `Carrier.carry`."""
        import httpx

        try:
            async with asyncio.timeout(self._total_seconds):
                destination = self._policy.read(url)
                addresses = await self._policy.resolve(destination, self._resolve)
                return await self._to_first_that_answers(destination, addresses, headers, body)
        except AddressRefused as error:
            return Outcome("down", str(error))
        except TimeoutError:
            return Outcome("down", f"no answer within {self._total_seconds:g} seconds")
        except httpx.HTTPError as error:
            return Outcome("down", _in_words(error))

    async def close(self) -> None:
        """Close what is open."""
        if self._client is not None:
            await self._client.aclose()

    async def _to_first_that_answers(
        self, destination: Destination, addresses: list[str], headers: Mapping[str, str], body: bytes
    ) -> Outcome:
        import httpx

        *others, last = addresses[:MOST_ADDRESSES]
        for address in others:
            try:
                return await self._post(destination, address, headers, body)
            except (httpx.ConnectError, httpx.ConnectTimeout):
                # Nothing was sent yet, so the next address may be tried.
                continue
        return await self._post(destination, last, headers, body)

    async def _post(
        self, destination: Destination, address: str, headers: Mapping[str, str], body: bytes
    ) -> Outcome:
        client = await self._opened()
        async with client.stream(
            "POST",
            destination.at(address),
            headers={**headers, "Host": destination.authority},
            content=body,
            # The connection goes to the address; the certificate must be the host's.
            extensions={"sni_hostname": destination.host},
        ) as response:
            return self._judge(response.status_code, response.headers.get("retry-after", ""))

    def _judge(self, status: int, retry_after: str) -> Outcome:
        trouble = f"answered {status}"
        if 200 <= status < 300:
            return Outcome("delivered")
        if status == 410:
            return Outcome("gone", trouble)
        if status in (429, 503):
            return Outcome("busy", trouble, self._wait(retry_after.strip()))
        if 300 <= status < 400:
            return Outcome("down", f"{trouble}: redirects are not followed")
        if 400 <= status < 500 and status not in _ENDPOINTS_FAULT:
            return Outcome("refused", trouble)
        return Outcome("down", trouble)

    def _wait(self, said: str) -> timedelta | None:
        """A `Retry-After` (RFC 9110 section 10.2.3): seconds, or the moment until which to wait."""
        if said.isascii() and said.isdecimal():
            return min(LONGEST_WAIT, timedelta(seconds=int(said[:9])))
        try:
            until = parsedate_to_datetime(said)
        except ValueError:
            return None
        until = until if until.tzinfo else until.replace(tzinfo=UTC)
        return min(LONGEST_WAIT, max(timedelta(0), until - self._now()))

    async def _opened(self) -> httpx.AsyncClient:
        import httpx

        if self._client is None:
            tls = self._tls or await asyncio.to_thread(ssl.create_default_context)
            self._client = self._client or httpx.AsyncClient(
                verify=tls,
                # A proxy would look the host up again, and a kept connection was made for another host of
                # the same address.
                trust_env=False,
                limits=httpx.Limits(max_keepalive_connections=0),
                timeout=httpx.Timeout(self._total_seconds, connect=CONNECT_SECONDS),
                follow_redirects=False,
                headers={"User-Agent": "Loket/1", "Accept-Encoding": "identity"},
            )
        return self._client


def _in_words(error: httpx.HTTPError) -> str:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"its certificate is not good: {cause.verify_message}"[:200]
        cause = cause.__cause__ or cause.__context__
    return type(error).__name__
