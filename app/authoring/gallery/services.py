"""Every service before it is begun, its medal explained, and the beginning of its form."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from app.authoring.gallery.shots import Act, Shot, looks
from app.authoring.quality.medals import FILE, assess, write_medal
from app.authoring.subjects import Subject, subjects_in
from app.contract.definition import ServiceDefinition
from app.contract.medal import KeptMedal
from app.testing.services import copy_services

_BEFORE = (
    *looks(sizes=("phone", "desktop"), themes=("light", "dark")),
    *looks(scales=(200,)),
    *looks(languages=("en",)),
)
_FORM = tuple(looks(sizes=("phone", "desktop"), themes=("light", "dark")))
_MEDAL = (*looks(themes=("light", "dark")), *looks(scales=(200,)), *looks(sizes=("desktop",)))


def with_medals(root: Path, into: Path, today: date) -> list[Subject]:
    """A copy of the services of `root` in `into`, each with the medal that it has earned now; gives them."""
    copy_services(root, into)
    subjects = [s for s in subjects_in(root, today) if s.kind == "service" and s.definition is not None]
    for subject in subjects:
        if subject.definition is not None and (assessment := assess(subject)) is not None:
            write_medal(into / subject.definition.id, assessment)
    return subjects


def service_shots(subjects: list[Subject], root: Path) -> list[Shot]:
    """The shots of `subjects` as they are in `root`: each page, and once each medal's explanation."""
    explained: set[str] = set()
    shots: list[Shot] = []
    for subject in subjects:
        if subject.definition is None:
            continue
        shots += _shots(subject.definition)
        kept = root / subject.definition.id / FILE
        if not kept.is_file():
            continue
        level = KeptMedal.model_validate_json(kept.read_bytes()).level
        if level not in explained:
            explained.add(level)
            shots.append(_explained(subject.definition, level))
    return shots


def _shots(definition: ServiceDefinition) -> Iterator[Shot]:
    title = definition.title.in_("id")
    route = f"/service/{definition.id}"
    yield Shot(title, "Before it is begun", route, state="service", looks=_BEFORE)
    yield Shot(title, "First page", f"{route}/form", state="empty", looks=_FORM)


def _explained(definition: ServiceDefinition, level: str) -> Shot:
    route = f"/service/{definition.id}"
    acts = (Act("tap", "service.medal"),)
    return Shot(
        definition.title.in_("id"),
        f"Its medal: {level}",
        route,
        acts,
        state="medal",
        shows="service.medal.close",
        looks=_MEDAL,
    )
