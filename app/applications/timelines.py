"""Applications as they stand, with their timelines: synced while online, readable offline."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, cast

from app.applications.kept import read_all, read_one
from app.applications.receipts import Receipts, is_overdue
from app.contract.applications import Application

if TYPE_CHECKING:
    from app.backend_api.client import BackendClient
    from app.storage.storage import Storage, Transaction

APPLICATIONS = "applications"
SYNCED = "synced"
_MOVING = ("received", "in_review")


class Applications:
    """What the agencies work on for the citizen."""

    def __init__(
        self, storage: Storage, client: BackendClient, receipts: Receipts, now: Callable[[], datetime]
    ) -> None:
        self._storage = storage
        self._client = client
        self._receipts = receipts
        self._now = now

    async def all(self) -> list[Application]:
        """All applications, the last changed first."""
        found = await read_all(self._storage, APPLICATIONS, Application)
        return sorted(found, key=lambda application: application.updated_at, reverse=True)

    async def get(self, reference: str) -> Application | None:
        """One application, or None where the device has none of this reference."""
        return await read_one(self._storage, APPLICATIONS, reference, Application)

    async def as_of(self) -> datetime | None:
        """When the applications were last synced; None: never."""
        at = cast("str | None", await self._storage.get(SYNCED, APPLICATIONS))
        return datetime.fromisoformat(at) if at else None

    async def refresh(self) -> None:
        """Bring the applications up to date. Raises BackendError."""
        fetched = await self._client.applications()
        here = {application.reference: application for application in await self.all()}
        async with self._storage.transaction() as t:
            for application in fetched:
                known = here.get(application.reference)
                # An answer that was under way while a newer one was kept must not turn back the time.
                if known is None or (application.updated_at >= known.updated_at and application != known):
                    await self.keep(t, application)
                    await self._receipts.keep(t, application.receipt)
            await t.put(SYNCED, APPLICATIONS, self._now().isoformat())
        await self._receipts.learn_keys()

    async def keep(self, transaction: Transaction, application: Application) -> None:
        """Keep an application as the backend told it."""
        await transaction.put(APPLICATIONS, application.reference, application.model_dump(mode="json"))

    async def moving(self) -> bool:
        """Whether an agency has something of the citizen's to work on, so that news may come soon."""
        return any(application.state in _MOVING for application in await self.all())

    async def overdue(self) -> list[Application]:
        """Those whose agency has let its promised time run out, the longest first."""
        now = self._now()
        late = [application for application in await self.all() if is_overdue(application, now)]
        return sorted(late, key=lambda application: application.receipt.promised_by)

    def watch(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call `callback` on the loop after each change; gives what ends it."""
        return self._storage.watch(APPLICATIONS, callback)
