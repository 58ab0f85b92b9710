"""What the sandbox agency does with an application: `services/<agency>/<service>/sandbox.yaml`.

A workflow is data. A *value* in it is one of:

- a text with places: `"{answers.child_name}"`. One place alone keeps the kind of its value (a date, a list);
  a place that has no value makes the whole text empty. Places: `answers.<field>[.<part>]`,
  `me.<concept>[.<part>]`, `values.<name>`, `application.reference|date|service`. A number picks from a list:
  `answers.witnesses.0.nik`.
- `{new_nik: {region, birth_date, sex}}`: a new population number (DOMAIN: region, day + 40 for women,
  serial).
- `{new_serial: <digits>}`: digits that belong to this application alone.
- `{day: <date>, as: "%d%m%Y"}`: a date in another form, in Jakarta.
- `{digits: <value>, first: 6}`: the first digits of a value, without dots.
- `{next_age: [5, 17], born: <date>}`: the last day before whoever was born then reaches the next of these
  ages.
- `{months: 6, after: <date>}`: the day so many months after a date; the last one of a month that lacks it.
- `{choose: <value>, among: {five: <value>, …}}`: the one that is named by a value.
- `{first_of: [<value>, …]}`: the first that is not empty.
- `{with: <list>, add: <value>}`: a list with one entry more.
- `{from: <list>, without: <nik>}`: a list of people without the one who has this population number.
- a list or mapping of values. What is empty is left out of a mapping.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, cast

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from typing_extensions import TypedDict

from app.contract.citizen import Me
from app.contract.concepts import CONCEPTS
from app.contract.conditions import Today
from app.contract.definition import ServiceDefinition
from app.contract.findings import DefinitionError, Fault, Step, one_of, shown
from app.contract.language import WIB
from app.contract.model_errors import faults_of
from app.contract.yaml_tree import read_yaml
from app.forms.conditions import shifted

PLACE = re.compile(r"\{([a-z][a-z0-9_.]*)\}")


APPLICATION = ("reference", "service", "date")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class IssuedDocument(_Strict):
    """A document that acceptance brings. `type` is the `document_type` of one of the service's outputs."""

    type: str
    vct: str
    """Type of the credential (SD-JWT VC)."""
    claims: dict[str, Any]
    valid_until: Any = None
    when: Any = True
    """A value; the document is issued only where it comes to something (an answer that was given)."""


class Registered(_Strict):
    """An attribute that acceptance changes; without `value`, one that the register has no longer."""

    concept: str
    of: Literal["applicant", "family"]
    """Whose: the applicant's, or everybody's on the applicant's family card."""
    value: Any = None
    when: Any = True
    """A value; the register changes only where it comes to something."""


class Outcome(_Strict):
    """How a review can end. `when` is a value: the outcome is for those where it comes to something. `reason`
    is what the citizen reads; `page` and `field` are where a question sends them."""

    when: Any = True
    decide: Literal["accept", "reject", "ask"]
    reason: str | None = Field(None, max_length=2000)
    page: str | None = None
    field: str | None = None


class Workflow(_Strict):
    """One `sandbox.yaml`. `values` are computed first, in their order. The first of the `outcomes` that fits
    is decided, else the application is accepted; a question is asked once."""

    takes: int = Field(default=1, ge=1, le=1000)
    """How long a review takes, in the steps of the sandbox (`sandbox_pace_seconds`)."""
    decided_by: Literal["outcomes", "person"] = "outcomes"
    """`person`: what is under review waits for `loket agency accept|reject|ask`."""
    outcomes: list[Outcome] = []
    values: dict[str, Any] = {}
    documents: list[IssuedDocument] = []
    registers: list[Registered] = []


@dataclass(slots=True)
class Case:
    """An accepted application, as values see it."""

    reference: str
    service: str
    at: datetime
    answers: Mapping[str, Any]
    me: Me
    values: dict[str, Any] = field(default_factory=dict[str, Any])

    def work_out(self, value: Any) -> Any:
        """What `value` comes to; None where it is empty."""
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, list):
            found = [self.work_out(inner) for inner in cast("list[Any]", value)]
            return [inner for inner in found if inner is not None]
        if not isinstance(value, dict):
            return value
        mapping = cast("dict[str, Any]", value)
        if expression := _EXPRESSIONS.get(frozenset(mapping)):
            return expression.work_out(self, mapping)
        found = {name: self.work_out(inner) for name, inner in mapping.items()}
        return {name: inner for name, inner in found.items() if inner is not None} or None

    def place(self, path: str) -> Any:
        """The value at a place (`answers.father.nik`), None where it has none."""
        root, _, rest = path.partition(".")
        if root == "me":
            # A concept has dots of its own: the longest that fits is meant.
            fitting = [a for a in self.me.attributes if f"{rest}.".startswith(f"{a.concept}.")]
            if not fitting:
                return None
            attribute = max(fitting, key=lambda a: len(a.concept))
            return _within(attribute.value, rest.removeprefix(attribute.concept).removeprefix("."))
        known: dict[str, Any] = {
            "answers": self.answers,
            "values": self.values,
            "application": {
                "reference": self.reference,
                "service": self.service,
                "date": self.at.astimezone(WIB).date().isoformat(),
            },
        }
        return _within(known[root], rest)

    def number(self, digits: int, salt: str = "") -> int:
        """A number below 10**digits that belongs to this application alone."""
        digest = hashlib.sha256(f"{self.reference} {salt}".encode()).digest()
        return int.from_bytes(digest[:8]) % 10**digits

    def _text(self, text: str) -> Any:
        alone = PLACE.fullmatch(text)
        if alone:
            return self.place(alone[1])
        found = {path: self.place(path) for path in PLACE.findall(text)}
        if any(value is None for value in found.values()):
            return None
        return PLACE.sub(lambda match: str(found[match[1]]), text)


