"""Static checks of one field: bounds that leave room, references that lead somewhere, templates that work."""

from __future__ import annotations

import re
import string
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from app.contract.concepts import CONCEPTS, PARTS
from app.contract.condition_checks import (
    Path,
    Scope,
    check_bound,
    check_concept,
    check_condition,
    type_of_concept,
)
from app.contract.conditions import AnswerBound, RelativeDate
from app.contract.expression_checks import check_expression
from app.contract.findings import Fault, did_you_mean, one_of, shown
from app.contract.form import (
    AddressField,
    AnyField,
    ChoiceField,
    ChoicesField,
    ComputedField,
    DateField,
    DateRangeField,
    DecimalField,
    DocumentField,
    FieldBase,
    FileField,
    GridField,
    IntegerField,
    LongTextField,
    MoneyField,
    MonthField,
    NikField,
    Option,
    PaymentField,
    PercentageField,
    PersonField,
    RegionField,
    RepeatField,
    SlotField,
    StudentNumberField,
    SummaryField,
    TextField,
    UnknownField,
    known_field_types,
)

_TAKES: dict[str, frozenset[str]] = {
    "text": frozenset(("text",)),
    "long_text": frozenset(("text",)),
    "integer": frozenset(("integer",)),
    "decimal": frozenset(("integer", "decimal")),
    "money": frozenset(("integer", "money")),
    "percentage": frozenset(("integer", "decimal")),
    "date": frozenset(("date",)),
    "time": frozenset(("time",)),
    "yes_no": frozenset(("boolean",)),
    "choice": frozenset(("text", "sex")),
    "nik": frozenset(("nik",)),
    "kk": frozenset(("kk",)),
    "nisn": frozenset(("nisn",)),
    "npwp": frozenset(("npwp",)),
    "bpjs": frozenset(("bpjs",)),
    "plate": frozenset(("plate",)),
    "phone": frozenset(("phone",)),
    "email": frozenset(("email",)),
    "person": frozenset(("people",)),
    "region": frozenset(("address",)),
    "address": frozenset(("address",)),
    "location": frozenset(("location",)),
}
"""Shapes of attributes that a field type can take over."""
_IN_A_GRID = frozenset(
    (
        *("text", "integer", "decimal", "money", "percentage", "date", "month", "time", "yes_no", "choice"),
        *("nik", "nisn", "plate", "phone", "computed"),
    )
)
_NOT_REPEATED = frozenset(("repeat", "grid", "summary", "payment", "slot"))
_REPEATED_GROUP = re.compile(r"\)(?:[*+]|\{\d*,\d*\})")
_UNBOUNDED = re.compile(r"(?<!\\)(?:[*+]|\{\d+,\})")
_MAX_UNBOUNDED = 3


@dataclass(frozen=True, slots=True)
class Around:
    """Where a field stands: the fields `before` it and `everything` that it may name, by id.

    `inside` is the type of what it stands in (a repeating section, a grid), or None.
    """

    before: Mapping[str, AnyField]
    everything: Mapping[str, AnyField]
    permitted: frozenset[str]
    inside: str | None = None
    depends: Mapping[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])

    def scope(self, own: str) -> Scope:
        """What a condition of the field `own` may name."""
        later = frozenset(self.everything) - frozenset(self.before)
        return Scope(self.before, self.permitted, later=later, own=own, depends=self.depends)


def check_field(asked: AnyField, around: Around, path: Path) -> Iterator[Fault]:
    """The faults of one field."""
    if isinstance(asked, UnknownField):
        types = sorted(known_field_types())
        hint = did_you_mean(asked.type, types) or f"The types are {', '.join(types)}."
        yield Fault((*path, "type"), "a field type", shown(asked.type), hint)
        return
    if asked.when is not None:
        yield from check_condition(asked.when, around.scope(asked.id), (*path, "when"))
    yield from _concept(asked, path)
    own = Scope({**around.everything, **around.before, asked.id: asked}, around.permitted)
    for i, rule in enumerate(asked.checks):
        yield from check_condition(rule.valid_if, own, (*path, "checks", i, "valid_if"))
    if around.inside is not None and asked.prefill is not None:
        where = "a repeating section" if around.inside == "repeat" else "a grid"
        yield Fault((*path, "prefill"), f"no prefill inside {where}", shown(asked.prefill))
    else:
        yield from _prefill(asked, around.permitted, path)
    yield from _bounds(asked, own, path)
    yield from _of_its_type(asked, around, path)


def each_once(ids: Sequence[str], paths: Sequence[Path]) -> Iterator[Fault]:
    """A fault for every one of `ids` that was there before."""
    seen: set[str] = set()
    for name, path in zip(ids, paths, strict=True):
        if name in seen:
            yield Fault(path, "each of them once", f"{shown(name)} again")
        seen.add(name)


