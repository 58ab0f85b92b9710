"""What a citizen does at the screen on a way: page by page, field by field, by the public names of controls.

A `Scene` is one page with the acts that answer it. Whoever drives the app (headless, or a browser for
pictures) opens the form and does one scene after the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from app.authoring.walk.replay import begin
from app.authoring.walk.ways import Way
from app.contract.applications import AttachmentRef
from app.contract.citizen import Me
from app.contract.countries import countries
from app.contract.definition import ServiceDefinition
from app.contract.form import (
    AddressField,
    AnyField,
    ChoiceField,
    ChoicesField,
    CountryField,
    DocumentField,
    GridField,
    PersonField,
    RegionField,
    RepeatField,
    SlotField,
    YesNoField,
)
from app.contract.language import Language
from app.contract.text import Text
from app.forms.conditions import Situation, applies
from app.forms.journey import CHECK, Journey
from app.forms.kinds.person import candidates
from app.forms.kinds.places import allowed_provinces, allowed_regencies
from app.forms.kinds.slots import open_days
from app.forms.received import items, mapping

NEXT, SEND = "form.next", "check.send"
MANY = 7
"""From more options on, the list is searched (`app.ui.fields.choices.MANY`; a test holds them together)."""
DAYS = 9
"""How many days of an appointment stand there at a time (`app.ui.fields.slots.DAYS`)."""
PLACES = 6
"""From more places on, they are searched (`app.ui.fields.searchable.SHOWN`)."""
_INDONESIAN = Language.load("id")


@dataclass(frozen=True, slots=True)
class Act:
    """One act at the control `target`: tap it, type `text` into it, or choose `file` at it."""

    do: Literal["tap", "type", "attach"]
    target: str
    text: str = ""
    file: AttachmentRef | None = None


@dataclass(frozen=True, slots=True)
class Scene:
    """One page: its title, what answers it, and what leads on. `page` is `check` for the last one.

    Where something unusual was answered, the app says so and `leave` has the tap twice.
    """

    page: str
    title: str
    answers: tuple[Act, ...]
    leave: tuple[Act, ...]


def scenes(definition: ServiceDefinition, me: Me, today: date, way: Way) -> list[Scene]:
    """The pages of a way, which must hold (`replay`)."""
    journey = begin(definition, me, today, way)
    told: set[tuple[str, str]] = set()
    found: list[Scene] = []
    while (page := journey.page) is not None:
        acts = [act for one in journey.fields() for act in _answered(one, journey, way)]
        doubts = {(p.field, p.phrase.message) for p in journey.problems(page.id) if p.warning} - told
        told |= doubts
        leave = (Act("tap", NEXT),) * (2 if doubts else 1)
        found.append(Scene(page.id, _INDONESIAN.say(page.title), tuple(acts), leave))
        if journey.forward() or journey.exit is not None:
            return found
    ticked = [act for one in journey.fields(CHECK) for act in _answered(one, journey, way)]
    found.append(Scene(CHECK, "Periksa sebelum dikirim", tuple(ticked), (Act("tap", SEND),)))
    return found


def _answered(one: AnyField, journey: Journey, way: Way) -> Iterator[Act]:
    if one.id not in way.answers:
        return
    name = f"field.{one.id}"
    before = _known(one, journey)
    if before is not None:
        yield Act("tap", f"{name}.change")
    yield from _acts(one, name, way.answers[one.id], journey.view.situation, before)


def _known(one: AnyField, journey: Journey) -> Any:
    """What the state says for a field that is answered otherwise."""
    untouched = Journey(journey.definition, journey.me, journey.today)
    untouched.answers.values.update(
        {name: value for name, value in journey.answers.values.items() if name != one.id}
    )
    known = untouched.prefilled(one.id)
    return known.value if known is not None else None


def _acts(one: AnyField, name: str, value: Any, situation: Situation, before: Any = None) -> Iterator[Act]:
    """The acts that give `value` in a field; `before` is what stands in it."""
    match one:
        case YesNoField():
            yield Act("tap", f"{name}.{'yes' if value else 'no'}")
        case ChoiceField():
            offered = [o for o in one.options if applies(o.when, situation)]
            yield from _picked(name, str(value), {o.value: o.label for o in offered}, MANY, there=before)
        case ChoicesField():
            offered = {o.value: o.label for o in one.options if applies(o.when, situation)}
            for option in offered:
                if (option in value) != (option in (items(before) or [])):
                    yield from _picked(name, option, offered, MANY)
        case CountryField():
            yield from _picked(name, str(value), countries(), MANY, there=before)
        case PersonField():
            yield from _person(one, name, value, situation)
        case RegionField() | AddressField():
            yield from _place(one, name, value, mapping(before) or {})
        case SlotField():
            yield from _slot(one, name, value, situation)
        case RepeatField():
            yield from _entries(one, name, items(value) or [], situation)
        case GridField():
            for row, cells in (mapping(value) or {}).items():
                yield from _cells(one.columns, f"{name}.{row}", cells, situation)
        case DocumentField():
            for file in items((mapping(value) or {}).get("files")) or ():
                yield Act("attach", f"{name}.add", file=AttachmentRef.model_validate(file))
        case _:
            yield from _of_type(one.type, name, value)


def _of_type(kind: str, name: str, value: Any) -> Iterator[Act]:
    match kind:
        case "file" | "photo":
            for file in items(value) or ():
                yield Act("attach", name, file=AttachmentRef.model_validate(file))
        case "declaration":
            yield Act("tap", name)
        case "signature":
            yield Act("type", f"{name}.name", str(value["name"]))
            yield Act("tap", f"{name}.agreed")
        case "payment":
            yield Act("tap", f"{name}.{value['method']}")
        case "date_range":
            for end in ("start", "end"):
                if end in value:
                    yield Act("type", f"{name}.{end}", str(value[end]))
        case "location":
            yield Act("type", name, f"{value['latitude']}, {value['longitude']}")
        case _:
            yield Act("type", name, str(value))


def _picked(
    name: str, value: str, offered: Mapping[str, Text], many: int, *, there: Any = None
) -> Iterator[Act]:
    """One of the things that are offered; of more than `many`, it is searched by its words."""
    if len(offered) > many:
        if there is not None:
            yield Act("tap", f"{name}.change")
        yield Act("type", f"{name}.search", _INDONESIAN.say(offered[value]))
    yield Act("tap", f"{name}.{value}")


def _person(one: PersonField, name: str, value: Mapping[str, Any], situation: Situation) -> Iterator[Act]:
    card = candidates(one, situation)
    if value.get("from") == "family":
        yield Act("tap", f"{name}.{card.index(dict(value))}")
        return
    if card:
        yield Act("tap", f"{name}.other")
    for part in ("nik", "full_name"):
        yield Act("type", f"{name}.{part}", str(value[part]))


def _place(
    one: RegionField | AddressField, name: str, value: Mapping[str, str], before: Mapping[str, str]
) -> Iterator[Act]:
    code = value["region_code"]
    if "street" in value:
        yield Act("type", f"{name}.street", value["street"])
    provinces = allowed_provinces(one.within)
    other = before.get("province") != value["province"]
    if len(provinces) > 1 and other:
        if before.get("province"):
            yield Act("tap", f"{name}.province.change")
        yield Act("type", f"{name}.province.search", value["province"])
        yield Act("tap", f"{name}.province.{code[:2]}")
    if "regency" in value and (other or before.get("regency") != value["regency"]):
        if before.get("regency") and not other:
            yield Act("tap", f"{name}.regency.change")
        if code[:5] in allowed_regencies(code[:2], one.within):
            yield Act("type", f"{name}.regency.search", value["regency"])
        yield Act("tap", f"{name}.regency.{code[:5]}")
    for part in ("district", "village", "postcode"):
        if part in value:
            yield Act("type", f"{name}.{part}", value[part])


def _slot(one: SlotField, name: str, value: Mapping[str, str], situation: Situation) -> Iterator[Act]:
    offered = {o.value: o.label for o in one.places if applies(o.when, situation)}
    if len(offered) > 1:
        yield from _picked(f"{name}.place", value["place"], offered, PLACES)
    days = [day.isoformat() for day in open_days(one, situation)]
    for _ in range(days.index(value["date"]) // DAYS):
        yield Act("tap", f"{name}.date.more")
    yield Act("tap", f"{name}.date.{value['date']}")
    yield Act("tap", f"{name}.time.{value['time']}")


def _entries(one: RepeatField, name: str, entries: list[Any], situation: Situation) -> Iterator[Act]:
    for index, entry in enumerate(entries):
        if index >= one.minimum:
            yield Act("tap", f"{name}.add")
        yield from _cells(one.fields, f"{name}.{index}", entry, situation)


def _cells(
    fields: list[AnyField], name: str, cells: Mapping[str, Any], situation: Situation
) -> Iterator[Act]:
    within = situation.within(cells)
    for inner in fields:
        if inner.id in cells:
            yield from _acts(inner, f"{name}.{inner.id}", cells[inner.id], within)
