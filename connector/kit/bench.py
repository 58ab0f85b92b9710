"""What a check works with: fresh applications, and ways to send a letter, rightly or not."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx

from app.contract.reference import new_reference
from connector.kit.letters import Letter, Sample, Signer
from connector.kit.stand_in import Calls


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: a status, or in words why there is none."""

    status: int | None
    words: str

    @property
    def taken(self) -> bool:
        """2xx: the backend would deliver it no more."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def refused(self) -> bool:
        """A plain refusal: 4xx, and not 410, which would stop everything."""
        return self.status is not None and 400 <= self.status < 500 and self.status != 410

    @property
    def later(self) -> bool:
        """A wish to be asked again: the backend would come back."""
        return self.status in (409, 425, 429, 503)


@dataclass(slots=True)
class Bench:
    """One system under test. `patience`: seconds that an answer may take."""

    url: str
    sample: Sample
    signer: Signer
    stranger: Signer
    calls: Calls
    http: httpx.AsyncClient
    now: Callable[[], datetime]
    random_below: Callable[[int], int]
    patience: float = 20.0
    decides: bool = False
    told: dict[str, set[int]] = field(default_factory=dict[str, set[int]])
    """What was told of each application, by its sequence."""
    slowest: float = 0.0
    """Seconds of the slowest delivery that was taken."""

    def reference(self) -> str:
        """A fresh reference number."""
        return new_reference(self.random_below)

    def letter(self, reference: str | None = None, sequence: int = 1, **changes: Any) -> Letter:
        """A letter about a fresh application, or about `reference`."""
        reference = reference or self.reference()
        self.told.setdefault(reference, set()).add(sequence)
        return self.sample.letter(reference, sequence, at=self.now(), **changes)

    async def send(self, letter: Letter, *signers: Signer, late: timedelta = timedelta(0)) -> Answer:
        """Post a letter as it should be, signed by `signers` or the kit's key, and `late` after its time."""
        return await self.post(letter.body, letter.headers(self.now() - late, *(signers or (self.signer,))))

    async def post(self, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Post just this."""
        begun = time.perf_counter()
        try:
            async with (
                asyncio.timeout(self.patience),
                self.http.stream("POST", self.url, content=body, headers=dict(headers)) as response,
            ):
                answer = Answer(response.status_code, _in_words(response))
        except TimeoutError:
            answer = Answer(None, f"no answer within {self.patience:g} seconds")
        except httpx.HTTPError as error:
            answer = Answer(None, type(error).__name__)
        if answer.taken:
            self.slowest = max(self.slowest, time.perf_counter() - begun)
        return answer

    async def half_sent(self, letter: Letter) -> HalfSent:
        """Begin to send a letter, and leave it at half of its body."""
        parts = urlsplit(self.url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        async with asyncio.timeout(self.patience):
            reader, writer = await asyncio.open_connection(
                parts.hostname, port, ssl=True if parts.scheme == "https" else None
            )
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        headers = {
            "Host": parts.netloc,
            "Content-Length": str(len(letter.body)),
            **letter.headers(self.now(), self.signer),
        }
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        half = len(letter.body) // 2
        writer.write(f"POST {target} HTTP/1.1\r\n{head}\r\n".encode() + letter.body[:half])
        await writer.drain()
        return HalfSent(reader, writer, letter.body[half:], self.patience)


@dataclass(frozen=True, slots=True)
class HalfSent:
    """A letter on its way."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    rest: bytes
    patience: float

    async def finish(self) -> Answer:
        """Send the rest; what is answered."""
        try:
            async with asyncio.timeout(self.patience):
                self.writer.write(self.rest)
                await self.writer.drain()
                line = (await self.reader.readline()).decode("latin-1").split()
            status = int(line[1])
        except (OSError, TimeoutError, IndexError, ValueError):
            return Answer(None, "the connection was closed")
        finally:
            self.writer.close()
        return Answer(status, f"answered {status}")


def _in_words(response: httpx.Response) -> str:
    if 300 <= response.status_code < 400:
        return f"answered {response.status_code}, a redirect, which is not followed"
    return f"answered {response.status_code}"
