"""On the path of the app under test: tells how long the loop could do nothing else, where that is long.

In the processor's time of the loop's thread, so that what the browser takes on a busy machine does not count.
"""

from __future__ import annotations

import sys
import time
from asyncio import Handle

LIMIT = 0.1
"""Seconds."""

_run = Handle._run


def _timed(self: Handle) -> None:
    began = time.thread_time()
    _run(self)
    if (spent := time.thread_time() - began) > LIMIT:
        sys.stderr.write(f"a frame of {spent * 1e3:.0f} ms\n")


Handle._run = _timed
