"""Components that cannot take the window down with them.

Flet draws changes in one background task a session; an exception there ends the task, and the window stands
still without a word. Every component of Loket is made with `component`, which turns a fault of ours into a
word on the screen and an error in the log.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable
from typing import Any

import flet as ft

from app.contract.language import Language
from app.contract.phrase import N_
from app.faults import log_fault

log = logging.getLogger("loket.ui")

LANGUAGE = "language"
"""Where a window keeps the tag of its language, in its session's store."""

_BROKEN = N_("Bagian ini belum bisa ditampilkan")
_SAFE = N_("Isian Anda aman. Kembali ke Beranda, lalu coba lagi.")


def component(draw: Callable[..., Any]) -> Callable[..., Any]:
    """`ft.component`, with a fault in drawing shown in its place and logged (type and place, no values).

    Like Flet's, what it gives takes a `key` beside the arguments of `draw`.
    """

    @functools.wraps(draw)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        try:
            return draw(*args, **kwargs)
        except Exception as error:  # the last one who can say it
            log_fault(log, f"{draw.__name__} could not be drawn", error)
            return _broken(draw)

    return ft.component(guarded)


def _broken(draw: Callable[..., Any]) -> ft.Control | ft.View:
    from app.ui.cards import notice

    # The App's own language is out of reach here: reading a context is a hook, and this drawing has failed.
    language = Language.load(ft.context.page.session.store.get(LANGUAGE) or "id")
    words = notice(
        "wrong",
        ft.Icons.ERROR_OUTLINE,
        language.say(_BROKEN),
        language.say(_SAFE),
        identifier="broken",
    )
    if "View" in str(draw.__annotations__.get("return", "")):
        return ft.View(route="/broken", controls=[words], padding=16)
    return words
