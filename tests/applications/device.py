"""A whole device without a screen, on the real backend, over a line that can be cut at will."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from starlette.requests import Request

from app.applications.drafts import Draft, Drafts
from app.applications.inbox import Inbox
from app.applications.outbox import Outbox
from app.applications.receipts import Receipts
from app.applications.sending import OutboxItem
from app.applications.timelines import Applications
from app.backend_api.client import BackendClient
from app.backend_api.errors import NotSignedIn
from app.backend_api.exchange import Authoriser, Patience, Patiences, Repetition
from app.backend_api.signing_keys import SigningKeys
from app.contract.definition import ServiceDefinition
from app.contract.language import WIB
from app.documents.wallet import Wallet
from app.forms.journey import CHECK, Journey
from app.storage.storage import Storage

SERVICES = Path(__file__).parents[2] / "services"
BIRTH = "dukcapil/birth-registration"
BEGINNING = datetime(2026, 3, 9, 3, 5, tzinfo=UTC)
PDF = b"%PDF-1.7\n" + b"surat keterangan lahir " * 40_000 + b"\n%%EOF\n"
"""A letter of some 920 kB: four pieces."""
SHORT = Patience(connect=2, silence=0.2, total=1)


@dataclass
class Clock:
    """The time, as long as nobody sleeps; sleeping takes no time of the test."""

    at: datetime = BEGINNING
    slept: list[float] = field(default_factory=list)

    def now(self) -> datetime:
        return self.at

    def forward(self, **span: float) -> None:
        self.at += timedelta(**span)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.forward(seconds=seconds)
        await asyncio.sleep(0)


class WallClock(Clock):
    """The real time; only sleep is cut short."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(min(seconds, 0.02))


@dataclass(frozen=True)
class Citizen:
    subject: str


async def whoever_says_so(request: Request) -> Citizen:
    """Stands in for the check of access tokens, which the identity room's tests are about."""
    return Citizen(request.headers["authorization"].removeprefix("DPoP "))


@dataclass
class Signer:
    """A session; `subject` None is signed out."""

    subject: str | None

    async def headers(self, method: str, url: str) -> dict[str, str]:
        if self.subject is None:
            raise NotSignedIn
        return {"Authorization": f"DPoP {self.subject}"}

    async def refused(self, response_headers: Mapping[str, str]) -> bool:
        return False


Send = Callable[[httpx.Request], Awaitable[httpx.Response]]
Fault = Callable[[httpx.Request, Send], Awaitable[httpx.Response]]


