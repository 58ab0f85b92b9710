"""Static checks of a definition: what its models cannot see by themselves.

Ids that are unique, references that lead somewhere, concepts that are permitted and used, bounds that leave
room, templates and patterns that work. Conditions: `condition_checks`.
"""

from __future__ import annotations

import re
import string
import warnings
from collections.abc import Iterator, Sequence
from typing import Any

from app.contract.concepts import CONCEPTS, PARTS
from app.contract.condition_checks import Scope, check_bound, check_concept, check_condition, type_of_concept
from app.contract.conditions import All, Any_, Comparison, Condition, Not, RelativeDate
from app.contract.definition import Agency, LifeEvent, ServiceDefinition
from app.contract.findings import Fault, Step, did_you_mean, one_of, shown
from app.contract.form import (
    CHECK_PAGE,
    AnyField,
    ChoiceField,
    ChoicesField,
    DateField,
    DecimalField,
    FieldBase,
    FileField,
    IntegerField,
    LongTextField,
    NikField,
    Option,
    PersonField,
    RepeatField,
    TextField,
    UnknownField,
    known_field_types,
)
from app.contract.icons import ICONS

Path = tuple[Step, ...]
_PREFILLS: dict[str, frozenset[str]] = {
    "text": frozenset(("text",)),
    "long_text": frozenset(("text",)),
    "integer": frozenset(("integer",)),
    "decimal": frozenset(("integer", "decimal")),
    "date": frozenset(("date",)),
    "time": frozenset(("time",)),
    "yes_no": frozenset(("boolean",)),
    "choice": frozenset(("text", "sex")),
    "nik": frozenset(("nik",)),
    "kk": frozenset(("kk",)),
    "phone": frozenset(("phone",)),
    "email": frozenset(("email",)),
    "person": frozenset(("people",)),
}
"""Shapes of attributes that a field type can take over."""
_REPEATED_GROUP = re.compile(r"\)(?:[*+]|\{\d*,\d*\})")
_UNBOUNDED = re.compile(r"(?<!\\)(?:[*+]|\{\d+,\})")
_MAX_UNBOUNDED = 3


def check_agency(agency: Agency) -> Iterator[Fault]:
    """The faults of an agency."""
    yield from _icon(agency.icon, ("icon",))


def check_life_events(events: Sequence[LifeEvent]) -> Iterator[Fault]:
    """The faults of the list of life events."""
    yield from _unique([e.id for e in events], [(i, "id") for i in range(len(events))])
    yield from _unique([str(e.order) for e in events], [(i, "order") for i in range(len(events))])
    for i, event in enumerate(events):
        yield from _icon(event.icon, (i, "icon"))


def check_service(definition: ServiceDefinition) -> Iterator[Fault]:
    """The faults of a service that can be seen in its own file, in the order of the file."""
    permitted = frozenset(p.concept for p in definition.permissions)
    yield from _icon(definition.icon, ("icon",))
    for name in ("outputs", "requirements", "legal"):
        ids = [item.id for item in getattr(definition, name)]
        yield from _unique(ids, [(name, i, "id") for i in range(len(ids))])
    concepts = [p.concept for p in definition.permissions]
    yield from _unique(concepts, [("permissions", i, "concept") for i in range(len(concepts))])
    yield from _references(definition, permitted)
    yield from _form(definition, permitted)
    yield from _unused(definition)


def _icon(name: str, path: Path) -> Iterator[Fault]:
    if name not in ICONS:
        hint = did_you_mean(name, sorted(ICONS)) or f"The icons are {', '.join(sorted(ICONS))}."
        yield Fault(path, "an icon of the closed set", shown(name), hint)


