"""The page that has all pictures in it: no other file, no script from elsewhere, filters that need none."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.authoring.gallery.camera import Picture

_FOLDER = Path(__file__).parent


def html_page(title: str, pictures: Sequence[Picture]) -> str:
    """One HTML page, complete in itself, with `pictures` under the heads of their groups and shots.

    Pictures with the same group, and in it the same title, stand together.
    """
    groups = list(_together(pictures, lambda picture: picture.shot.group))
    body = "\n".join(_section(index, name, members) for index, (name, members) in enumerate(groups))
    filters = "\n".join(
        _filter(name, label, values)
        for name, label, values in (
            ("size", "Size", _distinct(p.look.size for p in pictures)),
            ("theme", "Theme", _distinct(p.look.theme for p in pictures)),
            ("scale", "Text", _distinct(f"{p.look.scale} %" for p in pictures)),
            ("language", "Language", _distinct(p.look.language for p in pictures)),
            ("state", "State", _distinct(p.shot.state for p in pictures)),
        )
        if len(values) > 1
    )
    parts = {
        "title": escape(title),
        "count": str(len(pictures)),
        "style": (_FOLDER / "page.css").read_text("utf-8"),
        "script": (_FOLDER / "page.js").read_text("utf-8"),
        "filters": filters,
        "contents": "\n".join(
            f'<option value="{index}">{escape(name)}</option>' for index, (name, _) in enumerate(groups)
        ),
        "body": body,
    }
    page = (_FOLDER / "page.html").read_text("utf-8")
    for name, part in parts.items():
        page = page.replace(f"<!--{name}-->", part)
    return page


def _section(index: int, name: str, pictures: Sequence[Picture]) -> str:
    figures = "\n".join(
        f'<h3>{escape(title)}</h3>\n<div class="row">{"".join(map(_figure, members))}</div>'
        for title, members in _together(pictures, lambda picture: picture.shot.title)
    )
    return f'<section id="g{index}" data-group="{index}"><h2>{escape(name)}</h2>\n{figures}\n</section>'


def _figure(picture: Picture) -> str:
    shot, look = picture.shot, picture.look
    facts = {
        "size": look.size,
        "theme": look.theme,
        "scale": f"{look.scale} %",
        "language": look.language,
        "state": shot.state,
    }
    data = " ".join(f'data-{name}="{escape(value)}"' for name, value in facts.items())
    words = f"{look.words()}, {shot.state}"
    alt = escape(f"{shot.group}: {shot.title} ({words})")
    source = base64.b64encode(picture.data).decode()
    return (
        f'<figure class="{look.size}" {data}><button type="button" title="{alt}">'
        f'<img loading="lazy" decoding="async" width="{picture.width}" height="{picture.height}" '
        f'alt="{alt}" src="data:image/webp;base64,{source}"></button>'
        f"<figcaption>{escape(words)}</figcaption></figure>"
    )


def _filter(name: str, label: str, values: Sequence[str]) -> str:
    boxes = "".join(
        f'<label><input type="checkbox" name="{name}" value="{escape(value)}" checked>'
        f"<span>{escape(value)}</span></label>"
        for value in values
    )
    return f"<fieldset><legend>{label}</legend>{boxes}</fieldset>"


def _distinct(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(values))


def _together(
    pictures: Sequence[Picture], of: Callable[[Picture], str]
) -> Iterable[tuple[str, list[Picture]]]:
    found: dict[str, list[Picture]] = {}
    for picture in pictures:
        found.setdefault(of(picture), []).append(picture)
    return found.items()
