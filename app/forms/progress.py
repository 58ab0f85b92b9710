"""How far a citizen is: the step of a page, and how much is left to type."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.contract.form import AnyField, Page, RepeatField
from app.contract.language import Language
from app.contract.phrase import N_, Phrase
from app.contract.text import Text
from app.forms import kinds
from app.forms.answers import Answers
from app.forms.kinds import INDONESIAN
from app.forms.received import mappings
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

    Required answers are wanted, optional ones once they are given. Each inner field of each entry counts,
    and so do those of entries that are still missing. Notes and declarations take no typing.
    """
    if field.type == "declaration" or not kinds.kind_of(field).takes_answer:
        return Tally()
    if isinstance(field, RepeatField):
        return _of_section(field, seen, mappings(answers.get(field.id)), wrong)
    known = seen.prefilled.get(field.id)
    value: Any = known.value if known else answers.get(field.id)
    if value is None:
        return Tally(int(field.required))
    if any(path == field.id or path.startswith(f"{field.id}.") for path in wrong):
        return Tally(1)
    return Tally(1, 1, int(known is not None or field.id in answers.sources))


def _of_section(field: RepeatField, seen: View, entries: Sequence[Any], wrong: set[str]) -> Tally:
    wanted = ready = 0
    for index, entry in enumerate(entries):
        for inner in seen.entry_fields(field, entry):
            given = entry.get(inner.id) is not None
            path = f"{field.id}.{index}.{inner.id}"
            wanted += inner.required or given
            ready += given and not any(p == path or p.startswith(f"{path}.") for p in wrong)
    missing = max(0, field.minimum - len(entries))
    return Tally(wanted + missing * sum(f.required for f in seen.entry_fields(field, {})), ready)
