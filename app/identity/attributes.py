"""What the state knows of the citizen, as the device keeps it: readable offline, by service.

A form is given the attributes that its service declares, as the backend filtered them; each service's reading
is kept apart, so that offline too none can read a concept that it did not declare.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from app.backend_api.errors import BackendError

if TYPE_CHECKING:
    from app.backend_api.client import BackendClient
    from app.contract.citizen import Me
    from app.storage.storage import Storage

ATTRIBUTES = "attributes"
_ALL = "*"


class Attributes:
    """The citizen's attributes."""

    def __init__(self, storage: Storage, client: BackendClient) -> None:
        self._storage = storage
        self._client = client

    async def refresh(self) -> None:
        """Bring the citizen's own reading up to date. Raises BackendError."""
        await self._fetch(None)

    async def own(self) -> Me | None:
        """Everything that the state knows, for the citizen alone; None: not read yet."""
        return await self._kept(_ALL)

    async def for_service(self, service_id: str) -> Me:
        """What the service may read: fresh where the backend answers, else as last read.

        Raises BackendError where there is neither: a form without what the state knows would ask for it.
        """
        try:
            return await self._fetch(service_id)
        except BackendError:
            kept = await self._kept(service_id)
            if kept is None:
                raise
            return kept

    def watch(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call `callback` on the loop after each change; gives what ends it."""
        return self._storage.watch(ATTRIBUTES, callback)

    async def _fetch(self, service_id: str | None) -> Me:
        me = await self._client.me(service_id)
        fresh = me.model_dump(mode="json")
        if await self._storage.get(ATTRIBUTES, service_id or _ALL) != fresh:
            await self._storage.put(ATTRIBUTES, service_id or _ALL, fresh)
        return me

    async def _kept(self, key: str) -> Me | None:
        from app.contract.citizen import Me

        kept = await self._storage.get(ATTRIBUTES, key)
        return None if kept is None else Me.model_validate(kept)
