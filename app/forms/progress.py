"""How far a citizen is: the step of a page, and how much is left to type."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.contract.form import AnyField, GridField, Page, RepeatField
from app.contract.language import Language
from app.contract.phrase import N_, Phrase
from app.contract.text import Text
from app.forms import kinds
from app.forms.answers import Answers
from app.forms.kinds import INDONESIAN
from app.forms.received import mapping, mappings
from app.forms.view import View

_CHECK_STEP = N_("Periksa")


@dataclass(frozen=True, slots=True)
class Progress:
    """Where the citizen is: step `step` of `steps`, called `title`; `fraction` of the bar (0 to 1)."""

    step: int
    steps: int
    title: Text | Phrase
    fraction: float

    def words(self, language: Language = INDONESIAN) -> str:
        """`Langkah 3 dari 6 · Data anak`."""
        where = N_(
            "Langkah {step} dari {steps} · {title}", step=self.step, steps=self.steps, title=self.title
        )
        return language.say(where)


def progress_of(pages: Sequence[Page], page_id: str) -> Progress:
    """The step of `page_id` among the visible `pages`; any other id is the check page, the last step.

    Pages with the same step after another are one step.
    """
    steps: list[Text] = []
    step_of: dict[str, int] = {}
    for page in pages:
        if not steps or steps[-1].root != page.step.root:
            steps.append(page.step)
        step_of[page.id] = len(steps)
    order = [page.id for page in pages]
    index = order.index(page_id) if page_id in step_of else len(order)
    number = step_of.get(page_id, len(steps) + 1)
    title = steps[number - 1] if number <= len(steps) else _CHECK_STEP
    return Progress(number, len(steps) + 1, title, (index + 0.5) / (len(order) + 1))


@dataclass(frozen=True, slots=True)
class Tally:
    """Answers that a field wants, those of them that are ready, and of these the ones that the state knew."""

    wanted: int = 0
    ready: int = 0
    known: int = 0


def tally(field: AnyField, seen: View, answers: Answers, wrong: set[str]) -> Tally:
    """The tally of one visible field; `wrong` are the paths of answers that must be mended.

    Required answers are wanted, optional ones once they are given. Each inner field of each entry and row
    counts, and so do those of entries that are still missing. Notes, declarations and what is worked out take
    no typing. What the citizen told in another service is ready, but the state did not know it.
    """
    if not _is_typed(field):
        return Tally()
    if isinstance(field, RepeatField):
        return _of_section(field, seen, mappings(answers.get(field.id)), wrong)
    if isinstance(field, GridField):
        return _of_grid(field, seen, mapping(answers.get(field.id)) or {}, wrong)
    known = seen.prefilled.get(field.id)
    value: Any = known.value if known else answers.get(field.id)
    if value is None:
        return Tally(int(field.required))
    if any(path == field.id or path.startswith(f"{field.id}.") for path in wrong):
        return Tally(1)
    source = known.source if known is not None else answers.sources.get(field.id)
    return Tally(1, 1, int(source is not None and not source.told))


def _is_typed(field: AnyField) -> bool:
    kind = kinds.kind_of(field)
    return kind.takes_answer and not kind.derived and field.type not in ("declaration", "signature")


def _of_section(field: RepeatField, seen: View, entries: Sequence[Any], wrong: set[str]) -> Tally:
    wanted = ready = 0
    for index, entry in enumerate(entries):
        one = _of_cells(field, seen, f"{field.id}.{index}", entry, wrong)
        wanted, ready = wanted + one.wanted, ready + one.ready
    missing = max(0, field.minimum - len(entries))
    each = sum(f.required for f in seen.entry_fields(field, {}) if _is_typed(f))
    return Tally(wanted + missing * each, ready)


def _of_grid(field: GridField, seen: View, rows: Mapping[str, Any], wrong: set[str]) -> Tally:
    if not rows and not field.required:
        return Tally()
    tallies = [
        _of_cells(field, seen, f"{field.id}.{row.id}", mapping(rows.get(row.id)) or {}, wrong)
        for row in seen.rows(field)
    ]
    return Tally(sum(t.wanted for t in tallies), sum(t.ready for t in tallies))


def _of_cells(field: AnyField, seen: View, path: str, given: Mapping[str, Any], wrong: set[str]) -> Tally:
    wanted = ready = 0
    for inner in seen.entry_fields(field, given):
        if not _is_typed(inner):
            continue
        there = given.get(inner.id) is not None
        at = f"{path}.{inner.id}"
        wanted += inner.required or there
        ready += there and not any(p == at or p.startswith(f"{at}.") for p in wrong)
    return Tally(wanted, ready)