def _of_its_type(asked: AnyField, around: Around, path: Path) -> Iterator[Fault]:
    match asked:
        case ChoiceField() | ChoicesField():
            yield from _options(asked.options, around.scope(asked.id), (*path, "options"))
        case TextField():
            yield from _pattern(asked, path)
        case PersonField():
            yield from _person(asked, around.permitted, path)
        case NikField():
            yield from _agreement("sex", asked.sex, "choice", around, path)
            yield from _agreement("birth_date", asked.birth_date, "date", around, path)
        case StudentNumberField():
            yield from _agreement("birth_date", asked.birth_date, "date", around, path)
        case RegionField() | AddressField():
            yield from check_regions(asked.within, (*path, "within"))
        case SlotField():
            yield from _options(asked.places, around.scope(asked.id), (*path, "places"))
            yield from each_once(asked.times, [(*path, "times", i) for i in range(len(asked.times))])
        case DocumentField():
            types = asked.document_types
            yield from each_once(types, [(*path, "document_types", i) for i in range(len(types))])
        case PaymentField():
            yield from _payment(asked, around, path)
        case ComputedField():
            wanted = "date" if asked.shown_as == "date" else "number"
            yield from check_expression(asked.value, wanted, around.scope(asked.id), (*path, "value"))
        case SummaryField():
            for i, name in enumerate(asked.fields):
                if name not in around.before:
                    hint = did_you_mean(name, sorted(around.before))
                    yield Fault((*path, "fields", i), "a field before this one", shown(name), hint)
        case RepeatField():
            yield from _section(asked, around, path)
        case GridField():
            yield from _grid(asked, around, path)
        case _:
            pass


def _concept(asked: FieldBase, path: Path) -> Iterator[Fault]:
    """A concept must be known, and mean something that the field can take."""
    if asked.concept is None:
        return
    at = (*path, "concept")
    if asked.concept not in CONCEPTS:
        yield Fault(
            at, "a known concept", shown(asked.concept), did_you_mean(asked.concept, sorted(CONCEPTS))
        )
        return
    kind, shape = str(getattr(asked, "type", "")), CONCEPTS[asked.concept].shape
    if shape not in _TAKES.get(kind, frozenset[str]()):
        yield Fault(at, f"a concept that fits a field of type {kind}", f'"{asked.concept}" of shape {shape}')


def _prefill(asked: FieldBase, permitted: frozenset[str], path: Path) -> Iterator[Fault]:
    concept, part = asked.prefill, asked.prefill_part
    if concept is None:
        if part is not None:
            yield Fault((*path, "prefill_part"), "a `prefill` beside it", "the part alone")
        return
    yield from check_concept(concept, permitted, (*path, "prefill"))
    if concept not in CONCEPTS:
        return
    shape = CONCEPTS[concept].shape
    kind = str(getattr(asked, "type", ""))
    if part is not None and type_of_concept(concept, part) is None:
        yield Fault((*path, "prefill_part"), one_of(list(PARTS.get(shape, {}))), shown(part))
        return
    given = PARTS[shape][part] if part is not None else shape
    words = frozenset(given) if isinstance(given, tuple) else frozenset(("female", "male"))
    if isinstance(asked, ChoiceField) and (isinstance(given, tuple) or given == "sex"):
        missing = sorted(words - {o.value for o in asked.options})
        if missing:
            yield Fault(
                (*path, "options"),
                f"options for all of {one_of(sorted(words))}",
                f"none for {one_of(missing)}",
            )
    elif ("text" if isinstance(given, tuple) else given) not in _TAKES.get(kind, frozenset[str]()):
        key = "prefill" if part is None else "prefill_part"
        said = "a word" if isinstance(given, tuple) else given
        hint = "Name one of its parts with `prefill_part`." if part is None and shape in PARTS else ""
        yield Fault((*path, key), f"an attribute that fits a field of type {kind}", said, hint)


def _bounds(asked: FieldBase, scope: Scope, path: Path) -> Iterator[Fault]:
    """Least and most must leave room, and be of the right kind."""
    pairs: list[tuple[str, Any, str, Any]] = []
    match asked:
        case TextField() | LongTextField():
            pairs = [("min_length", asked.min_length, "max_length", asked.max_length)]
        case (
            IntegerField()
            | DecimalField()
            | MoneyField()
            | PercentageField()
            | ChoicesField()
            | RepeatField()
        ):
            pairs = [("minimum", asked.minimum, "maximum", asked.maximum)]
        case FileField():
            pairs = [("min_count", asked.min_count, "max_count", asked.max_count)]
        case DateField() | DateRangeField() | MonthField() | SlotField():
            yield from check_bound(asked.earliest, scope, (*path, "earliest"))
            yield from check_bound(asked.latest, scope, (*path, "latest"))
            if type(asked.earliest) is type(asked.latest):
                pairs = [("earliest", asked.earliest, "latest", asked.latest)]
            if isinstance(asked, DateRangeField):
                pairs.append(("min_days", asked.min_days, "max_days", asked.max_days))
        case _:
            pass
    for low_name, low, high_name, high in pairs:
        if isinstance(low, RelativeDate) and isinstance(high, RelativeDate):
            low, high, said = _days(low), _days(high), "it is later"
        elif low is None or high is None or isinstance(low, RelativeDate | AnswerBound):
            continue
        else:
            said = str(low)
        if low > high:
            yield Fault(
                (*path, low_name),
                f"at most {high_name}" + ("" if said == "it is later" else f" ({high})"),
                said,
            )


