"""What pictures are taken of, and how it is looked at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any, Literal

from app.contract.citizen import Attribute
from app.contract.definition import ServiceDefinition
from app.testing.phone import File
from app.testing.place import Place

SizeName = Literal["phone", "tablet", "desktop"]
Theme = Literal["light", "dark"]
LanguageTag = Literal["id", "en"]

SIZES: dict[SizeName, tuple[int, int]] = {
    "phone": (412, 892),
    "tablet": (834, 1112),
    "desktop": (1280, 832),
}
"""Width and height of each size in dp."""


@dataclass(frozen=True, slots=True)
class Look:
    """One way to look at a screen; `scale` is the text size in percent, 100 to 200."""

    size: SizeName = "phone"
    theme: Theme = "light"
    scale: int = 100
    language: LanguageTag = "id"

    def words(self) -> str:
        """This look as a reviewer says it."""
        return f"{self.size}, {self.theme}, {self.scale} %, {self.language}"


def looks(
    *,
    sizes: Sequence[SizeName] = ("phone",),
    themes: Sequence[Theme] = ("light",),
    scales: Sequence[int] = (100,),
    languages: Sequence[LanguageTag] = ("id",),
) -> list[Look]:
    """Every combination."""
    return [Look(*each) for each in product(sizes, themes, scales, languages)]


@dataclass(frozen=True, slots=True)
class Act:
    """What a citizen does on the way to a state: at a semantics identifier, with `text` to type or a `file`
    to choose."""

    kind: Literal["tap", "type", "attach"]
    at: str
    text: str = ""
    file: File | None = None


@dataclass(frozen=True, slots=True)
class Shot:
    """A state of a screen.

    `route` is opened as `persona`; once the identifier `until` is on the screen (by default what a service
    page or a form has when it is read), `acts` are done there. With a `place` the service of the route was
    begun before, and stands there.

    Where `acts` open something, `shows` is an identifier of it.

    `group` and `title` head the pictures, `state` is a word to filter by. `looks` are the looks of this shot
    in place of the gallery's.
    """

    group: str
    title: str
    route: str
    acts: tuple[Act, ...] = ()
    state: str = "plain"
    persona: str = "sari"
    online: bool = True
    until: str = ""
    shows: str = ""
    place: Place | None = None
    looks: tuple[Look, ...] = ()

    @property
    def awaited(self) -> str:
        """The identifier that says that the screen is there."""
        if self.until:
            return self.until
        if self.route.endswith("/form"):
            return "form.back"
        return "service.pin" if self.route.startswith("/service/") else ""

    @property
    def service(self) -> str:
        """The service of the route: `<agency>/<service>`; empty where the route is of none."""
        parts = self.route.split("/")
        return "/".join(parts[2:4]) if parts[1] == "service" else ""


def shots_of_way(
    way: str,
    definition: ServiceDefinition,
    pages: Iterable[str],
    answers: Mapping[str, Any],
    *,
    files: Sequence[File] = (),
    persona: str = "sari",
    registers: Sequence[Attribute] = (),
    ended: bool = False,
    looks: Sequence[Look] = (),
) -> list[Shot]:
    """The `pages` (ids) of one way through a form, each with its answers on it, called `way`.

    `answers` are canonical, by field; those of files name `files` by their hash. `registers` is what the
    state knows of the citizen otherwise than of the persona. `ended`: the form ends early after the last of
    the pages, which then shows why.
    """
    titles = {page.id: page.title.in_("id") for page in definition.form.pages}
    route = f"/service/{definition.id}/form"
    places = [Place(page, answers, tuple(files), registers=tuple(registers)) for page in pages]
    shots = [
        Shot(
            way,
            titles.get(place.page, "Check"),
            route,
            persona=persona,
            state="answered",
            place=place,
            looks=tuple(looks),
        )
        for place in places
    ]
    if ended and shots:
        place = replace(places[-1], ended=True)
        shots.append(replace(shots[-1], title=f"{shots[-1].title} → ends", state="ended", place=place))
    return shots