class Line(httpx.AsyncBaseTransport):
    """The network between device and backend. `faults` happen to the next requests; then `always`."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self._inner = inner
        self.faults: list[Fault] = []
        self.always: Fault | None = None
        self.requests: list[httpx.Request] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        fault = self.faults.pop(0) if self.faults else self.always
        if fault is None:
            return await self._inner.handle_async_request(request)
        return await fault(request, self._inner.handle_async_request)

    def sent(self, method: str, path: str) -> list[httpx.Request]:
        return [r for r in self.requests if r.method == method and r.url.path == path]


async def no_network(request: httpx.Request, _send: Send) -> httpx.Response:
    raise httpx.ConnectError("no route to host", request=request)


async def answer_lost(request: httpx.Request, send: Send) -> httpx.Response:
    """The backend has done it, and nobody hears of it."""
    response = await send(request)
    await response.aread()
    raise httpx.ReadError("connection reset by peer", request=request)


async def request_lost(request: httpx.Request, _send: Send) -> httpx.Response:
    """Sent by the device, never arrived: looks the same from here."""
    raise httpx.ReadError("connection reset by peer", request=request)


def only_for(method: str, path: str, fault: Fault) -> Fault:
    async def fails(request: httpx.Request, send: Send) -> httpx.Response:
        if request.method == method and request.url.path.startswith(path):
            return await fault(request, send)
        return await send(request)

    return fails


class Device:
    """What `Holdings` holds, put together as the app does it."""

    def __init__(
        self,
        storage: Storage,
        transport: httpx.AsyncBaseTransport,
        clock: Clock,
        signer: Authoriser,
        url: str = "http://127.0.0.1:8700",
    ) -> None:
        self.storage = storage
        self.clock = clock
        self.line = Line(transport)
        self.signer = signer
        self.url = url
        self.http = httpx.AsyncClient(transport=self.line)
        self.client = BackendClient(
            self._address,
            self.signer,
            self.http,
            clock.now,
            os.urandom,
            sleep=clock.sleep,
            repetition=Repetition(attempts=1),
            patience=Patiences(read=SHORT, write=SHORT, piece=SHORT),
        )
        self.keys = SigningKeys(self.client, storage, clock.now)
        self.drafts = Drafts(storage, clock.now, os.urandom)
        self.receipts = Receipts(storage, self.keys, clock.now)
        self.applications = Applications(storage, self.client, self.receipts, clock.now)
        self.inbox = Inbox(storage, self.client, clock.now)
        self.wallet = Wallet(storage, self.client, self.keys, clock.now)
        self.outbox = Outbox(
            storage,
            self.client,
            self.drafts,
            self.receipts,
            self.applications,
            clock.now,
            os.urandom,
            sleep=clock.sleep,
        )

    async def _address(self) -> str:
        return self.url

    @property
    def today(self) -> date:
        return self.clock.now().astimezone(WIB).date()

    async def close(self) -> None:
        await self.outbox.stop()
        await self.http.aclose()

    async def filled(self, *, letter: bytes = PDF, **answers: Any) -> tuple[Draft, Journey]:
        """A birth registration, answered to the end; what the state knows is confirmed."""
        definition = await self.client.definition(BIRTH)
        draft = await self.drafts.begin(definition)
        journey = await self.fill(draft, definition, letter, **answers)
        return draft, journey

    async def fill(
        self, draft: Draft, definition: ServiceDefinition, letter: bytes, **answers: Any
    ) -> Journey:
        file = await self.drafts.attach(draft.id, r"C:\Foto\surat lahir.pdf", letter)
        given: dict[str, Any] = {
            "full_name": "Bintang Misal",
            "sex": "female",
            "birth_date": (self.today - timedelta(days=90)).isoformat(),
            "birth_time": "04:30",
            "birth_place": "Kabupaten Gunungkidul",
            "weight": "3.1",
            "birth_order": 2,
            "place_type": "home",
            "helper": "midwife",
            "has_letter": True,
            "birth_letter": [file.model_dump()],
            "late_reason": "Jalan ke kantor terputus longsor.",
            "has_late_decision": False,
            **answers,
        }
        journey = Journey(definition, await self.client.me(BIRTH), self.today)
        while journey.at != CHECK:
            while asked := [f.id for f in journey.fields() if f.id in given]:
                journey.answer(asked[0], given.pop(asked[0]))
            here = journey.at
            assert journey.forward() == [], f"page {here}"
        for declaration in journey.fields():
            journey.answer(declaration.id, True)
        draft.journey = journey.to_json()
        await self.drafts.save(draft)
        return journey

    async def send_filled(self, **answers: Any) -> OutboxItem:
        draft, journey = await self.filled(**answers)
        return await self.outbox.send(draft, journey.submission_answers(), "id")

    async def until(self, item_id: str, state: str, *, saying: str = "") -> OutboxItem:
        """The item, as soon as it is in `state` and its trouble has the words `saying`."""
        changed = asyncio.Event()
        end = self.outbox.watch(changed.set)
        try:
            async with asyncio.timeout(10):
                while True:
                    changed.clear()
                    item = await self.outbox.get(item_id)
                    assert item is not None
                    if item.state == state and saying in str(item.trouble or ""):
                        return item
                    await changed.wait()
        finally:
            end()