def _unique(ids: Sequence[str], paths: Sequence[Path]) -> Iterator[Fault]:
    seen: set[str] = set()
    for name, path in zip(ids, paths, strict=True):
        if name in seen:
            yield Fault(path, "each of them once", f"{shown(name)} again")
        seen.add(name)


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
    yield from _unique(
        [p.id for p in form.pages], [("form", "pages", i, "id") for i in range(len(form.pages))]
    )
    places: list[tuple[AnyField, Path]] = [
        (f, ("form", "pages", i, "fields", j))
        for i, page in enumerate(form.pages)
        for j, f in enumerate(page.fields)
    ]
    if form.declaration is not None:
        places.append((form.declaration, ("form", "declaration")))
    yield from _unique([f.id for f, _ in places], [(*path, "id") for _, path in places])
    everything = {f.id: f for f, _ in places}
    before: dict[str, AnyField] = {}
    for i, page in enumerate(form.pages):
        path: Path = ("form", "pages", i)
        if page.id == CHECK_PAGE:
            yield Fault((*path, "id"), "another id", f'"{CHECK_PAGE}", which is the check page')
        if page.when is not None:
            scope = Scope(before, permitted, later=frozenset(everything) - frozenset(before))
            yield from check_condition(page.when, scope, (*path, "when"))
        for j, asked in enumerate(page.fields):
            yield from _field(asked, before, everything, permitted, (*path, "fields", j))
            before = {**before, asked.id: asked}
    if form.declaration is not None:
        yield from _field(form.declaration, before, everything, permitted, ("form", "declaration"))


def _field(
    asked: AnyField,
    before: dict[str, AnyField],
    everything: dict[str, AnyField],
    permitted: frozenset[str],
    path: Path,
    inside: bool = False,
) -> Iterator[Fault]:
    """The faults of one field, which stands after the fields `before` it; `inside` a repeating section."""
    if isinstance(asked, UnknownField):
        types = sorted(known_field_types())
        hint = did_you_mean(asked.type, types) or f"The types are {', '.join(types)}."
        yield Fault((*path, "type"), "a field type", shown(asked.type), hint)
        return
    scope = Scope(before, permitted, later=frozenset(everything) - frozenset(before))
    if asked.when is not None:
        yield from check_condition(asked.when, scope, (*path, "when"))
    if asked.concept is not None and asked.concept not in CONCEPTS:
        hint = did_you_mean(asked.concept, sorted(CONCEPTS))
        yield Fault((*path, "concept"), "a known concept", shown(asked.concept), hint)
    around = Scope({**everything, **before, asked.id: asked}, permitted)
    for i, rule in enumerate(asked.checks):
        yield from check_condition(rule.valid_if, around, (*path, "checks", i, "valid_if"))
    if inside and asked.prefill is not None:
        yield Fault((*path, "prefill"), "no prefill inside a repeating section", shown(asked.prefill))
    else:
        yield from _prefill(asked, permitted, path)
    yield from _bounds(asked, path)
    match asked:
        case ChoiceField() | ChoicesField():
            yield from _options(asked.options, scope, path)
        case TextField():
            yield from _pattern(asked, path)
        case PersonField():
            yield from _person(asked, permitted, path)
        case NikField():
            yield from _agreement(asked, everything, path)
        case RepeatField():
            yield from _section(asked, before, everything, permitted, path, inside)
        case _:
            pass


