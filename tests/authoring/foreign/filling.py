"""Fills a form in on the way through its pages, by rule: what is asked gets an answer that fits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from app.contract.citizen import Me
from app.contract.definition import ServiceDefinition
from app.contract.form import AnyField, GridField, RepeatField
from app.forms.conditions import Situation, applies, day
from app.forms.journey import CHECK, Journey

TODAY = date(2026, 11, 24)
_NOBODY = Me(subject="subject", attributes=[])


@dataclass
class Way:
    """How somebody answers: `yes` to yes-or-no questions, the `pick`-th option, and `said` by path or id."""

    yes: bool = True
    pick: int = 0
    said: Mapping[str, Any] = field(default_factory=dict[str, Any])


class Stuck(AssertionError):
    """Somebody cannot go on."""


def walk(definition: ServiceDefinition, way: Way, *, until: str | None = None) -> tuple[Journey, set[str]]:
    """Go from the first page to the check page, or to an exit; gives the journey and the fields met.

    With `until`, no further than past that page.
    """
    journey = Journey(definition, _NOBODY, TODAY)
    met: set[str] = set()
    for _ in range(len(definition.form.pages) + 1):
        if journey.at == CHECK:
            break
        here = journey.at
        _answer_page(journey, way, met)
        problems = journey.forward()
        if problems:
            told = "; ".join(f"{p.field}: {p.phrase.message} {p.phrase.values}" for p in problems)
            raise Stuck(f"{definition.id}, page {here}: {told}")
        if journey.exit is not None or here == until:
            break
    if journey.at == CHECK and journey.view.declaration is not None:
        journey.answer(journey.view.declaration.id, True)
    return journey, met


def _answer_page(journey: Journey, way: Way, met: set[str]) -> None:
    here = journey.at
    asked = True
    while asked:
        asked = False
        for one in journey.fields(here):
            if one.id not in met:
                # An answer may show or hide what comes after it.
                met.add(one.id)
                _answer(journey, one, way, met)
                asked = True
                break


def _answer(journey: Journey, one: AnyField, way: Way, met: set[str]) -> None:
    situation = journey.view.situation
    if one.id in way.said:
        journey.answer(one.id, way.said[one.id])
        if not isinstance(one, RepeatField | GridField):
            return
    if isinstance(one, RepeatField):
        for index in range(max(1, one.minimum)) if one.id not in way.said else ():
            journey.add_entry(one.id)
            for inner in one.fields:
                if inner in journey.entry_fields(one, index):
                    entry = journey.entries(one.id)[index]
                    answer = answer_to(inner, way, journey.view.situation.within(entry), index)
                    journey.answer(f"{one.id}.{index}.{inner.id}", answer)
        shown = [inner for i in range(len(journey.entries(one.id))) for inner in journey.entry_fields(one, i)]
        met |= {f"{one.id}.{inner.id}" for inner in shown}
    elif isinstance(one, GridField):
        for row in journey.view.rows(one) if one.required else ():
            for column in one.columns:
                met.add(f"{one.id}.{column.id}")
                journey.answer(f"{one.id}.{row.id}.{column.id}", answer_to(column, way, situation, 0))
        met |= {f"{one.id}.{column.id}" for column in one.columns if one.id in way.said}
    else:
        journey.answer(one.id, answer_to(one, way, situation, 0))


def answer_to(asked: AnyField, way: Way, situation: Situation, index: int) -> Any:
    """An answer that fits `asked`; the `index`-th of several."""
    if asked.id in way.said:
        return way.said[asked.id]
    known: Any = asked
    match asked.type:
        case "text":
            return _SAMPLES[known.pattern] if known.pattern else f"Ana Sample {'Bcd'[index % 3]}"
        case "long_text":
            return "Penjelasan yang cukup panjang."
        case "integer" | "decimal":
            return str(known.minimum or 1)
        case "yes_no":
            return way.yes
        case "choice" | "choices":
            values = [o.value for o in known.options if applies(o.when, situation)]
            chosen = values[min(way.pick, len(values) - 1)]
            return chosen if asked.type == "choice" else [chosen]
        case "country":
            return ("ID", "JP", "DE")[index % 3]
        case "phone":
            return f"+62812345678{90 + index}"
        case "email":
            return f"ana{index}@contoh.example"
        case "date" | "month":
            found = _within(day(known.earliest, situation), day(known.latest, situation))
            return found.isoformat()[: 10 if asked.type == "date" else 7]
        case "date_range":
            start = _within(day(known.earliest, situation), day(known.latest, situation))
            return {"start": start.isoformat(), "end": start.isoformat()}
        case "file" | "photo":
            name = {"name": "surat.jpg", "media_type": "image/jpeg", "size": 120_000}
            return [{**name, "sha256": f"{index:064x}"}]
        case "declaration":
            return True
        case "signature":
            return {"name": "Ana Sample", "agreed": True}
        case "payment":
            return {"method": known.methods[0].value}
        case _:
            return None


def _within(earliest: date | None, latest: date | None) -> date:
    if latest is not None and latest < TODAY:
        return latest
    if earliest is not None:
        return earliest + timedelta(days=1) if latest is None or latest > earliest else earliest
    return TODAY - timedelta(days=30) if latest is not None else TODAY


_SAMPLES = {
    "[0-9]{9}": "123456789",
    "[A-Za-zÀ-ÿ][A-Za-zÀ-ÿ' -]*": "Anne-Marie O'Neil",
    "[A-Za-z]{1,2}[0-9][A-Za-z0-9]? ?[0-9][A-Za-z]{2}": "SW1A 1AA",
    "[A-Za-z0-9]{9}": "123456789",
    "[A-Z]{3}[0-9]{10}": "WAC1234567890",
    "[A-Za-z][A-Za-z '-]*": "SAMPLE",
    "[0-9 ]{4,20}": "1234 5678",
    "[0-9]{3}-[0-9]{2}-[0-9]{4}": "123-45-6789",
    "[0-9]{5}": "10115",
    "[A-Z0-9]{8}": "K1234567",
    "[A-Za-z0-9]{5,20}": "X1234567",
    "[A-Z]{3}": "IDR",
    "N[0-9]{10}": "N0012345678",
    "[1-9][0-9]{10}": "12345678901",
    "[A-Z][0-9]{9}": "A123456789",
    "[A-Z]{2}[0-9]{2}[A-Z0-9 ]{11,30}": "DE89 3704 0044 0532 0130 00",
    "[A-Z0-9]{8,11}": "COBADEFFXXX",
}
"""What fits each pattern of the fixtures."""
