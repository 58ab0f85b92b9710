"""What the citizen marked and did: pinned, opened, put away, their region. Encrypted, on this device."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from app.storage.storage import Storage

MARKS = "marks"
"""The collection in the device's database."""

EVERYWHERE = ""
"""The region of who wants to see the whole country."""

_RECENT, _PUT_AWAY = 5, 50


@dataclass(frozen=True, slots=True)
class Marked:
    """All marks at one moment. `region`: a code, `EVERYWHERE`, or None where none was chosen.

    `pinned` and `pinned_events` in their order, `recent` with the last first.
    """

    pinned: tuple[str, ...] = ()
    pinned_events: tuple[str, ...] = ()
    recent: tuple[str, ...] = ()
    put_away: frozenset[str] = frozenset()
    """Notices that were put away."""
    region: str | None = None
    suggests: bool = True
    """Whether home suggests what may come next."""
    explains: bool = False
    """Whether search says why a result stands where it does; for developers."""


class Marks:
    """The marks of one citizen."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._turn = asyncio.Lock()

    def watch(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call `callback` on the loop after each change; gives what ends it."""
        return self._storage.watch(MARKS, callback)

    async def read(self) -> Marked:
        """All marks. What has another shape counts as not there."""
        kept = dict(await self._storage.all(MARKS))
        region = kept.get("region")
        return Marked(
            pinned=_names(kept.get("pinned")),
            pinned_events=_names(kept.get("pinned-events")),
            recent=_names(kept.get("recent")),
            put_away=frozenset(_names(kept.get("put-away"))),
            region=region if isinstance(region, str) else None,
            suggests=kept.get("suggests") is not False,
            explains=kept.get("explains") is True,
        )

    async def pin(self, service_id: str, *, pinned: bool = True) -> None:
        """Pin a service to the home screen, or take it off."""
        async with self._turn:
            await self._move("pinned", (await self.read()).pinned, service_id, last=pinned)

    async def pin_event(self, event_id: str, *, pinned: bool = True) -> None:
        """Pin a life event to the home screen, or take it off."""
        async with self._turn:
            await self._move("pinned-events", (await self.read()).pinned_events, event_id, last=pinned)

    async def opened(self, service_id: str) -> None:
        """Note that a service was opened."""
        async with self._turn:
            others = [s for s in (await self.read()).recent if s != service_id]
            await self._storage.put(MARKS, "recent", [service_id, *others][:_RECENT])

    async def put_away(self, notice_id: str) -> None:
        """Show a notice no more."""
        async with self._turn:
            others = [n for n in _names(await self._storage.get(MARKS, "put-away")) if n != notice_id]
            await self._storage.put(MARKS, "put-away", [*others, notice_id][-_PUT_AWAY:])

    async def choose_region(self, code: str | None) -> None:
        """Choose a region by its code, or `EVERYWHERE`; None: the one of the population register again."""
        if code is None:
            await self._storage.delete(MARKS, "region")
        else:
            await self._storage.put(MARKS, "region", code)

    async def suggest(self, on: bool) -> None:
        """Let home suggest what may come next, or not."""
        await self._storage.put(MARKS, "suggests", on)

    async def explain(self, on: bool) -> None:
        """Let search say why a result stands where it does, or not."""
        await self._storage.put(MARKS, "explains", on)

    async def _move(self, name: str, before: tuple[str, ...], one: str, *, last: bool) -> None:
        others = [other for other in before if other != one]
        await self._storage.put(MARKS, name, [*others, one] if last else others)


def _names(kept: Any) -> tuple[str, ...]:
    return tuple(str(one) for one in cast("list[Any]", kept)) if isinstance(kept, list) else ()
