"""When a delivery is tried again, when its system is left alone for a while, and when both are given up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Final

FIRST: Final = timedelta(seconds=5)
GROWTH: Final = 3
LONGEST: Final = timedelta(hours=6)
"""The bounds of the delays of one delivery: 5 s, 15 s, 45 s, … 6 h."""

CIRCUIT_OPENS: Final = 10
"""So many failures in a row, of whatever deliveries, and only one at a time is tried, as a probe."""
PROBE_LONGEST: Final = timedelta(minutes=15)

BUSY: Final = timedelta(minutes=1)
"""How long a system is left alone that says it is busy, and not for how long."""

FAILED_AFTER: Final = timedelta(days=3)
"""A system that took nothing for so long is tried no more until somebody resumes it."""
DEAD_AFTER: Final = timedelta(days=7)
"""A delivery that was refused for so long, while its system works, is given up until it is redelivered."""

RandomBelow = Callable[[int], int]


def delay(attempt: int, random_below: RandomBelow) -> timedelta:
    """How long to wait after the failure of the `attempt`-th try: at least half of a bound that grows, and
    at random up to the whole of it, so that those that failed together do not come again together."""
    return _jittered(_bound(attempt, LONGEST), random_below)


def probe_delay(failures: int, random_below: RandomBelow) -> timedelta:
    """How long to leave a system alone that has failed `failures` times in a row."""
    return _jittered(_bound(failures - CIRCUIT_OPENS + 2, PROBE_LONGEST), random_below)


def _bound(attempt: int, longest: timedelta) -> timedelta:
    # Beyond the twelfth the bound is the longest anyway, and the power would not fit.
    return min(longest, FIRST * GROWTH ** min(attempt - 1, 12))


def _jittered(bound: timedelta, random_below: RandomBelow) -> timedelta:
    half = bound / 2
    return half + timedelta(milliseconds=random_below(int(half / timedelta(milliseconds=1)) + 1))
