"""How a fault of ours stands in the log: its kind and where it happened, never its words.

The message of an exception may quote what a citizen has typed (pydantic and Flet do), so it is left out.
"""

from __future__ import annotations

import logging
import traceback


def log_fault(log: logging.Logger, what: str, error: BaseException) -> None:
    """Log `error`, with `what` failed in words that hold no values."""
    place = "".join(traceback.format_tb(error.__traceback__))
    log.error("%s: %s\n%s", what, type(error).__name__, place)
