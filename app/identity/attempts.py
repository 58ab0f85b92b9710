"""How many wrong PINs there were and how long to wait: pure rules, no clock and no file of their own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

MOST_WRONG = 10
"""After this many wrong PINs in a row the keys are erased."""

_WAITS = {3: 30, 4: 60, 5: 5 * 60, 6: 15 * 60}
_LONGEST_WAIT = 60 * 60


@dataclass(frozen=True, slots=True)
class Attempts:
    """`wrong` attempts in a row, the last begun at `last`. One under way counts as wrong."""

    wrong: int = 0
    last: datetime | None = None

    @property
    def left(self) -> int:
        """How many more may be made."""
        return max(MOST_WRONG - self.wrong, 0)

    def wait(self) -> timedelta:
        """How long to wait after the last: nothing at first, 30 s after three, an hour from seven on."""
        if self.wrong < min(_WAITS):
            return timedelta(0)
        return timedelta(seconds=_WAITS.get(self.wrong, _LONGEST_WAIT))

    def until(self, now: datetime) -> datetime | None:
        """When the next may be made, or None for now."""
        if self.last is None or self.wait() == timedelta(0):
            return None
        end = self.last + self.wait()
        return end if now < end else None

    def seen_at(self, now: datetime) -> Attempts:
        """These attempts as of `now`: a clock that was set back starts the wait anew, no longer."""
        if self.last is not None and now < self.last:
            return Attempts(self.wrong, now)
        return self

    def begun(self, now: datetime) -> Attempts:
        """After one more attempt, which counts as wrong until it is proved right."""
        return Attempts(self.wrong + 1, now)
