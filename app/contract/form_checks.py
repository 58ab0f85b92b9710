"""Static checks of a definition: what its models cannot see by themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.contract.definition import Agency, LifeEvent, ServiceDefinition
from app.contract.yaml_tree import Step


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault at a path of keys and positions; `app.contract.source` finds its line."""

    path: tuple[Step, ...]
    expected: str
    came: str
    hint: str = ""


def check_service(definition: ServiceDefinition) -> Iterator[Fault]:
    yield from ()


def check_agency(agency: Agency) -> Iterator[Fault]:
    yield from ()


def check_life_events(events: Sequence[LifeEvent]) -> Iterator[Fault]:
    yield from ()
