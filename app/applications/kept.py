"""What the backend told, as it is kept on the device: models of the contract by key."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, TypeVar

from pydantic import BaseModel, ValidationError

if TYPE_CHECKING:
    from app.storage.storage import JSON, Storage

M = TypeVar("M", bound=BaseModel)
log = logging.getLogger("loket.applications")


async def read_all(storage: Storage, collection: str, model: type[M]) -> list[M]:
    """Every model in `collection`, oldest first; without those of another version's shape (synced anew)."""
    read = [_read(collection, value, model) for _, value in await storage.all(collection)]
    return [found for found in read if found is not None]


async def read_one(storage: Storage, collection: str, key: str, model: type[M]) -> M | None:
    """The model at `key`, or None where there is none (of this version's shape)."""
    value = await storage.get(collection, key)
    return None if value is None else _read(collection, value, model)


def _read(collection: str, value: JSON, model: type[M]) -> M | None:
    try:
        return model.model_validate(value)
    except ValidationError as error:
        # Without the error itself: it quotes the value, which is the citizen's.
        log.warning("a record of %s has another shape (%d faults)", collection, error.error_count())
        return None
