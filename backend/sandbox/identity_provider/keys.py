"""The provider's keys: made once, kept in the database, shared by all processes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey

from backend.database import Database
from backend.sandbox.identity_provider.tables import ProviderKeys

ALGORITHM = "ES256"


@dataclass(frozen=True, slots=True)
class Keys:
    """`nonce_key` makes the DPoP nonces."""

    signing: ECKey
    nonce_key: bytes

    def public(self) -> dict[str, Any]:
        """The JWK Set of the provider."""
        return {"keys": [{**self.signing.as_dict(private=False), "use": "sig", "alg": ALGORITHM}]}

    def sign(self, typ: str, claims: dict[str, Any]) -> str:
        """`claims` as a compact JWS with the header `typ`."""
        header = {"alg": ALGORITHM, "typ": typ, "kid": self.signing.kid}
        return jwt.encode(header, claims, self.signing, algorithms=[ALGORITHM])


async def load_keys(database: Database, random_bytes: Callable[[int], bytes]) -> Keys:
    """The keys of this database; the first process that asks makes them."""
    async with database.reading() as session:
        row = await session.get(ProviderKeys, 1)
    if row is None:
        fresh = ECKey.generate_key("P-256", auto_kid=True)
        async with database.writing() as session:
            insert = database.insert(ProviderKeys).values(
                id=1, jwk=fresh.as_dict(private=True), nonce_key=random_bytes(32)
            )
            await session.execute(insert.on_conflict_do_nothing())
            row = await session.get(ProviderKeys, 1)
            assert row is not None  # noqa: S101
    return Keys(ECKey.import_key(row.jwk), row.nonce_key)
