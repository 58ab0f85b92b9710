"""The rules of a form, the same in the app and in the backend.

`check_page` and `check_submission` take answers by field id as a submission carries them, and give a list of
`Problem`; an empty list, or one of warnings only, lets the citizen go on. `today` is the day in Indonesia.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.contract.citizen import Me
from app.contract.definition import ServiceDefinition
from app.contract.form import CHECK_PAGE as CHECK
from app.contract.form import AnyField, FieldBase, GridField, RepeatField, UnknownField, inner_fields
from app.contract.phrase import N_, Phrase
from app.forms import kinds
from app.forms.conditions import Situation, holds
from app.forms.received import items, mapping
from app.forms.view import View, view

TOO_OLD = N_("Isian ini butuh Loket yang lebih baru. Jawaban Anda aman. Perbarui aplikasi, lalu lanjutkan.")
UNKNOWN = N_("Isian ini tidak ada di formulir. Buka kembali drafnya, lalu kirim ulang.")
HIDDEN = N_("Isian ini tidak diperlukan lagi. Buka kembali drafnya, periksa, lalu kirim ulang.")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something to be said at a field.

    `page` is the id of its page, `check` for the declaration on the check page, None where no visible page
    has it. `field` is the path of the answer: `full_name`, `witnesses.0.nik`, `father.nik`. A `warning` is
    told and does not hold anything up.
    """

    page: str | None
    field: str
    phrase: Phrase
    warning: bool = False


def blocking(problems: list[Problem]) -> list[Problem]:
    """The problems that must be mended before going on."""
    return [p for p in problems if not p.warning]


def check_page(
    definition: ServiceDefinition, page_id: str, answers: Mapping[str, Any], me: Me, today: date
) -> list[Problem]:
    """What is to be said about the answers of one page, in the order of its fields.

    `answers` are those of the whole form (conditions look at other pages). A page that is not visible has
    no problems. `check` is the check page with the declaration.
    """
    return page_problems(view(definition, answers, me, today), page_id, answers)


def check_submission(
    definition: ServiceDefinition, answers: Mapping[str, Any], me: Me, today: date
) -> list[Problem]:
    """What is to be said about all answers: page by page, the declaration, then what should not be there.

    Answers of unknown and of hidden fields are refused: a service receives what it asked for, nothing more.
    """
    return submission_problems(view(definition, answers, me, today), definition, answers)


def visible_answers(
    definition: ServiceDefinition, answers: Mapping[str, Any], me: Me, today: date
) -> dict[str, Any]:
    """The answers to send: those of visible fields, in canonical form and in the order of the form.

    Hidden, unknown and empty answers are left out. What cannot be read stays as it was typed: it is for
    `check_submission` to point out, never to lose. Idempotent.
    """
    return answers_to_send(view(definition, answers, me, today), answers)


def submission_problems(
    seen: View, definition: ServiceDefinition, answers: Mapping[str, Any]
) -> list[Problem]:
    """`check_submission` for a view that is at hand."""
    problems = [p for shown in seen.pages for p in page_problems(seen, shown.page.id, answers)]
    problems += page_problems(seen, CHECK, answers)
    problems += _ended(seen)
    problems += _superfluous(seen, definition, answers)
    return problems


def page_problems(seen: View, page_id: str, answers: Mapping[str, Any]) -> list[Problem]:
    """`check_page` for a view that is at hand."""
    if page_id == CHECK:
        if seen.declaration is None:
            return []
        return list(_field_problems(seen, CHECK, seen.declaration, answers))
    page = seen.page(page_id)
    if page is None:
        return []
    return [problem for field in page.fields for problem in _field_problems(seen, page_id, field, answers)]


def _ended(seen: View) -> Iterator[Problem]:
    """An exit that holds: what was answered means that this service is not the right one."""
    if (ending := seen.ends_at) is not None and ending.exit is not None:
        phrase = N_("{title}. {advice}", title=ending.exit.title, advice=ending.exit.advice)
        yield Problem(ending.page.id, ending.fields[0].id, phrase)


def _superfluous(seen: View, definition: ServiceDefinition, answers: Mapping[str, Any]) -> Iterator[Problem]:
    known = {f.id: f for page in definition.form.pages for f in page.fields}
    if definition.form.declaration is not None:
        known[definition.form.declaration.id] = definition.form.declaration
    visible = {f.id: f for shown in seen.pages for f in shown.fields}
    if seen.declaration is not None:
        visible[seen.declaration.id] = seen.declaration
    for name, value in answers.items():
        if name not in known:
            yield Problem(None, name, UNKNOWN)
        elif kinds.kind_of(known[name]).derived:
            continue
        elif name not in visible or not kinds.kind_of(visible[name]).takes_answer:
            if value is not None:
                yield Problem(None, name, HIDDEN)
        else:
            yield from _strangers(seen, visible[name], value)


def answers_to_send(seen: View, answers: Mapping[str, Any]) -> dict[str, Any]:
    """`visible_answers` for a view that is at hand."""
    fields: list[AnyField] = [f for shown in seen.pages for f in shown.fields]
    if seen.declaration is not None:
        fields.append(seen.declaration)
    sent: dict[str, Any] = {}
    for field in fields:
        if not kinds.kind_of(field).takes_answer:
            continue
        known = seen.prefilled.get(field.id)
        raw = known.value if known else answers.get(field.id)
        value = _to_send(field, raw, seen.situation)
        if isinstance(field, RepeatField) and (entries := items(value)) is not None:
            value = [_cells_to_send(seen, field, entry) for entry in entries]
        elif isinstance(field, GridField) and (rows := mapping(value)) is not None:
            shown = {row.id for row in seen.rows(field)}
            cells = {name: _cells_to_send(seen, field, row) for name, row in rows.items() if name in shown}
            value = {name: row for name, row in cells.items() if row} or None
        if value is not None:
            sent[field.id] = value
    return sent


