"""Every service before it is begun, its medal explained, and the pages of its form, answered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from app.authoring.gallery.shots import Act, Shot, looks, shots_of_way
from app.authoring.quality.medals import FILE, assess, write_medal
from app.authoring.subjects import Subject, subjects_in
from app.authoring.walk.citizens import changed, citizen_of
from app.authoring.walk.kept import NotKept, read_kept
from app.authoring.walk.pictures import bytes_of
from app.contract.definition import ServiceDefinition
from app.contract.medal import KeptMedal
from app.forms.journey import CHECK
from app.forms.received import items, mapping
from app.testing.phone import File
from app.testing.services import copy_services

_BEFORE = (
    *looks(sizes=("phone", "desktop"), themes=("light", "dark")),
    *looks(scales=(200,)),
    *looks(languages=("en",)),
)
_FORM = tuple(looks())
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


def way_shots(subject: Subject) -> tuple[date | None, list[Shot]]:
    """The longest way that is kept of a service, and the end of one that ends early; and their day."""
    definition = subject.definition
    if definition is None:
        return None, []
    try:
        kept = read_kept(subject.folder)
    except NotKept:
        return None, []
    citizen = citizen_of(definition, kept.persona, kept.changes, kept.day)
    shots: list[Shot] = []
    for sent in (True, False):
        ways = [way for way in kept.ways if way.ends.sent is sent]
        if not ways:
            continue
        way = max(ways, key=lambda one: len(one.pages))
        me = citizen.me(way.knows)
        shots += shots_of_way(
            definition.title.in_("id"),
            definition,
            (*way.pages, CHECK) if sent else way.pages[-1:],
            way.answers,
            files=[File(str(fact["name"]), bytes_of(fact)) for fact in _files(way.answers)],
            persona=kept.persona,
            registers=[
                me.get(concept) or changed(citizen.known.get(concept), concept, None)
                for concept in citizen.readable
            ],
            ended=not sent,
            looks=_FORM,
        )
    return kept.day, shots


def _files(value: Any) -> Iterator[Mapping[str, Any]]:
    """The files that answers name, in sections and rows too."""
    found = mapping(value)
    if found is not None and "sha256" in found:
        yield found
        return
    for part in found.values() if found is not None else items(value) or ():
        yield from _files(part)


def _shots(definition: ServiceDefinition) -> Iterator[Shot]:
    title = definition.title.in_("id")
    route = f"/service/{definition.id}"
    yield Shot(title, "Before it is begun", route, state="service", looks=_BEFORE)


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