def _prefill(asked: FieldBase, permitted: frozenset[str], path: Path) -> Iterator[Fault]:
    concept, part = asked.prefill, asked.prefill_part
    if concept is None:
        if part is not None:
            yield Fault((*path, "prefill_part"), "a `prefill` beside it", "the part alone")
        return
    faults = list(check_concept(concept, permitted, (*path, "prefill")))
    yield from faults
    if concept not in CONCEPTS:
        return
    shape = CONCEPTS[concept].shape
    kind = getattr(asked, "type", "")
    if part is not None and type_of_concept(concept, part) is None:
        yield Fault((*path, "prefill_part"), one_of(list(PARTS.get(shape, {}))), shown(part))
        return
    given = PARTS[shape][part] if part is not None else shape
    words = frozenset(given) if isinstance(given, tuple) else frozenset(("female", "male"))
    fits = _PREFILLS.get(kind, frozenset[str]())
    if isinstance(asked, ChoiceField) and (isinstance(given, tuple) or given == "sex"):
        missing = sorted(words - {o.value for o in asked.options})
        if missing:
            yield Fault(
                (*path, "options"),
                f"options for all of {one_of(sorted(words))}",
                f"none for {one_of(missing)}",
            )
    elif ("text" if isinstance(given, tuple) else given) not in fits:
        key = "prefill" if part is None else "prefill_part"
        said = "a word" if isinstance(given, tuple) else given
        hint = "Name one of its parts with `prefill_part`." if part is None and shape in PARTS else ""
        yield Fault((*path, key), f"an attribute that fits a field of type {kind}", said, hint)


def _bounds(asked: FieldBase, path: Path) -> Iterator[Fault]:
    """Least and most must leave room, and be of the right kind."""
    pairs: list[tuple[str, Any, str, Any]] = []
    match asked:
        case TextField() | LongTextField():
            pairs = [("min_length", asked.min_length, "max_length", asked.max_length)]
        case IntegerField() | DecimalField() | ChoicesField() | RepeatField():
            pairs = [("minimum", asked.minimum, "maximum", asked.maximum)]
        case FileField():
            pairs = [("min_count", asked.min_count, "max_count", asked.max_count)]
        case DateField():
            yield from check_bound(asked.earliest, (*path, "earliest"))
            yield from check_bound(asked.latest, (*path, "latest"))
            if type(asked.earliest) is type(asked.latest):
                pairs = [("earliest", asked.earliest, "latest", asked.latest)]
        case _:
            pass
    for low_name, low, high_name, high in pairs:
        if low is not None and high is not None and not isinstance(low, RelativeDate) and low > high:
            yield Fault((*path, low_name), f"at most {high_name} ({high})", str(low))


def _options(options: Sequence[Option], scope: Scope, path: Path) -> Iterator[Fault]:
    values = [option.value for option in options]
    yield from _unique(values, [(*path, "options", i, "value") for i in range(len(values))])
    for i, option in enumerate(options):
        if option.when is not None:
            yield from check_condition(option.when, scope, (*path, "options", i, "when"))


def _pattern(asked: TextField, path: Path) -> Iterator[Fault]:
    """A pattern must compile, say what it wants, and never take long (no repeated group, few repetitions)."""
    if asked.pattern is None:
        return
    at = (*path, "pattern")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # what a later Python reads otherwise is no pattern today
            re.compile(asked.pattern)
    except (re.error, FutureWarning, OverflowError, RecursionError) as error:
        yield Fault(at, "a regular expression", f"{shown(asked.pattern)} ({error})")
        return
    plain = re.sub(r"\\.|\[(?:\\.|[^\]\\])*\]", "x", asked.pattern)
    if _REPEATED_GROUP.search(plain) or len(_UNBOUNDED.findall(plain)) > _MAX_UNBOUNDED:
        hint = "Repeat single characters or classes ([a-z]+), not groups."
        yield Fault(
            at, f"no repeated group and at most {_MAX_UNBOUNDED} repetitions", shown(asked.pattern), hint
        )
    if asked.pattern_message is None:
        yield Fault(at, "a `pattern_message` beside it", "the pattern alone", "Tell citizens what to write.")


def _person(asked: PersonField, permitted: frozenset[str], path: Path) -> Iterator[Fault]:
    if asked.where is not None:
        yield from check_condition(asked.where, Scope({}, permitted, person=True), (*path, "where"))
    if not asked.other or asked.suggest:
        for concept in ("family.members", "person.nik") if asked.suggest else ("family.members",):
            key = "suggest" if asked.suggest else "other"
            yield from check_concept(concept, permitted, (*path, key))


