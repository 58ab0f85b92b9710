"""Components that cannot take the window down with them.

Flet draws changes in one background task a session; an exception there ends the task, and the window stands
still without a word. Every component of Loket is made with `component`, which turns a fault of ours into a
word on the screen and an error in the log.
"""

from __future__ import annotations

import functools
import logging
import traceback
from collections.abc import Callable
from typing import Any

import flet as ft

log = logging.getLogger("loket.ui")


def component(draw: Callable[..., Any]) -> Callable[..., Any]:
    """`ft.component`, with a fault in drawing shown in its place and logged (type and place, no values).

    Like Flet's, what it gives takes a `key` beside the arguments of `draw`.
    """

    @functools.wraps(draw)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        try:
            return draw(*args, **kwargs)
        except Exception as error:  # the last one who can say it
            # Where it happened and what kind it is, but not its message: that may quote an answer.
            place = "".join(traceback.format_tb(error.__traceback__))
            log.error("%s could not be drawn: %s\n%s", draw.__name__, type(error).__name__, place)
            return _broken(draw)

    return ft.component(guarded)


def _broken(draw: Callable[..., Any]) -> ft.Control | ft.View:
    from app.ui.cards import notice

    words = notice(
        "wrong",
        ft.Icons.ERROR_OUTLINE,
        "Bagian ini belum bisa ditampilkan",
        "Isian Anda aman. Kembali ke Beranda, lalu coba lagi.",
        identifier="broken",
    )
    if "View" in str(draw.__annotations__.get("return", "")):
        return ft.View(route="/broken", controls=[words], padding=16)
    return words
