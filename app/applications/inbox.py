"""Messages: one for each step of an application, readable offline."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING

from app.applications.kept import read_all, read_one
from app.backend_api.errors import BackendError, Refused
from app.contract.applications import Message

if TYPE_CHECKING:
    from app.backend_api.client import BackendClient
    from app.storage.storage import Storage

MESSAGES = "messages"
READ = "messages.read"
"""Ids of messages that were read here and not yet told to the backend."""


class Inbox:
    """The citizen's messages."""

    def __init__(self, storage: Storage, client: BackendClient, now: Callable[[], datetime]) -> None:
        self._storage = storage
        self._client = client
        self._now = now

    async def all(self) -> list[Message]:
        """All messages, newest first."""
        return sorted(
            await read_all(self._storage, MESSAGES, Message), key=lambda message: message.at, reverse=True
        )

    async def unread(self) -> int:
        """How many messages are unread."""
        return sum(not message.read for message in await self.all())

    async def mark_read(self, message_id: str) -> None:
        """Mark a message as read, here at once and at the backend as soon as it can be told."""
        message = await read_one(self._storage, MESSAGES, message_id, Message)
        if message is None or message.read:
            return
        async with self._storage.transaction() as t:
            await t.put(
                MESSAGES, message_id, message.model_copy(update={"read": True}).model_dump(mode="json")
            )
            await t.put(READ, message_id, self._now().isoformat())
        try:
            await self._tell(message_id)
        except BackendError:
            return  # `refresh` tells it.

    async def refresh(self) -> None:
        """Tell what was read, and bring the messages up to date. Raises BackendError."""
        for message_id, _ in await self._storage.all(READ):
            await self._tell(message_id)
        fetched = await self._client.messages()
        told_later = {message_id for message_id, _ in await self._storage.all(READ)}
        here = {message.id: message for message in await self.all()}
        async with self._storage.transaction() as t:
            for message in fetched:
                if message.id in told_later:
                    message = message.model_copy(update={"read": True})
                if here.get(message.id) != message:
                    await t.put(MESSAGES, message.id, message.model_dump(mode="json"))

    def watch(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call `callback` on the loop after each change; gives what ends it."""
        return self._storage.watch(MESSAGES, callback)

    async def _tell(self, message_id: str) -> None:
        # Refused: the backend does not have it any more, so there is nothing left to tell.
        with suppress(Refused):
            await self._client.mark_read(message_id)
        await self._storage.delete(READ, message_id)
