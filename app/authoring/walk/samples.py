"""Answers that a citizen may give in a field, made up by the rules of its type.

Each function gives several, the likely ones first; whether one holds (`app.forms.kinds.check`, the rules
across answers) is for the caller to see. `turn` tells answers of one field in several ways, or in several
entries, apart; the same turn gives the same answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any, cast

from app.authoring.walk.patterns import text_for
from app.authoring.walk.pictures import file_fact
from app.contract.countries import countries
from app.contract.form import (
    AddressField,
    AnyField,
    ChoiceField,
    ChoicesField,
    DateField,
    DateRangeField,
    DocumentField,
    FileField,
    LongTextField,
    MonthField,
    NikField,
    PaymentField,
    PersonField,
    RegionField,
    SlotField,
    StudentNumberField,
    TextField,
)
from app.contract.regions import regions
from app.forms.conditions import Situation, applies, day
from app.forms.kinds.files import PHOTO_TYPES
from app.forms.kinds.person import candidates
from app.forms.kinds.places import LEVELS, allowed_provinces, allowed_regencies
from app.forms.kinds.registered import luhn
from app.forms.kinds.slots import open_days

Part = str | None


@dataclass(frozen=True, slots=True)
class Hints:
    """What conditions compare a field with: values by part of the answer (None: the whole), and counts."""

    values: Mapping[Part, Sequence[Any]] = field(default_factory=dict[Part, Sequence[Any]])
    counts: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """One field to be answered: what is known around it, what conditions look at, which time round it is."""

    situation: Situation
    hints: Hints
    turn: int
    random: Random

    def around(self, part: Part = None) -> list[Any]:
        """The values at, before and after what a part is compared with."""
        return around(self.hints.values.get(part, ()))

    def answer(self, field_id: str | None) -> Any:
        """The answer of another field of the entry or the form, None where there is none."""
        return self.situation.answer(field_id) if field_id else None


_NAMES = ("Bintang", "Melati", "Arum", "Gilang", "Wulan", "Satria", "Kirana", "Bagas", "Laras", "Damar")
_SURNAMES = ("Contoh", "Misal", "Umpama", "Teladan", "Peraga", "Rekaan")
_WORDS = "ini keterangan contoh untuk mencoba formulir dari awal sampai akhir"
_REGENCIES = ("32.73", "34.04", "35.78", "51.71", "73.71", "12.71")
_MONEY = (2_500_000, 350_000, 75_000, 12_000_000, 0, 1)
_WHOLE = (2, 4, 1, 7, 0, 12)
_CLOCKS = ("08:30", "16:05", "00:00", "23:59")
_POINTS = ((-6.914744, 107.60981), (-7.797068, 110.370529), (-5.147665, 119.432732))
_SERIAL = 9_000
"""Numbers of population administration from 9000 on mean nobody (`backend.sandbox.personas`)."""


def around(bounds: Sequence[Any]) -> list[Any]:
    """Each of `bounds`, and what lies next to it on both sides; days as ISO dates."""
    return [near for bound in bounds for near in _near(bound)]


def name_of(turn: int) -> str:
    """The name of a made-up person, in two words; the names of sixty turns differ."""
    return f"{_NAMES[turn % len(_NAMES)]} {_SURNAMES[turn // len(_NAMES) % len(_SURNAMES)]}"


def answers_for(asked: AnyField, wanted: Wanted) -> Iterator[Any]:
    """Answers for a field of any type, but for repeating sections and grids, whose parts are fields."""
    make = _BY_TYPE.get(asked.type)
    yield from make(cast("Any", asked), wanted) if make is not None else _lines(name_of(wanted.turn))


def nik(born: date, sex: str, serial: int) -> str:
    """A NIK of nobody: first registered in Bandung, with this date of birth and sex."""
    number = born.day + (40 if sex == "female" else 0)
    return f"327302{number:02d}{born.month:02d}{born.year % 100:02d}{_SERIAL + serial % 1000:04d}"


# Words and numbers


def _lines(*texts: str) -> Iterator[str]:
    yield from dict.fromkeys(texts)


def _text(asked: TextField, wanted: Wanted) -> Iterator[str]:
    turn = wanted.turn
    least, most = max(1, asked.min_length or 1), asked.max_length
    usual = [f"Contoh {1 + turn}", name_of(turn), f"Jalan Melati Nomor {1 + turn}", "Bandung", "Contoh"]
    named = asked.id.endswith("name") or (asked.concept or "").endswith("name")
    usual = [name_of(turn), *usual] if named else usual
    yield from (str(value) for value in wanted.hints.values.get(None, ()))
    yield from (text for text in usual if least <= len(text) <= most)
    if asked.pattern:
        for _ in range(20):
            made = text_for(asked.pattern, wanted.random, least, most)
            if made is not None:
                yield made
    words = max(asked.min_words or 1, 1)
    yield _filled(" ".join(["Contoh"] * words), least, most)


def _long_text(asked: LongTextField, wanted: Wanted) -> Iterator[str]:
    yield from (str(value) for value in wanted.hints.values.get(None, ()))
    sentence = f"Contoh {1 + wanted.turn}: {_WORDS}."
    yield _filled(sentence, asked.min_length or 1, asked.max_length)


def _filled(text: str, least: int, most: int) -> str:
    while len(text) < least:
        text = f"{text} {_WORDS}"
    return text[:most].strip().ljust(least, "a")


def _bounded(asked: Any) -> list[Any]:
    """The bounds of a number, where it has any, and what lies between them."""
    least, most = getattr(asked, "minimum", None), getattr(asked, "maximum", None)
    found = [bound for bound in (least, most) if bound is not None]
    if len(found) == 2:
        found.append((Decimal(str(least)) + Decimal(str(most))) / 2)
    return found


def _turned(values: Sequence[Any], turn: int) -> list[Any]:
    start = turn % len(values) if values else 0
    return [*values[start:], *values[:start]]


def _numbers(usual: Sequence[int]) -> Callable[[Any, Wanted], Iterator[int]]:
    def make(asked: Any, wanted: Wanted) -> Iterator[int]:
        numbers = [*_turned(usual, wanted.turn), *wanted.around(), *_bounded(asked)]
        yield from dict.fromkeys(int(Decimal(str(n))) for n in numbers)

    return make


def _decimals(asked: Any, wanted: Wanted) -> Iterator[str]:
    fine = Decimal(1).scaleb(-int(asked.decimals))
    numbers = [*_turned((3, 12.5, 1, 0.5), wanted.turn), *wanted.around(), *_bounded(asked)]
    for number in numbers:
        exact = Decimal(str(number))
        for near in (exact, exact + fine, exact - fine):
            yield format(near.quantize(fine).normalize() + 0, "f")


def _yes_no(_asked: Any, wanted: Wanted) -> Iterator[bool]:
    yield from (True, False) if wanted.turn % 2 == 0 else (False, True)


def _choice(asked: ChoiceField, wanted: Wanted) -> Iterator[str]:
    offered = [o.value for o in asked.options if applies(o.when, wanted.situation)]
    yield from _turned(offered, wanted.turn)


def _choices(asked: ChoicesField, wanted: Wanted) -> Iterator[list[str]]:
    offered = [o.value for o in asked.options if applies(o.when, wanted.situation)]
    least, most = max(1, asked.minimum or 1), asked.maximum or len(offered)
    turned = _turned(offered, wanted.turn)
    counts = [least, most, *(n + d for n in wanted.hints.counts for d in (-1, 0, 1))]
    yield from ([one] for one in turned)
    yield from (turned[:count] for count in counts if count > 0)
    # Whatever a condition tells apart may have to be left out.
    yield from ([o for o in offered if o != one] for one in turned)
    yield from ([a, b] for a in turned for b in turned if a != b)


# Registered numbers


def _nik(asked: NikField, wanted: Wanted) -> Iterator[str]:
    said = wanted.answer(asked.birth_date)
    born = date.fromisoformat(said) if isinstance(said, str) and len(said) == 10 else None
    sex = wanted.answer(asked.sex)
    for step in range(20):
        serial = wanted.turn + step
        yield nik(
            born or date(1980 + serial % 15, 1 + serial % 12, 1 + serial % 28),
            sex if sex in ("male", "female") else ("female", "male")[serial % 2],
            serial,
        )


def _kk(_asked: Any, wanted: Wanted) -> Iterator[str]:
    yield from (f"3273021506{10 + (wanted.turn + n) % 14}{_SERIAL + wanted.turn + n:04d}" for n in range(20))


def _nisn(asked: StudentNumberField, wanted: Wanted) -> Iterator[str]:
    born = wanted.answer(asked.birth_date)
    year = str(born)[1:4] if isinstance(born, str) else "008"
    yield from (f"{year}{9_000_000 + wanted.turn + n:07d}" for n in range(20))


def _npwp(_asked: Any, wanted: Wanted) -> Iterator[str]:
    for n in range(20):
        stem = f"{90_000_00 + wanted.turn + n:08d}"[:8]
        check = next(d for d in "0123456789" if luhn(stem + d))
        yield f"{stem}{check}407000"


def _counted(make: Callable[[int], Any]) -> Callable[[Any, Wanted], Iterator[Any]]:
    return lambda _asked, wanted: (make(wanted.turn + n) for n in range(20))


# Days and times


def _date(asked: DateField, wanted: Wanted) -> Iterator[str]:
    today = wanted.situation.today
    earliest, latest = day(asked.earliest, wanted.situation), day(asked.latest, wanted.situation)
    bounds = [bound for bound in (latest, earliest) if bound is not None]
    middle = [earliest + (latest - earliest) / 2] if earliest and latest and earliest <= latest else []
    usual = [today - timedelta(days=n) for n in (30, 10_000, 400, 3, 0, -30, -400)]
    around = [date.fromisoformat(found) for found in wanted.around() if isinstance(found, str)]
    yield from (d.isoformat() for d in dict.fromkeys([*middle, *usual, *bounds, *around]))


def _month(asked: MonthField, wanted: Wanted) -> Iterator[str]:
    once = DateField(id=asked.id, type="date", label=asked.label)
    once = once.model_copy(update={"earliest": asked.earliest, "latest": asked.latest})
    yield from dict.fromkeys(found[:7] for found in _date(once, wanted))


def _date_range(asked: DateRangeField, wanted: Wanted) -> Iterator[dict[str, str]]:
    once = DateField(id=asked.id, type="date", label=asked.label)
    once = once.model_copy(update={"earliest": asked.earliest, "latest": asked.latest})
    lengths = [max(asked.min_days or 1, 30), asked.min_days or 1, asked.max_days or 400]
    starts = [*wanted.around("start"), *_date(once, wanted)]
    ends = [date.fromisoformat(e) for e in [*wanted.around("end"), *_date(once, wanted)]]
    for start in starts:
        if asked.open_end and wanted.turn % 2:
            yield {"start": start}
        begun = date.fromisoformat(start)
        for end in [*(begun + timedelta(days=n - 1) for n in lengths), *ends]:
            if end >= begun:
                yield {"start": start, "end": end.isoformat()}


def _slot(asked: SlotField, wanted: Wanted) -> Iterator[dict[str, str]]:
    places = [o.value for o in asked.places if applies(o.when, wanted.situation)]
    days = open_days(asked, wanted.situation)
    chosen = _turned(days[:12], wanted.turn) + days[-1:]
    for place in _turned(places, wanted.turn):
        for one in chosen:
            for clock in _turned(asked.times, wanted.turn):
                yield {"place": place, "date": one.isoformat(), "time": clock}


# People and places


def _person(asked: PersonField, wanted: Wanted) -> Iterator[dict[str, Any]]:
    card = candidates(asked, wanted.situation)
    other = list(_others(wanted)) if asked.other else []
    # Every third time somebody else, so that both are seen.
    yield from [*other, *card] if wanted.turn % 3 == 2 else [*_turned(card, wanted.turn), *other]


def _others(wanted: Wanted) -> Iterator[dict[str, Any]]:
    """Somebody who is not on the card, as far as a citizen names them: by NIK and name."""
    around = [date.fromisoformat(d) for d in wanted.around("birth_date") if isinstance(d, str)]
    for born in [date(1975 + wanted.turn % 20, 5, 17), *around]:
        for sex in ("female", "male"):
            number = nik(born, sex, wanted.turn)
            yield {"nik": number, "full_name": name_of(wanted.turn), "from": "typed"}


def _region(asked: RegionField | AddressField, wanted: Wanted) -> Iterator[dict[str, str]]:
    named = {str(v) for part in ("province", "regency") for v in wanted.hints.values.get(part, ())}
    hinted = [c for c, n in regions().items() if n in named]
    # The regency that is named, and another one in its province.
    hinted += [c for h in hinted for c in regions() if len(c) == 5 and c[:2] == h[:2]][:40]
    codes = [c for c in [*_turned(_REGENCIES, wanted.turn), *hinted] if len(c) == 5]
    allowed = [c for p in allowed_provinces(asked.within) for c in allowed_regencies(p, asked.within)]
    fitting = [c for c in codes if c in set(allowed)] or allowed[:8]
    depth = LEVELS.index(asked.depth)
    for code in fitting:
        value = {"region_code": code if depth else code[:2], "province": regions()[code[:2]]}
        if depth >= 1:
            value["regency"] = regions()[code]
        if depth >= 2:
            value["district"] = f"Contoh {1 + wanted.turn}"
        if depth >= 3:
            value["village"] = f"Umpama {1 + wanted.turn}"
        if isinstance(asked, AddressField):
            value = {"street": f"Jl. Contoh {1 + wanted.turn}, RT 01/RW 02", **value}
        yield value


def _location(_asked: Any, wanted: Wanted) -> Iterator[dict[str, float]]:
    for latitude, longitude in _turned(_POINTS, wanted.turn):
        yield {"latitude": latitude, "longitude": longitude}


# What is given, agreed to and paid


def _file(asked: FileField, wanted: Wanted) -> Iterator[list[dict[str, Any]]]:
    counts = [asked.min_count, asked.max_count, *(n + d for n in wanted.hints.counts for d in (-1, 0, 1))]
    for count in dict.fromkeys(max(1, n) for n in counts):
        yield _files(wanted, count, asked.accept)


def _files(wanted: Wanted, count: int, accept: Sequence[str]) -> list[dict[str, Any]]:
    first = wanted.random.randrange(100) * 100
    return [file_fact(first + n, accept) for n in range(count)]


def _document(asked: DocumentField, wanted: Wanted) -> Iterator[dict[str, Any]]:
    if asked.or_file:
        yield {"files": _files(wanted, 1, asked.accept)}


def _signature(_asked: Any, wanted: Wanted) -> Iterator[dict[str, Any]]:
    known = wanted.situation.attribute("person.full_name")
    yield {"name": known if isinstance(known, str) else name_of(wanted.turn), "agreed": True}


def _payment(asked: PaymentField, wanted: Wanted) -> Iterator[dict[str, str]]:
    offered = [m.value for m in asked.methods if applies(m.when, wanted.situation)]
    yield from ({"method": method} for method in _turned(offered, wanted.turn))


def _near(bound: Any) -> Iterator[Any]:
    """A bound, and what lies next to it on both sides; days as ISO dates."""
    if isinstance(bound, date):
        yield from ((bound + timedelta(days=n)).isoformat() for n in (0, -1, 1))
    elif isinstance(bound, bool) or not isinstance(bound, int | float | Decimal):
        yield bound
    else:
        yield from (bound + step for step in (0, -1, 1))


_BY_TYPE: Mapping[str, Callable[[Any, Wanted], Iterator[Any]]] = {
    "text": _text,
    "long_text": _long_text,
    "integer": _numbers(_WHOLE),
    "money": _numbers(_MONEY),
    "decimal": _decimals,
    "percentage": _decimals,
    "date": _date,
    "month": _month,
    "date_range": _date_range,
    "time": lambda _asked, wanted: iter(_turned(_CLOCKS, wanted.turn)),
    "yes_no": _yes_no,
    "choice": _choice,
    "choices": _choices,
    "nik": _nik,
    "kk": _kk,
    "nisn": _nisn,
    "npwp": _npwp,
    "bpjs": _counted(lambda n: f"{9_900_000_000 + n:013d}"),
    "plate": _counted(lambda n: f"B {9000 + n % 999} XYZ"),
    "phone": _counted(lambda n: f"+62812{9_000 + n:08d}"),
    "email": _counted(lambda n: f"contoh{n + 1}@surat.example"),
    "person": _person,
    "country": lambda _asked, wanted: iter(_turned(list(countries()), wanted.turn)),
    "region": _region,
    "address": _region,
    "location": _location,
    "file": _file,
    "photo": lambda _asked, wanted: iter([_files(wanted, 1, PHOTO_TYPES)]),
    "document": _document,
    "signature": _signature,
    "declaration": lambda _asked, _wanted: iter([True]),
    "payment": _payment,
    "slot": _slot,
}
