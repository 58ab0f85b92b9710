"""The part of a service page that the service draws itself: `services/<agency>/<service>/screen.py`.

Only a service of this repository has one, and only from the app's own folder: a definition that came over the
network brings no code. docs/decisions/services-as-data.md says why.
"""

from __future__ import annotations

import importlib.util
import logging
import sys
from collections.abc import Callable
from functools import cache
from importlib.machinery import PathFinder
from pathlib import Path
from typing import Any

import flet as ft

from app.app import App
from app.faults import log_fault
from app.forms.journey import Journey
from app.sdk import Screen
from app.ui.context import Frame

SERVICES = Path(__file__).parents[1] / "services"

log = logging.getLogger("loket.own_part")

Draw = Callable[[Screen], Any]


def own_part(app: App, journey: Journey, frame: Frame) -> list[ft.Control]:
    """What the service adds to its page; nothing where it has no `screen.py`, or that fails."""
    try:
        draw = drawer(journey.definition.id)
        part = draw(Screen.of(journey, app.language, frame.width, frame.text_scale)) if draw else None
        if part is not None and not isinstance(part, ft.Control):
            raise TypeError(f"draw gave a {type(part).__name__}")
    except Exception as error:  # the page is whole without it
        log_fault(log, f"the screen of {journey.definition.id} could not be drawn", error)
        return []
    return [] if part is None else [ft.Container(part, key="own-part")]


@cache
def drawer(service_id: str) -> Draw | None:
    """The `draw` of a service's `screen.py`; None where it has none. Raises whatever importing it raises."""
    name = f"services.{service_id.replace('/', '.')}.screen"
    spec = PathFinder.find_spec(name, [str(SERVICES / service_id)])
    if spec is None or spec.loader is None:
        return None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module.draw