def read_workflow(path: Path, definition: ServiceDefinition) -> Workflow | None:
    """The workflow at `path` of the service `definition`, or None where there is no such file.

    Raises:
        DefinitionError: not YAML, not a workflow, or a name that the service does not have; every fault is
            located.
    """
    if not path.is_file():
        return None
    source = read_yaml(path, Path(definition.id) / path.name)
    try:
        workflow = Workflow.model_validate(source.root.plain())
    except ValidationError as error:
        faults = faults_of(error, Workflow)
    else:
        faults = list(_unknown_names(workflow, definition))
        if not faults:
            return workflow
    raise DefinitionError([source.finding(f.path, f.expected, f.came, f.hint) for f in faults])


def _unknown_names(workflow: Workflow, definition: ServiceDefinition) -> Iterator[Fault]:
    outputs = [output.document_type for output in definition.outputs]
    for index, document in enumerate(workflow.documents):
        if document.type not in outputs:
            expected = f"a document of the service: {one_of(outputs)}"
            yield Fault(("documents", index, "type"), expected, shown(document.type))
    fields = {field.id for page in definition.form.pages for field in page.fields}
    earlier: set[str] = set()
    for name, value in workflow.values.items():
        yield from _unknown_places(("values", name), value, fields, earlier)
        earlier.add(name)
    for index, outcome in enumerate(workflow.outcomes):
        yield from _unknown_places(("outcomes", index, "when"), outcome.when, fields, earlier)
        yield from _incomplete(("outcomes", index), outcome, definition)
    for index, document in enumerate(workflow.documents):
        yield from _unknown_places(("documents", index, "claims"), document.claims, fields, earlier)
        yield from _unknown_places(("documents", index, "valid_until"), document.valid_until, fields, earlier)
        yield from _unknown_places(("documents", index, "when"), document.when, fields, earlier)
    for index, entry in enumerate(workflow.registers):
        if entry.concept not in CONCEPTS:
            expected = f"a concept: {one_of(list(CONCEPTS))}"
            yield Fault(("registers", index, "concept"), expected, shown(entry.concept))
        yield from _unknown_places(("registers", index, "value"), entry.value, fields, earlier)
        yield from _unknown_places(("registers", index, "when"), entry.when, fields, earlier)


def _incomplete(path: tuple[Step, ...], outcome: Outcome, definition: ServiceDefinition) -> Iterator[Fault]:
    """What a decision of this kind lacks, as `agencies.decide` would say it."""
    if outcome.decide != "accept" and not (outcome.reason or "").strip():
        yield Fault((*path, "decide"), "a reason beside it, for the citizen to read", outcome.decide)
    if outcome.decide != "ask":
        return
    pages = {page.id: [field.id for field in page.fields] for page in definition.form.pages}
    if outcome.page not in pages:
        place = "page" if outcome.page else "decide"
        yield Fault((*path, place), f"a page of the form: {one_of(list(pages))}", shown(outcome.page))
    elif outcome.field is not None and outcome.field not in pages[outcome.page]:
        expected = f"a field of that page: {one_of(pages[outcome.page])}"
        yield Fault((*path, "field"), expected, shown(outcome.field))


def _unknown_places(
    path: tuple[Step, ...], value: Any, fields: Set[str], values: Set[str]
) -> Iterator[Fault]:
    match value:
        case str():
            for place in PLACE.findall(value):
                root, _, rest = place.partition(".")
                known = {
                    "answers": rest.partition(".")[0] in fields,
                    "values": rest.partition(".")[0] in values,
                    "application": rest in APPLICATION,
                    "me": any(f"{rest}.".startswith(f"{concept}.") for concept in CONCEPTS),
                }
                if not known.get(root):
                    yield Fault(path, "a place that is known here", shown(f"{{{place}}}"))
        case dict():
            mapping = cast("dict[str, Any]", value)
            expression = _EXPRESSIONS.get(frozenset(mapping))
            for name, kind in expression.fixed.items() if expression else ():
                try:
                    kind.validate_python(mapping[name])
                except ValidationError as error:
                    for fault in faults_of(error, object):
                        yield Fault((*path, name, *fault.path), fault.expected, fault.came)
            for name, inner in mapping.items():
                yield from _unknown_places((*path, name), inner, fields, values)
        case list():
            for index, inner in enumerate(cast("list[Any]", value)):
                yield from _unknown_places((*path, index), inner, fields, values)
        case _:
            return