def _days(bound: RelativeDate) -> float:
    """About how many days from today; enough to tell which of two is later, unless they are almost one."""
    shift = bound.today
    return shift.days + shift.months * 30.44 + shift.years * 365.25


def _options(options: Sequence[Option], scope: Scope, path: Path) -> Iterator[Fault]:
    values = [option.value for option in options]
    yield from each_once(values, [(*path, i, "value") for i in range(len(values))])
    for i, option in enumerate(options):
        if option.when is not None:
            yield from check_condition(option.when, scope, (*path, i, "when"))


def _payment(asked: PaymentField, around: Around, path: Path) -> Iterator[Fault]:
    names = [method.value for method in asked.methods]
    yield from each_once(names, [(*path, "methods", i, "value") for i in range(len(names))])
    for i, method in enumerate(asked.methods):
        if method.when is not None:
            yield from check_condition(method.when, around.scope(asked.id), (*path, "methods", i, "when"))
    if asked.amount is not None:
        yield from check_expression(asked.amount, "number", around.scope(asked.id), (*path, "amount"))


def check_regions(codes: Sequence[str], path: Path) -> Iterator[Fault]:
    """A fault for every one of `codes` that is not of a province, a regency or a city."""
    from app.contract.regions import regions

    for i, code in enumerate(codes):
        if code not in regions():
            yield Fault((*path, i), "the code of a province or regency", shown(code))


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


def _agreement(key: str, name: str | None, kind: str, around: Around, path: Path) -> Iterator[Fault]:
    """`key` names a field that should agree with this one."""
    everything = around.everything
    if name is not None and (name not in everything or everything[name].type != kind):
        hint = did_you_mean(name, sorted(everything))
        yield Fault((*path, key), f"a field of type {kind}", shown(name), hint)


def _inside(fields: Sequence[AnyField], around: Around, path: Path, *, inside: str) -> Iterator[Fault]:
    """The faults of the fields inside another, which see those around it."""
    ids = [f.id for f in fields]
    yield from each_once(ids, [(*path, i, "id") for i in range(len(ids))])
    within = replace(around, everything={**around.everything, **{f.id: f for f in fields}}, inside=inside)
    for i, one in enumerate(fields):
        yield from check_field(one, within, (*path, i))
        within = replace(within, before={**within.before, one.id: one})


def _section(asked: RepeatField, around: Around, path: Path) -> Iterator[Fault]:
    """A repeating section: its summary, what is unique in it, and its fields."""
    if around.inside is not None:
        yield Fault((*path, "type"), "no repeating section inside another", '"repeat"')
        return
    ids = [f.id for f in asked.fields]
    if asked.unique is not None and asked.unique not in ids:
        hint = did_you_mean(asked.unique, ids)
        yield Fault((*path, "unique"), "a field of this section", shown(asked.unique), hint)
    try:
        places = [p for p in string.Formatter().parse(asked.summary) if p[1] is not None]
    except ValueError as error:
        yield Fault((*path, "summary"), "a template like {full_name}", f"{shown(asked.summary)} ({error})")
        places = []
    for _, name, spec, conversion in places:
        if name not in ids or spec or conversion:
            hint = did_you_mean(str(name), ids)
            yield Fault((*path, "summary"), f"the names of fields ({one_of(ids)})", shown(name), hint)
    for i, one in enumerate(asked.fields):
        if one.type in _NOT_REPEATED - {"repeat"}:
            expected = "a type that can be repeated"
            yield Fault((*path, "fields", i, "type"), expected, shown(one.type))
    yield from _inside(asked.fields, around, (*path, "fields"), inside="repeat")


def _grid(asked: GridField, around: Around, path: Path) -> Iterator[Fault]:
    """A grid: its rows, and its columns, which are short answers."""
    if around.inside is not None:
        return
    rows = [row.id for row in asked.rows]
    yield from each_once(rows, [(*path, "rows", i, "id") for i in range(len(rows))])
    for i, row in enumerate(asked.rows):
        if row.when is not None:
            yield from check_condition(row.when, around.scope(asked.id), (*path, "rows", i, "when"))
    for i, column in enumerate(asked.columns):
        if column.type in known_field_types() and column.type not in _IN_A_GRID:
            expected = f"a short answer ({one_of(sorted(_IN_A_GRID))})"
            yield Fault((*path, "columns", i, "type"), expected, shown(column.type))
    yield from _inside(asked.columns, around, (*path, "columns"), inside="grid")
