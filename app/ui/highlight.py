"""Text with the pieces that a search has met: heavier, and on a ground of their own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import flet as ft

from app.ui.theme import FAMILY
from app.ui.tokens import CHOSEN, INK, INK_2, ON_CHOSEN

_MET = ft.TextStyle(font_family=f"{FAMILY} 800", bgcolor=CHOSEN, color=ON_CHOSEN)


def highlighted(
    text: str, spans: Sequence[tuple[int, int]], *, secondary: bool = False, lines: int | None = None
) -> ft.Text:
    """`text` as the title of a row, or (`secondary`) as its detail, with `spans` (start, end) marked; cut
    after `lines`, if given."""
    return ft.Text(
        "" if spans else text,
        spans=list(_pieces(text, spans)) if spans else None,
        theme_style=ft.TextThemeStyle.BODY_MEDIUM if secondary else ft.TextThemeStyle.TITLE_SMALL,
        color=INK_2 if secondary else INK,
        max_lines=lines,
        overflow=ft.TextOverflow.ELLIPSIS if lines else ft.TextOverflow.CLIP,
    )


def _pieces(text: str, spans: Sequence[tuple[int, int]]) -> Iterator[ft.TextSpan]:
    done = 0
    for start, end in spans:
        if start > done:
            yield ft.TextSpan(text[done:start])
        yield ft.TextSpan(text[start:end], style=_MET)
        done = end
    if done < len(text):
        yield ft.TextSpan(text[done:])
