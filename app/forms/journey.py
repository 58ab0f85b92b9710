"""A citizen's way through the pages of a form: the one thing that a form screen talks to.

    journey = Journey(definition, me, today)              # or Journey.from_json(definition, draft, me, today)
    journey.at                                            # id of the page to show: the first that is not done
    journey.fields()                                      # its visible fields
    journey.value("full_name"), journey.source("mother")  # what stands in a field, and which register gave it
    journey.answer("full_name", "Bintang Pratama")        # at every change; save journey.to_json() after it
    problems = journey.forward()                          # "Lanjut": [] and `at` has moved, or what to mend
    journey.back(); journey.change("child")               # the arrow; a change link of the check page
    journey.progress().words(language)               # "Langkah 3 dari 6 · Data anak"
    journey.remaining(), journey.total()                  # "3 of 14 left to type"
    journey.exit                                          # the form ends here: why, and what instead
    journey.at == CHECK and journey.problems() == []      # ready: send journey.submission_answers()

A page is *done* when the citizen has passed it, nothing on it is missing or wrong, and the form does not end
there. `go` follows a link only as far as everything before it is done. What is known already stands in its
field until the citizen passes the page: that confirms it, and it keeps its source. Typed over, it is the
citizen's own answer. Answers of pages that vanish are kept, in case they come back, and are not sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from app.contract.citizen import Me
from app.contract.definition import Requirement, ServiceDefinition
from app.contract.form import CHECK_PAGE as CHECK
from app.contract.form import AnyField, Exit, FieldBase, Page, RepeatField
from app.contract.phrase import Phrase
from app.forms import kinds
from app.forms.answers import Answers, Source, field_at, fields_of
from app.forms.prefill import Prefilled, can_be_told, evidence
from app.forms.progress import Progress, Tally, progress_of, tally
from app.forms.received import items, mapping, mappings
from app.forms.validation import (
    Problem,
    answers_to_send,
    blocking,
    check_submission,
    page_problems,
)
from app.forms.view import View, view

__all__ = ["CHECK", "Journey"]


class Journey:
    """One citizen's way through one form. Changes in place; `to_json` is the whole state."""

    def __init__(
        self,
        definition: ServiceDefinition,
        me: Me,
        today: date,
        answers: Answers | None = None,
        *,
        only: str | None = None,
        told: Me | None = None,
    ) -> None:
        """Begin, or go on with `answers`. `only` is the one page that an agency has asked about.

        `told` is what the citizen has answered in other services, by concept.
        """
        self.definition = definition
        self.me = me
        self.today = today
        self.answers = answers or Answers()
        self.only = only
        self.told = told
        self.renewed = False
        """Whether the draft was begun with another version of the form: its pages are gone through again."""
        self._passed: set[str] = set()
        self._changing = False
        self._at: str | None = None
        self._view: View | None = None
        self._problems: dict[str, list[Problem]] = {}

    # What is there

    @property
    def view(self) -> View:
        """The form as it stands for the answers of now."""
        if self._view is None:
            self._view = view(
                self.definition, self.answers.values, self.me, self.today, prefill=True, told=self.told
            )
        return self._view

    @property
    def pages(self) -> tuple[Page, ...]:
        """The visible pages in order; in question mode the one that was asked about."""
        return tuple(p.page for p in self.view.pages if self.only is None or p.page.id == self.only)

    @property
    def at(self) -> str:
        """The id of the page to show, or `CHECK`. Always one that may be shown now."""
        return self._reachable(self._at or self.first_incomplete())

    @property
    def page(self) -> Page | None:
        """The page to show; None on the check page."""
        return next((p for p in self.pages if p.id == self.at), None)

    @property
    def changing(self) -> bool:
        """Whether the citizen came from the check page to change something, and goes back there next."""
        return self._changing

    def fields(self, page_id: str | None = None) -> tuple[AnyField, ...]:
        """The visible fields of a page (of `at` by default); on the check page the declaration, if any."""
        page_id = page_id or self.at
        if page_id == CHECK:
            return (self.view.declaration,) if self.view.declaration else ()
        shown = self.view.page(page_id)
        return shown.fields if shown else ()

    @property
    def exit(self) -> Exit | None:
        """Why the form ends at the page at hand, once the citizen has passed it; None where it goes on."""
        shown = self.view.page(self.at)
        return shown.exit if shown and shown.page.id in self._passed else None

    def entry_fields(self, field: RepeatField, index: int) -> tuple[AnyField, ...]:
        """The visible fields of one entry of a repeating section."""
        entries = self.entries(field.id)
        return self.view.entry_fields(field, entries[index] if index < len(entries) else {})

    def told_elsewhere(self) -> dict[str, Any]:
        """The answers that may be offered in other services, by concept: the citizen's own, as sent."""
        sent = self.submission_answers()
        return {
            str(field.concept): sent[field.id]
            for field in fields_of(self.definition.form)
            if isinstance(field, FieldBase)
            and can_be_told(field)
            and field.id in sent
            and not self._from_register(field.id)
        }

    def _from_register(self, field_id: str) -> bool:
        source = self.source(field_id)
        return source is not None and not source.told

    def value(self, path: str) -> Any:
        """What stands in the field at `path`: answered, else prefilled, else None; or what is worked out."""
        if path in self.view.prefilled:
            return self.view.prefilled[path].value
        field = field_at(self.definition.form, path)
        if field is not None and kinds.kind_of(field).derived:
            return Answers(dict(self.view.values)).get(path)
        return self.answers.get(path)

    def entries(self, field_id: str) -> list[dict[str, Any]]:
        """The entries of a repeating section, as given so far."""
        return [dict(entry) for entry in mappings(self.answers.get(field_id))]

    def source(self, field_id: str) -> Source | None:
        """Where the value of a field came from, confirmed or not; None: the citizen gave it here."""
        if (known := self.view.prefilled.get(field_id)) is not None:
            return known.source
        return self.answers.sources.get(field_id)

    def prefilled(self, field_id: str) -> Prefilled | None:
        """What the state knows and the citizen has neither confirmed nor changed."""
        return self.view.prefilled.get(field_id)

    def evidence(self) -> list[tuple[Requirement, Source | None]]:
        """What is needed for these answers, each with the register that proves it, or None: to be brought."""
        return evidence(self.definition, self.view.situation)

    # Where to

    def first_incomplete(self) -> str:
        """The first page that is not done, or `CHECK`."""
        return next((p.id for p in self.pages if not self.done(p.id)), CHECK)

    def done(self, page_id: str) -> bool:
        """Whether the citizen has passed the page and nothing on it is missing, wrong or unconfirmed."""
        if page_id not in self._passed:
            return False
        if any(f.id in self.view.prefilled for f in self.fields(page_id)):
            return False
        shown = self.view.page(page_id)
        if shown is not None and shown.exit is not None:
            return False
        return not blocking(self.problems(page_id))

    def go(self, page_id: str) -> str:
        """Follow a link to `page_id`, as far as everything before it is done. Gives the page arrived at."""
        self._at = self._reachable(page_id)
        if self._at == CHECK:
            self._changing = False
        return self._at

    def change(self, page_id: str) -> str:
        """Follow a change link of the check page; `forward` comes back to it."""
        self._changing = self.first_incomplete() == CHECK and page_id != CHECK
        return self.go(page_id)

    def forward(self) -> list[Problem]:
        """Pass the page at hand: confirm what was prefilled, and move on, or to the end (`exit`).

        Gives the problems that hold it up (warnings do not), [] once moved.
        """
        here = self.at
        if here == CHECK:
            return self.problems(CHECK)
        problems = blocking(self.problems(here))
        if problems:
            return problems
        for field in self.fields(here):
            if (known := self.view.prefilled.get(field.id)) is not None:
                self.answers.put(field.id, known.value, known.source)
        self._passed.add(here)
        self._changed()
        if self.exit is not None:
            self._at = here
        elif self._changing:
            self.go(self.first_incomplete())
        else:
            order = [p.id for p in self.pages] + [CHECK]
            self.go(order[order.index(here) + 1])
        return []

    def back(self) -> bool:
        """Go to the page before, or to the check page where a change link led here. False on the first.

        Where the form has ended, back to the answers of its last page.
        """
        if self.exit is not None:
            self._passed.discard(self.at)
            return True
        if self._changing:
            self._changing = False
            self._at = self.first_incomplete()
            return True
        order = [p.id for p in self.pages] + [CHECK]
        index = order.index(self.at)
        if index == 0:
            return False
        self._at = order[index - 1]
        return True

    def _reachable(self, page_id: str) -> str:
        order = [p.id for p in self.pages] + [CHECK]
        first = self.first_incomplete()
        if page_id not in order or order.index(page_id) > order.index(first):
            return first
        return page_id

    # Answering

    def answer(self, path: str, raw: Any) -> list[Problem]:
        """Keep `raw` as the answer at `path` (`full_name`, `witnesses.0.nik`), whatever it is.

        What can be read is kept in canonical form, the rest as it was typed. Gives what is to be said about
        this field now. Raises KeyError where the form has no such field.
        """
        field = field_at(self.definition.form, path)
        if field is None:
            raise KeyError(path)
        read = kinds.parse(field, raw, self.today)
        value = raw if isinstance(read, Phrase) else read
        name, *rest = path.split(".")
        if not rest:
            self.answers.put(name, value)
        elif rest[0].isdecimal():
            entries = self.entries(name)
            index = int(rest[0])
            if index >= len(entries):
                raise KeyError(path)
            entries[index] = _with(entries[index], rest[1], value)
            self.answers.put(name, entries)
        else:
            rows = dict(mapping(self.answers.get(name)) or {})
            rows[rest[0]] = _with(mapping(rows.get(rest[0])) or {}, rest[1], value)
            self.answers.put(name, {row: cells for row, cells in rows.items() if cells} or None)
        self._changed()
        return [p for p in self._problems_of(name) if p.field == path or p.field.startswith(f"{path}.")]

    def restore(self, field_id: str) -> None:
        """Forget the citizen's own answer, so that what the state knows stands in the field again."""
        self.answers.values.pop(field_id, None)
        self.answers.sources.pop(field_id, None)
        self._changed()

    def add_entry(self, field_id: str) -> int:
        """Add an empty entry to a repeating section and give its index.

        Raises KeyError where there is no such section, ValueError where it is full.
        """
        section = self._section(field_id)
        entries = self.entries(field_id)
        if len(entries) >= section.maximum:
            raise ValueError(f"{field_id} has {len(entries)} entries already")
        self.answers.put(field_id, [*entries, {}])
        self._changed()
        return len(entries)

    def remove_entry(self, field_id: str, index: int) -> None:
        """Remove one entry. Raises KeyError where there is none."""
        self._section(field_id)
        entries = self.entries(field_id)
        if not 0 <= index < len(entries):
            raise KeyError(f"{field_id}.{index}")
        self.answers.put(field_id, entries[:index] + entries[index + 1 :])
        self._changed()

    def _section(self, field_id: str) -> RepeatField:
        field = field_at(self.definition.form, field_id)
        if not isinstance(field, RepeatField):
            raise KeyError(field_id)
        return field

    def _changed(self) -> None:
        """Forget what was worked out for the answers of before."""
        self._view = None
        self._problems = {}

    # What is missing, and what is sent

    def problems(self, page_id: str | None = None) -> list[Problem]:
        """What is to be said about one page (or `CHECK`), or about everything that will be sent."""
        page_id = page_id or self.only
        if page_id is not None:
            if page_id not in self._problems:
                self._problems[page_id] = page_problems(self.view, page_id, self.answers.values)
            return list(self._problems[page_id])
        return check_submission(self.definition, self.submission_answers(), self.me, self.today)

    def _problems_of(self, field_id: str) -> list[Problem]:
        shown = self.view.page_of(field_id)
        page_id = shown.page.id if shown else CHECK
        return [p for p in self.problems(page_id) if p.field.split(".")[0] == field_id]

    def submission_answers(self) -> dict[str, Any]:
        """The answers to send: of visible fields alone; in question mode of the one page."""
        sent = answers_to_send(self.view, self.answers.values)
        if self.only is None:
            return sent
        asked = {f.id for f in self.fields(self.only)}
        return {name: value for name, value in sent.items() if name in asked}

    def total(self) -> int:
        """How many answers the form wants as it stands: required ones, and optional ones that are given.

        Each inner field of each entry and each cell of a grid counts, and so do those of entries that are
        still missing. Notes, declarations and what is worked out take no typing and do not count.
        """
        return sum(t.wanted for t in self._tallies())

    def remaining(self) -> int:
        """How many of `total` are still to be given (or mended); what is known already is not among them."""
        return sum(t.wanted - t.ready for t in self._tallies())

    def known(self) -> int:
        """How many of `total` come from the state and were not changed by the citizen."""
        return sum(t.known for t in self._tallies())

    def _tallies(self) -> list[Tally]:
        return [
            tally(field, self.view, self.answers, {p.field for p in blocking(self.problems(page.id))})
            for page in self.pages
            for field in self.fields(page.id)
        ]

    def progress(self, page_id: str | None = None) -> Progress:
        """The step of a page (of `at` by default). Pages with the same step after another are one step."""
        return progress_of(self.pages, page_id or self.at)

    # Keeping

    def to_json(self) -> dict[str, Any]:
        """The state as JSON: answers with sources, pages passed, and the place."""
        return {
            "service": self.definition.id,
            "version": self.definition.version,
            "answers": self.answers.to_json(),
            "passed": sorted(self._passed),
            "at": self._at,
            "changing": self._changing,
            "only": self.only,
        }

    @classmethod
    def from_json(
        cls, definition: ServiceDefinition, state: Any, me: Me, today: date, *, told: Me | None = None
    ) -> Journey:
        """The journey that `to_json` wrote, back at the same place.

        With another version of the form all answers stay and the pages are gone through again (`renewed`).
        Raises ValueError where `state` is no such state, or of another service.
        """
        if (data := mapping(state)) is None:
            raise ValueError("a draft is a mapping")
        if data.get("service") != definition.id:
            raise ValueError(f"a draft of {data.get('service')!r}, not of {definition.id!r}")
        only, at, passed = data.get("only"), data.get("at"), items(data.get("passed"))
        if passed is None or any(v is not None and not isinstance(v, str) for v in (only, at)):
            raise ValueError("a draft has `passed`, `at` and `only`")
        answers = Answers.from_json(data.get("answers"))
        journey = cls(definition, me, today, answers, only=only, told=told)
        if data.get("version") == definition.version:
            journey._passed = {str(page) for page in passed}
            journey._at = at
            journey._changing = data.get("changing") is True
        else:
            journey.renewed = True
        return journey


def _with(cells: Mapping[str, Any], name: str, value: Any) -> dict[str, Any]:
    """`cells` with the answer `name`, or without it where the answer is none."""
    return {key: kept for key, kept in {**cells, name: value}.items() if kept is not None}
