"""Static checks of a definition: what its models cannot see by themselves.

Ids that are unique, references that lead somewhere, concepts that are permitted and used. Fields:
`field_checks`; conditions: `condition_checks`; what can ever be reached: `reachability`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from app.contract.concepts import CONCEPTS
from app.contract.condition_checks import Path, Scope, check_concept, check_condition
from app.contract.definition import Agency, LifeEvent, ServiceDefinition
from app.contract.field_checks import Around, check_field, check_regions, each_once
from app.contract.findings import Fault, did_you_mean, shown
from app.contract.form import CHECK_PAGE, AnyField
from app.contract.icons import ICONS
from app.contract.naming import fields_named, used_concepts
from app.contract.reachability import check_reachability


def check_agency(agency: Agency) -> Iterator[Fault]:
    """The faults of an agency."""
    yield from _icon(agency.icon, ("icon",))


def check_life_events(events: Sequence[LifeEvent]) -> Iterator[Fault]:
    """The faults of the list of life events."""
    yield from each_once([e.id for e in events], [(i, "id") for i in range(len(events))])
    yield from each_once([str(e.order) for e in events], [(i, "order") for i in range(len(events))])
    for i, event in enumerate(events):
        yield from _icon(event.icon, (i, "icon"))


def check_service(definition: ServiceDefinition) -> Iterator[Fault]:
    """The faults of a service that can be seen in its own file, in the order of the file."""
    permitted = frozenset(p.concept for p in definition.permissions)
    yield from _icon(definition.icon, ("icon",))
    for name in ("outputs", "requirements", "legal"):
        ids = [item.id for item in getattr(definition, name)]
        yield from each_once(ids, [(name, i, "id") for i in range(len(ids))])
    for i, output in enumerate(definition.outputs):
        claims = [claim.id for claim in output.claims or ()]
        yield from each_once(claims, [("outputs", i, "claims", n, "id") for n in range(len(claims))])
    concepts = [p.concept for p in definition.permissions]
    yield from each_once(concepts, [("permissions", i, "concept") for i in range(len(concepts))])
    yield from check_regions(definition.regions, ("regions",))
    faults = [*_references(definition, permitted), *_form(definition, permitted)]
    yield from faults
    yield from _unused(definition)
    if not faults:
        yield from check_reachability(definition)


def _icon(name: str, path: Path) -> Iterator[Fault]:
    if name not in ICONS:
        hint = did_you_mean(name, sorted(ICONS)) or f"The icons are {', '.join(sorted(ICONS))}."
        yield Fault(path, "an icon of the closed set", shown(name), hint)


def _references(definition: ServiceDefinition, permitted: frozenset[str]) -> Iterator[Fault]:
    """What requirements, costs, processing time and privacy name."""
    legal = [resource.id for resource in definition.legal]
    named: list[tuple[str | None, Path]] = [
        *((cost.legal, ("costs", i, "legal")) for i, cost in enumerate(definition.costs)),
        (definition.processing_time.legal, ("processing_time", "legal")),
        (definition.privacy.legal_basis, ("privacy", "legal_basis")),
    ]
    for name, path in named:
        if name is not None and name not in legal:
            yield Fault(
                path, "the id of a legal resource of this file", shown(name), did_you_mean(name, legal)
            )
    fields = {f.id: f for page in definition.form.pages for f in page.fields}
    scope = Scope(fields, permitted)
    for i, requirement in enumerate(definition.requirements):
        path: Path = ("requirements", i)
        if requirement.field is not None and requirement.field not in fields:
            hint = did_you_mean(requirement.field, sorted(fields))
            yield Fault((*path, "field"), "a field of this form", shown(requirement.field), hint)
        if requirement.concept is not None:
            yield from check_concept(requirement.concept, permitted, (*path, "concept"))
        if requirement.when is not None:
            yield from check_condition(requirement.when, scope, (*path, "when"))
    for i, cost in enumerate(definition.costs):
        if cost.when is not None:
            yield from check_condition(cost.when, scope, ("costs", i, "when"))


def _form(definition: ServiceDefinition, permitted: frozenset[str]) -> Iterator[Fault]:
    form = definition.form
    yield from each_once(
        [p.id for p in form.pages], [("form", "pages", i, "id") for i in range(len(form.pages))]
    )
    places: list[tuple[AnyField, Path]] = [
        (f, ("form", "pages", i, "fields", j))
        for i, page in enumerate(form.pages)
        for j, f in enumerate(page.fields)
    ]
    if form.declaration is not None:
        places.append((form.declaration, ("form", "declaration")))
    yield from each_once([f.id for f, _ in places], [(*path, "id") for _, path in places])
    everything = {f.id: f for f, _ in places}
    depends = {f.id: fields_named([p.when, f]) for p in form.pages for f in p.fields}
    before: dict[str, AnyField] = {}
    for i, page in enumerate(form.pages):
        path: Path = ("form", "pages", i)
        if page.id == CHECK_PAGE:
            yield Fault((*path, "id"), "another id", f'"{CHECK_PAGE}", which is the check page')
        if page.when is not None:
            scope = Scope(before, permitted, later=frozenset(everything) - frozenset(before))
            yield from check_condition(page.when, scope, (*path, "when"))
        for j, asked in enumerate(page.fields):
            around = Around(before, everything, permitted, depends=depends)
            yield from check_field(asked, around, (*path, "fields", j))
            before = {**before, asked.id: asked}
        for j, ending in enumerate(page.exits):
            scope = Scope(before, permitted, later=frozenset(everything) - frozenset(before))
            yield from check_condition(ending.when, scope, (*path, "exits", j, "when"))
    if form.declaration is not None:
        around = Around(before, everything, permitted)
        yield from check_field(form.declaration, around, ("form", "declaration"))


def _unused(definition: ServiceDefinition) -> Iterator[Fault]:
    """A permission that nothing uses asks for too much (UU PDP 27/2022 art. 16: limited to the purpose)."""
    used = used_concepts(definition)
    for i, permission in enumerate(definition.permissions):
        path: Path = ("permissions", i, "concept")
        if permission.concept not in CONCEPTS:
            yield from check_concept(permission.concept, frozenset(), path)
        elif permission.concept not in used:
            yield Fault(
                path, "a concept that the service uses", f'"{permission.concept}", which nothing reads'
            )
