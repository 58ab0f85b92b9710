"""What one running backend consists of; its routes find it at `app.state.backend`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import date, datetime
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import func, select
from starlette.requests import Request

from app.contract.language import WIB
from backend import tables
from backend.attachments import Attachments
from backend.database import Database
from backend.editions import Edition, publish
from backend.keys import Keys
from backend.limits import RateLimit
from backend.publications import Publications
from backend.services import Services
from backend.settings import Settings

if TYPE_CHECKING:
    from backend.connectors.courier import Courier
    from backend.connectors.outbox import Outbox
    from backend.connectors.registration import Connectors
    from backend.sandbox.agency import SandboxAgency
    from backend.sandbox.faults import PersonaFaults


class SignedIn(Protocol):
    """Who asks: the subject that the identity provider vouches for."""

    @property
    def subject(self) -> str:
        """The opaque identifier of the citizen."""
        ...


class Authenticates(Protocol):
    """Finds out who asks."""

    async def __call__(self, request: Request) -> SignedIn:
        """The citizen who sent `request`.

        Raises:
            ProblemError: not signed in, with the headers that say how to be.
        """
        ...


@dataclass(slots=True)
class Backend:
    """The parts of one running backend. The sandbox's parts are None in production."""

    settings: Settings
    database: Database
    keys: Keys
    services: Services
    attachments: Attachments
    authenticator: Authenticates
    limit: RateLimit
    now: Callable[[], datetime]
    random_bytes: Callable[[int], bytes]
    publications: Publications
    connectors: Connectors
    agency: SandboxAgency | None = None
    faults: PersonaFaults | None = None
    outbox: Outbox = dataclass_field(init=False)
    courier: Courier = dataclass_field(init=False)

    _edition: Edition | None = None

    @property
    def edition(self) -> Edition:
        """The catalogue as it was last published. Raises RuntimeError before `publish_catalogue`."""
        if self._edition is None:
            raise RuntimeError("the catalogue is not published yet")
        return self._edition

    async def publish_catalogue(self) -> None:
        """Publish the catalogue as it is now; where nothing changed, that is the edition of before."""
        async with self.database.reading() as session:
            counted = await session.execute(
                select(tables.Application.service, func.count()).group_by(tables.Application.service)
            )
            applications = {service: count for service, count in counted}  # noqa: C416
        parts = await asyncio.to_thread(self.services.parts, applications)
        self._edition = await publish(parts, self.database, self.keys.signing, self.now())

    async def services_changed(self, services: Services) -> None:
        """Offer `services` from now on, in a new edition of the catalogue."""
        self.services = services
        if self._edition is not None:
            await self.publish_catalogue()

    @property
    def today(self) -> date:
        """The calendar day in Jakarta: the day that forms and agencies go by."""
        return self.now().astimezone(WIB).date()

    def random_below(self, bound: int) -> int:
        """A uniform integer in [0, bound), by rejection."""
        size = (bound.bit_length() + 7) // 8
        limit = (256**size // bound) * bound
        while (number := int.from_bytes(self.random_bytes(size))) >= limit:
            pass
        return number % bound


def backend_of(request: Request) -> Backend:
    """The backend that serves `request`."""
    return request.app.state.backend
