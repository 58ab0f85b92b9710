"""`ConnectorClient`: connecting an agency's own system to the backend, one typed method an operation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ConfigDict

from app.backend_api.agency import PATIENCE, agency_exchange, read_answer
from app.backend_api.exchange import Request
from app.contract.canonical import canonical_bytes
from app.contract.deliveries import (
    Connector,
    DeliveryRecord,
    DeliveryState,
    NewConnector,
    NewKey,
    Redelivered,
)

if TYPE_CHECKING:
    import httpx

T = TypeVar("T")

PATH = "v1/agency/connector"


class Keys(BaseModel):
    """The public keys that deliveries are signed with, the newest first (RFC 7517)."""

    model_config = ConfigDict(frozen=True)

    keys: list[dict[str, Any]]


class ConnectorClient:
    """Acts for an agency with its key. Every method raises `BackendError`s and nothing else.

    `agency` is named with the sandbox's key alone, which acts for every agency.
    """

    def __init__(self, url: str, key: str, http: httpx.AsyncClient, agency: str | None) -> None:
        self._exchange = agency_exchange(url, key, http, "en")
        self._query = {"agency": agency} if agency else {}

    async def connector(self) -> Connector:
        """How the deliveries stand."""
        return await self._ask("GET", PATH, Connector)

    async def connect(self, new: NewConnector) -> Connector:
        """Deliver there from now on."""
        return await self._ask("PUT", PATH, Connector, new)

    async def pause(self) -> Connector:
        """Deliver nothing until it is resumed."""
        return await self._ask("POST", f"{PATH}/pause", Connector)

    async def resume(self) -> Connector:
        """Deliver again, at once."""
        return await self._ask("POST", f"{PATH}/resume", Connector)

    async def rotate_key(self, new: NewKey) -> Keys:
        """Sign with a new key."""
        return await self._ask("POST", f"{PATH}/rotate-key", Keys, new)

    async def disconnect(self) -> None:
        """Deliver nothing more."""
        await self._exchange.carry(self._request("DELETE", PATH))

    async def deliveries(self, state: DeliveryState | None) -> list[DeliveryRecord]:
        """The last deliveries, the newest first; only those in `state`, if given."""
        more = {"state": state} if state else {}
        return await self._ask("GET", "v1/agency/deliveries", list[DeliveryRecord], more=more)

    async def redeliver(self, identifier: str | None) -> Redelivered:
        """Try again what was given up, or the delivery `identifier`."""
        more = {"id": identifier} if identifier else {}
        return await self._ask("POST", "v1/agency/deliveries/redeliver", Redelivered, more=more)

    async def _ask(
        self,
        method: str,
        path: str,
        shape: type[T],
        body: BaseModel | None = None,
        more: dict[str, str] | None = None,
    ) -> T:
        return read_answer(await self._exchange.carry(self._request(method, path, body, more)), shape)

    def _request(
        self, method: str, path: str, body: BaseModel | None = None, more: dict[str, str] | None = None
    ) -> Request:
        return Request(
            operation=path.rpartition("/")[2],
            method=method,
            path=path,
            query={**self._query, **(more or {})},
            headers={"Content-Type": "application/json"} if body else {},
            body=canonical_bytes(body) if body else None,
            patience=PATIENCE,
        )
