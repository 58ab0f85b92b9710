"""The backend's signing keys on the device: they prove receipts and documents, offline as well."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from app.backend_api.errors import BackendError

if TYPE_CHECKING:
    from joserfc.jwk import ECKey, OKPKey

    from app.backend_api.client import BackendClient
    from app.storage.storage import Storage

_COLLECTION = "signing-keys"
_PAUSE = timedelta(minutes=1)
"""Between two questions for a key that nobody knows: a forged `kid` must not make the device ask for ever."""


class SigningKeys:
    """Keys by `kid`: from memory, from storage, else from the backend. A key once seen is kept.

    A retired key still proves what it once signed, so keys are added and never removed.
    """

    def __init__(self, client: BackendClient, storage: Storage, now: Callable[[], datetime]) -> None:
        self._client = client
        self._storage = storage
        self._now = now
        self._known: dict[str, Mapping[str, Any]] | None = None
        self._asked: datetime | None = None

    async def find(self, kid: str) -> OKPKey | ECKey | None:
        """The public key named `kid` for `EdDSA` or `ES256`; None where it is not known (yet, or at all)."""
        known = await self._stored()
        if kid not in known and (self._asked is None or self._now() - self._asked >= _PAUSE):
            try:
                await self.refresh()
            except BackendError:
                return None
            known = await self._stored()
        jwk = known.get(kid)
        return None if jwk is None else _key(jwk)

    async def refresh(self) -> None:
        """Fetch the keys. Raises BackendError."""
        fetched = await self._client.signing_keys()
        self._asked = self._now()
        known = await self._stored()
        for jwk in fetched:
            kid = jwk.get("kid")
            if isinstance(kid, str) and kid not in known:
                known[kid] = jwk
                await self._storage.put(_COLLECTION, kid, jwk)

    def watch(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call `callback` on the loop when a key was learnt; gives what ends it."""
        return self._storage.watch(_COLLECTION, callback)

    async def _stored(self) -> dict[str, Mapping[str, Any]]:
        if self._known is None:
            kept = await self._storage.all(_COLLECTION)
            self._known = {kid: jwk for kid, jwk in kept if isinstance(jwk, Mapping)}
        return self._known


def _key(jwk: Mapping[str, Any]) -> OKPKey | ECKey | None:
    from joserfc.errors import JoseError
    from joserfc.jwk import ECKey, OKPKey

    shape = {OKPKey: ("OKP", "Ed25519"), ECKey: ("EC", "P-256")}
    for cls, (kty, crv) in shape.items():
        if jwk.get("kty") == kty and jwk.get("crv") == crv:
            try:
                return cls.import_key({k: v for k, v in jwk.items() if k != "d"})
            except (JoseError, ValueError):
                return None
    return None