def _agreement(asked: NikField, everything: dict[str, AnyField], path: Path) -> Iterator[Fault]:
    for key, name, kind in (("sex", asked.sex, "choice"), ("birth_date", asked.birth_date, "date")):
        if name is not None and (name not in everything or everything[name].type != kind):
            yield Fault(
                (*path, key), f"a field of type {kind}", shown(name), did_you_mean(name, sorted(everything))
            )


def _section(
    asked: RepeatField,
    before: dict[str, AnyField],
    everything: dict[str, AnyField],
    permitted: frozenset[str],
    path: Path,
    inside: bool,
) -> Iterator[Fault]:
    """A repeating section: its summary, what is unique in it, and its fields, which see those around it."""
    if inside:
        yield Fault((*path, "type"), "no repeating section inside another", '"repeat"')
        return
    inner = {f.id: f for f in asked.fields}
    ids = [f.id for f in asked.fields]
    yield from _unique(ids, [(*path, "fields", i, "id") for i in range(len(ids))])
    if asked.unique is not None and asked.unique not in inner:
        hint = did_you_mean(asked.unique, ids)
        yield Fault((*path, "unique"), "a field of this section", shown(asked.unique), hint)
    try:
        places = [p for p in string.Formatter().parse(asked.summary) if p[1] is not None]
    except ValueError as error:
        yield Fault((*path, "summary"), "a template like {full_name}", f"{shown(asked.summary)} ({error})")
        places = []
    for _, name, spec, conversion in places:
        if name not in inner or spec or conversion:
            hint = did_you_mean(str(name), ids)
            yield Fault((*path, "summary"), f"the names of fields ({one_of(ids)})", shown(name), hint)
    known = before
    for i, field in enumerate(asked.fields):
        yield from _field(field, known, {**everything, **inner}, permitted, (*path, "fields", i), inside=True)
        known = {**known, field.id: field}


def _unused(definition: ServiceDefinition) -> Iterator[Fault]:
    """A permission that nothing uses asks for too much (UU PDP 27/2022 art. 16: limited to the purpose)."""
    used = {r.concept for r in definition.requirements} | _read(r.when for r in definition.requirements)
    used |= _read(cost.when for cost in definition.costs) | _read(p.when for p in definition.form.pages)
    for page in definition.form.pages:
        for asked in page.fields:
            used |= _used_by(asked)
    if definition.form.declaration is not None:
        used |= _used_by(definition.form.declaration)
    for i, permission in enumerate(definition.permissions):
        path: Path = ("permissions", i, "concept")
        if permission.concept not in CONCEPTS:
            yield from check_concept(permission.concept, frozenset(), path)
        elif permission.concept not in used:
            yield Fault(
                path, "a concept that the service uses", f'"{permission.concept}", which nothing reads'
            )


def _used_by(asked: AnyField) -> set[str | None]:
    if isinstance(asked, UnknownField):
        return _read([asked.when])
    used: set[str | None] = {asked.prefill}
    used |= _read([asked.when, *(rule.valid_if for rule in asked.checks)])
    match asked:
        case PersonField():
            used |= {"family.members"} | ({"person.nik"} if asked.suggest else set())
            used |= _read([asked.where])
        case ChoiceField() | ChoicesField():
            used |= _read(option.when for option in asked.options)
        case RepeatField():
            for inner in asked.fields:
                used |= _used_by(inner)
        case _:
            pass
    return used


def _read(conditions: Any) -> set[str | None]:
    """The concepts that conditions read."""
    found: set[str | None] = set()
    waiting: list[Condition | None] = list(conditions)
    while waiting:
        match waiting.pop():
            case All(all=inner) | Any_(any=inner):
                waiting += inner
            case Not(not_=inner):
                waiting.append(inner)
            case Comparison(concept=concept):
                found.add(concept)
            case _:
                pass
    return found