def new_nik(region: str, birth_date: date, sex: str, serial: int) -> str:
    """A population number: region (6 digits), DDMMYY with day + 40 for women, serial from 0001."""
    day = birth_date.day + (40 if sex == "female" else 0)
    return f"{region}{day:02}{birth_date.month:02}{birth_date.year % 100:02}{serial % 9999 + 1:04}"


def years_after(day: date, years: int) -> date:
    """The same day so many years later; 1 March for 29 February in a common year."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def _within(value: Any, path: str) -> Any:
    for step in path.split(".") if path else ():
        if isinstance(value, Mapping):
            value = cast("Mapping[str, Any]", value).get(step)
        elif isinstance(value, Sequence) and not isinstance(value, str) and step.isdecimal():
            entries = cast("Sequence[Any]", value)
            value = entries[int(step)] if int(step) < len(entries) else None
        else:
            return None
    return value


def _new_nik(case: Case, mapping: dict[str, Any]) -> str | None:
    facts = cast("dict[str, Any]", case.work_out(mapping["new_nik"]) or {})
    if facts.keys() != {"region", "birth_date", "sex"}:
        return None
    birth_date = date.fromisoformat(facts["birth_date"])
    return new_nik(facts["region"], birth_date, facts["sex"], case.number(8, "nik"))


def _new_serial(case: Case, mapping: dict[str, Any]) -> str:
    digits: int = mapping["new_serial"]
    return f"{case.number(digits, 'serial'):0{digits}}"


def _digits(case: Case, mapping: dict[str, Any]) -> str | None:
    value = case.work_out(mapping["digits"])
    return None if value is None else re.sub(r"\D", "", str(value))[: mapping["first"]]


def _day(case: Case, mapping: dict[str, Any]) -> str | None:
    value = case.work_out(mapping["day"])
    return date.fromisoformat(value).strftime(mapping["as"]) if value else None


def _next_age(case: Case, mapping: dict[str, Any]) -> str | None:
    value = case.work_out(mapping["born"])
    if not value:
        return None
    born = date.fromisoformat(value)
    birthdays = [years_after(born, age) for age in sorted(mapping["next_age"])]
    today = case.at.astimezone(WIB).date()
    following = next((birthday for birthday in birthdays if birthday > today), None)
    return (following - timedelta(days=1)).isoformat() if following else None


def _months_after(case: Case, mapping: dict[str, Any]) -> str | None:
    after = case.work_out(mapping["after"])
    return shifted(date.fromisoformat(after), Today(months=mapping["months"])).isoformat() if after else None


def _choose(case: Case, mapping: dict[str, Any]) -> Any:
    among: dict[str, Any] = mapping["among"]
    return case.work_out(among.get(str(case.work_out(mapping["choose"]))))


def _first_of(case: Case, mapping: dict[str, Any]) -> Any:
    found = (case.work_out(value) for value in mapping["first_of"])
    return next((value for value in found if value is not None), None)


def _with(case: Case, mapping: dict[str, Any]) -> list[Any]:
    return [*(case.work_out(mapping["with"]) or ()), case.work_out(mapping["add"])]


def _without(case: Case, mapping: dict[str, Any]) -> list[Any]:
    people: list[dict[str, Any]] = case.work_out(mapping["from"]) or []
    nik = case.work_out(mapping["without"])
    return [person for person in people if person.get("nik") != nik]


@dataclass(frozen=True, slots=True)
class _Expression:
    """A mapping with exactly these keys is an expression. `fixed`: the keys that are no values, and their
    kinds."""

    work_out: Callable[[Case, dict[str, Any]], Any]
    fixed: Mapping[str, TypeAdapter[Any]]


_COUNT: TypeAdapter[Any] = TypeAdapter(Annotated[int, Field(strict=True, ge=1, le=15)])
_EXPRESSIONS: Mapping[frozenset[str], _Expression] = {
    frozenset({"new_nik"}): _Expression(
        _new_nik,
        {"new_nik": TypeAdapter(TypedDict("NikParts", {"region": Any, "birth_date": Any, "sex": Any}))},
    ),
    frozenset({"new_serial"}): _Expression(_new_serial, {"new_serial": _COUNT}),
    frozenset({"digits", "first"}): _Expression(_digits, {"first": _COUNT}),
    frozenset({"day", "as"}): _Expression(_day, {"as": TypeAdapter(str)}),
    frozenset({"next_age", "born"}): _Expression(
        _next_age, {"next_age": TypeAdapter(Annotated[list[int], Field(min_length=1)])}
    ),
    frozenset({"months", "after"}): _Expression(
        _months_after, {"months": TypeAdapter(Annotated[int, Field(strict=True, ge=1, le=1200)])}
    ),
    frozenset({"choose", "among"}): _Expression(
        _choose, {"among": TypeAdapter(Annotated[dict[str, Any], Field(min_length=1)])}
    ),
    frozenset({"first_of"}): _Expression(_first_of, {"first_of": TypeAdapter(list[Any])}),
    frozenset({"with", "add"}): _Expression(_with, {}),
    frozenset({"from", "without"}): _Expression(_without, {}),
}
