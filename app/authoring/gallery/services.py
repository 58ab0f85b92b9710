"""Every service before it is begun, its medal explained, and the pages of its form, answered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from app.applications.attachments import named_files
from app.authoring.gallery.making import Told, take
from app.authoring.gallery.shots import Act, Look, Shot, looks, shots_of_way
from app.authoring.quality.medals import FILE, assess, write_medal
from app.authoring.subjects import Subject
from app.authoring.walk.citizens import changed, citizen_of
from app.authoring.walk.kept import NotKept, read_kept
from app.authoring.walk.pictures import bytes_of
from app.contract.definition import ServiceDefinition
from app.contract.medal import KeptMedal
from app.forms.journey import CHECK
from app.testing.phone import File
from app.testing.services import LOKET, copy_services

if TYPE_CHECKING:
    from app.authoring.gallery.camera import Picture

_BEFORE = (
    *looks(sizes=("phone", "desktop"), themes=("light", "dark")),
    *looks(scales=(200,)),
    *looks(languages=("en",)),
)
_FORM = tuple(looks())
_MEDAL = (*looks(themes=("light", "dark")), *looks(scales=(200,)), *looks(sizes=("desktop",)))


EVERY_LOOK = tuple(looks(sizes=("phone", "desktop"), themes=("light", "dark"), scales=(100, 200)))
"""Phone and desktop, light and dark, words as they are and twice as large."""


async def picture_services(
    subjects: Sequence[Subject], today: date, *, looks: Sequence[Look] = (), told: Told | None = None
) -> list[Picture]:
    """Pictures of services beside those of Loket: before each is begun, its medal, and its kept ways.

    A look is chosen for each shot unless `looks` says which. Raises CannotTake.
    """
    with TemporaryDirectory() as folder:
        root = Path(folder)
        for source in dict.fromkeys((LOKET, *(subject.folder.parent.parent for subject in subjects))):
            copy_services(source, root)
        for subject in subjects:
            if subject.definition is not None and (assessment := assess(subject)) is not None:
                write_medal(root / subject.definition.id, assessment)
        on: dict[date, list[Shot]] = {today: service_shots(subjects, root, looks)}
        for subject in subjects:
            day, shots = way_shots(subject, looks)
            on.setdefault(day or today, []).extend(shots)
        pictures: list[Picture] = []
        for day, shots in on.items():
            pictures += await take(root, shots, [], today=day, told=told)
        return pictures


def service_shots(subjects: Sequence[Subject], root: Path, looks: Sequence[Look] = ()) -> list[Shot]:
    """The shots of `subjects` as they are in `root`: each page, and once each medal's explanation."""
    explained: set[str] = set()
    shots: list[Shot] = []
    for subject in subjects:
        if subject.definition is None:
            continue
        shots.append(_before(subject.definition, looks))
        kept = root / subject.definition.id / FILE
        if not kept.is_file():
            continue
        level = KeptMedal.model_validate_json(kept.read_bytes()).level
        if level not in explained:
            explained.add(level)
            shots.append(_explained(subject.definition, level, looks))
    return shots


def way_shots(subject: Subject, looks: Sequence[Look] = ()) -> tuple[date | None, list[Shot]]:
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
            files=[File(one.file.name, bytes_of(one.file)) for one in named_files(dict(way.answers))],
            persona=kept.persona,
            registers=[
                me.get(concept) or changed(citizen.known.get(concept), concept, None)
                for concept in citizen.readable
            ],
            ended=not sent,
            looks=looks or _FORM,
        )
    return kept.day, shots


def _before(definition: ServiceDefinition, looks: Sequence[Look]) -> Shot:
    route = f"/service/{definition.id}"
    return Shot(
        definition.title.in_("id"),
        "Before it is begun",
        route,
        state="service",
        looks=tuple(looks or _BEFORE),
    )


def _explained(definition: ServiceDefinition, level: str, looks: Sequence[Look]) -> Shot:
    route = f"/service/{definition.id}"
    acts = (Act("tap", "service.medal"),)
    return Shot(
        definition.title.in_("id"),
        f"Its medal: {level}",
        route,
        acts,
        state="medal",
        shows="service.medal.close",
        looks=tuple(looks or _MEDAL),
    )
