"""The panel of a preview: a page around the app, with whom, how large, how it looks, on which network, and
what was found."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, cast

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from app.authoring.preview.stage import (
    LANGUAGES,
    NETWORKS,
    SCALES,
    SIZES,
    THEMES,
    Stage,
)
from app.contract.language import Language
from app.identity.errors import SignInError
from app.testing.loket import PIN

PATH = "/_preview"
PATIENCE = 1.0
"""Seconds that a question for news may wait: the end of the preview waits no longer for it."""
MOST_BYTES = 1_000

_FILES = Path(__file__).parent / "page"
_PAGES = {"": "panel.html", "/": "panel.html", "/panel.css": "panel.css", "/panel.js": "panel.js"}
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; "
        "connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
}


class Panel:
    """ASGI: the panel below `PATH`, the app for everything else. `framed`: the panel shows the app itself;
    else the app has a window of its own."""

    def __init__(self, app: ASGIApp, stage: Stage, *, framed: bool) -> None:
        self._app = app
        self._stage = stage
        self._framed = framed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or leave it to the app."""
        path: str = scope.get("path", "")
        if scope["type"] == "http" and (path == PATH or path.startswith(f"{PATH}/")):
            response = await self._answer(Request(scope, receive))
            await response(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        path = request.url.path.removeprefix(PATH)
        if request.method == "GET" and path in _PAGES:
            return FileResponse(_FILES / _PAGES[path], headers=_HEADERS)
        if request.method == "GET" and path == "/state":
            after = request.query_params.get("after", "")
            await self._stage.after(int(after) if after.isdigit() else -1, PATIENCE)
            return self._state()
        if request.method == "POST" and path == "/set":
            return await self._set(request)
        return Response(status_code=404)

    def _state(self) -> Response:
        return JSONResponse({**state(self._stage), "framed": self._framed}, headers=_HEADERS)

    async def _set(self, request: Request) -> Response:
        # The gate lets in who has its cookie, and a browser gives that to every port of this machine.
        if request.headers.get("origin") != f"http://{request.headers.get('host')}":
            return Response(status_code=403)
        try:
            asked: Any = json.loads(await _body(request))
            if not isinstance(asked, dict):
                raise TypeError("not an object")
            await change(self._stage, cast("dict[str, Any]", asked))
        except (ValueError, TypeError, KeyError) as error:
            return _problem(f"This cannot be set: {error}.")
        except SignInError as error:
            return _problem(f"Nobody else was signed in. {Language.load('en').say(error.phrase)}")
        return self._state()


def _problem(words: str) -> Response:
    return JSONResponse({"problem": words}, 422, headers=_HEADERS)


async def _body(request: Request) -> bytes:
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > MOST_BYTES:
            raise ValueError(f"more than {MOST_BYTES} bytes")
    return body


async def change(stage: Stage, asked: Mapping[str, Any]) -> None:
    """Change what `asked` names.

    Raises ValueError for what is not offered, before anything is changed; SignInError for a persona whom the
    provider lets not in.
    """
    settings = stage.device.settings
    offered: dict[str, tuple[Any, Callable[[Any], Awaitable[None]]]] = {
        "service": (stage.services, stage.set_service),
        "persona": (stage.personas, stage.become),
        "size": (SIZES, stage.set_size),
        "text_scale": (SCALES, lambda value: settings.set(text_scale=value)),
        "theme": (THEMES, lambda value: settings.set(theme=value)),
        "language": (LANGUAGES, lambda value: settings.set(language=value)),
        "network": (NETWORKS, stage.set_network),
        "start_over": ((True,), lambda _value: stage.start_over()),
    }
    doing: list[Callable[[], Awaitable[None]]] = []
    for name, value in asked.items():
        values, do = offered.get(name, ((), None))
        if do is None or value not in values:
            raise ValueError(f"{name} {value!r}")
        doing.append(partial(do, value))
    for do in doing:
        await do()


def state(stage: Stage) -> dict[str, Any]:
    """What the panel shows, as JSON."""
    kept, told, persona = stage.device.settings.get(), stage.told, stage.persona
    return {
        "revision": told.revision,
        "service": stage.service,
        "services": stage.services,
        "persona": persona.id if persona else "",
        "personas": [
            {"id": one.id, "name": one.name, "situation": one.situation.in_("en")}
            for one in stage.personas.values()
        ],
        "pin": PIN,
        "size": stage.size,
        "sizes": {name: list(size) for name, size in SIZES.items()},
        "text_scale": kept.text_scale,
        "theme": kept.theme,
        "language": kept.language,
        "network": stage.network,
        "broken": told.broken,
        "taken_up": told.taken_up.isoformat() if told.taken_up else None,
        "seconds": told.seconds,
        "findings": [finding.to_json() for finding in told.findings],
    }
