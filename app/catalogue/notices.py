"""The notices on this device: as they were last signed, those that hold now, readable without a network."""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, Protocol

from app.catalogue.shelf import KeptNotices, Shelf
from app.catalogue.signature import Untrusted, key_id, keys_for, read_signed
from app.contract.text import Text
from app.watchers import Watchers

if TYPE_CHECKING:
    from app.catalogue.syncing import Source

log = logging.getLogger("loket.catalogue")

Level = Literal["info", "warning", "emergency"]
_URGENCY: dict[str, int] = {"emergency": 0, "warning": 1, "info": 2}


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """One notice as a screen shows it. `regions`: codes; none: everywhere. The times are aware."""

    id: str
    level: Level
    title: Text
    text: Text
    regions: tuple[str, ...]
    valid_from: datetime
    valid_until: datetime
    dismissible: bool
    service: str | None

    def concerns(self, region: str | None, now: datetime) -> bool:
        """Whether it holds now for somebody in `region` (None: the whole country)."""
        here = not self.regions or region is None or any(region.startswith(code) for code in self.regions)
        return here and self.valid_from <= now < self.valid_until


class _Blocking(Protocol):
    def __call__(self, work: Callable[[], Any], /) -> Awaitable[Any]: ...


class NoticeBoard:
    """The notices of everybody. `blocking` runs work on the shelf in a thread."""

    def __init__(self, shelf: Shelf, blocking: _Blocking, now: Callable[[], datetime]) -> None:
        self._shelf = shelf
        self._blocking = blocking
        self._now = now
        self._number: int | None = None
        self._rows: tuple[NoticeRow, ...] = ()
        self._told: frozenset[str] = frozenset()
        self._watchers = Watchers[[]]()

    async def load(self) -> None:
        """Take what is on the shelf."""
        kept: KeptNotices | None = await self._blocking(self._shelf.notices)
        if kept is not None:
            self._number, self._rows = kept.number, _rows(kept.body)
        self._told = self._holding()

    def current(self, region: str | None) -> tuple[NoticeRow, ...]:
        """What holds now in `region` (a code; None: the whole country), the most urgent first."""
        now = self._now()
        holding = [row for row in self._rows if row.concerns(region, now)]
        return tuple(sorted(holding, key=lambda row: (_URGENCY[row.level], row.valid_from)))

    async def sync(self, source: Source) -> None:
        """Bring them up to date. Raises the faults of `source`; then, too, what has ended is told."""
        try:
            signed = await source.notices(self._number)
            if signed is not None:
                await self._take(signed, source)
        except Untrusted as error:
            log.warning("notices were refused: %s", error)
        finally:
            self._tell_changes()

    def watch(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call `callback` on the loop when others hold than before; gives what ends it."""
        return self._watchers.watch(callback)

    async def _take(self, signed: str, source: Source) -> None:
        from app.contract.notices import NOTICES_TYPE, Notices

        kid = key_id(signed)
        keys = await keys_for({kid}, self._shelf, source, self._blocking)
        if kid not in keys:
            raise Untrusted("signed with a key that the backend does not have")
        notices = read_signed(signed, keys[kid], NOTICES_TYPE, Notices)
        if self._number is not None and notices.number < self._number:
            raise Untrusted(f"list {notices.number} is older than {self._number}, which is here")
        body = json.dumps([one.model_dump(mode="json") for one in notices.notices], ensure_ascii=False)
        await self._blocking(lambda: self._shelf.keep_notices(KeptNotices(notices.number, body)))
        self._number, self._rows = notices.number, _rows(body)

    def _holding(self) -> frozenset[str]:
        now = self._now()
        return frozenset(row.id for row in self._rows if row.concerns(None, now))

    def _tell_changes(self) -> None:
        holding = self._holding()
        if holding != self._told:
            self._told = holding
            self._watchers.tell()


def _rows(body: str) -> tuple[NoticeRow, ...]:
    return tuple(
        NoticeRow(
            id=one["id"],
            level=one["level"],
            title=Text.read(one["title"]),
            text=Text.read(one["text"]),
            regions=tuple(one["regions"]),
            valid_from=datetime.fromisoformat(one["valid_from"]),
            valid_until=datetime.fromisoformat(one["valid_until"]),
            dismissible=one["dismissible"],
            service=one["service"],
        )
        for one in json.loads(body)
    )
