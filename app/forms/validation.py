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
from app.contract.form import AnyField, FieldBase, RepeatField, UnknownField
from app.contract.phrase import N_, Phrase
from app.forms import kinds
from app.forms.conditions import Situation, holds
from app.forms.received import items, mapping
from app.forms.view import View, is_shown, view

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
    seen = view(definition, answers, me, today)
    problems = [p for shown in seen.pages for p in page_problems(seen, shown.page.id, answers)]
    problems += page_problems(seen, CHECK, answers)
    problems += _superfluous(seen, definition, answers)
    return problems


def visible_answers(
    definition: ServiceDefinition, answers: Mapping[str, Any], me: Me, today: date
) -> dict[str, Any]:
    """The answers to send: those of visible fields, in canonical form and in the order of the form.

    Hidden, unknown and empty answers are left out. What cannot be read stays as it was typed: it is for
    `check_submission` to point out, never to lose. Idempotent.
    """
    return answers_to_send(view(definition, answers, me, today), answers)


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


def _superfluous(seen: View, definition: ServiceDefinition, answers: Mapping[str, Any]) -> Iterator[Problem]:
    known = {f.id for page in definition.form.pages for f in page.fields}
    if definition.form.declaration is not None:
        known.add(definition.form.declaration.id)
    visible = {f.id: f for shown in seen.pages for f in shown.fields}
    if seen.declaration is not None:
        visible[seen.declaration.id] = seen.declaration
    for name, value in answers.items():
        if name not in known:
            yield Problem(None, name, UNKNOWN)
        elif name not in visible or not kinds.kind_of(visible[name]).takes_answer:
            if value is not None:
                yield Problem(None, name, HIDDEN)
        elif isinstance(field := visible[name], RepeatField):
            yield from _strangers(seen, field, items(value) or [])


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
        value = known.value if known else _canonical(field, answers.get(field.id), seen.situation.today)
        if isinstance(field, RepeatField) and (entries := items(value)) is not None:
            value = [_entry_to_send(seen, field, entry) for entry in entries]
        if value is not None:
            sent[field.id] = value
    return sent


def _entry_to_send(seen: View, field: RepeatField, entry: Any) -> Any:
    if (given := mapping(entry)) is None:
        return entry
    today = seen.situation.today
    values = {f.id: _canonical(f, given.get(f.id), today) for f in seen.entry_fields(field, given)}
    return {name: value for name, value in values.items() if value is not None}


def _canonical(field: AnyField, value: Any, today: date) -> Any:
    read = kinds.parse(field, value, today)
    return value if isinstance(read, Phrase) else read


def _strangers(seen: View, field: RepeatField, entries: list[Any]) -> Iterator[Problem]:
    inner = {f.id for f in field.fields}
    for index, entry in enumerate(entries):
        if (given := mapping(entry)) is None:
            continue
        visible = {f.id for f in seen.entry_fields(field, given)}
        for name, value in given.items():
            path = f"{field.id}.{index}.{name}"
            if name not in inner:
                yield Problem(None, path, UNKNOWN)
            elif name not in visible and value is not None:
                yield Problem(None, path, HIDDEN)


def _field_problems(
    seen: View, page_id: str, field: AnyField, answers: Mapping[str, Any]
) -> Iterator[Problem]:
    known = seen.prefilled.get(field.id)
    value = known.value if known else answers.get(field.id)
    if isinstance(field, RepeatField):
        yield from _section_problems(seen, page_id, field, value)
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
    if value is None:
        if field.required:
            yield Problem(page_id, path, kind.missing)
        return
    for finding in kinds.check(field, value, situation):
        where = path if finding.part is None else f"{path}.{finding.part}"
        yield Problem(page_id, where, finding.phrase, finding.warning)
    if isinstance(field, FieldBase):
        for rule in field.checks:
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
        situation = seen.situation.within(seen.entry_values(field, entry))
        for inner in field.fields:
            if is_shown(inner, situation):
                path = f"{field.id}.{index}.{inner.id}"
                yield from _value_problems(page_id, path, inner, entry.get(inner.id), situation)
