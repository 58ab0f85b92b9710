"""What a form costs before anything is drawn: read, answered, and taken to its next page.

The forms are long ones of a made-up service: ten fields a page, every third under a condition that looks at a
field before it, so that each answer has something to decide.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from functools import partial
from time import perf_counter
from typing import Any

from app.contract.citizen import Me
from app.contract.definition import ServiceDefinition
from app.contract.source import read_service
from app.forms.journey import Journey
from app.start import ROOT
from benchmarks.table import Row, percentile

SAMPLE = "lapor/complaint"
A_PAGE = 10
TIMES = 60
LOAD_MS, NEXT_MS, ANSWER_MS = 10, 8, 16


def measure() -> list[Row]:
    """Load and next page of 60 fields, and one answer among 300; milliseconds."""
    sixty, three_hundred = _definition(60), _definition(300)
    loads = [_timed(partial(ServiceDefinition.model_validate_json, sixty)) for _ in range(TIMES)]
    return [
        _row("definition of 60 fields: load", loads, LOAD_MS),
        _row("60 fields: next page", _nexts(sixty), NEXT_MS),
        _row("300 fields: one answer, and what it changes", _answers(three_hundred), ANSWER_MS),
    ]


def _definition(fields: int) -> bytes:
    sample = read_service(ROOT / "services" / SAMPLE).model_dump(mode="json", exclude_none=True)
    pages: list[dict[str, Any]] = []
    for first in range(0, fields, A_PAGE):
        asked = [_field(number) for number in range(first, min(first + A_PAGE, fields))]
        pages.append({"id": f"page_{first}", "step": "Isi", "title": "Apa jawabannya?", "fields": asked})
    sample["form"] = {"pages": pages}
    for unused in ("permissions", "requirements"):
        sample[unused] = []
    return json.dumps(sample).encode()


def _field(number: int) -> dict[str, Any]:
    when = {"when": {"field": f"f{number - 1}", "is_not": "x"}} if number % 3 == 2 else {}
    return {"id": f"f{number}", "type": "text", "label": f"Jawaban {number}", "max_length": 40, **when}


def _journey(definition: bytes) -> Journey:
    return Journey(
        ServiceDefinition.model_validate_json(definition),
        Me(subject="nobody", attributes=[]),
        date(2026, 11, 2),
    )


def _nexts(definition: bytes) -> list[float]:
    def onwards(journey: Journey) -> None:
        journey.forward()
        journey.progress(journey.at)

    spent: list[float] = []
    while len(spent) < TIMES:
        journey = _journey(definition)
        for page in list(journey.pages):
            for field in page.fields:
                journey.answer(field.id, "jawab")
            spent.append(_timed(partial(onwards, journey)))
    return spent


def _answers(definition: bytes) -> list[float]:
    journey = _journey(definition)

    def answer(number: int) -> None:
        journey.answer(f"f{number}", "jawab")
        journey.remaining()

    return [_timed(partial(answer, number)) for number in range(300)]


def _timed(act: Callable[[], object]) -> float:
    begin = perf_counter()
    act()
    return (perf_counter() - begin) * 1e3


def _row(what: str, spent: list[float], budget: float) -> Row:
    worst = percentile(spent, 0.99)
    return Row(
        what,
        f"p50 {percentile(spent, 0.5):.2f} ms · p99 {worst:.2f} ms · {len(spent)} times",
        f"p99 ≤ {budget} ms",
        worst <= budget,
    )