def _cells_to_send(seen: View, field: AnyField, cells: Any) -> Any:
    """What is sent of one entry, or of one row."""
    if (given := mapping(cells)) is None:
        return cells
    fields, known = seen.inner(field, given)
    within = seen.situation.within(known)
    values = {f.id: _to_send(f, given.get(f.id), within) for f in fields if kinds.kind_of(f).takes_answer}
    return {name: value for name, value in values.items() if value is not None}


def _to_send(field: AnyField, raw: Any, situation: Situation) -> Any:
    read = kinds.parse(field, raw, situation.today)
    return raw if isinstance(read, Phrase) else kinds.settled(field, read, situation)


def _strangers(seen: View, field: AnyField, value: Any) -> Iterator[Problem]:
    """Answers inside a repeating section or a grid that are not asked there."""
    inner = {f.id: f for f in inner_fields(field)}
    if isinstance(field, GridField):
        rows = {row.id for row in field.rows}
        shown = {row.id for row in seen.rows(field)}
        for name in mapping(value) or {}:
            if name not in shown:
                yield Problem(None, f"{field.id}.{name}", HIDDEN if name in rows else UNKNOWN)
    for key, given in kinds.parts_of(field, value):
        visible = {f.id for f in seen.entry_fields(field, given)}
        for name, answer in given.items():
            path = f"{field.id}.{key}.{name}"
            if name not in inner:
                yield Problem(None, path, UNKNOWN)
            elif name not in visible and answer is not None and not kinds.kind_of(inner[name]).derived:
                yield Problem(None, path, HIDDEN)


def _field_problems(
    seen: View, page_id: str, field: AnyField, answers: Mapping[str, Any]
) -> Iterator[Problem]:
    known = seen.prefilled.get(field.id)
    value = known.value if known else answers.get(field.id)
    if isinstance(field, RepeatField):
        yield from _section_problems(seen, page_id, field, value)
    elif isinstance(field, GridField):
        yield from _grid_problems(seen, page_id, field, value)
    else:
        yield from _value_problems(page_id, field.id, field, value, seen.situation)


def _value_problems(
    page_id: str, path: str, field: AnyField, raw: Any, situation: Situation
) -> Iterator[Problem]:
    if isinstance(field, UnknownField) and field.fallback is None:
        yield Problem(page_id, path, TOO_OLD)
        return
    kind = kinds.kind_of(field)
    if not kind.takes_answer:
        return
    value = kinds.parse(field, raw, situation.today)
    if isinstance(value, Phrase):
        yield Problem(page_id, path, value)
        return
    value = kinds.settled(field, value, situation)
    if value is None:
        if field.required and not kind.derived:
            yield Problem(page_id, path, kind.missing)
        return
    for finding in kinds.check(field, value, situation):
        where = path if finding.part is None else f"{path}.{finding.part}"
        yield Problem(page_id, where, finding.phrase, finding.warning)
    yield from _rules(page_id, path, field, situation)


def _rules(page_id: str, path: str, field: AnyField, situation: Situation) -> Iterator[Problem]:
    """The field's own rules across answers that are broken."""
    for rule in field.checks if isinstance(field, FieldBase) else ():
        if holds(rule.valid_if, situation) is False:
            yield Problem(page_id, path, Phrase("{message}", {"message": rule.message}), rule.warning)


def _section_problems(seen: View, page_id: str, field: RepeatField, raw: Any) -> Iterator[Problem]:
    value = kinds.parse(field, raw, seen.situation.today)
    if isinstance(value, Phrase):
        yield Problem(page_id, field.id, value)
        return
    entries: list[dict[str, Any]] = value or []
    if entries or field.minimum:
        for finding in kinds.check(field, entries, seen.situation):
            where = field.id if finding.part is None else f"{field.id}.{finding.part}"
            yield Problem(page_id, where, finding.phrase, finding.warning)
    for index, entry in enumerate(entries):
        yield from _cell_problems(seen, page_id, f"{field.id}.{index}", field, entry)
    if entries:
        yield from _rules(page_id, field.id, field, seen.situation)


def _grid_problems(seen: View, page_id: str, field: GridField, raw: Any) -> Iterator[Problem]:
    value = kinds.parse(field, raw, seen.situation.today)
    if isinstance(value, Phrase):
        yield Problem(page_id, field.id, value)
        return
    rows: dict[str, dict[str, Any]] = value or {}
    if not rows and not field.required:
        return
    for row in seen.rows(field):
        yield from _cell_problems(seen, page_id, f"{field.id}.{row.id}", field, rows.get(row.id, {}))
    if rows:
        yield from _rules(page_id, field.id, field, seen.situation)


def _cell_problems(
    seen: View, page_id: str, path: str, field: AnyField, given: Mapping[str, Any]
) -> Iterator[Problem]:
    """What is to be said about the answers of one entry, or of one row."""
    fields, known = seen.inner(field, given)
    within = seen.situation.within(known)
    for inner in fields:
        yield from _value_problems(page_id, f"{path}.{inner.id}", inner, given.get(inner.id), within)
